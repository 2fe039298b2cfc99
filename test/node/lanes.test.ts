/**
 * Lanes between peers: who opens one, what happens when it breaks, and who waits how long.
 */
import { assert, describe, test } from 'vitest'
import { never, textOf } from './fake-runtime.ts'
import { call, FakeChannel, lanesOf, pair } from './lanes-scene.ts'
import { STAY } from './router-scene.ts'
import { rejection, turn, turns, until } from './until.ts'

describe('a lane', () => {
  test('is opened by the peer with the lower id, whoever dialled', async () => {
    const { a, b } = await pair()
    assert.deepEqual([a.network.opens, b.network.opens], [['b'], []])
  })

  test('carries requests both ways, each answer with the load of who served it', async () => {
    const { a, b, trailers } = await pair()
    assert.equal(await textOf(await a.lanes.request('b', call, STAY)), 'answer')
    assert.equal(await textOf(await b.lanes.request('a', call, STAY)), 'answer')
    assert.deepEqual(trailers, ['b: load of b', 'a: load of a'])
  })

  test('that breaks is opened again, and its bytes stay counted', async () => {
    const { a, b, clock } = await pair()
    await textOf(await a.lanes.request('b', call, STAY))
    const before = a.lanes.status()
    assert.isAbove(before.bytesSent, 0)
    assert.isAbove(before.bytesReceived, 0)

    // Whoever takes another stream for it lets go of the first.
    b.lanes.accept('a', new FakeChannel(false))
    await until(() => a.lanes.peers().length === 0)
    assert.equal(a.lanes.status().bytesSent, before.bytesSent)
    assert.equal(a.lanes.status().bytesReceived, before.bytesReceived)
    clock.advance(50)
    await until(() => a.lanes.peers().length === 1)
    assert.deepEqual(a.network.opens, ['b', 'b'])
    await textOf(await a.lanes.request('b', call, STAY))
    assert.isAbove(a.lanes.status().bytesSent, before.bytesSent)
  })

  test('that is replaced lets go of its stream and of its requests', async () => {
    const { lanes } = lanesOf()
    const [first, second] = [new FakeChannel(false), new FakeChannel(false)]
    lanes.connected('a')
    lanes.accept('a', first)
    const asking = rejection(lanes.request('a', call, STAY))
    await turn()
    lanes.accept('a', second)
    assert.propertyVal(await asking, 'code', 'ERR_PEER_LOST')
    assert.deepEqual([first.aborted.length, second.aborted.length], [1, 0])
    assert.deepEqual(lanes.peers(), ['a'])
  })

  test('that is replaced on the side that opens is not opened once more', async () => {
    const channels = [new FakeChannel(), new FakeChannel()]
    const { lanes, clock } = lanesOf({ open: async () => channels[0] as FakeChannel })
    lanes.connected('c')
    await turn()
    lanes.accept('c', channels[1] as FakeChannel)
    assert.deepEqual([clock.wakeCount, lanes.peers()], [0, ['c']])
  })

  test('that the other side opens first is not opened once more', async () => {
    const { lanes, clock } = lanesOf()
    lanes.connected('c')
    await turn()
    assert.equal(clock.wakeCount, 1)
    lanes.accept('c', new FakeChannel(false))
    assert.equal(clock.wakeCount, 0)
  })

  test('from a peer without a connection is refused', () => {
    const { lanes } = lanesOf()
    const channel = new FakeChannel(false)
    lanes.accept('a', channel)
    assert.propertyVal(channel.aborted[0], 'code', 'ERR_PEER_LOST')
  })

  test('that opens after its connection is gone is let go', async () => {
    const channel = new FakeChannel()
    const { lanes } = lanesOf({ open: async () => channel })
    lanes.connected('c')
    lanes.disconnected('c')
    await turn()
    assert.equal(channel.aborted.length, 1)
    assert.deepEqual(lanes.peers(), [])
  })

  test('is not opened, nor wanted, once all are closed', async () => {
    const { lanes, clock, opened } = lanesOf()
    lanes.close()
    lanes.connected('c')
    await turn()
    assert.deepEqual([opened, clock.wakeCount], [[], 0])
    assert.propertyVal(await rejection(lanes.request('c', call, STAY)), 'code', 'ERR_PEER_LOST')
  })
})

