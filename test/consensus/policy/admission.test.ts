/**
 * How peers come into the roster and out of it.
 */
import { assert, describe, test } from 'vitest'
import { patch, put, remove, Scribe, TICKET_HASH } from './scribe.ts'

const TICKET = '00112233aabbccdd'

const ticket = (more = {}) =>
  put('tickets', TICKET, { hash: TICKET_HASH, expiresAtMs: 5_000, usesLeft: 2, ...more })

const admit = (peer: string, more = {}) =>
  ({ type: 'admit-peer', peer, ticket: TICKET, ticketHash: TICKET_HASH, ...more }) as const

function invited(more = {}): Scribe {
  const scribe = Scribe.founded()
  scribe.applied(ticket(more))
  return scribe
}

describe('the founder', () => {
  test('is peer 1 of the log, and there is one', () => {
    const scribe = Scribe.founded()
    assert.equal(scribe.views.spec('roster', 'peer-a')?.nodeId, 1)
    assert.equal(scribe.refused({ type: 'found-mesh', peer: 'peer-b' }).code, 'conflict')
  })
})

describe('a joiner', () => {
  test('gets the index of its admission as its id in the log', () => {
    const scribe = invited({ role: 'observer', peerLabels: { site: 'berlin' } })
    const { revision } = scribe.applied(admit('peer-b'), { author: 'peer:peer-a', atMs: 4_999 })
    const resource = scribe.views.get('roster', 'peer-b')
    assert.deepEqual(resource?.labels, { site: 'berlin' })
    assert.deepEqual(resource?.spec, {
      role: 'observer',
      nodeId: revision,
      admittedBy: 'peer:peer-a',
      admittedAtMs: 4_999,
      ticket: TICKET,
      description: '',
    })
  })

  test('that returns after it left gets another id', () => {
    const scribe = invited()
    scribe.applied(admit('peer-b'))
    const first = scribe.views.spec('roster', 'peer-b')?.nodeId
    scribe.applied({ type: 'leave', peer: 'peer-b' })
    scribe.applied(admit('peer-b'))
    assert.isAbove(scribe.views.spec('roster', 'peer-b')?.nodeId ?? 0, first ?? 0)
  })

  test('uses up a place of its ticket, once however often it asks', () => {
    const scribe = invited()
    scribe.applied(admit('peer-b'))
    assert.deepEqual(scribe.applied(admit('peer-b')).changes, [])
    assert.equal(scribe.views.spec('tickets', TICKET)?.usesLeft, 1)
    scribe.applied(admit('peer-c'))
    assert.equal(scribe.refused(admit('peer-d')).code, 'ticket-used-up')
  })

  const cases = [
    { operation: admit('peer-b', { ticket: 'ffffffff' }), code: 'ticket-unknown', atMs: 1 },
    {
      operation: admit('peer-b', { ticketHash: 'ab'.repeat(32) }),
      code: 'ticket-rejected',
      atMs: 1,
    },
    { operation: admit('peer-b'), code: 'ticket-expired', atMs: 5_000 },
  ] as const
  for (const { operation, code, atMs } of cases) {
    test(`is not admitted: ${code}`, () => {
      const scribe = invited()
      assert.equal(scribe.refused(operation, { atMs }).code, code)
      assert.isUndefined(scribe.views.role('peer-b'))
      assert.equal(scribe.views.spec('tickets', TICKET)?.usesLeft, 2)
    })
  }

  test('is not admitted while it is denied, whatever ticket it has', () => {
    const scribe = invited()
    scribe.applied(admit('peer-b'))
    scribe.applied({ type: 'deny', peer: 'peer-b' })
    assert.equal(scribe.refused(admit('peer-b')).code, 'peer-denied')
    scribe.applied(remove('denied', 'peer-b'))
    scribe.applied(admit('peer-b'))
    assert.equal(scribe.views.role('peer-b'), 'member')
  })
})

describe('the roster', () => {
  test('takes nobody in by a put, and its facts are not for changing', () => {
    const scribe = Scribe.founded()
    const forged = { nodeId: 7, admittedBy: 'me', admittedAtMs: 1 }
    assert.equal(scribe.refused(put('roster', 'peer-b', forged)).code, 'not-found')
    for (const field of ['nodeId', 'admittedAtMs']) {
      const refused = scribe.refused(patch('roster', 'peer-a', { [field]: 99 }))
      assert.equal(refused.problems?.[0]?.path, `spec.${field}`)
    }
    scribe.applied(put('roster', 'peer-a', { description: 'the box under the desk' }))
    assert.equal(scribe.views.spec('roster', 'peer-a')?.nodeId, 1)
  })

  test('keeps one member: the last can neither leave nor be denied nor observe only', () => {
    const scribe = invited({ role: 'observer' })
    scribe.applied(admit('peer-b'))
    assert.equal(scribe.refused({ type: 'leave', peer: 'peer-a' }).code, 'invalid')
    assert.equal(scribe.refused({ type: 'deny', peer: 'peer-a' }).code, 'invalid')
    assert.equal(scribe.refused(patch('roster', 'peer-a', { role: 'observer' })).code, 'invalid')
    scribe.applied(patch('roster', 'peer-b', { role: 'member' }))
    scribe.applied({ type: 'leave', peer: 'peer-a' })
    assert.equal(scribe.refused({ type: 'leave', peer: 'peer-a' }).code, 'not-found')
  })
})
