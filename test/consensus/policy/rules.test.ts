/**
 * What must hold between resources, and what goes with what.
 */
import { assert, describe, test } from 'vitest'
import type { ResourceOperation } from '../../../src/consensus/policy/command.ts'
import { KEY_HASH, patch, put, remove, Scribe, TICKET_HASH } from './scribe.ts'

const key = (name: string, tenant: string | null = null) =>
  put('keys', name, { hash: KEY_HASH, tenant })

const alias = (name: string, ...models: readonly string[]) =>
  put('aliases', name, { targets: models.map(model => ({ model })) })

const batch = (...operations: readonly ResourceOperation[]) =>
  ({ type: 'batch', operations }) as const

describe('a key', () => {
  test('is of a tenant there is', () => {
    const scribe = Scribe.founded()
    const refused = scribe.refused(key('k1', 'acme'))
    assert.equal(refused.code, 'invalid')
    assert.include(refused.reason, 'tenants/acme')
    scribe.applied(put('tenants', 'acme', {}))
    scribe.applied(key('k1', 'acme'))
    assert.equal(scribe.refused(patch('keys', 'k1', { tenant: 'other' })).code, 'invalid')
  })

  test('keeps its tenant from going, and lets it go when it goes', () => {
    const scribe = Scribe.founded()
    // The first by name is told, whichever came first: restarted peers have lost that order.
    scribe.applied(batch(put('tenants', 'acme', {}), key('k2', 'acme'), key('k1', 'acme')))
    const refused = scribe.refused(remove('tenants', 'acme'))
    assert.equal(refused.code, 'in-use')
    assert.include(refused.reason, 'keys/k1 and 1 more')
    scribe.applied(batch(remove('tenants', 'acme'), remove('keys', 'k1'), remove('keys', 'k2')))
    assert.equal(scribe.state.table.count('tenants'), 0)
  })

  test('that moves to another tenant no longer keeps the first', () => {
    const scribe = Scribe.founded()
    scribe.applied(batch(put('tenants', 'a', {}), put('tenants', 'b', {}), key('k1', 'a')))
    scribe.applied(patch('keys', 'k1', { tenant: 'b' }))
    scribe.applied(remove('tenants', 'a'))
    assert.equal(scribe.refused(remove('tenants', 'b')).code, 'in-use')
  })

  test('takes its quota with it', () => {
    const scribe = Scribe.founded()
    scribe.applied(key('k1'))
    scribe.applied(put('quotas', 'key:k1', { concurrencyMax: 1 }))
    const { changes } = scribe.applied(remove('keys', 'k1'))
    assert.deepEqual(
      changes.map(({ kind, name }) => `${kind}/${name}`),
      ['keys/k1', 'quotas/key:k1'],
    )
  })

  test('does not take away a quota that the same batch brings', () => {
    const scribe = Scribe.founded()
    scribe.applied(key('k1'))
    const quota = put('quotas', 'key:k1', { concurrencyMax: 1 })
    assert.equal(scribe.refused(batch(remove('keys', 'k1'), quota)).code, 'in-use')
    assert.isDefined(scribe.views.get('keys', 'k1'))
  })
})

describe('a quota', () => {
  test('is of a tenant or key there is, or of any model', () => {
    const scribe = Scribe.founded()
    assert.equal(
      scribe.refused(put('quotas', 'tenant:acme', { concurrencyMax: 1 })).code,
      'invalid',
    )
    assert.equal(scribe.refused(put('quotas', 'key:k1', { concurrencyMax: 1 })).code, 'invalid')
    scribe.applied(put('quotas', 'model:qwen2.5:7b', { concurrencyMax: 1 }))
    assert.equal(scribe.views.quota('model', 'qwen2.5:7b')?.concurrencyMax, 1)
  })

  test('keeps its tenant from going', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('tenants', 'acme', {}))
    scribe.applied(put('quotas', 'tenant:acme', { concurrencyMax: 1 }))
    assert.equal(scribe.refused(remove('tenants', 'acme')).code, 'in-use')
  })
})

