/**
 * A mesh above `fullMeshMax`: few connections each, and everyone serves everyone.
 */
import { assert, test } from 'vitest'
import { MODEL, textOf } from './fake-runtime.ts'
import { MemoryPeers, type TestPeer } from './memory-peers.ts'
import { request, STAY } from './router-scene.ts'

const PEER_COUNT = 16
const membership = { fullMeshMax: 4, neighboursMin: 3, neighboursMax: 6 }

const statuses = ({ peer }: TestPeer) => peer.nodes().map(({ status }) => status)
const connectedCount = ({ network }: TestPeer) => network.connected.length

test('in a large mesh each peer has few neighbours, knows all, and is served by all', async () => {
  const mesh = new MemoryPeers(8)
  const peers: TestPeer[] = []
  for (let index = 0; index < PEER_COUNT; index += 1) {
    const started = await mesh.start({ membership, models: index === 0 ? [] : [MODEL] })
    const [first] = peers
    if (first !== undefined) await started.network.dial(first.id)
    peers.push(started)
  }
  await mesh.until(() =>
    peers.every(
      peer =>
        statuses(peer).length === PEER_COUNT && statuses(peer).every(status => status === 'alive'),
    ),
  )
  const { neighboursMin, neighboursMax } = membership
  await mesh.until(() =>
    peers.every(peer => {
      const count = connectedCount(peer)
      return count >= neighboursMin && count <= neighboursMax
    }),
  )
  // What a greeting costs must not grow with the mesh.
  for (const { peer } of peers) assert.lengthOf(peer.claims(), 1)
  // Releasing a connection is no cause for doubt.
  for (const { events } of peers) {
    assert.isEmpty(events.filter(event => !event.startsWith('peer-alive')))
  }

  const [ingress] = peers as [TestPeer]
  const serving = new Set<string>()
  for (let left = 60; left > 0; left -= 1) {
    const answer = await ingress.peer.dispatch(request, STAY)
    await textOf(answer)
    serving.add(answer.peer)
  }
  assert.isAbove(serving.size, neighboursMax, 'connected on demand')
})
