/**
 * What a frame of the log says: the two kinds of record, and their bytes.
 *
 * A *head* opens every segment and repeats all that older segments said and newer ones may rely
 * on, so that old segments can be removed: whose log this is, the hard state, the last snapshots.
 * A *save* holds what must become durable together: hard state, snapshot mark, entries.
 *
 *     head  format · sequence · peer · mesh · hard state · count, marks
 *     save  flags (1 hard state, 2 mark) · hard state? · mark? · count · first index · entries
 *     entry term · type · length · data      hard state  term · vote · commit      mark  term · index
 *
 * All numbers are varints. A record may not change its meaning; a new one gets a new type, and
 * older versions refuse it.
 */
import type { Entry, EntryType } from '../../../consensus/raft/log/entry.ts'
import type { HardState } from '../../../consensus/raft/log/storage.ts'
import { ByteReader, type ByteWriter, NUMBER_MAX_BYTES } from './bytes.ts'

export const HEAD_TYPE = 1
export const SAVE_TYPE = 2

const FORMAT = 1

const HAS_HARD_STATE = 1
const HAS_MARK = 2

/** A number of the format stands for its place here. */
const ENTRY_TYPES: readonly EntryType[] = ['normal', 'conf-change', 'conf-change-v2']

/** Whose log this is: no other peer may go on with it, and no other mesh. */
export interface LogOwner {
  readonly peer: string
  readonly mesh: string
}

/** Says that the snapshot with this last entry is durable. */
export interface SnapshotMark {
  readonly term: number
  readonly index: number
}

export interface HeadRecord {
  readonly type: 'head'
  /** 1 for the first segment of the log. */
  readonly sequence: number
  readonly owner: LogOwner
  readonly hardState: HardState
  /** Oldest first. */
  readonly marks: readonly SnapshotMark[]
}

export interface SaveRecord {
  readonly type: 'save'
  readonly hardState?: HardState | undefined
  readonly mark?: SnapshotMark | undefined
  /** Of consecutive indexes. */
  readonly entries: readonly Entry[]
}

export const NO_HARD_STATE: HardState = { term: 0, vote: 0, commit: 0 }

export function writeHead(writer: ByteWriter, head: HeadRecord): void {
  writer.number(FORMAT)
  writer.number(head.sequence)
  writer.text(head.owner.peer)
  writer.text(head.owner.mesh)
  writeHardState(writer, head.hardState)
  writer.number(head.marks.length)
  for (const mark of head.marks) writeMark(writer, mark)
}

export function writeSave(writer: ByteWriter, { hardState, mark, entries }: SaveRecord): void {
  writer.byte((hardState ? HAS_HARD_STATE : 0) | (mark ? HAS_MARK : 0))
  if (hardState) writeHardState(writer, hardState)
  if (mark) writeMark(writer, mark)
  writer.number(entries.length)
  writer.number(entries[0]?.index ?? 0)
  for (const { term, type, data } of entries) {
    writer.number(term)
    writer.byte(ENTRY_TYPES.indexOf(type))
    writer.number(data.length)
    writer.raw(data)
  }
}

/** Numbers of a save beside its entries, its flags among them. */
const SAVE_NUMBER_COUNT = 8
const ENTRY_NUMBER_COUNT = 3

/** What the record takes at most. */
export function saveBytesMax({ entries }: SaveRecord): number {
  let sum = SAVE_NUMBER_COUNT * NUMBER_MAX_BYTES
  for (const { data } of entries) sum += ENTRY_NUMBER_COUNT * NUMBER_MAX_BYTES + data.length
  return sum
}

/** @returns `undefined`: a type that this version does not know. @throws ShortBytesError. */
export function readRecord(type: number, payload: Uint8Array): HeadRecord | SaveRecord | undefined {
  const reader = new ByteReader(payload)
  if (type === HEAD_TYPE) return readHead(reader)
  return type === SAVE_TYPE ? readSave(reader) : undefined
}

function readHead(reader: ByteReader): HeadRecord | undefined {
  if (reader.number() !== FORMAT) return undefined
  const sequence = reader.number()
  const owner = { peer: reader.text(), mesh: reader.text() }
  const hardState = readHardState(reader)
  const marks = Array.from({ length: reader.number() }, () => readMark(reader))
  return { type: 'head', sequence, owner, hardState, marks }
}

function readSave(reader: ByteReader): SaveRecord | undefined {
  const flags = reader.byte()
  const hardState = (flags & HAS_HARD_STATE) === 0 ? undefined : readHardState(reader)
  const mark = (flags & HAS_MARK) === 0 ? undefined : readMark(reader)
  const count = reader.number()
  const firstIndex = reader.number()
  const entries: Entry[] = []
  for (let index = firstIndex; index < firstIndex + count; index += 1) {
    const term = reader.number()
    const type = ENTRY_TYPES[reader.byte()]
    if (type === undefined) return undefined
    entries.push({ term, index, type, data: reader.raw(reader.number()) })
  }
  return reader.isAtEnd ? { type: 'save', hardState, mark, entries } : undefined
}

function writeHardState(writer: ByteWriter, { term, vote, commit }: HardState): void {
  writer.number(term)
  writer.number(vote)
  writer.number(commit)
}

function readHardState(reader: ByteReader): HardState {
  return { term: reader.number(), vote: reader.number(), commit: reader.number() }
}

function writeMark(writer: ByteWriter, { term, index }: SnapshotMark): void {
  writer.number(term)
  writer.number(index)
}

function readMark(reader: ByteReader): SnapshotMark {
  return { term: reader.number(), index: reader.number() }
}