describe('an alias', () => {
  test('may lead to its own name, which is then the model behind it', () => {
    const scribe = Scribe.founded()
    scribe.applied(alias('llama', 'llama', 'llama-next'))
  })

  test('does not lead back to itself', () => {
    const scribe = Scribe.founded()
    scribe.applied(alias('a', 'b'))
    scribe.applied(alias('b', 'c'))
    const refused = scribe.refused(alias('c', 'm', 'a'))
    assert.equal(refused.code, 'invalid')
    assert.include(refused.reason, 'c → a → b → c')
    assert.equal(scribe.refused(batch(alias('x', 'y'), alias('y', 'x'))).code, 'invalid')
    const fallback = put('aliases', 'c', { targets: [{ model: 'm' }], fallbacks: ['a'] })
    assert.equal(scribe.refused(fallback).code, 'invalid', 'nor by a fallback')
  })

  test('leads over at most eight aliases, from wherever one starts', () => {
    const scribe = Scribe.founded()
    for (let at = 1; at < 8; at++) scribe.applied(alias(`a${at}`, `a${at + 1}`))
    scribe.applied(alias('a8', 'model'))
    assert.include(scribe.refused(alias('a0', 'a1')).reason, 'a chain of 9', 'one more above')
    assert.include(scribe.refused(alias('model', 'm')).reason, 'a chain of 9', 'one more below')
    assert.include(scribe.refused(alias('model', 'model')).reason, 'a chain of 9')
  })
})

describe('a placement', () => {
  test('is pinned to peers there are, which may leave all the same', () => {
    const scribe = Scribe.founded()
    assert.equal(scribe.refused(put('placements', 'm', { peers: ['peer-z'] })).code, 'invalid')
    scribe.applied(ticket())
    scribe.applied({ type: 'admit-peer', peer: 'peer-b', ticket: TICKET, ticketHash: TICKET_HASH })
    scribe.applied(put('placements', 'm', { peers: ['peer-a', 'peer-b'] }))
    scribe.applied({ type: 'leave', peer: 'peer-b' })
    scribe.applied(patch('placements', 'm', { priority: 7 }))
    const peers = ['peer-b', 'peer-c']
    assert.include(scribe.refused(patch('placements', 'm', { peers })).reason, 'roster/peer-c')
  })
})

const TICKET = '00112233aabbccdd'
const ticket = () => put('tickets', TICKET, { hash: TICKET_HASH, expiresAtMs: 5_000 })

describe('a drain', () => {
  test('is of a peer of the mesh, and goes with it', () => {
    const scribe = Scribe.founded()
    assert.equal(scribe.refused(put('drains', 'peer-b', {})).code, 'invalid')
    scribe.applied(ticket())
    scribe.applied({ type: 'admit-peer', peer: 'peer-b', ticket: TICKET, ticketHash: TICKET_HASH })
    scribe.applied(put('drains', 'peer-b', { reason: 'new fan' }))
    assert.isTrue(scribe.views.isDrained('peer-b'))
    scribe.applied({ type: 'deny', peer: 'peer-b', reason: 'stolen' })
    assert.isFalse(scribe.views.isDrained('peer-b'))
    assert.isTrue(scribe.views.isDenied('peer-b'))
    assert.isUndefined(scribe.views.role('peer-b'))
  })
})

describe('a command that is taken back', () => {
  test('leaves what it wrote twice as it was', () => {
    const scribe = Scribe.founded()
    scribe.applied(ticket())
    scribe.applied({ type: 'admit-peer', peer: 'peer-b', ticket: TICKET, ticketHash: TICKET_HASH })
    const before = scribe.views.get('roster', 'peer-b')
    const { hashSum } = scribe.state.table
    // The patch writes the peer's entry, the denial then takes it away, the key is refused.
    const patched = patch('roster', 'peer-b', { description: 'x' })
    const wrong = key('k1', 'nobody')
    scribe.refused(batch(patched, put('denied', 'peer-b', {}), wrong))
    assert.deepEqual(scribe.views.get('roster', 'peer-b'), before)
    assert.equal(scribe.state.table.hashSum, hashSum)
  })
})

describe('what is purged', () => {
  test('is past its time by the clock of the command, or used up', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('tickets', 'aaaaaaaa', { hash: TICKET_HASH, expiresAtMs: 5_000 }))
    scribe.applied(
      put('tickets', 'bbbbbbbb', { hash: TICKET_HASH, expiresAtMs: 9_000, usesLeft: 0 }),
    )
    scribe.applied(put('tickets', 'cccccccc', { hash: TICKET_HASH, expiresAtMs: 5_001 }))
    scribe.applied(put('keys', 'k1', { hash: KEY_HASH, expiresAtMs: 4_000 }))
    scribe.applied(put('keys', 'k2', { hash: KEY_HASH }))
    const operation = { type: 'purge-expired', kinds: ['tickets'] } as const
    scribe.applied({ ...operation, kinds: ['tickets'] }, { atMs: 5_000 })
    assert.deepEqual(
      scribe.views.list('tickets').map(({ name }) => name),
      ['cccccccc'],
    )
    scribe.applied({ ...operation, kinds: ['keys', 'tickets'] }, { atMs: 6_000 })
    assert.deepEqual(
      [...scribe.views.list('tickets'), ...scribe.views.list('keys')].map(({ name }) => name),
      ['k2'],
    )
  })
})
