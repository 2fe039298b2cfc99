/**
 * Tells the other side of a yamux stream of new room only when half the window is used.
 *
 * `@libp2p/yamux` sends a window update for every data frame it takes. On a lane that doubles the
 * packets: each small message is answered by a sealed frame that wakes the other process to say
 * that nothing has changed. The specification leaves the moment to the receiver; the Go and Rust
 * implementations wait for half a window, and so do we.
 *
 * Source: yamux specification, section "Flow control"; hashicorp/yamux, `sendWindowUpdate`.
 */
import type { Stream } from '@libp2p/interface'

/** What of the library's stream this rests on; a test fails if it is not there any more. */
interface WindowedStream {
  /** Bytes the other side may still send. */
  readonly recvWindowCapacity: number
  /** Bytes it may have under way. */
  readonly recvWindow: number
  sendWindowUpdate(): void
}

export function hasWindow(stream: object): stream is WindowedStream {
  return 'sendWindowUpdate' in stream && 'recvWindow' in stream && 'recvWindowCapacity' in stream
}

/** A stream of another muxer is left as it is. */
export function updateWindowLazily(stream: Stream): void {
  if (!hasWindow(stream)) return
  const sendWindowUpdate = stream.sendWindowUpdate.bind(stream)
  // The first one acknowledges the stream itself.
  let isFirst = true
  stream.sendWindowUpdate = () => {
    if (!isFirst && stream.recvWindowCapacity >= stream.recvWindow / 2) return
    isFirst = false
    sendWindowUpdate()
  }
}
