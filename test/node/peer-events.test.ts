/**
 * What a peer keeps of what happens in its mesh.
 */
import { assert, describe, test } from 'vitest'
import { MemoryPeers, seen, type TestPeer } from './memory-peers.ts'

/** `<event> <peer>` of all that is kept. */
const kept = ({ peer }: TestPeer) =>
  peer.events.since().map(({ event, facts }) => `${event} ${facts['peer']}`)

describe('the events of a peer', () => {
  test('are those it tells its own process, and reach whoever reads them', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
    let newsCount = 0
    const reader = a.peer.events.read(() => {
      newsCount += 1
    })
    const before: string[] = []
    const read = (into: string[]) => {
      for (let event = reader.next(); event; event = reader.next()) into.push(event.event)
    }
    read(before)
    await b.peer.close()
    await mesh.until(() => seen(a, b)?.status === 'left')
    const after: string[] = []
    read(after)
    assert.deepEqual(kept(a), a.events)
    assert.equal(newsCount, 1)
    assert.include(before, 'peer-alive')
    assert.equal(after.at(-1), 'peer-left')
  })

  test('have ids that no other peer has, and no other run', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
    const id = a.peer.events.since()[0]?.id ?? ''
    assert.include(id, `${a.id.slice(-8)}-${a.peer.incarnation}-`)
    assert.equal(b.peer.events.since(id)[0]?.event, 'events-missed')
  })
})

describe('the nodes a peer shows', () => {
  test('have the incarnation that each has of itself, and a round trip', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
    const views = a.peer.nodes()
    assert.deepEqual(
      views.map(({ peer, incarnation, path }) => [peer, incarnation, path]),
      [
        [a.id, a.peer.incarnation, 'self'],
        [b.id, b.peer.incarnation, 'direct'],
      ],
    )
    assert.isNumber(seen(a, b)?.rttMs)
  })
})
