/**
 * One entry of the log, and its two sizes: of the payload alone, which limits what may wait for
 * its commit, and of the whole entry, which limits messages and batches.
 *
 * The whole size is that of the entry as a protobuf message with the fields type, term, index and
 * data. It is a measure, not our encoding: batches then end where those of etcd-io/raft do.
 */

export type EntryType = 'normal' | 'conf-change' | 'conf-change-v2'

export interface Entry {
  readonly term: number
  readonly index: number
  readonly type: EntryType
  /** Owned by the log from the moment it is handed over: nobody may change it. */
  readonly data: Uint8Array
}

/** An entry that has no place in the log yet. */
export type Proposal = Pick<Entry, 'type' | 'data'>

export const NO_DATA = new Uint8Array(0)

/** One byte names a field, and types are small numbers: two for the type, one each for the rest. */
const FIELDS_BYTES = 4

export function isConfChange({ type }: Pick<Entry, 'type'>): boolean {
  return type !== 'normal'
}

export function entryBytes({ term, index, data }: Entry): number {
  const { length } = data
  const dataBytes = length === 0 ? 0 : 1 + varintBytes(length) + length
  return FIELDS_BYTES + varintBytes(term) + varintBytes(index) + dataBytes
}

export function entriesBytes(entries: readonly Entry[]): number {
  let sum = 0
  for (const entry of entries) sum += entryBytes(entry)
  return sum
}

export function payloadBytes(entries: readonly Proposal[]): number {
  let sum = 0
  for (const { data } of entries) sum += data.length
  return sum
}

/** Bytes of a number at seven bits a byte. */
function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) count++
  return count
}
