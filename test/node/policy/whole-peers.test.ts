/**
 * The policy among whole peers: changed at one, obeyed by all, and what holds for who is cut off.
 */
import { assert, describe, test } from 'vitest'
import type { Operation } from '../../../src/consensus/policy/command.ts'
import { hasCode, type MeshError } from '../../../src/core/errors.ts'
import type { ModelLoad } from '../../../src/core/peer-state.ts'
import { agreedPeers, change, everyone, put } from '../agreed-peers.ts'
import { endlessAnswer, MODEL, modelFacts, textOf } from '../fake-runtime.ts'
import { MemoryPeers, type TestPeer } from '../memory-peers.ts'
import { request, STAY } from '../router-scene.ts'
import { rejection } from '../until.ts'

const serving = { models: [MODEL] }

const threePeers = (mesh: MemoryPeers) => agreedPeers(mesh, [serving, serving, serving])

/** Who serves requests that are asked of one peer. */
async function servers({ peer }: TestPeer, model = MODEL): Promise<readonly string[]> {
  const found = new Set<string>()
  for (let left = 20; left > 0; left -= 1) {
    const answer = await peer.dispatch({ ...request, model }, STAY)
    await textOf(answer)
    found.add(answer.peer)
  }
  return [...found].toSorted()
}

describe('a change at one peer', () => {
  test('that drains another is obeyed by all ingresses, also by its own', async () => {
    const mesh = new MemoryPeers()
    const peers = await threePeers(mesh)
    const [a, b, c] = peers
    // Asked of one that does not lead.
    await change(mesh, c, put('drains', b.id, {}))
    await everyone(mesh, peers, ({ peer }) => peer.policy.views.isDrained(b.id))
    for (const ingress of peers) assert.notInclude(await servers(ingress), b.id)
    await mesh.until(() => seenDraining(a, b))

    await change(mesh, a, { type: 'delete', kind: 'drains', name: b.id })
    await everyone(mesh, peers, ({ peer }) => !peer.policy.views.isDrained(b.id))
    await mesh.until(() => !seenDraining(a, b))
    assert.include(await servers(b), b.id)
  })

  test('that pins a model, or names it anew, holds for the requests of all', async () => {
    const mesh = new MemoryPeers()
    const peers = await threePeers(mesh)
    const [, b, c] = peers
    await change(mesh, b, put('placements', MODEL, { peers: [c.id] }))
    await change(mesh, b, put('aliases', 'chat', { targets: [{ model: MODEL }] }))
    await everyone(mesh, peers, ({ peer }) => peer.policy.get('aliases', 'chat') !== undefined)
    for (const ingress of peers) assert.deepEqual(await servers(ingress, 'chat'), [c.id])
    const answer = await b.peer.dispatch({ ...request, model: 'chat' }, STAY)
    assert.equal(answer.model, MODEL)
  })
})

test('a smaller variant serves at any ingress while the model has no place free', async () => {
  const mesh = new MemoryPeers()
  const peers = await threePeers(mesh)
  const [a, b, c] = peers
  a.runtime.serve('f16')
  b.runtime.serve('q8')
  const spec = { targets: [{ model: 'f16' }], variants: ['q8'] }
  await change(mesh, a, { ...put('aliases', 'chat', spec), schemaVersion: 2 } as Operation)
  await everyone(mesh, peers, ({ peer }) => peer.policy.get('aliases', 'chat') !== undefined)
  await mesh.until(() => c.peer.models().filter(({ id }) => /^(f16|q8)$/.test(id)).length === 2)
  const ask = async (signal = STAY) => {
    const answer = await c.peer.dispatch({ ...request, model: 'chat' }, signal)
    return { answer, told: [answer.model, answer.insteadOf, answer.peer] }
  }

  a.runtime.answer = async (_, signal) => endlessAnswer(signal)
  const gone = new AbortController()
  for (let left = modelFacts('f16').parallelMax; left > 0; left -= 1) {
    assert.deepEqual((await ask(gone.signal)).told, ['f16', undefined, a.id])
  }
  const small = await ask()
  assert.deepEqual(small.told, ['q8', 'f16', b.id])
  await textOf(small.answer)

  gone.abort()
  await mesh.until(() => a.runtime.runningCount === 0)
  await mesh.until(() => c.peer.nodes().every(({ load }) => load.models.every(isIdle)))
  assert.deepEqual((await ask()).told, ['f16', undefined, a.id])
})

function isIdle({ queuedCount, runningCount }: ModelLoad): boolean {
  return queuedCount + runningCount === 0
}

describe('a peer that is cut off', () => {
  test('serves on, refuses changes with who led last, and says since when', async () => {
    const mesh = new MemoryPeers()
    const peers = await threePeers(mesh)
    const [a, b, c] = peers
    await mesh.until(() => a.peer.policy.raft().voters.length === 3)
    await everyone(mesh, peers, ({ peer }) => peer.policy.raft().voters.length === 3)
    assert.isNull(c.peer.policy.summary().staleSince)
    const { leader } = c.peer.policy.raft()
    const alone = leader === c.id ? b : c
    for (const other of peers) if (other !== alone) mesh.world.cut(alone.id, other.id)
    await mesh.until(() => alone.peer.policy.summary().staleSince !== null)

    const error = (await rejection(change(mesh, alone, put('tenants', 'acme', {})))) as MeshError
    assert.isTrue(hasCode(error, 'ERR_NO_QUORUM'))
    assert.equal(error.details['leader'], leader)
    const { staleSince, staleForMs, lastLeader } = alone.peer.policy.raft()
    assert.equal(Date.parse(String(staleSince)), Math.round(mesh.clock.wallMs() - staleForMs))
    assert.equal(lastLeader, leader)
    assert.deepEqual(await servers(alone), [alone.id])

    const [rest] = peers.filter(each => each !== alone)
    assert.isDefined(rest)
    await change(mesh, rest, put('tenants', 'theirs', {}))
    assert.isUndefined(alone.peer.policy.get('tenants', 'theirs'))
    for (const other of peers) if (other !== alone) mesh.world.heal(alone.id, other.id)
    await alone.network.dial(rest.id)
    await mesh.until(() => alone.peer.policy.get('tenants', 'theirs') !== undefined)
    await mesh.until(() => alone.peer.policy.summary().staleSince === null)
  })
})

function seenDraining(by: TestPeer, other: TestPeer): boolean {
  const node = by.peer.nodes().find(({ peer }) => peer === other.id)
  return node?.load.isDraining === true
}
