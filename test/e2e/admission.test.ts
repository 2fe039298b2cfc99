/**
 * Who comes into a mesh of real processes, through whom, and who is cut off from it.
 */
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { decodeTicket } from '../../src/node/ticket.ts'
import { eventually, type RealPeer, RealPeers, runSkein } from './real-peers.ts'

const TEN_SECONDS_MS = 10_000

/** "Everywhere within seconds", on a machine that is busy with other tests. */
const CUT_OFF_WITHIN_MS = 10_000

/** Each process takes seconds to start while other tests run. */
const SEVERAL_PROCESSES_MS = 60_000

const LOOPBACK = ['--p2p-host', '127.0.0.1', '--p2p-port', '0', '--http-port', '0']
const NO_ENGINE = ['--engine', 'none']

const peers = new RealPeers()
let first: RealPeer
let second: RealPeer

beforeAll(async () => {
  first = await peers.up(...NO_ENGINE)
  second = await peers.join(first.ready.ticket, ...NO_ENGINE)
}, 60_000)

afterAll(() => peers.close())

const tryJoin = (ticket: string, dataDir = peers.freshDataDir()) =>
  runSkein('join', ticket, '--json', ...NO_ENGINE, '--data-dir', dataDir, ...LOOPBACK)

async function ask(peer: RealPeer, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = init.body === undefined ? {} : { 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(TEN_SECONDS_MS)
  const response = await fetch(`${peer.ready.http}/mesh/v1${path}`, { headers, signal, ...init })
  const answer: unknown = await response.json()
  assert.isTrue(response.ok, `${path}: ${JSON.stringify(answer)}`)
  return answer
}

async function ticketOf(peer: RealPeer, limits: object): Promise<string> {
  const answer = await ask(peer, '/tickets', { method: 'POST', body: JSON.stringify(limits) })
  return (answer as { ticket: string }).ticket
}

async function rosterOf(peer: RealPeer): Promise<readonly string[]> {
  const { items } = (await ask(peer, '/policy/roster')) as { items: { name: string }[] }
  return items.map(({ name }) => name)
}

async function othersAliveAt(peer: RealPeer): Promise<readonly string[]> {
  const { nodes } = (await ask(peer, '/nodes')) as { nodes: { peer: string; status: string }[] }
  const alive = nodes.filter(({ status }) => status === 'alive').map(node => node.peer)
  return alive.filter(id => id !== peer.ready.peerId)
}

describe('a machine that joins', { timeout: SEVERAL_PROCESSES_MS }, () => {
  test('may do so at a peer that decides nothing, and is on the roster of all', async () => {
    const third = await peers.join(second.ready.ticket, ...NO_ENGINE)
    for (const peer of [first, second, third]) {
      await eventually(
        () => rosterOf(peer),
        names => names.includes(third.ready.peerId),
      )
    }
    await eventually(
      () => othersAliveAt(third),
      alive => alive.length === 2,
    )
    await third.process.kill()
  })

  test('is refused once as many have joined as the ticket was made for', async () => {
    const ticket = await ticketOf(second, { uses: 1 })
    const member = await peers.join(ticket, ...NO_ENGINE)
    const { exitCode, events, stderr, durationMs } = await tryJoin(ticket)
    assert.equal(exitCode, 1)
    assert.equal(events.at(-1)?.['code'], 'ERR_TICKET_USED_UP', stderr)
    assert.isBelow(durationMs, TEN_SECONDS_MS)
    await member.process.kill()
  })

  test('is refused with a ticket that was taken back at another peer', async () => {
    const ticket = await ticketOf(first, {})
    const id = Buffer.from(decodeTicket(ticket).ticketId).toString('hex')
    await ask(second, `/policy/tickets/${id}`, { method: 'DELETE' })
    const { events, stderr } = await tryJoin(ticket)
    assert.equal(events.at(-1)?.['code'], 'ERR_TICKET_REJECTED', stderr)
  })

  test('goes on after a restart without a ticket', async () => {
    const member = await peers.join(first.ready.ticket, ...NO_ENGINE)
    await member.process.kill()
    const again = await peers.again(member.dataDir, ...NO_ENGINE)
    await eventually(
      () => othersAliveAt(again),
      alive => alive.length >= 2,
    )
    await again.process.kill()
  })

  test('may have been alone in a mesh of its own before', async () => {
    const alone = await peers.up(...NO_ENGINE)
    await alone.process.stop()
    const member = await peers.join(first.ready.ticket, '--data-dir', alone.dataDir, ...NO_ENGINE)
    assert.equal(member.ready.meshId, first.ready.meshId)
    await eventually(
      () => rosterOf(member),
      names => names.includes(member.ready.peerId),
    )
    await member.process.kill()
  })
})

test('a denied peer is cut off everywhere within seconds, stops, and is not let in again', {
  timeout: SEVERAL_PROCESSES_MS,
}, async () => {
  const [denied, other] = await Promise.all([
    peers.join(first.ready.ticket, ...NO_ENGINE),
    peers.join(first.ready.ticket, ...NO_ENGINE),
  ])
  const rest = [first, second, other]
  for (const peer of rest) {
    await eventually(
      () => othersAliveAt(peer),
      alive => alive.includes(denied.ready.peerId),
    )
  }
  const body = JSON.stringify({ reason: 'lost on a train' })
  await ask(second, `/nodes/${denied.ready.peerId}:deny`, { method: 'POST', body })
  for (const peer of rest) {
    await eventually(
      async () => (await ask(peer, '/nodes')) as { nodes: { peer: string }[] },
      ({ nodes }) => nodes.every(node => node.peer !== denied.ready.peerId),
      CUT_OFF_WITHIN_MS,
    )
  }
  await eventually(
    async () => denied.process.isExited,
    isExited => isExited,
    CUT_OFF_WITHIN_MS,
  )
  assert.include(denied.process.failure('ended').message, 'lost on a train')

  const again = ['--json', ...NO_ENGINE, '--data-dir', denied.dataDir, ...LOOPBACK]
  const started = await runSkein('up', ...again)
  assert.equal(started.events.at(-1)?.['code'], 'ERR_PEER_DENIED', started.stderr)
  assert.match(started.stderr, /^hint: /m)
  const joined = await tryJoin(first.ready.ticket, denied.dataDir)
  assert.equal(joined.events.at(-1)?.['code'], 'ERR_PEER_DENIED', joined.stderr)
  await other.process.kill()
})

test('without a majority nobody joins, and is told why within ten seconds', {
  timeout: SEVERAL_PROCESSES_MS,
}, async () => {
  const decider = await peers.up(...NO_ENGINE)
  const follower = await peers.join(decider.ready.ticket, ...NO_ENGINE)
  const ticket = await ticketOf(follower, {})
  await decider.process.kill()
  const { exitCode, events, stderr, durationMs } = await tryJoin(ticket)
  assert.equal(exitCode, 1)
  assert.equal(events.at(-1)?.['code'], 'ERR_NO_QUORUM', stderr)
  assert.match(stderr, /^hint: /m)
  assert.isBelow(durationMs, TEN_SECONDS_MS)
})
