/**
 * Puts the signed claims that a message names into it, and what does not fit into further ones.
 */
import type { PeerId } from '../core/ids.ts'
import type { Message } from '../membership/message.ts'
import { MESSAGE_MAX_BYTES } from '../protocols/lane.ts'
import { encodeMessage } from '../protocols/membership-codec.ts'

/** Tag and length before each claim. */
const CLAIM_OVERHEAD_BYTES = 6

/** @param signedClaims The newest of each author. @returns One message, or more. */
export function packMessage(
  message: Message,
  signedClaims: ReadonlyMap<PeerId, Uint8Array>,
): readonly Uint8Array[] {
  const left = message.claims.flatMap(peer => signedClaims.get(peer) ?? [])
  const packed: Uint8Array[] = []
  for (let next = message; ; next = { ...message, body: MORE, accusations: [] }) {
    packed.push(encodeMessage(next, take(next, left)))
    if (left.length === 0) return packed
  }
}

/** Carries claims, asks for nothing and answers nothing. */
const MORE = { type: 'news' } as const

/** As many as fit, taken from the front. One that fits into none is left to gossip. */
function take(message: Message, left: Uint8Array[]): Uint8Array[] {
  if (left.length === 0) return []
  let roomBytes = MESSAGE_MAX_BYTES - encodeMessage(message, []).length
  const taken: Uint8Array[] = []
  for (const claim of [...left]) {
    roomBytes -= claim.length + CLAIM_OVERHEAD_BYTES
    if (roomBytes < 0) break
    taken.push(claim)
    left.shift()
  }
  if (taken.length === 0 && message.body === MORE) left.shift()
  return taken
}
