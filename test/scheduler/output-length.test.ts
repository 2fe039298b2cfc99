/**
 * How long an answer is expected to be.
 */
import { assert, test } from 'vitest'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { OUTPUT_TOKENS_MAX, OutputLength } from '../../src/scheduler/output-length.ts'

const options = schedulerOptions.parse({ outputSmoothingRatio: 0.5, modelsMax: 2 })

test('a model without observed answers has the default, or the client’s bound if smaller', () => {
  const length = new OutputLength(options)
  assert.equal(length.expect('m', undefined), 256)
  assert.equal(length.expect('m', 10), 10)
  assert.equal(length.expect('m', 9_999), 256)
  assert.equal(length.expect('m', 0), 0)
})

test('the average moves towards what is observed, for that model alone', () => {
  const length = new OutputLength(options)
  length.observe('m', 56)
  assert.equal(length.expect('m', undefined), 156)
  length.observe('m', 56)
  assert.equal(length.expect('m', undefined), 106)
  assert.equal(length.expect('other', undefined), 256)
})

test('what no answer can have counts as the longest there is', () => {
  const length = new OutputLength(options)
  length.observe('m', 999_999_999_999)
  assert.equal(length.expect('m', undefined), 128 + OUTPUT_TOKENS_MAX / 2)
  for (let index = 0; index < 100; index += 1) length.observe('m', 999_999_999_999)
  assert.isAtMost(length.expect('m', undefined), OUTPUT_TOKENS_MAX)
})

test('at its bound the oldest model is dropped', () => {
  const length = new OutputLength(options)
  for (const model of ['a', 'b', 'c']) length.observe(model, 0)
  assert.equal(length.modelCount, 2)
  assert.equal(length.expect('a', undefined), 256)
  assert.equal(length.expect('c', undefined), 128)
})
