/**
 * Reads the base URL of an engine, which people give with or without the version segment.
 *
 *     http://host:8000              http://host:8000  root /
 *     http://host:8000/v1/          http://host:8000  root /        OpenAI API at /v1
 *     https://host/proxy/openai/v2  https://host      root /proxy/openai, OpenAI API at /v2
 */
export interface EngineAddress {
  /** How people know it: without the `/v1` that all engines share. */
  readonly name: string
  readonly origin: string
  /** What stands before every path of the engine; no slash at its end. */
  readonly rootPath: string
  /** Where its OpenAI API is, if the URL says so; else the kind of the engine does. */
  readonly openaiPath: string | undefined
}

export function engineAddress(baseUrl: string): EngineAddress {
  const { origin, pathname } = new URL(baseUrl)
  const path = pathname.replace(/\/+$/, '')
  const [openaiPath] = /\/v\d+[a-z0-9]*$/.exec(path) ?? []
  const rootPath = openaiPath === undefined ? path : path.slice(0, -openaiPath.length)
  const shownPath = openaiPath === undefined || openaiPath === '/v1' ? rootPath : path
  return { name: `${origin}${shownPath}`, origin, rootPath, openaiPath }
}

/** The origin with its port moved, for engines that have several next to each other. */
export function originAt(origin: string, portOffset: number): string {
  if (portOffset === 0) return origin
  const { protocol, hostname, port } = new URL(origin)
  const base = port === '' ? { 'http:': 80, 'https:': 443 }[protocol] : Number(port)
  return `${protocol}//${hostname}:${(base ?? 0) + portOffset}`
}
