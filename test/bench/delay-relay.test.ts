/**
 * The relay that makes a nearby peer far away.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, assert, test } from 'vitest'
import { DelayRelay, type Distance } from '../../bench/delay-relay.ts'

const CHUNK_COUNT = 3_000
const DISTANCE: Distance = { delayMs: 20, jitterMs: 15, stallIntervalMs: 10, stallMaxMs: 20 }

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A relay before a server that sends back what it gets. */
async function echoBehindRelay(): Promise<DelayRelay> {
  const server: Server = createServer({ allowHalfOpen: true }, socket => socket.pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  const { port: targetPort } = server.address() as AddressInfo
  const relay = await DelayRelay.start({ targetPort, distance: DISTANCE, random: Math.random })
  closers.push(() => relay.stop())
  return relay
}

test('what comes out is what went in, in order, and ends as that did', async () => {
  const relay = await echoBehindRelay()
  const socket = connect(relay.port, '127.0.0.1').setNoDelay(true)
  const back = buffer(socket)
  const sent = Buffer.alloc(4 * CHUNK_COUNT)
  for (let index = 0; index < CHUNK_COUNT; index += 1) {
    sent.writeUInt32BE(index, 4 * index)
    // Each a packet, or more would go as one.
    if (!socket.write(sent.subarray(4 * index, 4 * index + 4))) await once(socket, 'drain')
    if (index % 100 === 0) await new Promise(setImmediate)
  }
  socket.end()

  assert.isTrue(sent.equals(await back))
  assert.isAbove(relay.stallCount, 0)
})

test('nothing arrives before its time', async () => {
  const relay = await echoBehindRelay()
  const socket = connect(relay.port, '127.0.0.1')
  await once(socket, 'connect')
  const startMs = performance.now()
  socket.write('there and back')
  await once(socket, 'data')
  socket.destroy()

  // Timers may come a millisecond early.
  assert.isAtLeast(performance.now() - startMs, 2 * (DISTANCE.delayMs - DISTANCE.jitterMs) - 2)
})

test('a target that is gone ends the connection', async () => {
  const relay = await DelayRelay.start({ targetPort: 9, distance: DISTANCE, random: Math.random })
  closers.push(() => relay.stop())
  const socket = connect(relay.port, '127.0.0.1')
  await new Promise<void>(resolve => {
    socket.once('close', () => resolve())
    // A reset is one way to end.
    socket.once('error', () => resolve())
  })
})
