/**
 * The estimate of prompt tokens learns from what engines count, and stays within bounds.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { TokenEstimate } from '../../src/scheduler/token-estimate.ts'
import { arrived, MODEL, peerChanged, schedulerOf } from './scene.ts'

const options = schedulerOptions.parse({})

describe('the estimate of a prompt', () => {
  test('is that of its bytes until an engine has counted one', () => {
    assert.equal(new TokenEstimate(options).expect('m', 100), 100)
  })

  test('comes near what engines count, for each model by itself', () => {
    const estimate = new TokenEstimate(options)
    for (let left = 60; left > 0; left--)
      estimate.observe('m', { estimated: 1_000, counted: 1_500 })
    assert.closeTo(estimate.expect('m', 100), 150, 1)
    assert.equal(estimate.expect('other', 100), 100)
  })

  test('learns less from a short prompt, which is mostly its template', () => {
    const estimate = new TokenEstimate(options)
    estimate.observe('short', { estimated: 4, counted: 20 })
    estimate.observe('long', { estimated: 1_000, counted: 5_000 })
    assert.closeTo(estimate.expect('short', 1), 1, 0.01)
    assert.closeTo(estimate.expect('long', 1), 1.4, 0.01)
  })

  test('stays within a fifth and five times, whatever an engine claims', () => {
    const number = fc.oneof(fc.double(), fc.nat(1_000_000))
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number)), claims => {
        const estimate = new TokenEstimate(options)
        for (const [estimated, counted] of claims) estimate.observe('m', { estimated, counted })
        assert.isAtLeast(estimate.expect('m', 100), 20)
        assert.isAtMost(estimate.expect('m', 100), 500)
      }),
    )
  })

  test('is kept of modelsMax models, the oldest gives way', () => {
    const estimate = new TokenEstimate({ ...options, modelsMax: 2 })
    for (const model of ['a', 'b', 'c']) estimate.observe(model, { estimated: 900, counted: 1_800 })
    assert.equal(estimate.modelCount, 2)
    assert.equal(estimate.expect('a', 100), 100)
    assert.isAbove(estimate.expect('c', 100), 100)
  })
})

test('what an answer says it cost corrects the next decision', () => {
  const scheduler = schedulerOf({
    events: [peerChanged('a'), arrived('r1', { inputTokens: 1_000 })],
    options: { inputSmoothingRatio: 1 },
  })
  scheduler.step({ type: 'request-ended', id: 'r1', outcome: 'answered', inputTokens: 1_250 }, 1)
  scheduler.step(arrived('r2', { model: MODEL, inputTokens: 400 }), 1)
  assert.equal(scheduler.decision('r2')?.inputTokens, 500)
})
