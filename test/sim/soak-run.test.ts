/**
 * Runs of many seeds, and what is told of them.
 */
import { assert, describe, test } from 'vitest'
import { measureScale } from '../../sim/membership/scale.ts'
import { type Outcome, peerCountOf, runSeed, summary, table } from '../../sim/soak-run.ts'

const CRASH = { subject: 'membership', scenario: 'crash' } as const

const outcome = (seed: number, change: Partial<Outcome> = {}): Outcome => ({
  scenario: 'crash',
  seed,
  peerCount: 5,
  replay: 'npm run soak',
  figures: { deadMs: 1_000 * seed },
  eventCount: 10,
  ...change,
})

describe('a run of one seed', () => {
  test('tells a failure with the command that runs it again', async () => {
    // Nobody to kill.
    const { failure, replay } = await runSeed({ ...CRASH, seed: 3, peerCount: 0 })

    assert.isDefined(failure)
    const command = 'npm run soak -- membership --scenario crash --seed 3 --peers 0'
    assert.equal(replay, command)
  })

  test('takes the size of its mesh from the seed', async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index)
    const sizes = new Set(numbers.map(number => peerCountOf('membership', number)))
    assert.deepEqual(
      [...sizes].toSorted((a, b) => a - b),
      [5, 20, 50],
    )

    const seed = numbers.find(number => peerCountOf('membership', number) === 5) ?? 0
    const { peerCount, failure } = await runSeed({ ...CRASH, seed })

    assert.equal(peerCount, 5)
    assert.isUndefined(failure)
  })
})

describe('what many runs have shown', () => {
  test('is a line for each scenario and size, with the median and the worst', () => {
    const outcomes = [1, 2, 9].map(seed => outcome(seed))
    const lines = table([...outcomes, outcome(4, { peerCount: 20, failure: 'late' })]).split('\n')

    assert.deepEqual(lines.slice(1), [
      'crash          5     3       0  deadMs 2000/9000',
      'crash         20     1       1  deadMs 4000/4000',
    ])
  })

  test('has the failures and how to run them again', () => {
    const { runs, failures, events } = summary([outcome(1), outcome(2, { failure: 'late' })])

    assert.deepEqual([runs, events], [2, 20])
    assert.deepEqual(failures, [{ replay: 'npm run soak', failure: 'late' }])
  })
})

test('the cost of a mesh and the speed of its news are measured', async () => {
  const report = await measureScale({ seed: 1, peerCount: 6, durationMs: 5_000, changeCount: 2 })

  assert.isTrue(report.hasFormed)
  assert.equal(report.connectionsPerNode, 5)
  assert.isAbove(report.sentMessagesPerSecond, 0)
  assert.isAbove(report.sentBytesPerSecond, 82 * report.sentMessagesPerSecond)
  assert.lengthOf(report.spreadMs, 2)
  for (const spreadMs of report.spreadMs) assert.isBelow(spreadMs, 5_000)
})
