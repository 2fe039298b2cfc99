/**
 * How a connection ends whose client still sends the body of a request that is refused: we say at
 * once that no more comes from us, and read on for a while.
 *
 * Node would close at once. Then the system answers what still arrives with a reset, which can
 * overtake the refusal, and the client sees a broken connection in place of a reason.
 *
 * Source: the lingering close of Apache httpd and nginx; RFC 9112, section 9.6.
 */
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../node/clock.ts'

/** Many clients look for an answer only when they have sent everything. */
const LINGER_MAX_BYTES = 16 * 1024 ** 2

const LINGER_MAX_MS = 2_000

/** A rest that is read to its end costs less than a new connection. */
const REST_MAX_BYTES = 64 * 1024

/** Whether so much of the body may still come that the connection is not worth it. */
export function hasLongRest({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  if (headers['transfer-encoding'] !== undefined) return true
  return Number(headers['content-length'] ?? 0) > REST_MAX_BYTES
}

/** Makes the connection linger when the answer to `request`, its last, has been written. */
export function lingerAfterAnswer({ socket }: IncomingMessage, clock: Clock): void {
  // What Node calls to close a connection after its last answer; there is no hook for it.
  socket.destroySoon = () => {
    let lengthBytes = 0
    const cancel = clock.wakeAt(clock.nowMs() + LINGER_MAX_MS, () => socket.destroy())
    socket.once('close', cancel)
    // From here on it is no HTTP: nothing that arrives shall be served.
    socket.removeAllListeners('data')
    socket.on('data', (chunk: Buffer) => {
      lengthBytes += chunk.length
      if (lengthBytes > LINGER_MAX_BYTES) socket.destroy()
    })
    socket.once('end', () => socket.destroy())
    socket.end()
    socket.resume()
  }
}
