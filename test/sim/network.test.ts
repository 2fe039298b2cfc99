/**
 * The simulated network: connections, streams and what faults do to them.
 */
import { assert, describe, test } from 'vitest'
import { DIAL_TIMEOUT_MS, EXCHANGE_TIMEOUT_MS } from '../../sim/network/dialing.ts'
import { nextRetransmitMs } from '../../sim/network/link.ts'
import { hasCode } from '../../src/core/errors.ts'
import { DIAL_TIMEOUT_MS as REAL_DIAL_TIMEOUT_MS } from '../../src/node/libp2p/create-node.ts'
import type { LaneChannel } from '../../src/node/network.ts'
import { rejection } from '../node/until.ts'
import { type BareHost, BareHosts } from './bare-hosts.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
const bytesOf = (content: string) => Buffer.from(content)

/** Notes what a channel delivers, a word for each. */
function listen(channel: LaneChannel | undefined): string[] {
  const seen: string[] = []
  channel?.attach({
    onBytes: bytes => seen.push(text(bytes)),
    onDrain: () => seen.push('drain'),
    onClose: error => seen.push(error === undefined ? 'closed' : 'lost'),
  })
  return seen
}

/** Two hosts, connected, with a stream between them. */
async function stream(hosts = new BareHosts()) {
  const [a, b] = [hosts.add(), hosts.add()]
  await connect(hosts, a, b)
  let ours: LaneChannel | undefined
  void a.network.openLane(b.peer).then(channel => {
    ours = channel
  })
  await hosts.pass(100)
  const [theirs] = b.channels
  assert.isDefined(ours)
  return { hosts, a, b, ours, theirs, ourSide: listen(ours), theirSide: listen(theirs) }
}

async function connect(hosts: BareHosts, a: BareHost, b: BareHost): Promise<void> {
  const dialled = a.network.dial(b.peer, [b.address])
  await hosts.pass(100)
  await dialled
}

describe('a dial', () => {
  test('connects both sides, with a round trip and the claims of the other', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]

    await connect(hosts, a, b)

    assert.deepEqual(a.events, ['connected b: claim of b'])
    assert.deepEqual(b.events, ['connected a: claim of a'])
    assert.isAbove(a.rttMs, 0)
  })

  test('is done at once if there is a connection already', async () => {
    const { hosts, a, b } = await stream()
    const before = hosts.time.plannedCount

    await a.network.dial(b.peer, [b.address])

    assert.equal(hosts.time.plannedCount, before)
  })

  test('is refused at once where no process listens, and says so', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    b.crash()
    const failed = rejection(a.network.dial(b.peer, [b.address]))

    await hosts.pass(100)

    const error = await failed
    assert.isTrue(hasCode(error, 'ERR_UNREACHABLE'))
    assert.isTrue(hasCode(error, 'ERR_UNREACHABLE') && error.details['isRefused'] === true)
  })

  test('ends with the timeout of production where nobody answers', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    b.vanish()
    let error: unknown
    a.network.dial(b.peer, [b.address]).catch((reason: unknown) => {
      error = reason
    })

    await hosts.pass(DIAL_TIMEOUT_MS - 1)
    assert.isUndefined(error)
    await hosts.pass(2)

    assert.isTrue(hasCode(error, 'ERR_UNREACHABLE'))
    assert.equal(DIAL_TIMEOUT_MS, REAL_DIAL_TIMEOUT_MS)
  })

  test('ends with the timeout if only the way back is cut', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    hosts.internet.cut(b.index, a.index)
    const failed = rejection(a.network.dial(b.peer, [b.address]))

    await hosts.pass(DIAL_TIMEOUT_MS + 1)

    assert.isTrue(hasCode(await failed, 'ERR_UNREACHABLE'))
    assert.deepEqual(b.events, [])
  })

  test('finds another identity at an address that changed hands', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    const failed = rejection(a.network.dial('somebody else', [b.address]))

    await hosts.pass(100)

    assert.isTrue(hasCode(await failed, 'ERR_UNREACHABLE'))
  })

  test('is refused where the clocks are too far apart', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    b.wallMs = 3_600_000
    const failed = rejection(a.network.dial(b.peer, [b.address]))

    await hosts.pass(100)

    assert.isTrue(hasCode(await failed, 'ERR_CLOCK_SKEW'))
  })

  test('by a second process with an identity that is connected is refused', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    const twin = hosts.add('a')
    await connect(hosts, a, b)
    const failed = rejection(twin.network.dial(b.peer, [b.address]))

    await hosts.pass(100)

    assert.isTrue(hasCode(await failed, 'ERR_IDENTITY_IN_USE'))
  })

  test('by a restarted process takes the place of the old one', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    await connect(hosts, a, b)
    a.vanish()
    await hosts.pass(10)
    a.restart()

    await connect(hosts, a, b)

    const events = ['connected a: claim of a', 'disconnected a', 'connected a: claim of a']
    assert.deepEqual(b.events, events)
  })

  test('whose last word is lost leaves no half of a connection', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    const dialled = a.network.dial(b.peer, [b.address])
    while (a.events.length === 0) await hosts.pass(0.05)
    await dialled
    const mend = hosts.internet.cut(a.index, b.index)
    // The last word is on its way; cut it off by resetting what is between.
    hosts.internet.reset(a.index, b.index)
    await hosts.pass(EXCHANGE_TIMEOUT_MS + 100)
    mend()

    await hosts.pass(1_000)

    assert.deepEqual(a.network.connected, [])
    assert.deepEqual(b.network.connected, [])
  })
})

