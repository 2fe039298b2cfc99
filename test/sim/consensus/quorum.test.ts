/**
 * Majorities as the checkers count them.
 */
import { assert, describe, test } from 'vitest'
import { isQuorum, overlap } from '../../../sim/consensus/rules/quorum.ts'

const simple = (...voters: number[]) => ({ voters, votersOutgoing: [] })
const joint = (voters: number[], votersOutgoing: number[]) => ({ voters, votersOutgoing })

describe('a quorum', () => {
  test('is more than half of the voters, and of those before them while they change', () => {
    assert.isTrue(isQuorum(simple(1, 2, 3), new Set([1, 3])))
    assert.isFalse(isQuorum(simple(1, 2, 3, 4), new Set([1, 3])))
    assert.isFalse(isQuorum(joint([1, 2, 3], [3, 4, 5]), new Set([1, 2])))
    assert.isTrue(isQuorum(joint([1, 2, 3], [3, 4, 5]), new Set([1, 2, 4, 5])))
  })
})

describe('two configurations', () => {
  test('that differ by one voter always have one in common', () => {
    assert.isTrue(overlap(simple(1, 2, 3), simple(1, 2, 3, 4)))
    assert.isTrue(overlap(simple(1, 2, 3, 4), simple(1, 2, 3)))
  })

  test('that differ by two may decide apart, unless one is joint', () => {
    assert.isFalse(overlap(simple(1, 2, 3), simple(1, 4, 5)))
    assert.isFalse(overlap(simple(1), simple(1, 2, 3)))
    assert.isTrue(overlap(simple(1, 2, 3), joint([1, 4, 5], [1, 2, 3])))
    assert.isTrue(overlap(joint([1, 4, 5], [1, 2, 3]), simple(1, 4, 5)))
  })
})
