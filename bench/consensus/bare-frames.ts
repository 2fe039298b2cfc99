/**
 * What the bare contestant's processes say to each other: frames of a length, a number, and bytes.
 */
import type { Socket } from 'node:net'

/** Length of all that follows, and the number, 32 bits each. */
const HEAD_BYTES = 8
const NUMBER_BYTES = 4

export function encodeBareFrame(number: number, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + body.length)
  bytes.writeUInt32LE(NUMBER_BYTES + body.length, 0)
  bytes.writeUInt32LE(number, NUMBER_BYTES)
  bytes.set(body, HEAD_BYTES)
  return bytes
}

/** Calls back for each frame that a socket brings. */
export function readBareFrames(
  socket: Socket,
  onFrame: (number: number, body: Buffer) => void,
): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', bytes => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let start = 0
    while (all.length - start >= HEAD_BYTES) {
      const end = start + NUMBER_BYTES + all.readUInt32LE(start)
      if (end > all.length) break
      onFrame(all.readUInt32LE(start + NUMBER_BYTES), all.subarray(start + HEAD_BYTES, end))
      start = end
    }
    rest = Buffer.from(all.subarray(start))
  })
}
