/**
 * Puts the records of the log together again: the hard state, the marks of snapshots, the entries.
 *
 *     entries 1 2 3 4 │ 3' 4' │ mark 4 │ 5 6    →   1 2 3' 4' 5 6, mark 4
 *
 * An entry of an index that is there already replaces it and all that follow. A mark of an entry
 * that is not there, or has another term there, is that of a snapshot which a leader sent: all
 * entries before it are void. Where old segments were removed the entries begin later than 1.
 */
import type { Entry } from '../../../consensus/raft/log/entry.ts'
import type { HardState } from '../../../consensus/raft/log/storage.ts'
import { type HeadRecord, NO_HARD_STATE, type SaveRecord, type SnapshotMark } from './record.ts'

export class Replay {
  #hardState = NO_HARD_STATE
  readonly #marks: SnapshotMark[] = []
  /** Of consecutive indexes. */
  #entries: Entry[] = []
  /** Whether it is known what comes first; not if older segments were removed. */
  #isAnchored = true

  get hardState(): HardState {
    return this.#hardState
  }

  /** Oldest first. */
  get marks(): readonly SnapshotMark[] {
    return this.#marks
  }

  get lastIndex(): number {
    return this.#entries.at(-1)?.index ?? this.#marks.at(-1)?.index ?? 0
  }

  /** Those after this index; `undefined`: not all of them are there. */
  entriesAfter(index: number): readonly Entry[] | undefined {
    const [first] = this.#entries
    if (first === undefined) return index === this.lastIndex ? [] : undefined
    if (first.index > index + 1 || index > this.lastIndex) return undefined
    return this.#entries.slice(index + 1 - first.index)
  }

  /** Of the oldest segment that is left. Later heads only repeat what was saved before them. */
  begin({ sequence, hardState, marks }: HeadRecord): void {
    this.#hardState = hardState
    this.#marks.push(...marks)
    this.#isAnchored = sequence === 1
  }

  /** @returns What makes no sense; `undefined`: all does. */
  save({ hardState, mark, entries }: SaveRecord): string | undefined {
    if (hardState !== undefined) this.#hardState = hardState
    if (mark !== undefined) this.#mark(mark)
    return this.#append(entries)
  }

  #mark(mark: SnapshotMark): void {
    this.#marks.push(mark)
    const [first] = this.#entries
    // Nothing there, or only what is newer: nothing to compare it with.
    if (first === undefined || mark.index < first.index) return
    if (this.#entries[mark.index - first.index]?.term !== mark.term) {
      this.#entries = []
      this.#isAnchored = true
    }
  }

  #append(entries: readonly Entry[]): string | undefined {
    const [firstNew] = entries
    if (firstNew === undefined) return undefined
    const [first] = this.#entries
    const nextIndex = this.lastIndex + 1
    const mayBeginHere = first === undefined && !this.#isAnchored
    if (firstNew.index > nextIndex && !mayBeginHere) {
      return `entry ${firstNew.index} where ${nextIndex} was to be`
    }
    this.#entries.length = Math.max(0, firstNew.index - (first?.index ?? firstNew.index))
    for (const entry of entries) this.#entries.push(entry)
    return undefined
  }
}
