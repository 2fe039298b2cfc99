/**
 * Making tickets: what the mesh keeps of them, and when none is made.
 */
import { assert, describe, test } from 'vitest'
import { systemEntropy } from '../../src/node/entropy.ts'
import type { TicketOptions } from '../../src/node/gateway.ts'
import { decodeTicket } from '../../src/node/ticket.ts'
import { issueTicket } from '../../src/node/ticket-office.ts'
import { CANDIDATE, codeOf, PolicyScene } from './admission/policy-scene.ts'

const PEER = '12D3KooWJ1EE2fDgLgQvRbRkCFW4nDMPyJCBbAKBEdhqCKJuvWVC'

function issue(
  scene: PolicyScene,
  options: TicketOptions = {},
  addresses = ['/ip4/10.0.0.5/tcp/1'],
) {
  const mesh = { self: PEER, meshId: '00'.repeat(16) }
  const { clock } = scene
  const deps = { ...mesh, clock, agreement: scene, entropy: systemEntropy }
  return issueTicket({ ...deps, addresses: () => addresses }, options)
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('a ticket', () => {
  test('is known to the whole mesh, which cannot make it again from what it keeps', async () => {
    const scene = new PolicyScene()
    const ticket = decodeTicket(await issue(scene))
    const kept = scene.views.get('tickets', hex(ticket.ticketId))
    assert.deepInclude(kept?.spec, { role: 'member', usesLeft: 32 })
    assert.equal(kept?.spec['expiresAtMs'], scene.clock.wallMs() + 86_400_000)
    assert.notInclude(JSON.stringify(kept), hex(ticket.secret))
  })

  test('has the uses, the time and the role that were asked for', async () => {
    const scene = new PolicyScene()
    const text = await issue(scene, { uses: 3, validForMs: 60_000, role: 'observer' })
    const { ticketId, expiresAtWallMs } = decodeTicket(text)
    assert.equal(expiresAtWallMs, scene.clock.wallMs() + 60_000)
    const kept = scene.views.spec('tickets', hex(ticketId))
    assert.deepInclude(kept, { role: 'observer', usesLeft: 3, expiresAtMs: expiresAtWallMs })
  })

  test('is not made without a majority, nor for an address that nobody can reach', async () => {
    const scene = new PolicyScene()
    scene.hasQuorum = false
    assert.equal(await codeOf(issue(scene)), 'ERR_NO_QUORUM')
    assert.equal(await codeOf(issue(scene, {}, [])), 'ERR_UNREACHABLE')
  })

  test('takes the place of those whose time is over when there is no more room', async () => {
    const scene = new PolicyScene()
    for (let count = 0; count < 1_000; count += 1) {
      const name = count.toString(16).padStart(16, '0')
      const expiresAtMs = scene.clock.wallMs() + (count < 10 ? 1_000 : 100_000)
      const spec = { hash: hex(CANDIDATE.ticketHash), expiresAtMs }
      scene.agree({ type: 'put', kind: 'tickets', name, schemaVersion: 1, spec })
    }
    scene.bringUpToDate()
    assert.equal(await codeOf(issue(scene)), 'ERR_CONFLICT')
    scene.clock.advance(2_000)
    decodeTicket(await issue(scene))
    assert.lengthOf(scene.views.list('tickets'), 991)
  })
})
