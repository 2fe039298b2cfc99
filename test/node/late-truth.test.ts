/**
 * Whole peers over a network in memory: whoever serves has the last word, and the ingress goes on with
 * what it was told.
 */
import { assert, describe, test } from 'vitest'
import type { MeshError } from '../../src/core/errors.ts'
import type { MeshRequest } from '../../src/node/gateway.ts'
import { endlessAnswer, MODEL, modelFacts, textOf } from './fake-runtime.ts'
import { MemoryPeers, type TestPeer } from './memory-peers.ts'
import { request, STAY } from './router-scene.ts'
import { rejection, turns } from './until.ts'

/** An ingress without an engine, and peers that take one request and let one wait. */
async function meshOf(servingCount: number) {
  const mesh = new MemoryPeers()
  const scheduler = { queueLengthMax: 1 }
  const serving = Array.from({ length: servingCount }, () => ({ models: [MODEL], scheduler }))
  const all = await mesh.startMesh({ scheduler }, ...serving)
  const [ingress, ...peers] = all as [TestPeer, ...TestPeer[]]
  for (const { runtime } of peers) {
    runtime.served = [modelFacts(MODEL, { engine: runtime.name, parallelMax: 1 })]
  }
  await mesh.pass(5_000)
  const close = async () => {
    for (const { peer } of all) await peer.close()
  }
  return { mesh, ingress, peers, [Symbol.asyncDispose]: close }
}

/** Keeps the engine of a peer busy, and its queue full, by requests of its own. */
async function fill({ peer, runtime }: TestPeer): Promise<AbortController> {
  const client = new AbortController()
  runtime.answer = async (_, signal) => endlessAnswer(signal)
  for (let left = 2; left > 0; left -= 1) peer.dispatch(request, client.signal).catch(() => {})
  await turns(4)
  return client
}

const attempts = ({ peer }: TestPeer) =>
  peer.decisions(1)[0]?.attempts.map(each => [each.peer, each.errorCode])

const urgent: MeshRequest = { ...request, priority: 'high' }

describe('a peer that is full', () => {
  test('says so with its real load, and the next best serves: no breaker counts that', async () => {
    await using world = await meshOf(2)
    const { ingress, peers } = world
    const [full, other] = peers as [TestPeer, TestPeer]
    await fill(full)
    const served: string[] = []
    for (let left = 8; left > 0; left -= 1) {
      const answer = await ingress.peer.dispatch(request, STAY)
      served.push(answer.peer)
      await textOf(answer)
    }
    assert.deepEqual([...new Set(served)], [other.id])
    assert.deepEqual(
      ingress.events.filter(event => event.startsWith('breaker')),
      [],
    )
  })

  test('tells when to come back if nobody else is there', async () => {
    await using world = await meshOf(1)
    const [full] = world.peers as [TestPeer]
    await fill(full)
    const error = (await rejection(world.ingress.peer.dispatch(request, STAY))) as MeshError
    assert.equal(error.code, 'ERR_OVERLOADED')
    assert.isNumber(error.details['retryAfterMs'])
    assert.deepEqual(attempts(world.ingress), [[full.id, 'ERR_OVERLOADED']])
    // It is known now: the next one is refused where it came in.
    await rejection(world.ingress.peer.dispatch(request, STAY))
    assert.deepEqual(attempts(world.ingress), [])
  })

  test('lets in what is urgent, in place of what waits', async () => {
    await using world = await meshOf(1)
    const [full] = world.peers as [TestPeer]
    await fill(full)
    await rejection(world.ingress.peer.dispatch(request, STAY))
    const client = new AbortController()
    const dispatching = rejection(world.ingress.peer.dispatch(urgent, client.signal))
    await turns(20)
    assert.deepEqual(attempts(world.ingress), [[full.id, undefined]])
    assert.equal(full.peer.decisions(1)[0]?.attempts[0]?.errorCode, 'ERR_OVERLOADED')
    client.abort(new Error('left'))
    assert.propertyVal(await dispatching, 'message', 'left')
  })
})
