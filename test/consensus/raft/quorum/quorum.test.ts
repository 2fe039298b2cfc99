/**
 * Majorities and joint quorums. Ongaro 2014, sections 3.5 and 4.3.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  isVoter,
  jointCommittedIndex,
  jointIds,
  jointVoteResult,
} from '../../../../src/consensus/raft/quorum/joint.ts'
import {
  majorityCommittedIndex,
  majorityCount,
  majorityVoteResult,
} from '../../../../src/consensus/raft/quorum/majority.ts'

const NOBODY = new Set<number>()

const someVoters = fc
  .uniqueArray(
    fc.nat(8).map(each => each + 1),
    { maxLength: 7 },
  )
  .map(ids => new Set(ids))
const someIndexes = fc.array(fc.nat(20), { minLength: 10, maxLength: 10 })
const someVotes = fc.array(fc.constantFrom(true, false, undefined), {
  minLength: 10,
  maxLength: 10,
})

const acked = (indexes: readonly number[]) => (id: number) => indexes[id]

function votesOf(votes: readonly (boolean | undefined)[]): Map<number, boolean> {
  const given = [...votes.entries()].filter(
    (entry): entry is [number, boolean] => entry[1] !== undefined,
  )
  return new Map(given)
}

describe('a majority', () => {
  test('is more than half', () => {
    const counts = [1, 2, 3, 4, 5].map(size =>
      majorityCount(new Set(Array.from({ length: size }, (_, id) => id + 1))),
    )
    assert.deepEqual(counts, [1, 2, 2, 3, 3])
  })

  test('of nobody has committed everything and won every vote', () => {
    assert.equal(
      majorityCommittedIndex(NOBODY, () => 7),
      Number.POSITIVE_INFINITY,
    )
    assert.equal(majorityVoteResult(NOBODY, new Map()), 'won')
  })

  test('has reached its committed index, and no majority a higher one', () => {
    fc.assert(
      fc.property(someVoters, someIndexes, (voters, indexes) => {
        if (voters.size === 0) return
        const index = majorityCommittedIndex(voters, acked(indexes))
        const reachedCount = (at: number) =>
          [...voters].filter(id => (indexes[id] ?? 0) >= at).length
        assert.isAtLeast(reachedCount(index), majorityCount(voters))
        assert.isBelow(reachedCount(index + 1), majorityCount(voters))
      }),
    )
  })

  test('keeps its verdict whatever the others still answer', () => {
    fc.assert(
      fc.property(someVoters, someVotes, fc.boolean(), (voters, votes, rest) => {
        const result = majorityVoteResult(voters, votesOf(votes))
        const complete = majorityVoteResult(voters, votesOf(votes.map(vote => vote ?? rest)))
        assert.notEqual(complete, 'pending')
        if (result !== 'pending') assert.equal(complete, result)
      }),
    )
  })

  test('that is pending can still go either way', () => {
    fc.assert(
      fc.property(someVoters, someVotes, (voters, votes) => {
        if (majorityVoteResult(voters, votesOf(votes)) !== 'pending') return
        const withRest = (rest: boolean) =>
          majorityVoteResult(voters, votesOf(votes.map(vote => vote ?? rest)))
        assert.deepEqual([withRest(true), withRest(false)], ['won', 'lost'])
      }),
    )
  })

  test('does not count votes of others', () => {
    const votes = new Map([
      [1, true],
      [8, true],
      [9, true],
    ])
    assert.equal(majorityVoteResult(new Set([1, 2, 3]), votes), 'pending')
  })
})

describe('a joint quorum', () => {
  const someJoint = fc.record({ incoming: someVoters, outgoing: someVoters })

  test('commits and decides only what both halves do', () => {
    fc.assert(
      fc.property(someJoint, someIndexes, someVotes, (voters, indexes, votes) => {
        const halves = [voters.incoming, voters.outgoing]
        const committed = halves.map(half => majorityCommittedIndex(half, acked(indexes)))
        assert.equal(jointCommittedIndex(voters, acked(indexes)), Math.min(...committed))

        const results = halves.map(half => majorityVoteResult(half, votesOf(votes)))
        const isWon = results.every(result => result === 'won')
        const isLost = results.some(result => result === 'lost')
        assert.equal(jointVoteResult(voters, votesOf(votes)) === 'won', isWon)
        assert.equal(jointVoteResult(voters, votesOf(votes)) === 'lost', isLost)
      }),
    )
  })

  test('with nobody outgoing is a plain majority', () => {
    fc.assert(
      fc.property(someVoters, someIndexes, someVotes, (incoming, indexes, votes) => {
        const voters = { incoming, outgoing: NOBODY }
        const index = majorityCommittedIndex(incoming, acked(indexes))
        assert.equal(jointCommittedIndex(voters, acked(indexes)), index)
        const result = majorityVoteResult(incoming, votesOf(votes))
        assert.equal(jointVoteResult(voters, votesOf(votes)), result)
      }),
    )
  })

  test('never has two winners: who wins it refuses it to everyone else', () => {
    fc.assert(
      fc.property(someJoint, someVotes, (voters, votes) => {
        if (voters.incoming.size + voters.outgoing.size === 0) return
        const opposite = votes.map(vote => (vote === undefined ? undefined : !vote))
        const both = [votes, opposite].map(each => jointVoteResult(voters, votesOf(each)))
        assert.notDeepEqual(both, ['won', 'won'])
      }),
    )
  })

  test('lists everyone once, in order', () => {
    const voters = { incoming: new Set([3, 10, 1]), outgoing: new Set([2, 1]) }
    assert.deepEqual(jointIds(voters), [1, 2, 3, 10])
    assert.deepEqual(
      [1, 2, 3, 4].map(id => isVoter(voters, id)),
      [true, true, true, false],
    )
  })
})
