/**
 * What the scheduler is told of the engine's work.
 */
import { assert, describe, test } from 'vitest'
import { WorkMeter } from '../../../src/runtimes/embedded/work-meter.ts'

describe('a work meter', () => {
  test('starts with nothing', () => {
    assert.deepEqual(new WorkMeter().load('m', 100), {
      model: 'm',
      queuedCount: 0,
      runningCount: 0,
      prefillTokensLeft: 0,
      decodeTokensLeft: 0,
      prefillTokensPerSecond: 0,
      decodeTokensPerSecond: 0,
      kvUsedRatio: 0,
    })
  })

  test('adds up what is queued and running', () => {
    const meter = new WorkMeter()
    meter.add(10, 20)
    const running = meter.add(30, 40)
    Object.assign(running, {
      state: 'running',
      prefillTokensLeft: 5,
      outputTokens: 7,
      kvTokens: 50,
    })

    const load = meter.load('m', 100)

    assert.equal(load.queuedCount, 1)
    assert.equal(load.runningCount, 1)
    assert.equal(load.prefillTokensLeft, 10 + 5)
    assert.equal(load.decodeTokensLeft, 20 + (40 - 7))
    assert.equal(load.kvUsedRatio, 0.5)
  })

  test('expects answers as long as those before, within what the client allows', () => {
    const meter = new WorkMeter()
    const past = meter.add(1, 1_000)
    past.outputTokens = 50
    meter.remove(past)

    meter.add(1, 1_000)
    assert.equal(meter.load('m', 1).decodeTokensLeft, 50)
    meter.add(1, 8)
    assert.equal(meter.load('m', 1).decodeTokensLeft, 58)
  })

  test('expects one more token of an answer that outlived the average', () => {
    const meter = new WorkMeter()
    const job = meter.add(1, 1_000)
    job.outputTokens = 900
    assert.equal(meter.load('m', 1).decodeTokensLeft, 1)
  })

  test('averages rates, the latest counting most', () => {
    const meter = new WorkMeter()
    meter.prefillMeasured(100, 200)
    assert.equal(meter.load('m', 1).prefillTokensPerSecond, 500)
    meter.prefillMeasured(100, 400)
    const { prefillTokensPerSecond } = meter.load('m', 1)
    assert.isBelow(prefillTokensPerSecond, 500)
    assert.isAbove(prefillTokensPerSecond, 250)
  })

  test('says to return when the first running request should have ended', () => {
    const meter = new WorkMeter()
    meter.tokenMeasured(10)
    Object.assign(meter.add(0, 100), { state: 'running', outputTokens: 20 })
    Object.assign(meter.add(0, 90), { state: 'running', outputTokens: 50 })
    meter.add(1_000, 1_000)
    assert.equal(meter.retryAfterMs(), 400)
  })

  test('says to return in a second as long as nothing was measured', () => {
    assert.equal(new WorkMeter().retryAfterMs(), 1_000)
  })
})
