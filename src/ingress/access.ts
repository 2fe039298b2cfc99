/**
 * Who may use the HTTP side.
 *
 * With API keys, every route but `/healthz` needs one. Without, we listen on loopback only, which
 * keeps other machines out but not the pages in the user's own browser. Those are stopped twice:
 * a page of another site that was rebound to 127.0.0.1 still sends its own name as Host, and a
 * POST must be `application/json`, for which a browser first asks leave that we never give.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { MeshError } from '../core/errors.ts'

export interface RequestHead {
  readonly host: string | undefined
  readonly authorization: string | undefined
}

/** @throws MeshError ERR_UNAUTHENTICATED, ERR_FORBIDDEN or ERR_INVALID_REQUEST. */
export type AccessCheck = (head: RequestHead) => void

const BEARER = /^Bearer +(\S+) *$/i

/** A name or address, then maybe a port: `localhost:7733`, `127.0.0.1`, `[::1]:7733`. */
const HOST = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/

/**
 * @param host Where the ingress listens.
 * @throws MeshError ERR_CONFIG if it is not loopback and there is no key, or if a key is empty.
 */
export function createAccessCheck(host: string, apiKeys: readonly string[]): AccessCheck {
  if (apiKeys.length > 0) return keyCheck(apiKeys)
  if (isLoopback(host)) return checkLocalHost
  throw new MeshError(
    `Without an API key the HTTP side listens on loopback only, and ${host} is not loopback.`,
    {
      code: 'ERR_CONFIG',
      details: { host },
      hint: 'Pass --api-key-file <path>, or listen on 127.0.0.1.',
    },
  )
}

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}

function keyCheck(apiKeys: readonly string[]): AccessCheck {
  if (apiKeys.some(key => key === '' || /\s/.test(key))) {
    throw new MeshError('An API key must be at least one character without spaces.', {
      code: 'ERR_CONFIG',
      hint: 'Look for an empty line in the API key file.',
    })
  }
  // Hashes have one length, so that comparing takes the same time for every key.
  const known = apiKeys.map(key => hash('sha256', key, 'buffer'))

  return ({ authorization }) => {
    const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
    if (key === undefined) {
      throw new MeshError('An API key is needed; the request has none.', {
        code: 'ERR_UNAUTHENTICATED',
        hint: 'Send it as "Authorization: Bearer <key>".',
      })
    }
    const given = hash('sha256', key, 'buffer')
    let isKnown = false
    for (const one of known) isKnown = timingSafeEqual(one, given) || isKnown
    if (!isKnown) {
      throw new MeshError('The API key is not one of this mesh.', { code: 'ERR_UNAUTHENTICATED' })
    }
  }
}

function checkLocalHost({ host }: RequestHead): void {
  if (host === undefined) {
    throw new MeshError('The request must have a Host header.', { code: 'ERR_INVALID_REQUEST' })
  }
  const name = HOST.exec(host)?.[1]
  if (name !== undefined && isLoopback(name)) return
  throw new MeshError(
    `Without an API key the Host header must be localhost, 127.x.x.x or [::1]; found ${JSON.stringify(host)}.`,
    {
      code: 'ERR_FORBIDDEN',
      hint: 'Use http://127.0.0.1, or start the peer with --api-key-file.',
    },
  )
}
