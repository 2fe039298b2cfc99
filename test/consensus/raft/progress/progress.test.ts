/**
 * What a leader believes of one follower. Ongaro and Ousterhout 2014, section 5.3.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { Inflights } from '../../../../src/consensus/raft/progress/inflights.ts'
import { Progress, type ProgressState } from '../../../../src/consensus/raft/progress/progress.ts'
import { InvariantError } from '../../../../src/core/assert.ts'

function progressOf({
  state = 'probe',
  matchIndex = 0,
  nextIndex = matchIndex + 1,
  countMax = 3,
}: {
  state?: ProgressState
  matchIndex?: number
  nextIndex?: number
  countMax?: number
}): Progress {
  const inflights = new Inflights({ countMax, bytesMax: Number.POSITIVE_INFINITY })
  const progress = new Progress({ matchIndex, nextIndex, inflights })
  if (state === 'replicate') progress.becomeReplicate()
  if (state === 'snapshot') progress.becomeSnapshot(nextIndex - 1)
  return progress
}

describe('a probed follower', () => {
  test('gets no second message before an answer', () => {
    const progress = progressOf({ nextIndex: 5 })
    progress.sentEntries(2, 20)
    assert.deepEqual([progress.isPaused, progress.nextIndex], [true, 5])
  })

  test('is not paused by an empty message', () => {
    const progress = progressOf({ nextIndex: 5 })
    progress.sentEntries(0, 0)
    assert.isFalse(progress.isPaused)
  })

  test('that refuses is probed where it says the logs may match', () => {
    const progress = progressOf({ matchIndex: 2, nextIndex: 11 })
    progress.sentEntries(1, 1)

    assert.isTrue(progress.maybeDecreaseTo(10, 6))
    assert.deepEqual([progress.nextIndex, progress.isPaused], [7, false])
  })

  test('is never probed at or before what matches', () => {
    const progress = progressOf({ matchIndex: 4, nextIndex: 11 })
    assert.isTrue(progress.maybeDecreaseTo(10, 0))
    assert.equal(progress.nextIndex, 5)
  })

  test('cannot refuse what is no longer being asked', () => {
    const progress = progressOf({ nextIndex: 11 })
    assert.isFalse(progress.maybeDecreaseTo(7, 3))
    assert.equal(progress.nextIndex, 11)
  })

  test('goes on as soon as something new matches', () => {
    const progress = progressOf({ nextIndex: 5 })
    progress.sentEntries(1, 1)

    assert.deepEqual([progress.maybeUpdate(6), progress.maybeUpdate(6)], [true, false])
    assert.deepEqual([progress.matchIndex, progress.nextIndex, progress.isPaused], [6, 7, false])
  })
})

describe('a replicating follower', () => {
  test('is sent one message after another until the window is full', () => {
    const progress = progressOf({ state: 'replicate', matchIndex: 4, countMax: 2 })
    progress.sentEntries(3, 30)
    assert.deepEqual([progress.nextIndex, progress.isPaused], [8, false])
    progress.sentEntries(1, 10)
    assert.deepEqual([progress.nextIndex, progress.isPaused], [9, true])
  })

  test('that refuses starts again behind what matches', () => {
    const progress = progressOf({ state: 'replicate', matchIndex: 4 })
    progress.sentEntries(5, 1)
    assert.isTrue(progress.maybeDecreaseTo(9, 8))
    assert.equal(progress.nextIndex, 5)
  })

  test('cannot refuse what it has acknowledged', () => {
    const progress = progressOf({ state: 'replicate', matchIndex: 4 })
    assert.isFalse(progress.maybeDecreaseTo(4, 1))
  })

  test('becomes a probe with an empty window', () => {
    const progress = progressOf({ state: 'replicate', matchIndex: 4 })
    progress.sentEntries(2, 1)
    progress.becomeProbe()
    assert.deepEqual([progress.nextIndex, progress.inflights.count], [5, 0])
  })
})

describe('a follower that gets a snapshot', () => {
  test('gets no entries', () => {
    const progress = progressOf({ state: 'snapshot', nextIndex: 11 })
    assert.isTrue(progress.isPaused)
    assert.throws(() => progress.sentEntries(1, 1), InvariantError)
  })

  test('is probed behind it', () => {
    const progress = progressOf({ state: 'snapshot', nextIndex: 11 })
    progress.becomeProbe()
    assert.deepEqual([progress.nextIndex, progress.pendingSnapshotIndex], [11, 0])
  })

  test('replicates from behind what it acknowledged', () => {
    const progress = progressOf({ state: 'snapshot', nextIndex: 11 })
    progress.maybeUpdate(12)
    progress.becomeReplicate()
    assert.equal(progress.nextIndex, 13)
  })
})

describe('the commit index', () => {
  test('is worth telling until all that was sent is known to be committed', () => {
    const progress = progressOf({ state: 'replicate', matchIndex: 4 })
    progress.sentEntries(2, 1)
    progress.updateSentCommit(4)
    assert.deepEqual(
      [3, 4, 5].map(index => progress.canBumpCommit(index)),
      [false, false, true],
    )
    progress.updateSentCommit(6)
    assert.isFalse(progress.canBumpCommit(7))
  })

  test('is told anew after the follower lost what was sent', () => {
    const progress = progressOf({ state: 'replicate', matchIndex: 4 })
    progress.sentEntries(2, 1)
    progress.updateSentCommit(6)
    progress.becomeProbe()
    assert.equal(progress.sentCommitIndex, 4)
    progress.becomeSnapshot(9)
    assert.equal(progress.sentCommitIndex, 9)
  })
})

test('progress with another vote is otherwise the same', () => {
  const progress = progressOf({ state: 'replicate', matchIndex: 4, countMax: 1 })
  progress.sentEntries(2, 1)
  progress.updateSentCommit(5)
  const { isLearner, ...rest } = progress.withLearner(true)
  const { isLearner: _, ...before } = progress
  assert.isTrue(isLearner)
  assert.deepEqual(rest, before)
  assert.equal(progress.withLearner(true).sentCommitIndex, 5)
})

test('what matches lies before what comes next, whatever happens', () => {
  const deeds = {
    probe: (progress: Progress) => progress.becomeProbe(),
    replicate: (progress: Progress) => progress.becomeReplicate(),
    snapshot: (progress: Progress, index: number) =>
      progress.becomeSnapshot(progress.matchIndex + index),
    send: (progress: Progress, count: number) => {
      if (!progress.isPaused) progress.sentEntries(count, 1)
    },
    acknowledge: (progress: Progress, index: number) => progress.maybeUpdate(index),
    refuse: (progress: Progress, index: number) =>
      progress.maybeDecreaseTo(index, Math.floor(index / 2)),
  }
  const someDeeds = fc.array(
    fc.record({ deed: fc.constantFrom(...Object.values(deeds)), index: fc.nat(30) }),
    {
      maxLength: 50,
    },
  )
  fc.assert(
    fc.property(someDeeds, steps => {
      const progress = progressOf({})
      for (const { deed, index } of steps) {
        const matchedBefore = progress.matchIndex
        deed(progress, index)
        assert.isBelow(progress.matchIndex, progress.nextIndex)
        assert.isAtLeast(progress.matchIndex, matchedBefore)
      }
    }),
  )
})
