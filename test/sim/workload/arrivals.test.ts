/**
 * Arrivals come at the rate that is asked for, in the shape of their process.
 */
import { assert, describe, test } from 'vitest'
import { type ArrivalsInit, createArrivals } from '../../../sim/workload/arrivals.ts'
import { Random } from '../../../src/core/random.ts'

type Scenario = Parameters<typeof createArrivals>[0]

function timesOf(scenario: Scenario, untilMs: number, init: Partial<ArrivalsInit> = {}): number[] {
  const random = new Random(11)
  const next = createArrivals(scenario, { perSecond: 100, fromMs: 0, random, ...init })
  const times: number[] = []
  for (let atMs = next(); atMs < untilMs; atMs = next()) times.push(atMs)
  return times
}

const MMPP: Scenario = {
  type: 'mmpp',
  dwell: 'constant',
  states: [
    { weight: 200, dwellMs: 300 },
    { weight: 0, dwellMs: 300 },
    { weight: 1_500, dwellMs: 100 },
  ],
}

const scenarios: readonly (readonly [string, Scenario])[] = [
  ['poisson', { type: 'poisson' }],
  ['mmpp, constant', MMPP],
  ['mmpp, exponential', { ...MMPP, dwell: 'exponential' }],
  ['diurnal', { type: 'diurnal', periodMs: 10_000, peakRatio: 4 }],
]

describe.each(scenarios)('%s', (_, scenario) => {
  test('comes at the rate that is asked for, in order', () => {
    const times = timesOf(scenario, 2_000_000)
    assert.closeTo(times.length / 2_000, 100, 4)
    assert.isTrue(times.every((atMs, index) => index === 0 || atMs >= (times[index - 1] ?? 0)))
  })

  test('begins where it is told to', () => {
    const [first = 0] = timesOf(scenario, 0, { fromMs: -5_000 })
    assert.isAtLeast(first, -5_000)
    assert.isBelow(first, -4_000)
  })
})

test('gaps of a Poisson process vary as much as they are long', () => {
  const times = timesOf({ type: 'poisson' }, 1_000_000)
  const gaps = times.map((atMs, index) => atMs - (times[index - 1] ?? 0))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  assert.closeTo(Math.sqrt(variance) / mean, 1, 0.02)
})

test('at twice the rate the same arrivals come in half the time', () => {
  const slow = timesOf({ type: 'poisson' }, 10_000)
  const fast = timesOf({ type: 'poisson' }, 5_000, { perSecond: 200 })
  assert.deepEqual(
    fast.map(atMs => Math.round(2e6 * atMs)),
    slow.map(atMs => Math.round(1e6 * atMs)),
  )
})

test('in each state of an MMPP with constant times arrivals come at the rate of the state', () => {
  const times = timesOf(MMPP, 700_000)
  // Nothing comes in the second state, so a cycle is found by its longest gap.
  const phases = times.map(atMs => Math.floor((atMs % 700) / 10))
  const perPhase = Array.from({ length: 70 }, (_, at) => phases.filter(each => each === at).length)
  const empty = perPhase.filter(count => count === 0).length
  const busy = perPhase.filter(count => count > 1.5 * Math.max(1, times.length / 70)).length
  assert.closeTo(empty, 30, 1)
  assert.closeTo(busy, 10, 1)
})

test('the day has its peak a quarter after its beginning, as high as it is told to be', () => {
  const times = timesOf({ type: 'diurnal', periodMs: 10_000, peakRatio: 4 }, 10_000_000)
  const near = (phaseMs: number) =>
    times.filter(atMs => Math.abs((atMs % 10_000) - phaseMs) < 250).length
  assert.closeTo(near(2_500) / near(7_500), 4, 0.2)
})
