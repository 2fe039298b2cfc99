/**
 * Noise without two costs that small messages feel: both measured on a lane that carries tokens.
 *
 * - `@libp2p/noise` sends a frame as a list of its parts (length, ciphertext, tag), and the TCP
 *   transport writes each part by itself: three system calls. Joining them first costs one copy of
 *   what is about to be copied into the kernel anyway.
 * - Its decoder ends each read by throwing a RangeError because no further length is there yet. The
 *   stack trace of that error, which nobody reads, costs more than opening the frame. Ours is made
 *   once.
 */

import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'

type NoiseComponents = Parameters<ReturnType<typeof noise>>[0]

const LENGTH_BYTES = 2

/** What the library's loop takes for "wait for more". */
const INCOMPLETE = new RangeError('the length of the next frame is not here yet')

interface Bytes {
  readonly byteLength: number
  getUint16(offset: number): number
}

/** The part of a sealed stream that reads frame lengths. */
interface LengthDecoding {
  readonly decoder: { lengthDecoder: (bytes: Bytes) => number }
}

export function leanNoise(): (components: NoiseComponents) => ConnectionEncrypter {
  const create = noise()
  return components => {
    const inner = create(components)
    return new Proxy(inner, {
      get(target, property) {
        if (property === 'secureInbound' || property === 'secureOutbound') {
          return secure(target[property].bind(target))
        }
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

type Secure = ConnectionEncrypter['secureOutbound']

function secure(inner: Secure): Secure {
  return async (stream, options) => {
    const secured = await inner(sendWhole(stream), options)
    if (decodesLengths(secured.connection)) {
      secured.connection.decoder.lengthDecoder = readLength
    }
    return secured
  }
}

/** The same stream, with a `send` that joins what it is given. */
function sendWhole<Stream extends MessageStream>(stream: Stream): Stream {
  const send = stream.send.bind(stream)
  stream.send = data => send(data.subarray())
  return stream
}

/** If the library changes, its own decoder stays in place; a test notices. */
export function decodesLengths(stream: object): stream is LengthDecoding {
  if (!('decoder' in stream) || typeof stream.decoder !== 'object') return false
  return stream.decoder !== null && 'lengthDecoder' in stream.decoder
}

function readLength(bytes: Bytes): number {
  if (bytes.byteLength < LENGTH_BYTES) throw INCOMPLETE
  return bytes.getUint16(0)
}
