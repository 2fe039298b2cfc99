/**
 * The front of cost and time.
 */
import { assert, describe, test } from 'vitest'
import type { ContestantResult } from '../../../sim/experiment/comparison.ts'
import { frontOf } from '../../../sim/report/pareto.ts'
import { comparisonOf } from './comparison-fixture.ts'

const COST = 'dollarsPerThousandTokens'
const TIME = 'ttftMs.p99'

const [any] = comparisonOf({ runs: 1 }).contestants

function contestantOf(
  name: string,
  { cost, time, rank }: { cost: number; time: number; rank?: number | undefined },
): ContestantResult {
  if (any === undefined) throw new Error('the fixture has contestants')
  const known = (mean: number) => ({ mean, halfWidth: 0, runCount: 1 })
  return {
    ...any,
    name,
    rank,
    estimates: { ...any.estimates, [COST]: known(cost), [TIME]: known(time) },
  }
}

function front(...contestants: readonly ContestantResult[]): readonly string[] {
  return [...frontOf(contestants, { cost: COST, time: TIME })].map(({ name }) => name)
}

describe('the front', () => {
  const cheap = contestantOf('cheap', { cost: 1, time: 9, rank: 3 })
  const fast = contestantOf('fast', { cost: 9, time: 1, rank: 1 })
  const middle = contestantOf('middle', { cost: 5, time: 5, rank: 2 })

  test('holds all of which none is both cheaper and faster', () => {
    assert.deepEqual(front(cheap, fast, middle), ['cheap', 'fast', 'middle'])
  })

  test('leaves out who is worse in one and no better in the other', () => {
    const dear = contestantOf('dear', { cost: 6, time: 5, rank: 4 })

    assert.deepEqual(front(middle, dear), ['middle'])
  })

  test('holds both of two that are equal', () => {
    assert.deepEqual(front(middle, { ...middle, name: 'twin' }), ['middle', 'twin'])
  })

  test('is not for who is not ranked, nor spoilt by them', () => {
    const unranked = contestantOf('unranked', { cost: 0, time: 0 })

    assert.deepEqual(front(middle, unranked), ['middle'])
  })
})
