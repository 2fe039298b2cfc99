/**
 * The kinds of bodies we read: JSON in UTF-8, as it is.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { MeshError } from '../core/errors.ts'
import type { Method } from './routes.ts'

const JSON_TYPE = /^application\/json *(?:;|$)/i

/** RFC 7396, section 4. */
const PATCH_TYPE = /^application\/(?:merge-patch\+)?json *(?:;|$)/i

const CHARSET = /; *charset *= *"?([^\s;"]*)/i

/**
 * Also for a POST without a body: see `access.ts` for the browser this keeps out.
 *
 * @throws MeshError ERR_UNSUPPORTED_MEDIA_TYPE.
 */
export function checkContentType(method: Method, headers: IncomingHttpHeaders): void {
  if (method === 'GET') return
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers
  // A browser asks leave before any DELETE, whatever it carries.
  if (type === undefined && method === 'DELETE') return
  const form = method === 'PATCH' ? PATCH_TYPE : JSON_TYPE
  if (type === undefined || !form.test(type)) {
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
