/**
 * The hash of the state after each of the last indexes, to be compared with other replicas.
 *
 * Equal logs must give equal states. If two replicas ever differ, one of them runs other code or
 * has a broken memory, and applying on would spread the damage.
 */
import type { StateMark } from './message.ts'
import type { StateHash } from './state-machine.ts'

/** About what is applied between two messages to one peer, many times over. */
const KEPT = 4_096

/** Few marks are ever compared or sent, so only those have their hash computed. */
class OwnMark implements StateMark {
  readonly index: number
  readonly #hash: StateHash

  constructor(index: number, hash: StateHash) {
    this.index = index
    this.#hash = hash
  }

  get hash(): string {
    return this.#hash.text
  }
}

export class StateMarks {
  /** Index modulo `KEPT` → index, and hash. */
  readonly #indexes: number[] = []
  readonly #hashes: StateHash[] = []
  #latest: StateMark | undefined
  #latestIndex: number | undefined

  get latest(): StateMark | undefined {
    if (this.#latest?.index !== this.#latestIndex) this.#latest = this.#at(this.#latestIndex)
    return this.#latest
  }

  add(index: number, hash: StateHash): void {
    this.#indexes[index % KEPT] = index
    this.#hashes[index % KEPT] = hash
    this.#latest = undefined
    this.#latestIndex = index
  }

  /** Our mark of the index if it differs. `undefined`: it is the same, or we cannot know. */
  contradiction({ index, hash }: StateMark): StateMark | undefined {
    const own = this.#at(index)
    return own === undefined || own.hash === hash ? undefined : own
  }

  #at(index = 0): StateMark | undefined {
    const hash = this.#hashes[index % KEPT]
    const isKept = this.#indexes[index % KEPT] === index
    return hash === undefined || !isKept ? undefined : new OwnMark(index, hash)
  }
}
