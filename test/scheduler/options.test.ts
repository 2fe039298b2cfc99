/**
 * The options' own rules.
 */
import { assert, test } from 'vitest'
import { schedulerOptions } from '../../src/scheduler/options.ts'

test('nothing needs to be set', () => {
  assert.equal(schedulerOptions.parse({}).strategy, 'mesh')
})

test('an unknown option is an error', () => {
  assert.isFalse(schedulerOptions.safeParse({ sampelSize: 4 }).success)
})

test('the shortest advised wait is not longer than the longest', () => {
  const found = schedulerOptions.safeParse({ retryAfterMinMs: 2_000, retryAfterMaxMs: 1_000 })
  assert.deepEqual(found.error?.issues[0]?.path, ['retryAfterMinMs'])
})
