/**
 * State machine safety: after one index all have one state.
 *
 * Source: Raft paper, section 5.4.3.
 */
import type { ReplicaView } from '../replica-view.ts'
import type { Rule } from '../safety-watch.ts'

export class StateRule implements Rule {
  /** Index → hash of the state after it. */
  readonly #hashes = new Map<number, string>()

  check(view: ReplicaView, before: ReplicaView | undefined): string | undefined {
    if (view.isHalted) return 'expected nobody to stop applying'
    const { mark } = view
    if (mark === undefined || mark === before?.mark) return undefined
    const known = this.#hashes.get(mark.index)
    if (known === undefined) this.#hashes.set(mark.index, mark.hash)
    if (known === undefined || known === mark.hash) return undefined
    return `expected one state after entry ${mark.index}, found ${known} and ${mark.hash}`
  }
}
