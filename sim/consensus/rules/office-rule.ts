/**
 * Election safety and leader completeness: one leader in a term, who has everything that was
 * committed in the terms before.
 *
 * Source: Raft paper, sections 5.2 and 5.4.
 */
import type { SimHost } from '../../sim-host.ts'
import type { ReplicaView } from '../replica-view.ts'
import type { Rule } from '../safety-watch.ts'
import type { LogRule } from './log-rule.ts'

export class OfficeRule implements Rule {
  readonly #log: LogRule
  /** Term → who led in it. */
  readonly #leaders = new Map<number, SimHost>()

  constructor(log: LogRule) {
    this.#log = log
  }

  get electionCount(): number {
    return this.#leaders.size
  }

  check(view: ReplicaView): string | undefined {
    if (view.role !== 'leader') return undefined
    const { term, host } = view
    const known = this.#leaders.get(term)
    if (known === host) return undefined
    if (known !== undefined) return `expected n${known.index} alone to lead in term ${term}`
    this.#leaders.set(term, host)
    return this.#checkComplete(view)
  }

  #checkComplete(view: ReplicaView): string | undefined {
    for (let index = view.firstIndex; index <= this.#log.committedIndex; index += 1) {
      const committed = this.#log.committed(index)
      // Votes that come late can make a leader after the one of a later term.
      if (committed === undefined || committed.committedInTerm >= view.term) continue
      const found = view.entry(index)?.term
      if (found === committed.term) continue
      return `expected a new leader to have entry ${index} of term ${committed.term}, which was committed in term ${committed.committedInTerm}, found ${found === undefined ? 'none' : `one of term ${found}`}`
    }
    return undefined
  }
}
