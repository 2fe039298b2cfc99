/**
 * The log over storage and what is not stored yet.
 */
import { assert, describe, test } from 'vitest'
import type { Entry } from '../../../../src/consensus/raft/log/entry.ts'
import { MemoryStorage } from '../../../../src/consensus/raft/log/memory-storage.ts'
import { RaftLog } from '../../../../src/consensus/raft/log/raft-log.ts'
import { EMPTY_CONF_STATE, type Snapshot } from '../../../../src/consensus/raft/log/storage.ts'
import { InvariantError } from '../../../../src/core/assert.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY

function entries(terms: readonly number[], firstIndex = 1): Entry[] {
  return terms.map((term, i) => {
    return { term, index: firstIndex + i, type: 'normal', data: new Uint8Array(10) }
  })
}

function snapshot(index: number, term: number): Snapshot {
  return { data: new Uint8Array(), metadata: { index, term, confState: EMPTY_CONF_STATE } }
}

/** A log with the first entries stored and the others not. */
function logOf({ stored = [], unstable = [] }: { stored?: number[]; unstable?: number[] }) {
  const storage = new MemoryStorage()
  storage.append(entries(stored))
  const log = new RaftLog(storage, NO_LIMIT)
  log.append(entries(unstable, stored.length + 1))
  return { log, storage }
}

function termsOf(found: readonly Entry[] | undefined): readonly number[] | undefined {
  return found?.map(({ term }) => term)
}

describe('a log', () => {
  test('reads across storage and what is not stored yet', () => {
    const { log } = logOf({ stored: [1, 2], unstable: [3, 4] })
    const ranges = [
      [1, 5, [1, 2, 3, 4]],
      [2, 4, [2, 3]],
      [3, 5, [3, 4]],
      [1, 3, [1, 2]],
      [2, 2, []],
    ] as const
    for (const [low, high, expected] of ranges) {
      assert.deepEqual(termsOf(log.entries({ low, high, maxBytes: NO_LIMIT })), expected)
    }
    assert.deepEqual(
      [0, 1, 4, 5].map(index => log.term(index)),
      [0, 1, 4, undefined],
    )
    assert.deepEqual(log.last, { index: 4, term: 4 })
  })

  test('keeps to a size across both, and hands out one entry that is larger', () => {
    const { log } = logOf({ stored: [1, 2], unstable: [3, 4] })
    const counts = [1, 18, 36, 53, 54, 72].map(maxBytes => log.entriesFrom(1, maxBytes)?.length)
    assert.deepEqual(counts, [1, 1, 2, 2, 3, 4])
    assert.deepEqual(log.entriesFrom(5, NO_LIMIT), [])
  })

  test('does not know what was compacted', () => {
    const { log, storage } = logOf({ stored: [1, 2, 3] })
    log.commitTo(3)
    log.appliedTo(3, 0)
    storage.compact(2)
    assert.deepEqual([log.term(1), log.term(2), log.firstIndex], [undefined, 2, 3])
    assert.equal(log.entriesFrom(2, NO_LIMIT), undefined)
  })

  test('reads what replaces stored entries, before it is stored', () => {
    const { log } = logOf({ stored: [1, 1, 1] })
    log.append(entries([2], 2))
    assert.deepEqual(termsOf(log.entriesFrom(1, NO_LIMIT)), [1, 2])
    assert.equal(log.term(3), undefined)
  })

  test('takes over what follows its own and keeps what agrees', () => {
    const cases = [
      { previous: { index: 3, term: 3 }, terms: [4], outcome: 'appended', after: [1, 2, 3, 4] },
      { previous: { index: 1, term: 1 }, terms: [2], outcome: 'appended', after: [1, 2, 3] },
      { previous: { index: 1, term: 1 }, terms: [2, 4], outcome: 'appended', after: [1, 2, 4] },
      { previous: { index: 3, term: 2 }, terms: [4], outcome: 'mismatch', after: [1, 2, 3] },
      { previous: { index: 4, term: 4 }, terms: [4], outcome: 'mismatch', after: [1, 2, 3] },
      {
        previous: { index: 0, term: 0 },
        terms: [4],
        outcome: 'conflicts-with-committed',
        after: [1, 2, 3],
      },
    ] as const
    for (const { previous, terms: fresh, outcome, after } of cases) {
      const { log } = logOf({ stored: [1, 2], unstable: [3] })
      log.commitTo(1)
      const slice = { previous, entries: entries(fresh, previous.index + 1) }
      assert.equal(log.maybeAppend(slice), outcome)
      assert.deepEqual(termsOf(log.entriesFrom(1, NO_LIMIT)), after)
    }
  })

  test('tells the highest index at which a log with a lower term may agree', () => {
    const cases = [
      { log: [1, 3, 3, 3], from: 4, term: 2, expected: { index: 1, term: 1 } },
      { log: [1, 3, 3, 3], from: 4, term: 3, expected: { index: 4, term: 3 } },
      { log: [2, 2], from: 2, term: 1, expected: { index: 0, term: 0 } },
      { log: [2, 2], from: 5, term: 1, expected: { index: 5, term: 0 } },
    ]
    for (const { log: stored, from, term, expected } of cases) {
      assert.deepEqual(logOf({ stored }).log.findConflictByTerm(from, term), expected)
    }
  })

  test('commits only entries of the term that is asked for', () => {
    const { log } = logOf({ stored: [1, 2, 2] })
    assert.isFalse(log.maybeCommit({ index: 3, term: 3 }))
    assert.isTrue(log.maybeCommit({ index: 2, term: 2 }))
    assert.isFalse(log.maybeCommit({ index: 2, term: 2 }))
    assert.throws(() => log.commitTo(4), InvariantError)
    assert.throws(() => log.append(entries([3], 2)), InvariantError)
  })

  test('hands out each committed entry once, and nothing while a snapshot waits', () => {
    const { log } = logOf({ stored: [1, 1], unstable: [1, 1] })
    log.commitTo(3)
    assert.deepEqual(log.nextCommitted(false).length, 2)
    const next = log.nextCommitted(true)
    assert.equal(next.length, 3)
    log.acceptApplying(next, true)
    assert.isFalse(log.hasNextCommitted(true))
    log.appliedTo(3, 0)
    assert.throws(() => log.appliedTo(4, 0), InvariantError)

    log.commitTo(4)
    log.restore(snapshot(9, 2))
    assert.isFalse(log.hasNextCommitted(true))
    assert.deepEqual([log.lastIndex, log.firstIndex, log.commitIndex], [9, 10, 9])
    assert.deepEqual([log.term(9), log.term(4)], [2, undefined])
  })

  test('hands out no more to apply than fits beside what is being applied', () => {
    const storage = new MemoryStorage()
    storage.append(entries([1, 1, 1, 1]))
    const log = new RaftLog(storage, 40)
    log.commitTo(4)
    const first = log.nextCommitted(true)
    log.acceptApplying(first, true)
    assert.deepEqual([first.length, log.hasNextCommitted(true)], [2, false])
    log.appliedTo(2, 36)
    assert.equal(log.nextCommitted(true).length, 2)
  })
})

