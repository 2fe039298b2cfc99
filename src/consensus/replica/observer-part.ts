/**
 * The part of a replica that has no vote: follows the log from another peer, stores what it is
 * told to be committed, and applies it.
 *
 * Everything it has is committed, so there is nothing that it could ever have to take back; and
 * should it become a voter, it goes on with the same log.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import type { Random } from '../../core/random.ts'
import type { Entry } from '../raft/log/entry.ts'
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { HardState, Snapshot } from '../raft/log/storage.ts'
import { NO_NODE } from '../raft/node-id.ts'
import { type Feed, Following } from './following.ts'
import type { ConsensusMessage, StateMark } from './message.ts'
import type { StoreBatch } from './raft-part.ts'

export interface ObserverPartDeps {
  readonly log: MemoryStorage
  readonly random: Random
  readonly send: (to: PeerId, message: ConsensusMessage) => void
  readonly sources: () => readonly PeerId[]
  readonly store: (batch: StoreBatch, onStored: (nowMs: number) => void) => void
  readonly apply: (entries: readonly Entry[]) => boolean
  readonly restore: (snapshot: Snapshot) => void
  readonly appliedIndex: () => number
  readonly mark: () => StateMark | undefined
  readonly followIntervalMs: number
}

export class ObserverPart {
  readonly #deps: ObserverPartDeps
  readonly #following: Following
  #isStoring = false
  #isUpToDate = false
  #leader: PeerId | undefined
  #term: number

  constructor(deps: ObserverPartDeps) {
    this.#deps = deps
    this.#following = new Following(deps)
    this.#term = deps.log.hardState.term
  }

  /** Applies what the disk brought, and asks for more. */
  begin(nowMs: number): void {
    this.#applyCommitted()
    this.#ask(nowMs)
  }

  /** It has all that its source has, or nobody answers. */
  get isUpToDate(): boolean {
    return this.#isUpToDate
  }

  get leader(): PeerId | undefined {
    return this.#leader
  }

  get term(): number {
    return this.#term
  }

  get source(): PeerId | undefined {
    return this.#following.source
  }

  get commitIndex(): number {
    return this.#deps.log.hardState.commit
  }

  get wakeAtMs(): number {
    return this.#isStoring ? NEVER : this.#following.wakeAtMs
  }

  tick(nowMs: number): void {
    if (this.#isStoring || nowMs < this.#following.wakeAtMs) return
    this.#isUpToDate ||= this.#following.source !== undefined
    if (this.#following.tick(nowMs)) this.#ask(nowMs)
  }

  /** Part of a snapshot has come, or the offer of one. */
  heardOfSnapshot(from: PeerId, nowMs: number): void {
    this.#following.extend(from, nowMs)
  }

  /** There is no way to it at the moment. */
  sourceUnreachable(peer: PeerId, nowMs: number): void {
    this.#following.unreachable(peer, nowMs)
  }

  sourceLost(peer: PeerId, nowMs: number): void {
    this.#following.lost(peer, nowMs)
  }

  /** @returns What is wrong with the feed. */
  fed(from: PeerId, feed: Feed, nowMs: number): string | undefined {
    const { prevIndex, entries, commitIndex } = feed
    if (this.#isStoring || !this.#following.answered(from)) return undefined
    if (prevIndex !== this.commitIndex) {
      this.#ask(nowMs)
      return undefined
    }
    if (entries.some(({ index }, position) => index !== prevIndex + 1 + position)) {
      return `a feed whose entries do not follow entry ${prevIndex} one after another`
    }
    this.#leader = feed.leader
    this.#term = Math.max(this.#term, feed.term)
    const last = entries.at(-1)
    if (last === undefined) {
      this.#isUpToDate = true
      this.#ask(nowMs)
      return undefined
    }
    if (last.index > commitIndex) return `a feed beyond its own commit index ${commitIndex}`
    const hardState = this.#hardState(last)
    this.#store({ hardState, entries: this.#missing(entries), snapshot: undefined })
    return undefined
  }

  /** @returns Whether a snapshot takes us further than we are. */
  isAhead({ index }: { readonly index: number }): boolean {
    return index > this.commitIndex && !this.#isStoring
  }

  /**
   * The source is so far ahead that it sends its state. Whoever has the entry that it ends with has
   * all before it, and only did not know that it is agreed on: to replace the log would take away
   * entries behind it, which we may have acknowledged as a voter.
   */
  install(snapshot: Snapshot): void {
    const { index, term } = snapshot.metadata
    if (!this.isAhead({ index })) return
    this.#following.served()
    const hardState = this.#hardState({ index, term })
    const hasAll = this.#deps.log.term(index) === term
    this.#store({ hardState, entries: [], snapshot: hasAll ? undefined : snapshot })
  }

  #store(batch: StoreBatch): void {
    this.#isStoring = true
    this.#deps.store(batch, nowMs => {
      this.#isStoring = false
      if (batch.snapshot !== undefined) this.#deps.restore(batch.snapshot)
      this.#applyCommitted()
      this.#ask(nowMs)
    })
  }

  #ask(nowMs: number): void {
    this.#following.ask({ lastIndex: this.commitIndex, mark: this.#deps.mark() }, nowMs)
  }

  /**
   * The entries from the first that we lack on. What we have acknowledged as a voter may be
   * committed beyond these, so what agrees with them must not be replaced.
   */
  #missing(entries: readonly Entry[]): readonly Entry[] {
    const { log } = this.#deps
    const position = entries.findIndex(({ index, term }) => log.term(index) !== term)
    return position < 0 ? [] : entries.slice(position)
  }

  /** A vote that was given stands, should we have had one in an earlier life. */
  #hardState({ index, term }: { readonly index: number; readonly term: number }): HardState {
    const before = this.#deps.log.hardState
    if (term <= before.term) return { ...before, commit: index }
    return { term, vote: NO_NODE, commit: index }
  }

  #applyCommitted(): void {
    const { log, apply, appliedIndex } = this.#deps
    const low = appliedIndex() + 1
    const high = Math.min(this.commitIndex, log.lastIndex) + 1
    if (low >= high) return
    apply(log.entries(low, high, Number.POSITIVE_INFINITY) ?? [])
  }
}
