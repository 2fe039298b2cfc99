/**
 * Noise, with every encrypted frame handed to the socket whole.
 *
 * `@libp2p/noise` sends a frame as a list of its parts (length, ciphertext, tag) and the TCP
 * transport writes each part by itself, so a small message costs three system calls. Joining the
 * parts first costs one copy of what is about to be copied into the kernel anyway.
 */

import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'

type NoiseComponents = Parameters<ReturnType<typeof noise>>[0]

export function wholeFrameNoise(): (components: NoiseComponents) => ConnectionEncrypter {
  const create = noise()
  return components => {
    const inner = create(components)
    return new Proxy(inner, {
      get(target, property) {
        if (property === 'secureInbound' || property === 'secureOutbound') {
          return ((stream, options) =>
            target[property](
              sendWhole(stream),
              options,
            )) satisfies ConnectionEncrypter['secureInbound']
        }
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

/** The same stream, with a `send` that joins what it is given. */
function sendWhole<Stream extends MessageStream>(stream: Stream): Stream {
  const send = stream.send.bind(stream)
  stream.send = data => send(data.subarray())
  return stream
}
