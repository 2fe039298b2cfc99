/**
 * How much more than we think may wait at a peer until it had better turn a request away.
 *
 *     ingress: chooses by news that is some hundred ms old --"at most so long"--> peer: knows
 *        ^----------------- refused, with its load as it is now ---------------------'
 *
 * What changes fastest is what is to be read: every other ingress may have sent prompts to the same
 * peer in the meantime. So the ingress says how long the prompts there may take: as long as it thinks,
 * half of what the next best is worse by, and the round trip that going there costs. A request is sent
 * so while it may be refused again, and never if there is nobody else.
 *
 * Half, for who is next may be busier than we think, too. docs/decisions/2026-11-21-late-truth.md has
 * what it is worth.
 */
import type { Choice } from './strategy.ts'

const MARGIN_RATIO = 0.5

/** Less is not worth a round trip. */
const MARGIN_MIN_MS = 20

/** `undefined`: it is to take the request, however long that is. */
export function readWaitMaxMs({ chosen, limitScore }: Choice): number | undefined {
  if (limitScore === undefined) return undefined
  const { prefillLeftMs, netMs, score } = chosen.terms
  const worseMs = Math.max(0, limitScore - score)
  return prefillLeftMs + MARGIN_RATIO * worseMs + netMs + MARGIN_MIN_MS
}
