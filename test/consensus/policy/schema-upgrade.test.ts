/**
 * How a schema changes while peers of two releases serve one mesh.
 *
 * The later release has a second version of the tenants' spec: `priority` has become a number. Both
 * releases apply one log and have one hash; each reads the specs in the newest version it knows; a
 * command that needs the later release stops the earlier one.
 */
import { assert, describe, test } from 'vitest'
import { z } from 'zod'
import { type PolicyFormat, policyFormat } from '../../../src/consensus/policy/format.ts'
import { PRIORITIES } from '../../../src/consensus/policy/kinds/fields.ts'
import { ANY_NAME } from '../../../src/consensus/policy/kinds/kind.ts'
import { policyKinds } from '../../../src/consensus/policy/kinds/policy-kinds.ts'
import { restorePolicy } from '../../../src/consensus/policy/restore.ts'
import { digest, patch, put, remove, Scribe, textOf } from './scribe.ts'

const rankedTenant = z.strictObject({
  rank: z.int().min(0).max(3),
  isSuspended: z.boolean().default(false),
  description: z.string().default(''),
  contact: z.string().default('nobody'),
})

const RANKED: readonly string[] = PRIORITIES

const LATER_VERSION = policyFormat.commandVersion + 1

const later: PolicyFormat = {
  ...policyFormat,
  commandVersion: LATER_VERSION,
  kinds: {
    ...policyKinds,
    tenants: {
      ...policyKinds.tenants,
      versions: [
        ...policyKinds.tenants.versions,
        {
          sinceCommandVersion: LATER_VERSION,
          schemas: { [ANY_NAME]: rankedTenant },
          upgrade: ({ priority, ...rest }) => ({
            ...rest,
            rank: RANKED.indexOf(String(priority)),
          }),
        },
      ],
    },
  },
}

const specOf = (scribe: Scribe) => scribe.state.table.get({ kind: 'tenants', name: 'acme' })

describe('two releases of one mesh', () => {
  test('have one state, and each reads it in its own newest version', () => {
    const [old, young] = [Scribe.founded(), Scribe.founded(later)]
    const text = old.command(put('tenants', 'acme', { priority: 'high' }))
    assert.equal(young.command(put('tenants', 'acme', { priority: 'high' })), text)
    for (const scribe of [old, young]) scribe.state.apply(scribe.nextIndex, text)

    assert.equal(young.state.hash, old.state.hash)
    assert.deepEqual(young.snapshot(), old.snapshot())
    assert.equal(specOf(old)?.spec['priority'], 'high')
    assert.deepEqual(specOf(young)?.spec, {
      rank: 2,
      isSuspended: false,
      description: '',
      contact: 'nobody',
    })
  })

  test('agree on what the earlier one cannot know: it is refused by both', () => {
    const [old, young] = [Scribe.founded(), Scribe.founded(later)]
    const sneaked = textOf(put('tenants', 'acme', { rank: 1 }, { schemaVersion: 2 }))
    for (const scribe of [old, young]) {
      assert.equal(scribe.state.apply(scribe.nextIndex, sneaked).status, 'refused')
    }
    assert.equal(young.state.hash, old.state.hash)
  })

  test('agree on kinds that only the later one has', () => {
    const notes = {
      ...policyKinds.tenants,
      versions: later.kinds['tenants']?.versions.slice(1) ?? [],
    }
    const old = Scribe.founded()
    const young = Scribe.founded({ ...later, kinds: { ...later.kinds, notes } })
    for (const operation of [put('notes', 'n', { rank: 1 }), remove('notes', 'n')]) {
      const text = textOf(operation)
      for (const scribe of [old, young]) {
        assert.equal(scribe.state.apply(scribe.nextIndex, text).status, 'refused')
      }
    }
    assert.equal(young.state.hash, old.state.hash)
  })

  test('part when a command needs the later one: the earlier stops', () => {
    const [old, young] = [Scribe.founded(), Scribe.founded(later)]
    const text = young.command(put('tenants', 'acme', { rank: 1 }, { schemaVersion: 2 }))
    assert.include(text, `"version":${LATER_VERSION}`)
    assert.equal(young.state.apply(young.nextIndex, text).status, 'applied')
    assert.equal(old.state.apply(old.nextIndex, text).status, 'unsupported')
    assert.equal(restorePolicy({ digest }, young.snapshot()).status, 'unsupported')
    assert.equal(restorePolicy({ digest, format: later }, young.snapshot()).status, 'restored')
  })
})

describe('a patch', () => {
  test('of a later version upgrades what it changes', () => {
    const young = Scribe.founded(later)
    young.applied(put('tenants', 'acme', { priority: 'low', description: 'x' }))
    young.applied(patch('tenants', 'acme', { contact: 'anna' }, { schemaVersion: 2 }))
    assert.equal(specOf(young)?.resource.schemaVersion, 2)
    assert.deepEqual(specOf(young)?.resource.spec, {
      rank: 0,
      isSuspended: false,
      description: 'x',
      contact: 'anna',
    })
  })

  test('of an earlier version than the resource is refused', () => {
    const young = Scribe.founded(later)
    young.applied(put('tenants', 'acme', { rank: 1 }, { schemaVersion: 2 }))
    const refused = young.refused(patch('tenants', 'acme', { priority: 'low' }))
    assert.equal(refused.problems?.[0]?.path, 'schemaVersion')
  })
})

test('an alias of the first version has no variants for who knows the second', () => {
  const scribe = Scribe.founded()
  scribe.applied(put('aliases', 'chat', { targets: [{ model: 'a' }] }))
  assert.deepEqual(scribe.views.spec('aliases', 'chat')?.variants, [])
  scribe.refused(put('aliases', 'chat', { targets: [{ model: 'a' }], variants: ['b'] }))
  const second = put(
    'aliases',
    'chat',
    { targets: [{ model: 'a' }], variants: ['b'] },
    {
      schemaVersion: 2,
    },
  )
  assert.include(scribe.command(second), '"version":2')
  scribe.applied(second)
  assert.deepEqual(scribe.views.spec('aliases', 'chat')?.variants, ['b'])
})
