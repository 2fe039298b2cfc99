/**
 * The thresholds of memory.
 */
import { assert, describe, test } from 'vitest'
import { cacheVerdict, memoryVerdict } from '../../../src/scheduler/admission/memory.ts'
import type { Priority } from '../../../src/scheduler/admission/priority.ts'

const THRESHOLDS = { acceptRatio: 0.75, rejectRatio: 0.9 }

describe('memory that would be used to', () => {
  const table: [number, string, string][] = [
    [0, 'accept', 'accept'],
    [10_000 / 16_384, 'accept', 'accept'],
    [0.75, 'accept', 'accept'],
    [0.750_1, 'defer', 'accept'],
    [0.9, 'defer', 'accept'],
    [0.900_1, 'reject', 'reject'],
    [16_000 / 16_384, 'reject', 'reject'],
    [1.5, 'reject', 'reject'],
  ]
  for (const [ratio, low, high] of table) {
    test(`${(100 * ratio).toFixed(2)} % means ${low} for low and normal, ${high} for high and critical`, () => {
      const verdicts = (...priorities: Priority[]) =>
        priorities.map(priority => memoryVerdict(ratio, priority, THRESHOLDS))
      assert.deepEqual(verdicts('low', 'normal'), [low, low])
      assert.deepEqual(verdicts('high', 'critical'), [high, high])
    })
  }
})

describe('a KV cache', () => {
  const use = { kvUsedRatio: 0.89, contextTokens: 1_000, parallelMax: 50 }
  const idle = { ...use, runningCount: 0, unseenTokens: 0 }
  const busy = { ...idle, runningCount: 3 }
  const verdict = (change: object, tokens = 100) =>
    cacheVerdict(tokens, 'normal', { ...busy, ...change }, THRESHOLDS)

  test('counts with what the request will take, and what has started since', () => {
    assert.equal(verdict({}), 'defer')
    assert.equal(verdict({}, 600), 'reject')
    assert.equal(verdict({ unseenTokens: 500 }), 'reject')
  })

  test('counts a request as no longer than the context: the engine says what is too long', () => {
    assert.equal(verdict({ kvUsedRatio: 0.7 }, 1_000_000), 'accept')
  })

  test('that is not known, or of an engine without work, keeps nobody out', () => {
    assert.equal(verdict({ kvUsedRatio: undefined }), 'accept')
    assert.equal(verdict({ ...idle, kvUsedRatio: 1 }), 'accept')
  })

  test('of unknown size is judged by what is used', () => {
    assert.equal(verdict({ contextTokens: 0 }, 1e9), 'defer')
    assert.equal(verdict({ parallelMax: 0, kvUsedRatio: 0.5 }, 1e9), 'accept')
  })

  test('that is shared out by place has room for as many as there are places', () => {
    const slots = { parallelMax: 2, runningCount: 1, kvUsedRatio: 0.5 }
    assert.equal(verdict(slots, 1_000), 'accept')
    assert.equal(verdict({ ...slots, kvUsedRatio: 0.6 }, 1_000), 'reject')
  })
})
