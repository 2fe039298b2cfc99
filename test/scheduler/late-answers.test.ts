/**
 * When an answer that did not come in time is the peer's fault, and when the client was too hasty.
 */
import { assert, describe, test } from 'vitest'
import { arrived, failed, peerChanged, schedulerOf } from './scene.ts'

describe('time that ran out', () => {
  // An idle peer: 100 tokens to read and 50 to make take 100 + 500 ms.
  const errorCode = 'ERR_DEADLINE_EXCEEDED'
  const table = [
    { times: 5, afterMs: 599, counted: 0, open: 0 },
    { times: 50, afterMs: 1, counted: 0, open: 0 },
    { times: 1, afterMs: 600, counted: 1, open: 0 },
    { times: 4, afterMs: 5_000, counted: 4, open: 0 },
    { times: 5, afterMs: 600, counted: 5, open: 1 },
  ]
  for (const { times, afterMs, counted, open } of table) {
    test(`${times} times after ${afterMs} of 600 ms counts ${counted} times against the peer`, () => {
      const scheduler = schedulerOf({ events: [peerChanged('a')] })
      for (let index = 0; index < times; index += 1) {
        const id = `r${index}`
        scheduler.step(arrived(id), 0)
        assert.equal(scheduler.decision(id)?.candidates[0]?.terms?.etaMs, 600)
        const effects = scheduler.step(failed(id, 'a', { errorCode, isRetryable: false }), afterMs)
        assert.propertyVal(effects[0], 'code', errorCode)
      }
      assert.equal(scheduler.openBreakerCount, open)
      const failures = scheduler.circuits(afterMs).map(({ failureCount }) => failureCount)
      if (open === 0) assert.deepEqual(failures, counted === 0 ? [] : [counted])
    })
  }
})
