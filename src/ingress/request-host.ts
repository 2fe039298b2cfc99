/**
 * For whom a request is meant: the one host it names.
 *
 * Two names in one request let two readers see two requests, and the check of the name in
 * `access.ts` would look at one while a proxy looked at the other. So whatever is not exactly one
 * valid name is refused, on every route.
 *
 * Source: RFC 9112, HTTP/1.1, section 3.2 (Host, absolute-form). We differ in one point: where
 * target and Host disagree the RFC has a server follow the target; we refuse, as no client may
 * send it and we are no proxy.
 */
import type { IncomingMessage } from 'node:http'
import { MeshError } from '../core/errors.ts'

/** `uri-host [ ":" port ]`: an address in brackets or a name, which may be empty. */
const HOST = /^(\[[0-9a-f:.%]*\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/i

const ABSOLUTE_FORM = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i

/** Of what is repeated to whoever sent it. */
const SHOWN_LENGTH_MAX = 100

/**
 * @returns `undefined` if the client speaks HTTP/1.0 and names none.
 * @throws MeshError ERR_INVALID_REQUEST.
 */
export function requestHost(request: IncomingMessage): string | undefined {
  const { httpVersion, headers, url = '/' } = request
  const { host } = headers
  const count = hostCount(request)
  if (count > 1) throw refused('one Host header', `${count} of them`)
  if (host === undefined && httpVersion !== '1.0') throw refused('a Host header', 'none')
  if (host !== undefined && !HOST.test(host)) {
    throw refused('a name or address and maybe a port as Host', shown(host))
  }
  if (url.startsWith('/') || url === '*') return host

  const [, scheme = '', authority = ''] = ABSOLUTE_FORM.exec(url) ?? []
  const isSame = authority.toLowerCase() === host?.toLowerCase()
  if (scheme.toLowerCase() === 'http' && isSame) return host
  throw refused('a path, or the http URL of the host in the Host header', shown(url))
}

/** Node keeps the first of several. Its list of all of each name would be made for every request. */
function hostCount({ rawHeaders }: IncomingMessage): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}

function shown(text: string): string {
  return JSON.stringify(
    text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text,
  )
}

function refused(expected: string, found: string): MeshError {
  return new MeshError(`The request must have ${expected}; found ${found}.`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param: 'host' },
    hint: 'Use an HTTP client and the URL of the peer as it stands; a peer is no proxy.',
  })
}
