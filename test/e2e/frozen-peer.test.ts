/**
 * A peer that freezes: its sockets stay open and nothing comes from it any more.
 */
import { afterAll, assert, beforeAll, test } from 'vitest'
import { eventually, type RealPeer, RealPeers } from './real-peers.ts'

const peers = new RealPeers()
let ingress: RealPeer
let serving: RealPeer[]

interface NodeLine {
  readonly peer: string
  readonly status: string
}

async function statusOf(peer: RealPeer): Promise<string | undefined> {
  const response = await fetch(`${ingress.ready.http}/mesh/v1/nodes`)
  const { nodes } = (await response.json()) as { nodes: NodeLine[] }
  return nodes.find(each => each.peer === peer.ready.peerId)?.status
}

const ask = () =>
  fetch(`${ingress.ready.http}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'skein-tiny',
      messages: [{ role: 'user', content: 'Hello.' }],
      max_tokens: 4,
    }),
    signal: AbortSignal.timeout(20_000),
  })

async function modelPeerCount(): Promise<number> {
  const response = await fetch(`${ingress.ready.http}/mesh/v1/models`)
  const { models } = (await response.json()) as { models: { peers: string[] }[] }
  return models[0]?.peers.length ?? 0
}

beforeAll(async () => {
  ingress = await peers.up('--engine', 'none')
  serving = await Promise.all([
    peers.join(ingress.ready.ticket, '--engine', 'embedded'),
    peers.join(ingress.ready.ticket, '--engine', 'embedded'),
  ])
  await eventually(modelPeerCount, count => count === 2)
}, 60_000)

afterAll(() => peers.close())

test('its requests are answered by another, and it is back when it thaws', async () => {
  const [frozen] = serving as [RealPeer]
  const pid = frozen.process.pid
  if (pid === undefined) throw new Error('the peer runs')
  process.kill(pid, 'SIGSTOP')
  try {
    const answers = await Promise.all(Array.from({ length: 8 }, ask))
    for (const answer of answers) {
      assert.equal(answer.status, 200)
      assert.notEqual(answer.headers.get('x-skein-peer'), frozen.ready.peerId)
    }
    await eventually(
      () => statusOf(frozen),
      status => status === 'dead',
    )
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await eventually(
    () => statusOf(frozen),
    status => status === 'alive',
    30_000,
  )
})
