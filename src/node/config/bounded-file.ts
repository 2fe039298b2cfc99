/**
 * Reads a small text file that a person named, and no more of it than it may have: a path may
 * lead to a device or a pipe that never ends.
 */
import { closeSync, openSync, readSync } from 'node:fs'

/**
 * @returns `undefined` if the file is longer.
 * @throws the system's error if it cannot be read.
 */
export function readBounded(path: string, bytesMax: number): string | undefined {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.allocUnsafe(bytesMax + 1)
    let length = 0
    for (;;) {
      const count = readSync(file, bytes, length, bytes.length - length, null)
      length += count
      if (length > bytesMax) return undefined
      if (count === 0) return bytes.toString('utf8', 0, length)
    }
  } finally {
    closeSync(file)
  }
}
