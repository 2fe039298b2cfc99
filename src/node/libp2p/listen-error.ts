/**
 * Turns what libp2p says about a failed listen into what a person can act on.
 *
 * libp2p puts the system's error with its stack into one long message and keeps no cause, so the
 * system's code is read from that text.
 */
import { MeshError } from '../../core/errors.ts'

/** Longest reason of a kind that we do not know. */
const REASON_MAX = 200

interface Place {
  readonly host: string
  readonly port: string
}

interface Explanation {
  readonly found: string
  readonly hint: string
}

/** @param listen The multiaddrs that were given to libp2p. */
export function listenError(listen: readonly string[], cause: unknown): MeshError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const { host, port } = placeOf(listen)
  const { found, hint } = explain(reason, { host, port })
  return new MeshError(
    `expected to listen for other peers on TCP port ${port} of ${host}, found ${found}`,
    { code: 'ERR_LISTEN', details: { listen }, hint, cause },
  )
}

/** Of the first address, which is the only one that `skein` gives. */
function placeOf([address = '/']: readonly string[]): Place {
  const [, , host = '', , port = ''] = address.split('/')
  return { host, port }
}

function explain(reason: string, { host, port }: Place): Explanation {
  const [, code] = /\blisten (E[A-Z]+)/.exec(reason) ?? []
  switch (code) {
    case 'EADDRINUSE':
      return {
        found: 'another process there',
        hint: 'Stop that process, or choose another port with --p2p-port; 0 takes any free one.',
      }
    case 'EACCES':
      return {
        found: `that this user may not use port ${port}`,
        hint: 'Choose a port above 1023 with --p2p-port; 0 takes any free one.',
      }
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return {
        found: `that this machine has no address ${host}`,
        hint: 'Name an address of this machine with --p2p-host; 0.0.0.0 stands for all of them.',
      }
    default:
      return {
        found: code ?? (reason.split('\n')[0] ?? '').slice(0, REASON_MAX),
        hint: 'Check --p2p-host, --p2p-port and `p2p.announce`; `skein config show` prints them.',
      }
  }
}
