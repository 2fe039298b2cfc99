/**
 * When an engine is asked for its metrics.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import { createLogger } from '../../../src/node/log.ts'
import { MetricsWatch } from '../../../src/runtimes/openai/metrics-watch.ts'
import { ManualClock } from '../manual-clock.ts'

function scene() {
  const clock = new ManualClock()
  const answers: (() => void)[] = []
  let heldCount = 0
  const watch = new MetricsWatch(1_000, {
    clock,
    log: createLogger('silent', { write: () => {}, wallMs: () => 0 }),
    read: () =>
      new Promise(resolve => {
        heldCount += 1
        answers.push(() => resolve(new Map()))
      }),
    onAsk: () => {},
    onRead: () => {},
  })
  return {
    watch,
    clock,
    get heldCount() {
      return heldCount
    },
    async answer() {
      answers.shift()?.()
      await turn()
    },
  }
}

describe('the metrics of an engine', () => {
  test('are asked for once, if it comes back while they are on their way', async () => {
    const held = scene()
    held.watch.start()
    held.watch.pause()
    held.watch.start()
    assert.equal(held.heldCount, 1)
    await held.answer()
    assert.equal(held.clock.wakeCount, 1)
    held.clock.advance(1_000)
    assert.equal(held.heldCount, 2)
  })

  test('are asked for at a steady pace, however long an answer takes', async () => {
    const held = scene()
    held.watch.start()
    held.clock.advance(300)
    await held.answer()
    assert.equal(held.clock.untilWakeMs, 700)
    held.clock.advance(700)
    held.clock.advance(5_000)
    assert.equal(held.heldCount, 2)
    await held.answer()
    assert.equal(held.clock.untilWakeMs, 0)
  })

  test('are not asked for while the engine is gone, nor after the end', async () => {
    const held = scene()
    held.watch.start()
    held.watch.pause()
    await held.answer()
    assert.equal(held.clock.wakeCount, 0)
    held.watch.close(new MeshError('over', { code: 'ERR_STOPPING' }))
    held.watch.start()
    assert.equal(held.heldCount, 1)
  })
})
