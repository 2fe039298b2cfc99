/**
 * Which headers travel between client and engine, and which stay with the connection they are of.
 *
 * Source: RFC 9110, section 7.6.1, on headers that hold for one hop only.
 */
type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Of one hop, of the body as we send it, or secrets. */
const REQUEST_DROPPED = new Set([
  'accept-encoding',
  'api-key',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
])

const ANSWER_KEPT = ['content-type', 'retry-after', 'x-request-id', 'request-id'] as const

/** Names and values in turns. Compression would only delay tokens, so it is declined. */
export function requestHeaders(
  headers: Readonly<Record<string, string>>,
  credential: string | undefined,
): string[] {
  const list = ['content-type', 'application/json', 'accept-encoding', 'identity']
  if (credential !== undefined) list.push('authorization', `Bearer ${credential}`)
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value !== undefined && !REQUEST_DROPPED.has(name)) list.push(name, value)
  }
  return list
}

export function answerHeaders(headers: AnswerHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of ANSWER_KEPT) {
    const value = headerOf(headers, name)
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** The first, should there be several. */
export function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Without parameters, lower case; `none` if the engine does not say. */
export function contentTypeOf(headers: AnswerHeaders): string {
  const value = headerOf(headers, 'content-type') ?? ''
  const [type = ''] = value.split(';')
  return type.trim().toLowerCase() || 'none'
}
