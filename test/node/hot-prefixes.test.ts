/**
 * What a peer tells of the prompts its engines have read: the latest, within a bound.
 */
import { assert, describe, test } from 'vitest'
import { HOT_PREFIXES_KEPT, HotPrefixes } from '../../src/node/hot-prefixes.ts'

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
