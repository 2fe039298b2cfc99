/**
 * How fast an engine is by what we see of our own requests: by prompt length and by how many there
 * are at once.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { RateGrid } from '../../../src/runtimes/openai/rate-grid.ts'
import { RecentTimes } from '../../../src/runtimes/openai/recent-times.ts'

const mix = (promptTokens: number, concurrentCount: number) => ({ promptTokens, concurrentCount })

describe('a grid of rates', () => {
  test('keeps long prompts apart from short ones, and a crowd from one alone', () => {
    const grid = new RateGrid()
    assert.equal(grid.perSecondNear(mix(100, 1)), 0)
    grid.add(mix(100, 1), 100, 1_000)
    grid.add(mix(10_000, 1), 50, 1_000)
    grid.add(mix(100, 32), 10, 1_000)
    assert.equal(grid.perSecondNear(mix(200, 1)), 100)
    assert.equal(grid.perSecondNear(mix(16_000, 1)), 50)
    assert.equal(grid.perSecondNear(mix(50, 40)), 10)
  })

  test('answers with the nearest that was measured', () => {
    const grid = new RateGrid()
    grid.add(mix(100, 1), 100, 1_000)
    grid.add(mix(100, 32), 10, 1_000)
    assert.equal(grid.perSecondNear(mix(100, 3)), 100)
    assert.equal(grid.perSecondNear(mix(100, 16)), 10)
    assert.equal(grid.perSecondNear(mix(1e9, 1e9)), 10)
  })

  test('is within what was measured, and takes no notice of what is no time or no amount', () => {
    const number = fc.integer({ min: -5, max: 1_000 })
    const measure = fc.record({ prompt: fc.nat(200_000), count: fc.nat(500), number, ms: number })
    fc.assert(
      fc.property(fc.array(measure), fc.nat(200_000), fc.nat(500), (measures, prompt, count) => {
        const grid = new RateGrid()
        for (const each of measures) grid.add(mix(each.prompt, each.count), each.number, each.ms)
        const rates = measures
          .filter(each => each.number > 0 && each.ms > 0)
          .map(each => (1_000 * each.number) / each.ms)
        const rate = grid.perSecondNear(mix(prompt, count))
        if (rates.length === 0) return assert.equal(rate, 0)
        assert.isAtLeast(rate, Math.min(...rates) * 0.999)
        assert.isAtMost(rate, Math.max(...rates) * 1.001)
      }),
    )
  })
})

describe('recent times', () => {
  test('tell the one that 95 of 100 stay within', () => {
    const times = new RecentTimes()
    assert.isUndefined(times.p95Ms)
    for (let ms = 100; ms >= 1; ms -= 1) times.add(ms)
    assert.equal(times.p95Ms, 95)
  })

  test('forget all but the last 128', () => {
    const times = new RecentTimes()
    for (let round = 0; round < 128; round += 1) times.add(1_000)
    for (let round = 0; round < 128; round += 1) times.add(1)
    assert.equal(times.p95Ms, 1)
  })
})
