/**
 * The members and what they have acknowledged, said and voted.
 */
import { assert, describe, test } from 'vitest'
import type { ConfState } from '../../../../src/consensus/raft/membership/conf-change.ts'
import { restore } from '../../../../src/consensus/raft/membership/restore.ts'
import { ProgressTracker } from '../../../../src/consensus/raft/progress/progress-tracker.ts'

const NOTHING: ConfState = {
  voters: [],
  votersOutgoing: [],
  learners: [],
  learnersNext: [],
  isAutoLeave: false,
}

function trackerOf(members: Partial<ConfState>): ProgressTracker {
  const tracker = new ProgressTracker({ countMax: 2, bytesMax: Number.POSITIVE_INFINITY })
  tracker.adopt(restore(tracker, { ...NOTHING, ...members }, { lastIndex: 10 }))
  return tracker
}

const JOINT = { voters: [3, 2], votersOutgoing: [1, 2], learners: [5], learnersNext: [1] }

describe('the tracker', () => {
  test('visits every member in order', () => {
    const visited: [number, boolean][] = []
    trackerOf(JOINT).visit((id, { isLearner }) => visited.push([id, isLearner]))
    assert.deepEqual(visited, [
      [1, false],
      [2, false],
      [3, false],
      [5, true],
    ])
  })

  test('names voters of both halves, and learners', () => {
    const tracker = trackerOf(JOINT)
    assert.deepEqual([tracker.voterIds, tracker.learnerIds], [[1, 2, 3], [5]])
  })

  test('knows a voter that is alone, and will stay so', () => {
    const tests = [{ voters: [1] }, { voters: [1], learners: [2] }, { voters: [1, 2] }, {}]
    assert.deepEqual(
      tests.map(members => trackerOf(members).isSingleton),
      [true, true, false, false],
    )
    assert.isFalse(trackerOf({ voters: [1], votersOutgoing: [1, 2] }).isSingleton)
  })

  test('commits what voters acknowledged, never what learners did', () => {
    const tracker = trackerOf({ voters: [1, 2, 3], learners: [4, 5] })
    for (const id of [1, 4, 5]) tracker.progress.get(id)?.maybeUpdate(9)
    assert.equal(tracker.committed(), 0)
    tracker.progress.get(3)?.maybeUpdate(7)
    assert.equal(tracker.committed(), 7)
  })

  test('has an active quorum while enough voters are heard, and no learner helps', () => {
    const tracker = trackerOf({ voters: [1, 2, 3], learners: [4] })
    tracker.resetProgress(() => ({ matchIndex: 0, nextIndex: 11 }))
    const hear = (id: number) => {
      const progress = tracker.progress.get(id)
      if (progress !== undefined) progress.isRecentlyActive = true
      return tracker.isQuorumActive()
    }
    assert.deepEqual([hear(1), hear(4), hear(2)], [false, false, true])
  })

  test('counts the first vote of each voter', () => {
    const tracker = trackerOf({ voters: [1, 2, 3] })
    tracker.recordVote(1, true)
    tracker.recordVote(2, false)
    tracker.recordVote(2, true)
    assert.deepEqual(tracker.tallyVotes(), {
      grantedCount: 1,
      rejectedCount: 1,
      result: 'pending',
    })
    tracker.recordVote(3, true)
    assert.equal(tracker.tallyVotes().result, 'won')
    tracker.resetVotes()
    assert.equal(tracker.tallyVotes().grantedCount, 0)
  })

  test('keeps no vote of strangers and counts none of learners', () => {
    const tracker = trackerOf({ voters: [1, 2, 3], learners: [4] })
    for (let id = 4; id < 1_000; id++) tracker.recordVote(id, true)
    assert.deepEqual([...tracker.votes.keys()], [4])
    assert.equal(tracker.tallyVotes().grantedCount, 0)
  })

  test('starts everyone over with an empty window, learners as learners', () => {
    const tracker = trackerOf({ voters: [1, 2], learners: [3] })
    tracker.progress.get(2)?.becomeReplicate()
    tracker.progress.get(2)?.sentEntries(4, 1)
    tracker.resetProgress(id => ({ matchIndex: id === 1 ? 20 : 0, nextIndex: 21 }))
    const facts = [...tracker.progress.values()].map(
      ({ matchIndex, nextIndex, state, inflights, isLearner, isRecentlyActive }) =>
        [matchIndex, nextIndex, state, inflights.count, isLearner, isRecentlyActive].join(' '),
    )
    assert.deepEqual(facts, [
      '20 21 probe 0 false false',
      '0 21 probe 0 false false',
      '0 21 probe 0 true false',
    ])
  })

  test('gives every member a window of the size that was set', () => {
    const progress = trackerOf({ voters: [1, 2] }).progress.get(2)
    progress?.becomeReplicate()
    progress?.sentEntries(1, 1)
    assert.isFalse(progress?.isPaused)
    progress?.sentEntries(1, 1)
    assert.isTrue(progress?.isPaused)
  })
})
