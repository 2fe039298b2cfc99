/**
 * What is learned of how long answers take to begin, and its bounds.
 */
import { assert, describe, test } from 'vitest'
import { Hedging } from '../../src/scheduler/hedge.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'

function hedgingOf(options: object = {}) {
  const hedging = new Hedging(schedulerOptions.parse({ isHedging: true, ...options }))
  for (let left = 100; left > 0; left -= 1) hedging.earn(0)
  return hedging
}

function observe(hedging: Hedging, model: string, timesMs: readonly number[]): void {
  for (const timeMs of timesMs) hedging.observe(model, timeMs)
}

const times = (count: number, timeMs = 1_000) => Array<number>(count).fill(timeMs)

describe('the delay of a hedge', () => {
  test('is not guessed from too few answers, or from those of another model', () => {
    const hedging = hedgingOf()
    observe(hedging, 'a', times(39))
    assert.isUndefined(hedging.delayMs('a'))
    observe(hedging, 'a', times(1))
    assert.equal(hedging.delayMs('a'), 1_000)
    assert.isUndefined(hedging.delayMs('b'))
  })

  test('is that of the last 200 answers', () => {
    const hedging = hedgingOf()
    observe(hedging, 'a', times(200, 9_000))
    observe(hedging, 'a', times(199, 100))
    assert.equal(hedging.delayMs('a'), 100)
    observe(hedging, 'a', [...times(11, 9_000), ...times(189, 100)])
    assert.equal(hedging.delayMs('a'), 9_000)
  })

  test('is forgotten of the model seen first, at modelsMax', () => {
    const hedging = hedgingOf({ modelsMax: 2 })
    for (const model of ['a', 'b', 'c']) observe(hedging, model, times(40))
    assert.equal(hedging.modelCount, 2)
    assert.isUndefined(hedging.delayMs('a'))
    assert.equal(hedging.delayMs('c'), 1_000)
  })

  test('is not asked for while there is no budget', () => {
    const hedging = hedgingOf()
    observe(hedging, 'a', times(40))
    assert.isTrue(hedging.take(0))
    assert.isUndefined(hedging.delayMs('a'))
    assert.isFalse(hedging.take(0))
  })
})

test('the policy may ask for fewer hedges, not for more', () => {
  const hedging = new Hedging(schedulerOptions.parse({ isHedging: true }))
  const rule = { isEnabled: true, delayQuantile: 0.95 }
  hedging.setRule({ ...rule, budgetRatio: 1 })
  for (let left = 99; left > 0; left -= 1) hedging.earn(0)
  assert.isFalse(hedging.take(0))
  hedging.earn(0)
  assert.isTrue(hedging.take(0))
  hedging.setRule({ ...rule, budgetRatio: 0 })
  for (let left = 1_000; left > 0; left -= 1) hedging.earn(0)
  assert.isFalse(hedging.take(0))
})
