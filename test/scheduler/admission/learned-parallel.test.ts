/**
 * What is learned of how many requests an engine takes at once, reading by reading.
 */
import { assert, describe, test } from 'vitest'
import { LearnedParallel } from '../../../src/scheduler/admission/learned-parallel.ts'

const STATED = 256

describe('of an engine that is said to take 256', () => {
  /** What runs and what waits, a second apart. */
  const table: { rule: string; readings: readonly (readonly [number, number])[]; limit: number }[] =
    [
      { rule: 'nothing is known at first', readings: [], limit: 256 },
      { rule: 'one look at a queue says nothing yet', readings: [[2, 55]], limit: 256 },
      {
        rule: 'two in a row do',
        readings: [
          [2, 55],
          [2, 54],
        ],
        limit: 2,
      },
      {
        rule: 'two that are not in a row do not',
        readings: [
          [2, 55],
          [40, 0],
          [2, 55],
        ],
        limit: 256,
      },
      {
        rule: 'the more of both counts',
        readings: [
          [3, 47],
          [50, 1],
        ],
        limit: 50,
      },
      {
        rule: 'the last two count',
        readings: [
          [50, 7],
          [3, 5],
          [2, 5],
        ],
        limit: 3,
      },
      {
        rule: 'what runs nothing teaches nothing',
        readings: [
          [0, 55],
          [0, 55],
        ],
        limit: 256,
      },
      {
        rule: 'work below the limit leaves it',
        readings: [
          [8, 5],
          [8, 5],
          [7, 0],
        ],
        limit: 8,
      },
      {
        rule: 'work at the limit adds a quarter',
        readings: [
          [8, 5],
          [8, 5],
          [8, 0],
        ],
        limit: 10,
      },
      {
        rule: 'and one at least',
        readings: [
          [1, 5],
          [1, 5],
          [1, 0],
        ],
        limit: 2,
      },
      {
        rule: 'again and again',
        readings: [
          [8, 5],
          [8, 5],
          [8, 0],
          [10, 0],
          [12, 0],
        ],
        limit: 15,
      },
      {
        rule: 'not beyond what is stated',
        readings: [
          [250, 5],
          [250, 5],
          [250, 0],
        ],
        limit: 256,
      },
      {
        rule: 'too much is taken back',
        readings: [
          [8, 5],
          [8, 5],
          [8, 0],
          [8, 2],
          [8, 2],
        ],
        limit: 8,
      },
    ]
  for (const { rule, readings, limit } of table) {
    test(`${rule}: ${JSON.stringify(readings)}`, () => {
      const learned = new LearnedParallel()
      for (const [index, [runningCount, queuedCount]] of readings.entries()) {
        learned.observe({ runningCount, queuedCount, metricsAgeMs: 200 }, 1_000 * (index + 1))
      }
      assert.equal(learned.limit(STATED), limit)
    })
  }
})

describe('a reading', () => {
  test('counts once, however often it is looked at', () => {
    const learned = new LearnedParallel()
    for (let ageMs = 0; ageMs < 900; ageMs += 100) {
      learned.observe({ runningCount: 2, queuedCount: 5, metricsAgeMs: ageMs }, 1_000 + ageMs)
    }
    assert.equal(learned.limit(STATED), STATED)
  })

  test('is none if the engine tells nothing of itself', () => {
    const learned = new LearnedParallel()
    for (let nowMs = 0; nowMs < 9_000; nowMs += 1_000) {
      learned.observe({ runningCount: 2, queuedCount: 5 }, nowMs)
    }
    assert.equal(learned.limit(STATED), STATED)
  })
})
