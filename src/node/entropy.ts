/**
 * The randomness port: unpredictable bytes for ids and secrets, and seeds for the machines.
 */
import { randomBytes } from 'node:crypto'

export interface Entropy {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array
}

export const systemEntropy: Entropy = { bytes: count => randomBytes(count) }

/** A fresh 16-byte id in lower-case hex. */
export function newId(entropy: Entropy): string {
  return Buffer.from(entropy.bytes(16)).toString('hex')
}

/** A seed for one machine's `Random`. */
export function newSeed(entropy: Entropy): number {
  return Buffer.from(entropy.bytes(4)).readUInt32LE()
}
