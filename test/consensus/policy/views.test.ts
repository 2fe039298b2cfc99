/**
 * What the policy tells the parts of a peer that obey it.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { resolveAlias } from '../../../src/consensus/policy/alias-route.ts'
import type { AliasSpec } from '../../../src/consensus/policy/kinds/aliases.ts'
import { settingDefaults } from '../../../src/consensus/policy/kinds/settings.ts'
import { KEY_HASH, put, remove, Scribe } from './scribe.ts'

describe('an alias', () => {
  const specs: Readonly<Record<string, AliasSpec>> = {
    fast: {
      targets: [
        { model: 'small', weight: 90 },
        { model: 'new', weight: 10 },
      ],
      variants: [],
      fallbacks: ['large'],
    },
    llama: {
      targets: [
        { model: 'llama', weight: 3 },
        { model: 'fast', weight: 1 },
      ],
      variants: [],
      fallbacks: [],
    },
    safe: {
      targets: [
        { model: 'off', weight: 0 },
        { model: 'fast', weight: 1 },
      ],
      variants: [],
      fallbacks: ['fast', 'cloud'],
    },
  }
  const route = (name: string, draw: number) =>
    resolveAlias(each => (Object.hasOwn(specs, each) ? specs[each] : undefined), { name, draw })

  test('leads to its targets by weight', () => {
    assert.equal(route('fast', 0).model, 'small')
    assert.equal(route('fast', 0.899).model, 'small')
    assert.equal(route('fast', 0.9).model, 'new')
    assert.equal(route('fast', 1 - 2 ** -53).model, 'new')
  })

  test('keeps the shares behind another alias: a tenth of a quarter', () => {
    const draws = Array.from({ length: 1_000 }, (_, at) => (at + 0.5) / 1_000)
    const share = (model: string) =>
      draws.filter(draw => route('llama', draw).model === model).length
    assert.deepEqual([share('llama'), share('small'), share('new')], [750, 225, 25])
  })

  test('has fallbacks in order, each once, and its target is none', () => {
    assert.deepInclude(route('fast', 0), { model: 'small', fallbacks: ['large'] })
    assert.deepInclude(route('safe', 0), { model: 'small', fallbacks: ['large', 'cloud'] })
  })

  test('that is none is the model itself', () => {
    assert.deepInclude(route('constructor', 0.5), { model: 'constructor', fallbacks: [] })
  })

  test('never leads to a target without weight', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), draw => {
        assert.notEqual(route('safe', draw).model, 'off')
      }),
    )
  })
})

describe('the views', () => {
  const scribe = Scribe.founded()
  const { views } = scribe
  scribe.applied(put('aliases', 'fast', { targets: [{ model: 'small' }] }))
  scribe.applied(put('keys', 'all', { hash: KEY_HASH }))
  scribe.applied(put('keys', 'some', { hash: KEY_HASH, models: ['fast'] }))
  scribe.applied(put('routing', 'default', { strategy: 'random' }))
  scribe.applied(put('routing', 'small', { placementPolicy: 'local-only' }))
  scribe.applied(put('placements', 'small', { minReplicas: 2 }))

  test('follow the aliases of the policy', () => {
    assert.equal(views.resolve('fast', 0.5, () => 0).model, 'small')
  })

  test('tell which models a key may ask for', () => {
    assert.equal(views.allowedModels('all'), 'all')
    assert.deepEqual(views.allowedModels('some'), new Set(['fast']))
    assert.strictEqual(views.allowedModels('some'), views.allowedModels('some'), 'made once')
    assert.isUndefined(views.allowedModels('none'))
  })

  test('tell a model’s routing, else that of all, and its placement', () => {
    assert.equal(views.routing('small')?.placementPolicy, 'local-only')
    assert.equal(views.routing('large')?.strategy, 'random')
    assert.equal(views.placement('small')?.minReplicas, 2)
    assert.isUndefined(views.placement('large'))
  })

  test('tell what holds where nothing is set', () => {
    assert.deepEqual(views.setting('breaker'), settingDefaults.breaker)
    assert.equal(views.setting('breaker').failuresMax, 5)
    scribe.applied(put('settings', 'breaker', { failuresMax: 9 }))
    assert.equal(views.setting('breaker').failuresMax, 9)
    scribe.applied(remove('settings', 'breaker'))
    assert.equal(views.setting('breaker').failuresMax, 5)
  })

  test('tell of a peer its role, and whether it is drained or denied', () => {
    scribe.applied(put('drains', 'peer-a', {}))
    scribe.applied(put('denied', 'peer-x', {}))
    assert.deepEqual([views.role('peer-a'), views.isDrained('peer-a')], ['member', true])
    assert.deepEqual([views.isDenied('peer-a'), views.isDenied('peer-x')], [false, true])
    assert.isUndefined(views.role('peer-x'))
  })
})

describe('a list', () => {
  test('is sorted by name, and of those with all the labels asked for', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('tenants', 'c', {}, { labels: { site: 'berlin', tier: '1' } }))
    scribe.applied(put('tenants', 'a', {}, { labels: { site: 'berlin' } }))
    scribe.applied(put('tenants', 'b', {}))
    const names = (labels: Readonly<Record<string, string>>) =>
      scribe.views.list('tenants', { labels }).map(({ name }) => name)
    assert.deepEqual(names({}), ['a', 'b', 'c'])
    assert.deepEqual(names({ site: 'berlin' }), ['a', 'c'])
    assert.deepEqual(names({ site: 'berlin', tier: '1' }), ['c'])
    assert.deepEqual(names({ constructor: 'x' }), [])
  })
})

describe('who watches', () => {
  test('is told every change since a revision, with what was there before', () => {
    const scribe = Scribe.founded()
    const { appliedIndex } = scribe.state
    scribe.applied(put('tenants', 'acme', {}))
    scribe.refused(remove('tenants', 'other'))
    scribe.applied(remove('tenants', 'acme'))
    const read = scribe.state.changesSince(appliedIndex)
    assert.equal(read.status, 'changes')
    if (read.status !== 'changes') return
    const [made, gone, ...more] = read.changes
    assert.deepEqual(more, [])
    assert.equal(made?.resource?.name, 'acme')
    assert.isUndefined(made?.previous)
    assert.isUndefined(gone?.resource)
    assert.deepEqual(gone?.previous, made?.resource)
  })
})

describe('the audit trail', () => {
  test('says who did what, when, at which index, and what became of it', () => {
    const scribe = Scribe.founded()
    const who = { author: 'key:anna', atMs: 7_000, requestId: 'request-of-anna-1' }
    const { revision } = scribe.applied(put('keys', 'k1', { hash: KEY_HASH }), who)
    scribe.refused(remove('keys', 'k2'))
    const [, applied, refused] = scribe.state.auditTrail()
    assert.deepEqual(applied, {
      index: revision,
      ...who,
      action: 'put',
      outcome: 'applied',
      items: [{ kind: 'keys', name: 'k1', verb: 'create' }],
      moreCount: 0,
    })
    assert.equal(refused?.outcome, 'not-found')
    assert.deepEqual(refused?.items, [{ kind: 'keys', name: 'k2', verb: 'delete' }])
  })

  test('has no hash of a key in it', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('keys', 'k1', { hash: KEY_HASH }))
    scribe.refused(put('keys', 'k2', { hash: KEY_HASH, tenant: 'nobody' }))
    assert.notInclude(JSON.stringify(scribe.state.auditTrail()), KEY_HASH.digest)
  })

  test('does not count a command that comes again', () => {
    const scribe = Scribe.founded()
    const once = { requestId: 'request-of-a-retry' }
    for (let time = 0; time < 3; time++) scribe.applied(put('tenants', 'acme', {}), once)
    assert.equal(scribe.state.auditTrail().length, 2)
  })
})
