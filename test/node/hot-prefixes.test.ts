/**
 * What a peer tells of the prompts its engines have read: the latest, within a bound.
 */
import { assert, describe, test } from 'vitest'
import {
  HOT_PREFIXES_KEPT,
  HOT_PREFIXES_KEPT_IN_ALL,
  HotPrefixes,
} from '../../src/node/hot-prefixes.ts'
import { TRAILER_MAX_BYTES } from '../../src/protocols/lane.ts'
import { encodeLoad } from '../../src/protocols/peer-state-codec.ts'

/** A model of which everything is known. */
const BUSY = {
  queuedCount: 10,
  runningCount: 10,
  prefillTokensLeft: 1.5,
  decodeTokensLeft: 1.5,
  prefillTokensPerSecond: 1.5,
  decodeTokensPerSecond: 1.5,
  kvUsedRatio: 0.5,
  batchFillRatio: 0.5,
  prefixHitRatio: 0.5,
  latencyP95Ms: 1.5,
  metricsAgeMs: 1.5,
}

const prefix = (...marks: readonly number[]) => ({ characterCount: 10_000, root: 1, marks })

describe('the hot prefixes of a model', () => {
  test('are the first marks of a prompt and its last two', () => {
    const hot = new HotPrefixes()
    hot.served('m', prefix(1, 2, 3, 4, 5, 6, 7))
    assert.deepEqual(hot.of('m'), [1, 2, 3, 4, 6, 7])
    assert.isUndefined(hot.of('other'))
  })

  test('are bounded: the one that was longest not used goes', () => {
    const hot = new HotPrefixes()
    for (let mark = 0; mark < HOT_PREFIXES_KEPT; mark++) hot.served('m', prefix(mark))
    hot.served('m', prefix(0))
    hot.served('m', prefix(9_999))
    const told = hot.of('m') ?? []
    assert.equal(told.length, HOT_PREFIXES_KEPT)
    assert.include(told, 0)
    assert.notInclude(told, 1)
  })

  test('are the same list while none came or went, so that nothing is told anew', () => {
    const hot = new HotPrefixes()
    for (const mark of [1, 2]) hot.served('m', prefix(mark))
    const told = hot.of('m')
    hot.served('m', prefix(1))
    assert.strictEqual(hot.of('m'), told)
  })

  test('of many models are fewer of each, the latest, so that a load stays short', () => {
    const hot = new HotPrefixes()
    const models = Array.from({ length: 64 }, (_, index) => `m${index}`)
    for (const model of models) {
      for (let mark = 0; mark < HOT_PREFIXES_KEPT; mark++) hot.served(model, prefix(mark))
    }
    const told = models.map(model => hot.of(model) ?? [])
    for (const each of told) {
      assert.equal(each.length, HOT_PREFIXES_KEPT_IN_ALL / models.length)
      assert.include(each, HOT_PREFIXES_KEPT - 1)
    }
    const load = {
      models: models.map((model, index) => ({ ...BUSY, model, hotPrefixes: told[index] })),
      gpus: [],
      isDraining: false,
    }
    assert.isAtMost(encodeLoad(load).length, TRAILER_MAX_BYTES)
  })

  test('are gone with the model, and kept of a bounded number of models', () => {
    const hot = new HotPrefixes()
    hot.served('m', prefix(1))
    hot.forget('m')
    assert.isUndefined(hot.of('m'))
    for (let model = 0; model < 257; model++) hot.served(`m${model}`, prefix(1))
    assert.isUndefined(hot.of('m0'))
    assert.deepEqual(hot.of('m1'), [1])
  })
})
