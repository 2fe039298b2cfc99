/**
 * Log matching, and what is committed: at one index one entry for ever, which a majority has
 * stored.
 *
 * If every entry of one index and term is the same, and so is the term of the one before it, then
 * logs that have an entry in common are equal up to it, by induction. So each entry is compared
 * once, when it is new in a log.
 *
 * Source: Raft paper, sections 5.3 and 5.4.2.
 */
import type { Entry } from '../../../src/consensus/raft/log/entry.ts'
import type { SimHost } from '../../sim-host.ts'
import type { ReplicaView } from '../replica-view.ts'
import type { Others, Rule } from '../safety-watch.ts'
import { isQuorum } from './quorum.ts'

interface Known {
  readonly entry: Entry
  /** `undefined`: nobody has shown it yet. */
  previousTerm: number | undefined
}

interface Committed {
  /** Of the entry. */
  readonly term: number
  /** In which it was committed, or a later one. */
  readonly committedInTerm: number
}

export class LogRule implements Rule {
  /** `index/term` → the entry that everybody has. */
  readonly #entries = new Map<string, Known>()
  /** Host → terms of its log, by index. */
  readonly #logs = new Map<SimHost, number[]>()
  readonly #committed = new Map<number, Committed>()
  #committedIndex = 0

  get committedIndex(): number {
    return this.#committedIndex
  }

  /** `undefined`: it was committed before anybody looked, or is not yet. */
  committed(index: number): Committed | undefined {
    return this.#committed.get(index)
  }

  check(view: ReplicaView, before: ReplicaView | undefined, others: Others): string | undefined {
    return this.#checkLog(view, before) ?? this.#checkCommits(view, before, others)
  }

  #checkLog(view: ReplicaView, before: ReplicaView | undefined): string | undefined {
    if (before?.lastIndex === view.lastIndex && before.lastTerm === view.lastTerm) return undefined
    const { host, firstIndex, lastIndex } = view
    const terms = this.#logs.get(host) ?? []
    this.#logs.set(host, terms)
    terms.length = Math.min(terms.length, lastIndex + 1)
    for (let index = lastIndex; index >= firstIndex; index -= 1) {
      const entry = view.entry(index)
      if (entry === undefined) return `expected entry ${index} in a log up to ${lastIndex}`
      if (terms[index] === entry.term) return undefined
      terms[index] = entry.term
      const found = this.#compare(entry, view.entry(index - 1)?.term)
      if (found !== undefined) return found
    }
    return undefined
  }

  #compare(entry: Entry, previousTerm: number | undefined): string | undefined {
    const { index, term } = entry
    const key = `${index}/${term}`
    const known = this.#entries.get(key)
    if (known === undefined) {
      this.#entries.set(key, { entry, previousTerm })
      return undefined
    }
    if (!isSame(known.entry, entry)) return `expected one entry ${index} of term ${term}, found two`
    known.previousTerm ??= previousTerm
    if (previousTerm === undefined || known.previousTerm === previousTerm) return undefined
    return `expected logs with entry ${index} of term ${term} to be equal before it, found terms ${known.previousTerm} and ${previousTerm}`
  }

  #checkCommits(
    view: ReplicaView,
    before: ReplicaView | undefined,
    others: Others,
  ): string | undefined {
    const first = Math.max((before?.commitIndex ?? 0) + 1, view.firstIndex)
    for (let index = first; index <= view.commitIndex; index += 1) {
      const term = view.entry(index)?.term
      if (term === undefined) return `expected committed entry ${index} in the log, found none`
      const known = this.#committed.get(index)
      if (known !== undefined && known.term !== term) {
        return `expected entry ${index} of term ${known.term}, which was committed, found one of term ${term} committed`
      }
      if (known !== undefined) continue
      this.#committed.set(index, { term, committedInTerm: view.term })
      const found = this.#checkNew({ index, term }, { view, before, others })
      if (found !== undefined) return found
    }
    this.#committedIndex = Math.max(this.#committedIndex, view.commitIndex)
    return undefined
  }

  /** Somebody is the first to know. */
  #checkNew(
    entry: Pick<Entry, 'index' | 'term'>,
    seen: { view: ReplicaView; before: ReplicaView | undefined; others: Others },
  ): string | undefined {
    const { index, term } = entry
    const { view, before, others } = seen
    const nodes = new Set(
      [...others.all()].filter(each => hasStored(each, entry)).map(by => by.node),
    )
    // It may change the configuration itself, or be followed by one that does.
    const isAgreed = [view, before ?? view].some(({ confState }) => isQuorum(confState, nodes))
    if (!isAgreed) {
      const { voters } = view.confState
      return `expected committed entry ${index} at a majority of ${voters}, found it at ${[...nodes]}`
    }
    const wasLeading = before?.role === 'leader' && before.term === view.term
    if (wasLeading && term < view.term && view.commitIndex === index) {
      return `expected a leader of term ${view.term} to count copies of its own entries only, found entry ${index} of term ${term} committed`
    }
    for (const leader of others.all()) {
      const isLater = leader.role === 'leader' && leader.term > view.term
      if (!isLater || index < leader.firstIndex) continue
      if (leader.entry(index)?.term === term) continue
      return `expected entry ${index} of term ${term}, committed in term ${view.term}, at the leader of term ${leader.term}`
    }
    return undefined
  }
}

function hasStored({ stored }: ReplicaView, entry: Pick<Entry, 'index' | 'term'>): boolean {
  const { snapshotIndex, log } = stored
  return log.term(entry.index) === entry.term || snapshotIndex >= entry.index
}

function isSame(a: Entry, b: Entry): boolean {
  return a === b || (a.type === b.type && Buffer.compare(a.data, b.data) === 0)
}
