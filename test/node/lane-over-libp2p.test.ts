/**
 * A lane over real libp2p: a peer that breaks its protocol is told what it did, and nobody else
 * notices.
 */
import { afterEach, assert, test } from 'vitest'
import type { LaneChannel } from '../../src/node/network.ts'
import { encodeFrame, FrameReader } from '../../src/protocols/frames.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import { Lane, MESSAGE_MAX_BYTES } from '../../src/protocols/lane.ts'
import { laneOptions } from '../../src/protocols/options.ts'
import { type RecordedNetwork, startNetwork, testMesh } from './recorded-network.ts'

const opened: RecordedNetwork[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map(network => network.close()))
})

type OnMessage = (message: Uint8Array) => void

/** Echoes bodies. */
function echoLane(
  channel: LaneChannel,
  onClosed: (error: Error | undefined) => void,
  onMessage: OnMessage = () => {},
): Lane {
  const lane = new Lane(
    {
      transport: channel,
      isDialer: channel.isDialer,
      serve: async ({ body }) => ({ status: 200, headers: {}, chunks: chunksOf(body) }),
      scheduleFlush: setImmediate,
      trailer: () => new Uint8Array(),
      onTrailer: () => {},
      onMessage,
      onLongMessage: () => {},
      onClosed,
    },
    laneOptions.parse({}),
  )
  channel.attach({
    onBytes: bytes => lane.receive(bytes),
    onDrain: () => lane.drained(),
    onClose: error => lane.close(error),
  })
  return lane
}

async function* chunksOf(body: Uint8Array) {
  yield body
}

async function connect(from: RecordedNetwork, to: RecordedNetwork) {
  const before = to.lanes.length
  await from.network.dial(to.identity.peerId, to.network.addresses())
  const channel = await from.network.openLane(to.identity.peerId)
  // Nothing is on the wire yet that would make the other side see the stream's protocol.
  return { channel, accepted: () => to.until(() => to.lanes.length > before) }
}

/** With its length in front. */
function framed(frame: skein.LaneFrame.$Properties): Uint8Array {
  return encodeFrame(skein.LaneFrame.encode(frame).finish())
}

const cases = [
  {
    fault: 'an oversized frame',
    bytes: Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
    says: /268435455|bytes/,
  },
  {
    fault: 'a frame that is no message',
    bytes: Uint8Array.of(3, 255, 255, 255),
    says: /lane frame, found 3 bytes/,
  },
  {
    fault: 'an oversized message',
    bytes: framed({ message: new Uint8Array(MESSAGE_MAX_BYTES + 1) }),
    says: /a message of at most 65520 bytes, found one of 65521/,
  },
]

for (const { fault, bytes, says } of cases) {
  test(`${fault} closes the lane with an error that names it, and harms no other peer`, async () => {
    const mesh = testMesh()
    const victim = await startNetwork({ mesh })
    const culprit = await startNetwork({ mesh })
    const bystander = await startNetwork({ mesh })
    opened.push(victim, culprit, bystander)

    const good = await connect(bystander, victim)
    await good.accepted()
    const served = victim.lanes[0]?.channel
    assert.isDefined(served)
    if (served !== undefined) echoLane(served, () => {})
    const lane = echoLane(good.channel, () => {})

    const bad = await connect(culprit, victim)
    let received = Buffer.alloc(0)
    const closed = new Promise<void>(resolve => {
      bad.channel.attach({
        onBytes: piece => {
          received = Buffer.concat([received, piece])
        },
        onDrain: () => {},
        onClose: () => resolve(),
      })
    })
    await bad.accepted()
    let victimSaw: Error | undefined
    const accepted = victim.lanes[1]?.channel
    if (accepted !== undefined) {
      echoLane(accepted, error => {
        victimSaw = error
      })
    }
    bad.channel.send(bytes)
    await closed
    assert.propertyVal(victimSaw, 'code', 'ERR_BAD_FRAME')
    const frames: skein.LaneFrame[] = []
    new FrameReader(65_536).push(received, bytesOf => frames.push(skein.LaneFrame.decode(bytesOf)))
    const [frame] = frames
    assert.equal(frame?.id, 0)
    assert.equal(frame?.error?.code, 'ERR_BAD_FRAME')
    assert.match(frame?.error?.message ?? '', says)

    const call = { method: 'echo', headers: {}, body: Buffer.from('still here') }
    const answer = await lane.request(call, AbortSignal.timeout(5_000))
    let text = ''
    for await (const chunk of answer.chunks) text += Buffer.from(chunk).toString()
    assert.equal(text, 'still here')
  })
}

test('messages pass both ways while an answer waits for its reader', async () => {
  const mesh = testMesh()
  const [dialer, listener] = [await startNetwork({ mesh }), await startNetwork({ mesh })]
  opened.push(dialer, listener)
  const { channel, accepted } = await connect(dialer, listener)
  await accepted()
  const other = listener.lanes[0]?.channel
  assert.isDefined(other)
  if (other === undefined) return

  let arrived = () => {}
  const got: { here: Uint8Array[]; there: Uint8Array[] } = { here: [], there: [] }
  const posted = [0, 100, MESSAGE_MAX_BYTES].map(length => new Uint8Array(length).fill(length))
  const all = new Promise<void>(resolve => {
    arrived = () => {
      if (got.here.length + got.there.length === 2 * posted.length) resolve()
    }
  })
  const collect = (side: keyof typeof got) => (message: Uint8Array) => {
    got[side].push(message)
    arrived()
  }
  const here = echoLane(channel, () => {}, collect('here'))
  const there = echoLane(other, () => {}, collect('there'))

  const body = new Uint8Array(1_000_000).fill(7)
  const call = { method: 'echo', headers: {}, body }
  const answer = await here.request(call, AbortSignal.timeout(5_000))
  for (const message of posted) {
    assert.isTrue(here.post(message))
    assert.isTrue(there.post(message))
  }
  await all
  assert.deepEqual(got.here.map(Buffer.from), posted.map(Buffer.from))
  assert.deepEqual(got.there.map(Buffer.from), posted.map(Buffer.from))

  let readBytes = 0
  for await (const chunk of answer.chunks) readBytes += chunk.length
  assert.equal(readBytes, body.length)
})
