/**
 * Who may use the HTTP side, and as whom.
 *
 * Two kinds of keys are known: those of this peer's key file, which may do everything, and those of
 * the policy, which may do what their role allows. Every route but `/healthz` and `/readyz` needs one if
 * there is a key file, if somebody holds an admin's key of the policy, or if we listen on more than loopback.
 * So who makes the first admin's key closes the door, and nobody can lock out everybody.
 *
 * Else this machine may do everything without a key, though a key of the policy that is sent counts.
 * Loopback keeps other machines out but not the pages in the user's own browser. Those are stopped
 * twice: a page of another site that was rebound to 127.0.0.1 still sends its own name as Host, and
 * a POST must be `application/json`, for which a browser first asks leave that we never give.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { MeshError } from '../core/errors.ts'
import type { PolicyControl } from '../node/policy/policy-port.ts'
import { type Caller, callerOf, KEY_FILE, LOCAL } from './caller.ts'

export interface RequestHead {
  readonly host: string | undefined
  readonly authorization: string | undefined
}

/**
 * A promise only if a key is seen for the first time.
 *
 * @throws MeshError ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_INVALID_REQUEST or ERR_OVERLOADED.
 */
export type AccessCheck = (head: RequestHead) => Caller | Promise<Caller>

const BEARER = /^Bearer +(\S+) *$/i

/** A name or address, then maybe a port: `localhost:7733`, `127.0.0.1`, `[::1]:7733`. */
const HOST = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/

export interface AccessInit {
  /** Where the ingress listens. */
  readonly host: string
  /** Of the key file. */
  readonly apiKeys: readonly string[]
  readonly policy: Pick<PolicyControl, 'keys' | 'views'>
}

/**
 * @throws MeshError ERR_CONFIG if it is not loopback and there is no key, or if a key is empty.
 */
export function createAccessCheck({ host, apiKeys, policy }: AccessInit): AccessCheck {
  const isInKeyFile = keyFileCheck(apiKeys)
  const { keys } = policy
  const isLocalOnly = isLoopback(host) && apiKeys.length === 0
  if (!(isLoopback(host) || apiKeys.length > 0) && keys.isEmpty) {
    throw new MeshError(
      `Without an API key the HTTP side listens on loopback only, and ${host} is not loopback.`,
      {
        code: 'ERR_CONFIG',
        details: { host },
        hint: 'Pass --api-key-file <path>, or listen on 127.0.0.1.',
      },
    )
  }

  return ({ host: name, authorization }) => {
    const isKeyNeeded = !isLocalOnly || keys.hasAdmin()
    if (!isKeyNeeded) checkLocalHost(name)
    const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
    // Clients of OpenAI send some key or other, also where none is needed.
    if (!isKeyNeeded && !(key !== undefined && keys.isOurs(key))) return LOCAL
    if (key === undefined) throw keyMissing()
    return isInKeyFile(key) ? KEY_FILE : policyCaller(key, policy)
  }
}

function policyCaller(
  key: string,
  { keys, views }: AccessInit['policy'],
): Caller | Promise<Caller> {
  const holder = keys.recognise(key)
  if (!(holder instanceof Promise)) return callerOf(holder, views.allowedModels(holder.name))
  return holder.then(found => callerOf(found, views.allowedModels(found.name)))
}

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}

function keyFileCheck(apiKeys: readonly string[]): (key: string) => boolean {
  if (apiKeys.some(key => key === '' || /\s/.test(key))) {
    throw new MeshError('An API key must be at least one character without spaces.', {
      code: 'ERR_CONFIG',
      hint: 'Look for an empty line in the API key file.',
    })
  }
  // Hashes have one length, so that comparing takes the same time for every key.
  const known = apiKeys.map(key => hash('sha256', key, 'buffer'))

  return key => {
    const given = hash('sha256', key, 'buffer')
    let isKnown = false
    for (const one of known) isKnown = timingSafeEqual(one, given) || isKnown
    return isKnown
  }
}

function keyMissing(): MeshError {
  return new MeshError('An API key is needed; the request has none.', {
    code: 'ERR_UNAUTHENTICATED',
    hint: 'Send it as "Authorization: Bearer <key>".',
  })
}

function checkLocalHost(host: string | undefined): void {
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
