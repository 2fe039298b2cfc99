/**
 * A libp2p stream as a `FrameStream`: varint length prefixes by `@libp2p/utils`, with a limit
 * on what a stranger may make us buffer.
 */
import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { MeshError } from '../../core/errors.ts'
import type { FrameStream } from '../../protocols/frame-stream.ts'

export function frameStream(stream: Stream, frameMaxBytes: number): FrameStream {
  const frames = lpStream(stream, {
    maxDataLength: frameMaxBytes,
    maxBufferSize: 2 * frameMaxBytes,
  })
  return {
    async read(signal) {
      try {
        return (await frames.read({ signal })).subarray()
      } catch (error) {
        throw translate(error, signal, frameMaxBytes)
      }
    },
    async write(frame, signal) {
      try {
        await frames.write(frame, { signal })
      } catch (error) {
        throw translate(error, signal, frameMaxBytes)
      }
    },
    close: signal => stream.close({ signal }),
    abort: error => stream.abort(error),
  }
}

function translate(error: unknown, signal: AbortSignal, frameMaxBytes: number): unknown {
  if (signal.aborted) return signal.reason
  const name = error instanceof Error ? error.name : ''
  const isBadLength = name.startsWith('InvalidData') || name === 'InvalidMessageLengthError'
  if (isBadLength) {
    return new MeshError(`expected a frame of at most ${frameMaxBytes} bytes, found a longer one`, {
      code: 'ERR_BAD_FRAME',
      cause: error,
    })
  }
  return new MeshError('expected a frame, found the end of the stream', {
    code: 'ERR_PEER_LOST',
    cause: error,
  })
}
