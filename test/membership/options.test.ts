/**
 * The options' own rules.
 */
import { assert, describe, test } from 'vitest'
import { membershipOptions } from '../../src/membership/options.ts'

test('nothing needs to be set', () => {
  assert.equal(membershipOptions.parse({}).publishMinIntervalMs, 100)
})

describe('refused are', () => {
  const cases = [
    { rule: 'unknown options', input: { probeInterval: 1 }, path: [] },
    {
      rule: 'heartbeats slower than the timeout',
      input: { publishMaxIntervalMs: 6_000 },
      path: ['publishMaxIntervalMs'],
    },
    {
      rule: 'a least interval above the most',
      input: { publishMinIntervalMs: 2_001 },
      path: ['publishMinIntervalMs'],
    },
    {
      rule: 'a first back-off above the longest',
      input: { dialBackoffMinMs: 30_001 },
      path: ['dialBackoffMinMs'],
    },
  ]
  for (const { rule, input, path } of cases) {
    test(rule, () => {
      assert.deepEqual(membershipOptions.safeParse(input).error?.issues[0]?.path, path)
    })
  }
})
