/**
 * The two sides of an admission exchange, with nonces that can be told apart, and what came of it.
 */
import { MeshError } from '../../src/core/errors.ts'
import { nodeCrypto } from '../../src/node/crypto.ts'
import { PROTOCOL_VERSION, refuse } from '../../src/protocols/admission.ts'
import type { Greeter } from '../../src/protocols/hello.ts'
import { type FrameEnd, STAY } from './frame-pair.ts'

export const MESH = new Uint8Array(16).fill(1)
export const NOW_WALL_MS = 1_800_000_000_000

let nonceCount = 0

export function sideOf(self: string, changes: Partial<Greeter> = {}): Greeter {
  return {
    self,
    meshId: MESH,
    software: `skein of ${self}`,
    versions: PROTOCOL_VERSION,
    features: ['lane/1', self],
    instanceId: new Uint8Array(16).fill(self.charCodeAt(0)),
    crypto: nodeCrypto,
    newNonce: () => {
      nonceCount += 1
      return new Uint8Array(16).fill(nonceCount)
    },
    wallMs: () => NOW_WALL_MS,
    nowMs: () => 0,
    claims: () => [new TextEncoder().encode(`claim of ${self}`)],
    ...changes,
  }
}

export interface Ending<Value> {
  readonly value?: Value
  /** `undefined`: it succeeded. */
  readonly code?: string
  readonly message?: string
  readonly hint?: string | undefined
}

/** How an exchange ended; one of ours that fails tells the other side why, as the node does. */
export async function endingOf<Value>(
  end: FrameEnd,
  exchange: Promise<Value>,
): Promise<Ending<Value>> {
  try {
    return { value: await exchange }
  } catch (error) {
    if (!(error instanceof MeshError)) throw error
    await refuse(end, error, STAY)
    return { code: error.code, message: error.message, hint: error.hint }
  }
}
