/**
 * A libp2p stream as a `LaneChannel`.
 *
 * A v3 stream hands its bytes to whoever listens, and buffers up to 4 MiB while nobody does, so
 * it is paused until the lane is attached.
 */
import type { Stream } from '@libp2p/interface'
import type { LaneChannel, LaneChannelListener } from '../network.ts'

export function laneChannel(stream: Stream, isDialer: boolean): LaneChannel {
  stream.pause()
  return {
    isDialer,
    send: bytes => stream.send(bytes),
    abort: error => stream.abort(error),
    attach(listener) {
      listen(stream, listener)
      stream.resume()
    },
  }
}

function listen(stream: Stream, { onBytes, onDrain, onClose }: LaneChannelListener): void {
  stream.addEventListener('message', event => {
    const { data } = event
    if (data instanceof Uint8Array) onBytes(data)
    else for (const bytes of data) onBytes(bytes)
  })
  stream.addEventListener('drain', onDrain)
  // A lane never half-closes: the other side's end of writing is the end of the lane.
  stream.addEventListener('remoteCloseWrite', () => {
    stream.close().catch((error: Error) => stream.abort(error))
  })
  stream.addEventListener('close', event => onClose(event.error))
  if (stream.status !== 'open') onClose(undefined)
}
