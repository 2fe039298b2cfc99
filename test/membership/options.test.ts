/**
 * The options' own rules, and that every profile keeps them.
 */
import { assert, describe, test } from 'vitest'
import { membershipOptions, PROFILES, profileEdits } from '../../src/membership/options.ts'

test('nothing needs to be set', () => {
  assert.equal(membershipOptions.parse({}).publishMinIntervalMs, 100)
})

describe('refused are', () => {
  const cases = [
    { rule: 'unknown options', input: { probeInterval: 1 }, path: [] },
    { rule: 'unknown profiles', input: { profile: 'moon' }, path: ['profile'] },
    {
      rule: 'a least time for an answer above the most',
      input: { probeTimeoutMinMs: 251 },
      path: ['probeTimeoutMinMs'],
    },
    {
      rule: 'a time for an answer that leaves none to ask others',
      input: { probeTimeoutMaxMs: 500 },
      path: ['probeTimeoutMaxMs'],
    },
    {
      rule: 'a first back-off above the longest',
      input: { dialBackoffMinMs: 30_001 },
      path: ['dialBackoffMinMs'],
    },
    {
      rule: 'as many neighbours at least as at most',
      input: { neighboursMin: 24 },
      path: ['neighboursMin'],
    },
  ]
  for (const { rule, input, path } of cases) {
    test(rule, () => {
      assert.deepEqual(membershipOptions.safeParse(input).error?.issues[0]?.path, path)
    })
  }
})

describe('the profile', () => {
  for (const profile of PROFILES) {
    test(`${profile} keeps the rules`, () => {
      const options = membershipOptions.parse({ profile, ...profileEdits[profile] })
      assert.deepInclude(options, { profile, ...profileEdits[profile] })
    })
  }
})
