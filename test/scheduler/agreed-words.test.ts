/**
 * The policy accepts every strategy and placement policy that the scheduler has. The two do not know
 * each other, so their lists are two.
 */
import { assert, describe, test } from 'vitest'
import { policyFormat } from '../../src/consensus/policy/format.ts'
import { judgeContent } from '../../src/consensus/policy/write-resource.ts'
import { STRATEGIES } from '../../src/scheduler/options.ts'
import { PLACEMENT_POLICIES } from '../../src/scheduler/placement.ts'

function isValid(kind: string, spec: Record<string, string>): boolean {
  const resource = { kind, name: 'acme', owner: 'key:ops', labels: {}, schemaVersion: 1, spec }
  return judgeContent(policyFormat, resource).isValid
}

describe('the policy accepts', () => {
  for (const strategy of STRATEGIES) {
    test(`the strategy ${strategy}`, () => assert.isTrue(isValid('routing', { strategy })))
  }
  for (const placementPolicy of PLACEMENT_POLICIES) {
    test(`the placement policy ${placementPolicy}, of models and of tenants`, () => {
      assert.isTrue(isValid('routing', { placementPolicy }))
      assert.isTrue(isValid('tenants', { placementPolicy }))
    })
  }
  test('no other', () => {
    assert.isFalse(isValid('routing', { strategy: 'guess' }))
    assert.isFalse(isValid('tenants', { placementPolicy: 'anywhere' }))
  })
})
