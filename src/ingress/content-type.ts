/**
 * The kinds of bodies we read: JSON in UTF-8, as it is.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { MeshError } from '../core/errors.ts'

const JSON_TYPE = /^application\/json *(?:;|$)/i

const CHARSET = /; *charset *= *"?([^\s;"]*)/i

/**
 * Also for POSTs without a body: see `access.ts` for the browser this keeps out.
 *
 * @throws MeshError ERR_UNSUPPORTED_MEDIA_TYPE.
 */
export function checkContentType(headers: IncomingHttpHeaders): void {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers
  if (type === undefined || !JSON_TYPE.test(type)) {
    throw unsupported('content-type', 'application/json', type)
  }
  const [, charset = 'utf-8'] = CHARSET.exec(type) ?? []
  if (!/^utf-?8$/i.test(charset)) {
    throw unsupported('content-type', 'application/json in UTF-8', type)
  }
  if (encoding.trim().toLowerCase() !== 'identity') {
    throw unsupported('content-encoding', 'identity', encoding)
  }
}

const HINTS = {
  'content-type': 'Send the header "content-type: application/json".',
  'content-encoding': 'Send the body as it is, without compression.',
}

/** Of what is repeated to whoever sent it. */
const SHOWN_LENGTH_MAX = 100

function unsupported(
  param: keyof typeof HINTS,
  expected: string,
  value: string | undefined,
): MeshError {
  const found = value === undefined ? 'none' : JSON.stringify(value.slice(0, SHOWN_LENGTH_MAX))
  return new MeshError(`The ${param} must be ${expected}; found ${found}.`, {
    code: 'ERR_UNSUPPORTED_MEDIA_TYPE',
    details: { param },
    hint: HINTS[param],
  })
}
