/**
 * How the files of the log are named: `0000000000000042.wal`, `snapshot-<term>-<index>`, and
 * `….broken` for what a repair took away.
 */
import type { SnapshotMark } from './record.ts'

/** Digits of a safe integer, so that the order of names is that of segments. */
const SEQUENCE_DIGITS = 16

const SEGMENT = /^(\d{16})\.wal$/
const SNAPSHOT = /^snapshot-(\d+)-(\d+)$/

export const BROKEN_SUFFIX = '.broken'

export function segmentName(sequence: number): string {
  return `${String(sequence).padStart(SEQUENCE_DIGITS, '0')}.wal`
}

/** @returns In ascending order. */
export function segmentSequences(names: readonly string[]): number[] {
  return names
    .map(name => SEGMENT.exec(name)?.[1])
    .filter(digits => digits !== undefined)
    .map(Number)
    .toSorted((a, b) => a - b)
}

export function snapshotName({ term, index }: SnapshotMark): string {
  return `snapshot-${term}-${index}`
}

/** In no order. */
export function snapshotMarks(names: readonly string[]): SnapshotMark[] {
  return names.flatMap(name => {
    const [, term, index] = SNAPSHOT.exec(name) ?? []
    return term === undefined ? [] : [{ term: Number(term), index: Number(index) }]
  })
}
