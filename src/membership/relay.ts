/**
 * Probes on behalf of others: somebody cannot reach a member and asks us to try.
 *
 * We say no (nack) before its patience is over: then it knows that we heard it, and that the
 * fault is not its own.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, section 3.1; Lifeguard, 2017, section IV.A.
 */
import type { PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'

interface Errand {
  readonly requester: PeerId
  readonly requesterSequence: number
  readonly target: PeerId
  readonly nackAtMs: number
}

export interface Reply {
  readonly to: PeerId
  readonly sequence: number
  readonly target: PeerId
}

/** Errands at once; further ones are not run, and the requester asks others too. */
const ERRANDS_MAX = 256

export class Relay {
  /** The sequence of our own ping → for whom. In the order of their end. */
  readonly #errands = new Map<number, Errand>()

  /** @returns Whether the ping shall be sent. */
  begin(sequence: number, errand: Errand): boolean {
    if (this.#errands.size >= ERRANDS_MAX) return false
    this.#errands.set(sequence, errand)
    return true
  }

  get wakeAtMs(): number {
    for (const { nackAtMs } of this.#errands.values()) return nackAtMs
    return NEVER
  }

  /** The target has answered. @returns Whom to tell. */
  acked(from: PeerId, sequence: number): Reply | undefined {
    const errand = this.#errands.get(sequence)
    if (errand === undefined || errand.target !== from) return undefined
    this.#errands.delete(sequence)
    return replyTo(errand)
  }

  /** @returns Whom to tell that the target has not answered. */
  expire(nowMs: number): readonly Reply[] {
    const expired: Reply[] = []
    for (const [sequence, errand] of this.#errands) {
      if (errand.nackAtMs > nowMs) break
      this.#errands.delete(sequence)
      expired.push(replyTo(errand))
    }
    return expired
  }
}

function replyTo({ requester, requesterSequence, target }: Errand): Reply {
  return { to: requester, sequence: requesterSequence, target }
}