describe('entries that are not stored', () => {
  test('leave when their own write has ended', () => {
    const { log } = logOf({ unstable: [1, 1, 1] })
    const { unstable } = log
    assert.equal(unstable.nextEntries().length, 3)
    unstable.acceptWriting()
    assert.isFalse(unstable.hasNextEntries)
    unstable.stableTo(2, 1)
    assert.deepEqual([unstable.firstIndex, unstable.length], [3, 1])
    // Replaced meanwhile, or gone.
    unstable.stableTo(3, 9)
    unstable.stableTo(1, 1)
    assert.equal(unstable.length, 1)
  })

  test('are written anew from where they were replaced', () => {
    const { log } = logOf({ unstable: [1, 1, 1] })
    log.unstable.acceptWriting()
    log.append(entries([2, 2], 2))
    assert.deepEqual(termsOf(log.unstable.nextEntries()), [2, 2])
    log.append(entries([3], 1))
    assert.deepEqual(termsOf(log.unstable.nextEntries()), [3])
  })

  test('are all replaced by a snapshot, which is written once', () => {
    const { log } = logOf({ unstable: [1] })
    log.restore(snapshot(5, 2))
    assert.equal(log.unstable.nextSnapshot()?.metadata.index, 5)
    log.unstable.acceptWriting()
    assert.equal(log.unstable.nextSnapshot(), undefined)
    log.unstable.stableSnapshotTo(4)
    assert.isDefined(log.unstable.snapshot)
    log.unstable.stableSnapshotTo(5)
    assert.equal(log.unstable.snapshot, undefined)
  })
})

describe('storage in memory', () => {
  test('takes snapshots and compactions only forwards', () => {
    const storage = new MemoryStorage()
    storage.append(entries([1, 1, 2]))
    assert.isTrue(storage.createSnapshot(2, EMPTY_CONF_STATE, new Uint8Array()))
    assert.isFalse(storage.createSnapshot(2, EMPTY_CONF_STATE, new Uint8Array()))
    assert.isTrue(storage.compact(2))
    assert.isFalse(storage.compact(2))
    assert.deepEqual([storage.firstIndex, storage.term(2), storage.term(1)], [3, 1, undefined])
    assert.isFalse(storage.applySnapshot(snapshot(2, 1)))
    assert.isTrue(storage.applySnapshot(snapshot(7, 3)))
    assert.deepEqual([storage.firstIndex, storage.lastIndex, storage.term(7)], [8, 7, 3])
  })

  test('skips entries that are compacted already', () => {
    const storage = new MemoryStorage()
    storage.append(entries([1, 1, 1]))
    storage.compact(3)
    storage.append(entries([2, 2, 2, 2]))
    assert.deepEqual([storage.firstIndex, storage.lastIndex, storage.term(4)], [4, 4, 2])
    storage.append(entries([1, 1]))
    assert.equal(storage.lastIndex, 4)
  })
})
