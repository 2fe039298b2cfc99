/**
 * The randomness port: unpredictable bytes for ids and secrets, and seeds for the machines.
 */
import { randomBytes } from 'node:crypto'

export interface Entropy {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array
}

/** Bytes fetched from the system at once: a call for each id is 6 % of a busy ingress. */
const POOL_BYTES = 4_096

let pool = Buffer.alloc(0)

export const systemEntropy: Entropy = {
  bytes(count) {
    if (count > POOL_BYTES) return randomBytes(count)
    if (pool.length < count) pool = randomBytes(POOL_BYTES)
    const bytes = pool.subarray(0, count)
    // What was given out is never given out again, and its place not kept.
    pool = pool.subarray(count)
    return bytes
  },
}

/** A fresh 16-byte id in lower-case hex. */
export function newId(entropy: Entropy): string {
  return Buffer.from(entropy.bytes(16)).toString('hex')
}

/** A seed for one machine's `Random`. */
export function newSeed(entropy: Entropy): number {
  return Buffer.from(entropy.bytes(4)).readUInt32LE()
}