describe('a lane that does not open', () => {
  test('is tried again, each time after twice as long, up to a limit', async () => {
    const { lanes, clock, opened } = lanesOf()
    lanes.connected('c')
    const waits: number[] = []
    for (let tries = 1; tries <= 9; tries += 1) {
      await turn()
      assert.equal(opened.length, tries)
      waits.push(clock.untilWakeMs)
      clock.advance(clock.untilWakeMs)
    }
    assert.deepEqual(waits, [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
  })

  test('is tried soon again after one that carried bytes', async () => {
    const channels: FakeChannel[] = []
    const open = async () => {
      const channel = new FakeChannel()
      channels.push(channel)
      return channel
    }
    const { lanes, clock } = lanesOf({ open })
    lanes.connected('c')
    for (let broken = 0; broken < 3; broken += 1) {
      await turn()
      channels.at(-1)?.listener?.onClose(new Error('broken'))
      clock.advance(clock.untilWakeMs)
    }
    await turn()
    channels.at(-1)?.listener?.onBytes(new Uint8Array(0))
    channels.at(-1)?.listener?.onClose(undefined)
    assert.equal(clock.untilWakeMs, 50)
  })

  test('is not tried by the side that only accepts', async () => {
    const { lanes, clock, opened } = lanesOf()
    lanes.connected('a')
    await turn()
    assert.deepEqual([opened, clock.wakeCount], [[], 0])
  })

  test('is given up with the connection', async () => {
    const { lanes, clock } = lanesOf()
    lanes.connected('c')
    await turn()
    assert.equal(clock.wakeCount, 1)
    lanes.disconnected('c')
    assert.equal(clock.wakeCount, 0)
  })
})

describe('a request that comes before its connection', () => {
  test('ends when its client leaves, before or meanwhile', async () => {
    const { lanes } = lanesOf({ connect: () => new Promise(() => {}) })
    const left = new Error('left')
    assert.equal(await rejection(lanes.request('a', call, AbortSignal.abort(left))), left)
    const client = new AbortController()
    const asking = rejection(lanes.request('a', call, client.signal))
    await turn()
    client.abort(left)
    assert.equal(await asking, left)
  })

  test('fails as the connection does', async () => {
    const { lanes } = lanesOf({ connect: () => Promise.reject(new Error('nobody there')) })
    assert.match(String(await rejection(lanes.request('a', call, STAY))), /nobody there/)
  })
})

describe('a request that comes before its lane', () => {
  test('waits for it', async () => {
    const { lanes, clock } = lanesOf()
    lanes.connected('a')
    const asking = lanes.request('a', call, STAY)
    asking.catch(() => {})
    await turn()
    const channel = new FakeChannel(false)
    lanes.accept('a', channel)
    await turns(2)
    assert.equal(channel.sent.length, 1)
    assert.equal(clock.wakeCount, 0)
    lanes.close()
  })

  test('does not get one that was closed before it was attached, but the next', async () => {
    const { lanes } = lanesOf()
    lanes.connected('a')
    const asking = lanes.request('a', call, STAY)
    asking.catch(() => {})
    lanes.accept('a', new FakeChannel(false, true))
    const channel = new FakeChannel(false)
    lanes.accept('a', channel)
    await turns(2)
    assert.equal(channel.sent.length, 1)
    lanes.close()
  })

  test('waits no longer than two seconds', async () => {
    const { lanes, clock } = lanesOf()
    lanes.connected('a')
    const asking = rejection(lanes.request('a', call, STAY))
    clock.advance(1_999)
    assert.equal(clock.wakeCount, 1)
    clock.advance(1)
    const error = (await asking) as Error
    assert.propertyVal(error, 'code', 'ERR_PEER_LOST')
    assert.include(error.message, 'no lane within 2000 ms')
  })

  test('is rejected at once when the connection is lost', async () => {
    const { lanes, clock } = lanesOf()
    lanes.connected('a')
    const asking = rejection(lanes.request('a', call, STAY))
    lanes.disconnected('a')
    assert.propertyVal(await asking, 'code', 'ERR_PEER_LOST')
    assert.equal(clock.wakeCount, 0)
  })

  test('ends when its client leaves', async () => {
    const { lanes, clock } = lanesOf()
    lanes.connected('a')
    const client = new AbortController()
    const asking = rejection(lanes.request('a', call, client.signal))
    client.abort(new Error('gone'))
    assert.deepInclude(await asking, { message: 'gone' })
    assert.equal(clock.wakeCount, 0)
    assert.deepInclude(await rejection(lanes.request('a', call, client.signal)), {
      message: 'gone',
    })
  })

  test('is refused if 1024 wait already', async () => {
    const { lanes } = lanesOf()
    lanes.connected('a')
    const waiting = Array.from({ length: 1_024 }, () => rejection(lanes.request('a', call, STAY)))
    const error = (await rejection(lanes.request('a', call, STAY))) as Error
    assert.propertyVal(error, 'code', 'ERR_PEER_LOST')
    assert.include(error.message, 'too many')
    lanes.close()
    for (const asked of await Promise.all(waiting)) {
      assert.propertyVal(asked, 'code', 'ERR_PEER_LOST')
    }
  })

  test('is refused without a connection', async () => {
    const { lanes } = lanesOf()
    assert.propertyVal(await rejection(lanes.request('z', call, STAY)), 'code', 'ERR_PEER_LOST')
  })
})

describe('a lost connection', () => {
  test('ends what either side asked', async () => {
    const { world, a, b } = await pair((_, signal) => never(signal))
    const asked = [a.lanes.request('b', call, STAY), b.lanes.request('a', call, STAY)]
    const errors = asked.map(asking => rejection(asking))
    await until(() => a.lanes.status().openRequestCount === 2)
    world.cut('a', 'b')
    for (const error of await Promise.all(errors)) {
      assert.propertyVal(error, 'code', 'ERR_PEER_LOST')
    }
    assert.equal(a.lanes.status().openRequestCount, 0)
    assert.equal(b.lanes.status().openRequestCount, 0)
  })
})
