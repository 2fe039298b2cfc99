/**
 * Reads the base URL of an engine, which people give with or without the version segment.
 *
 *     http://host:8000              http://host:8000     /v1
 *     http://host:8000/v1/          http://host:8000     /v1
 *     https://host/proxy/openai/v2  https://host         /proxy/openai/v2
 */
export interface EngineAddress {
  /** How people know it: without the `/v1` that all engines share. */
  readonly name: string
  readonly origin: string
  /** What stands before `/models` and the other endpoints; no slash at its end. */
  readonly basePath: string
}

export function engineAddress(baseUrl: string): EngineAddress {
  const { origin, pathname } = new URL(baseUrl)
  const path = pathname.replace(/\/+$/, '')
  const basePath = /\/v\d+[a-z0-9]*$/.test(path) ? path : `${path}/v1`
  return { name: `${origin}${basePath.replace(/\/v1$/, '')}`, origin, basePath }
}