describe('a stream', () => {
  test('delivers in order, once, both ways', async () => {
    const { hosts, ours, theirs, ourSide, theirSide } = await stream()
    const words = Array.from({ length: 50 }, (_, index) => `${index}`)
    for (const word of words) ours.send(bytesOf(word))
    theirs?.send(bytesOf('answer'))

    await hosts.pass(100)

    assert.deepEqual(theirSide, words)
    assert.deepEqual(ourSide, ['answer'])
  })

  test('keeps what came before anybody listened', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]
    await connect(hosts, a, b)
    void a.network.openLane(b.peer).then(channel => channel.send(bytesOf('early')))
    await hosts.pass(100)

    assert.deepEqual(listen(b.channels[0]), ['early'])
  })

  test('is full when a window is under way, and drains', async () => {
    const { hosts, ours, ourSide } = await stream()
    const isTaken = ours.send(new Uint8Array(256 * 1024))

    await hosts.pass(100)

    assert.isFalse(isTaken)
    assert.deepEqual(ourSide, ['drain'])
    assert.isTrue(ours.send(bytesOf('more')))
  })

  test('takes the time that the bandwidth gives it', async () => {
    const quality = {
      delayMinMs: 10,
      delayMeanMs: 10,
      bandwidthBytesPerSecond: 1_000,
      lossRatio: 0,
    }
    const { hosts, ours, theirSide } = await stream(new BareHosts())
    hosts.internet.degrade(0, 1, quality)
    ours.send(new Uint8Array(1_000))
    ours.send(new Uint8Array(1_000))

    await hosts.pass(1_500)
    assert.lengthOf(theirSide, 1)
    await hosts.pass(1_000)

    assert.lengthOf(theirSide, 2)
  })

  test('that is aborted closes on both sides, after what was sent', async () => {
    const { hosts, ours, ourSide, theirSide } = await stream()
    ours.send(bytesOf('last word'))
    ours.abort(new Error('enough'))

    await hosts.pass(100)

    assert.deepEqual(theirSide, ['last word', 'closed'])
    assert.deepEqual(ourSide, ['lost'])
  })

  test('ends for both with the connection', async () => {
    const { hosts, a, b, ourSide, theirSide } = await stream()

    a.network.disconnect(b.peer)
    await hosts.pass(100)

    assert.deepEqual([ourSide, theirSide], [['closed'], ['lost']])
    assert.equal(a.events.at(-1), 'disconnected b')
    assert.equal(b.events.at(-1), 'disconnected a')
  })

  test('is lost at once with a connection that is aborted, however little passes', async () => {
    const { hosts, a, b, ours, theirs, ourSide, theirSide } = await stream()
    const mend = hosts.internet.partition([[a.index], [b.index]], { isTwoWay: true })
    ours.send(bytesOf('never read'))
    a.network.disconnect(b.peer, new Error('buried'))
    await hosts.pass(100)
    assert.deepEqual([ourSide, theirSide], [['lost'], []])

    // The other side does not know, until it sends something.
    mend()
    theirs?.send(bytesOf('still there?'))
    await hosts.pass(1_000)

    assert.deepEqual(theirSide, ['lost'])
    assert.deepEqual(b.network.connected, [])
  })

  test('cannot be opened without a connection', async () => {
    const hosts = new BareHosts()
    const [a, b] = [hosts.add(), hosts.add()]

    const error = await rejection(a.network.openLane(b.peer))

    assert.isTrue(hasCode(error, 'ERR_UNREACHABLE'))
  })
})

