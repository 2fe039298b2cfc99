/**
 * A libp2p stream as a `LaneChannel`.
 *
 * A v3 stream hands its bytes to whoever listens, and buffers up to 4 MiB while nobody does, so
 * it is paused until the lane is attached.
 */
import type { Stream } from '@libp2p/interface'
import type { LaneChannel, LaneChannelListener } from '../network.ts'
import { updateWindowLazily } from './lazy-window.ts'

/** How long the last frame of a lane may take to leave. */
const LAST_WORD_MS = 500

export function laneChannel(stream: Stream, isDialer: boolean): LaneChannel {
  stream.pause()
  updateWindowLazily(stream)
  return {
    isDialer,
    send: bytes => stream.send(bytes),
    abort: error => end(stream, error),
    attach(listener) {
      listen(stream, listener)
      stream.resume()
    },
  }
}

/** Lets what was sent before arrive, for it may say why, but not for long. */
function end(stream: Stream, error: Error): void {
  if (stream.status !== 'open') {
    stream.abort(error)
    return
  }
  stream.close({ signal: AbortSignal.timeout(LAST_WORD_MS) }).then(
    () => stream.abort(error),
    () => stream.abort(error),
  )
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
