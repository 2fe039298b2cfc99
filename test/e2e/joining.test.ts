/**
 * Joining, as it goes wrong: each cause has its own error, within ten seconds, with what to do.
 */
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { decodeTicket, encodeTicket } from '../../src/node/ticket.ts'
import { type Ended, eventually, type RealPeer, RealPeers, runSkein } from './real-peers.ts'

const TEN_SECONDS_MS = 10_000

const peers = new RealPeers()
let mesh: RealPeer
let other: RealPeer

beforeAll(async () => {
  mesh = await peers.up('--engine', 'none')
  other = await peers.up('--engine', 'none')
}, 60_000)

afterAll(() => peers.close())

const LOOPBACK = ['--p2p-host', '127.0.0.1', '--p2p-port', '0', '--http-port', '0']

const tryJoin = (ticket: string, dataDir = peers.freshDataDir()) =>
  runSkein('join', ticket, '--json', '--engine', 'none', '--data-dir', dataDir, ...LOOPBACK)

function assertRefused({ exitCode, events, stderr, durationMs }: Ended, code: string): void {
  assert.equal(exitCode, 1, stderr)
  assert.equal(events.at(-1)?.['code'], code)
  assert.match(stderr, /^hint: /m)
  assert.isBelow(durationMs, TEN_SECONDS_MS)
}

async function expiredTicket(): Promise<string> {
  const response = await fetch(`${mesh.ready.http}/mesh/v1/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ validForMs: 1 }),
  })
  const { ticket } = (await response.json()) as { ticket: string }
  return ticket
}

describe('joining fails with', () => {
  test('a truncated ticket', async () => {
    assertRefused(await tryJoin(mesh.ready.ticket.slice(0, -5)), 'ERR_TICKET_MALFORMED')
  })

  test('text that is no ticket', async () => {
    assertRefused(await tryJoin('sk-proj-123'), 'ERR_TICKET_MALFORMED')
  })

  test('a ticket with another secret', async () => {
    const ticket = decodeTicket(mesh.ready.ticket)
    const forged = encodeTicket({ ...ticket, secret: new Uint8Array(16) })
    assertRefused(await tryJoin(forged), 'ERR_TICKET_REJECTED')
  })

  test('an expired ticket', async () => {
    assertRefused(await tryJoin(await expiredTicket()), 'ERR_TICKET_EXPIRED')
  })

  test('a ticket of a mesh that the peer at its address does not belong to', async () => {
    const { addresses, peer } = decodeTicket(other.ready.ticket)
    const foreign = encodeTicket({ ...decodeTicket(mesh.ready.ticket), addresses, peer })
    assertRefused(await tryJoin(foreign), 'ERR_WRONG_MESH')
  })

  test('an address that nobody answers at, with the port to open', async () => {
    const ticket = decodeTicket(mesh.ready.ticket)
    const nobody = encodeTicket({ ...ticket, addresses: ['/ip4/127.0.0.1/tcp/9'] })
    const ended = await tryJoin(nobody)
    assertRefused(ended, 'ERR_UNREACHABLE')
    assert.include(ended.stderr, 'TCP port 9')
  })

  test('an identity that a live peer uses', async () => {
    const member = await peers.join(mesh.ready.ticket, '--engine', 'none')
    const copy = peers.freshDataDir()
    cpSync(join(member.dataDir, 'identity.key'), join(copy, 'identity.key'))
    assertRefused(await tryJoin(mesh.ready.ticket, copy), 'ERR_IDENTITY_IN_USE')
    await member.process.stop()
  })

  test('the ticket that this very peer made', async () => {
    const copy = peers.freshDataDir()
    cpSync(join(mesh.dataDir, 'identity.key'), join(copy, 'identity.key'))
    assertRefused(await tryJoin(mesh.ready.ticket, copy), 'ERR_IDENTITY_IN_USE')
  })

  test('a data folder that another process uses', async () => {
    assertRefused(await tryJoin(mesh.ready.ticket, mesh.dataDir), 'ERR_DATA_DIR_LOCKED')
  })

  test('a data folder that belongs to another mesh', async () => {
    const member = await peers.join(other.ready.ticket, '--engine', 'none')
    await member.process.stop()
    assertRefused(await tryJoin(mesh.ready.ticket, member.dataDir), 'ERR_WRONG_MESH')
  })
})

test('a peer told to stop leaves within 5 s, and the others know that it left', async () => {
  const member = await peers.join(mesh.ready.ticket, '--engine', 'none')
  const startMs = performance.now()
  await member.process.stop()
  assert.isBelow(performance.now() - startMs, 5_000)
  const status = async () => {
    const response = await fetch(`${mesh.ready.http}/mesh/v1/nodes`)
    const { nodes } = (await response.json()) as { nodes: { peer: string; status: string }[] }
    return nodes.find(({ peer }) => peer === member.ready.peerId)?.status
  }
  await eventually(status, seen => seen === 'left')
})

test('the first peer of a mesh, killed and started anew on another port, is found again', async () => {
  const first = await peers.up('--engine', 'none')
  const second = await peers.join(first.ready.ticket, '--engine', 'none')
  const othersOf = async ({ ready }: RealPeer) => {
    const response = await fetch(`${ready.http}/mesh/v1/nodes`)
    const { nodes } = (await response.json()) as { nodes: { peer: string; status: string }[] }
    return nodes.filter(({ peer }) => peer !== ready.peerId)
  }
  // What it has not written down by the time of the crash is lost.
  await eventually(
    async () => readFileSync(join(first.dataDir, 'mesh.json'), 'utf8'),
    text => text.includes(second.ready.peerId),
  )
  await first.process.kill()
  const again = await peers.again(first.dataDir, '--engine', 'none')
  const addressesOf = ({ ready }: RealPeer) => decodeTicket(ready.ticket).addresses
  assert.notDeepEqual(addressesOf(again), addressesOf(first))
  for (const peer of [again, second]) {
    await eventually(
      () => othersOf(peer),
      others => others.length === 1 && others[0]?.status === 'alive',
    )
  }
})

test('a model file that is none ends the start', async () => {
  const model = join(peers.freshDataDir(), 'absent.gguf')
  const folder = ['--data-dir', peers.freshDataDir()]
  const ended = await runSkein('up', '--json', '--model', model, ...folder, ...LOOPBACK)
  assertRefused(ended, 'ERR_MODEL_FILE')
})

test('a copied data folder does not start beside the one it was copied from', async () => {
  const first = await peers.up('--engine', 'none')
  const second = await peers.join(first.ready.ticket, '--engine', 'none')
  const copy = peers.freshDataDir()
  cpSync(second.dataDir, copy, {
    recursive: true,
    filter: path => !path.split('/').at(-1)?.startsWith('lock-'),
  })
  const ended = await runSkein('up', '--json', '--engine', 'none', '--data-dir', copy, ...LOOPBACK)
  assertRefused(ended, 'ERR_IDENTITY_IN_USE')
})