describe('a fault', () => {
  test('that kills a process is seen by the others', async () => {
    const { hosts, a, b, theirSide } = await stream()

    a.crash()
    await hosts.pass(100)

    assert.deepEqual(theirSide, ['lost'])
    assert.equal(b.events.at(-1), 'disconnected a')
  })

  test('that takes a host off the net is seen by nobody', async () => {
    const { hosts, a, b, theirs, theirSide } = await stream()

    a.vanish()
    theirs?.send(bytesOf('hello?'))
    await hosts.pass(600_000)

    assert.deepEqual(theirSide, [])
    assert.deepEqual(b.network.connected, [a.peer])
  })

  test('that lasts longer than TCP tries ends the connection', async () => {
    const { hosts, a, b, theirs } = await stream()

    a.vanish()
    theirs?.send(bytesOf('hello?'))
    await hosts.pass(930_000)

    assert.deepEqual(b.network.connected, [])
  })

  test('that cuts one direction holds its bytes back until TCP tries again', async () => {
    const { hosts, a, b, ours, theirs, ourSide, theirSide } = await stream()
    const mend = hosts.internet.cut(a.index, b.index)
    ours.send(bytesOf('held'))
    theirs?.send(bytesOf('passes'))
    await hosts.pass(5_000)
    assert.deepEqual([ourSide, theirSide], [['passes'], []])

    mend()
    ours.send(bytesOf('and more'))
    // Tries are 0.2, 0.6, 1.4, 3.0 and 6.2 s after the first.
    await hosts.pass(1_000)
    assert.deepEqual(theirSide, [])
    await hosts.pass(300)

    assert.deepEqual(theirSide, ['held', 'and more'])
  })

  test('that resets a connection is seen by both sides', async () => {
    const { hosts, a, b, ourSide, theirSide } = await stream()

    hosts.internet.reset(a.index, b.index)
    await hosts.pass(100)

    assert.deepEqual([ourSide, theirSide], [['lost'], ['lost']])
    assert.deepEqual([a.network.connected, b.network.connected], [[], []])
  })

  test('that loses segments delays, and keeps order', async () => {
    const { hosts, a, b, ours, theirSide } = await stream()
    const lossy = { ...hosts.internet.link(a.index, b.index).quality, lossRatio: 0.3 }
    hosts.internet.degrade(a.index, b.index, lossy)
    const words = Array.from({ length: 100 }, (_, index) => `${index}`)
    for (const word of words) ours.send(bytesOf(word))

    await hosts.pass(100)
    assert.isBelow(theirSide.length, 100)
    await hosts.pass(120_000)

    assert.deepEqual(theirSide, words)
  })

  test('that overlaps another ends with the last of them', async () => {
    const { hosts, a, b, ours, theirSide } = await stream()
    const mends = [
      hosts.internet.cut(a.index, b.index),
      hosts.internet.partition([[a.index], [b.index]], { isTwoWay: true }),
    ]
    ours.send(bytesOf('held'))
    mends[0]?.()
    await hosts.pass(10_000)
    assert.deepEqual(theirSide, [])

    mends[1]?.()
    await hosts.pass(20_000)

    assert.deepEqual(theirSide, ['held'])
  })
})

test('TCP tries again at doubling intervals, two minutes at most', () => {
  const tries = [0, 200, 600, 1_400].map(nowMs => nextRetransmitMs(0, nowMs))
  assert.deepEqual(tries, [200, 600, 1_400, 3_000])
  assert.isAtMost(nextRetransmitMs(0, 900_000) - 900_000, 120_000)
})

describe('traffic', () => {
  test('is counted for both sides, with what carries it', async () => {
    const { hosts, a, b, ours } = await stream()
    const before = a.traffic.totals()
    const receivedBefore = b.traffic.totals()
    ours.send(new Uint8Array(100))

    await hosts.pass(100)

    // 100 and a yamux header, a noise frame, IP and TCP.
    const after = a.traffic.totals()
    assert.equal(after.wireBytesSent - before.wireBytesSent, 100 + 12 + 18 + 52)
    assert.equal(after.wireBytesReceived - before.wireBytesReceived, 52)
    assert.equal(after.messagesSent - before.messagesSent, 1)
    const received = b.traffic.totals().wireBytesReceived - receivedBefore.wireBytesReceived
    assert.equal(received, 182)
  })
})
