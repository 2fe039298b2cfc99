/**
 * Which changes of the policy the scheduler is told of: it makes all its rules anew each time.
 */
import { assert, test } from 'vitest'
import type { PolicyChange } from '../../../src/consensus/policy/outcome.ts'
import { changesRules, schedulingRules } from '../../../src/node/policy/scheduling-rules.ts'
import { put, Scribe } from '../../consensus/policy/scribe.ts'

const state = (spec: Readonly<Record<string, string>>): PolicyChange['resource'] => ({
  ...{ kind: 'tenants', name: 'acme', revision: 1, owner: 'local', labels: {}, schemaVersion: 1 },
  spec,
})

const change = (
  kind: string,
  previous: PolicyChange['resource'],
  resource: PolicyChange['resource'],
): PolicyChange => ({ kind, name: 'acme', revision: 2, previous, resource })

test('a tenant changes the rules only with where its requests may run', () => {
  const [plain, other, placed] = [
    ...[state({ priority: 'low' }), state({ priority: 'high' })],
    state({ placementPolicy: 'local-only' }),
  ]
  assert.isFalse(changesRules([change('tenants', plain, other)]))
  assert.isFalse(changesRules([change('tenants', undefined, plain)]))
  assert.isFalse(changesRules([change('tenants', plain, undefined)]))
  assert.isTrue(changesRules([change('tenants', plain, placed)]))
  assert.isTrue(changesRules([change('tenants', undefined, placed)]))
  assert.isTrue(changesRules([change('tenants', placed, undefined)]))
})

test('whatever is drained, routed or placed changes them, and so does all at once', () => {
  for (const kind of ['drains', 'placements', 'routing', 'roster', 'settings']) {
    assert.isTrue(
      changesRules([change('keys', undefined, undefined), change(kind, undefined, undefined)]),
    )
  }
  assert.isFalse(changesRules([change('keys', undefined, undefined)]))
  assert.isTrue(changesRules(undefined))
})

test('rules are what the policy says, of tenants only where their requests may run', () => {
  const scribe = Scribe.founded()
  const peerWeights = [{ labels: { gpu: 'old' }, weight: 0.5 }]
  scribe.applied(put('tenants', 'acme', { placementPolicy: 'local-only' }))
  scribe.applied(put('tenants', 'other', {}))
  scribe.applied(put('routing', 'tiny', { strategy: 'sticky', weights: { cost: 2 }, peerWeights }))
  const { tenantPlacements, routing, defaultRouting } = schedulingRules(scribe.views)
  assert.deepEqual([...tenantPlacements], [['acme', 'local-only']])
  assert.equal(routing.get('tiny')?.strategy, 'sticky')
  assert.equal(routing.get('tiny')?.weights?.cost, 2)
  assert.deepEqual(routing.get('tiny')?.peerWeights, peerWeights)
  assert.isUndefined(defaultRouting)
})

test('breakers and hedging are as the mesh has agreed, and as each node is configured if it has not', () => {
  const scribe = Scribe.founded()
  const { breaker: none, hedging: neither } = schedulingRules(scribe.views)
  assert.deepEqual([none, neither], [undefined, undefined])
  scribe.applied(put('settings', 'breaker', { failuresMax: 2 }))
  scribe.applied(put('settings', 'hedging', { isEnabled: true }))
  const { breaker, hedging } = schedulingRules(scribe.views)
  assert.deepEqual(breaker, { failuresMax: 2, openMs: 60_000, probesMax: 3 })
  assert.propertyVal(hedging, 'isEnabled', true)
})
