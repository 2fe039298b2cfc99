/**
 * GET /mesh/v1/events: what a client gets at once, as it happens, after it was away, and how it
 * ends.
 */
import { get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { assert, describe, test } from 'vitest'
import { EventLog, type MeshEvent } from '../../src/node/event-log.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { type StartOptions, startIngress } from './fake-gateway.ts'
import { readUntil, signalled } from './raw-client.ts'

const PATH = '/mesh/v1/events'

/** An ingress and the log behind it, with this many events in it. */
async function serving(count = 0, { options, deps }: StartOptions = {}, eventsMax = 1_000) {
  const log = new EventLog({ run: 'run', wallMs: () => 7, eventsMax })
  const add = (more: number) => {
    for (let left = more; left > 0; left -= 1) log.add('peer-alive', { peer: 'x' })
  }
  add(count)
  const clock = new ManualClock()
  const server = await startIngress({
    gateway: { events: log },
    ...(options && { options }),
    deps: { clock, ...deps },
  })
  return { ...server, log, add, clock }
}

type Serving = Awaited<ReturnType<typeof serving>>

/** Reads as it likes, from the first byte of the answer on. */
async function following(server: Serving, path = PATH, head = ''): Promise<Socket> {
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n${head}\r\n`)
  return socket
}

const alive = (id: string) => ({
  id: `run-${id}`,
  atWallMs: 7,
  event: 'peer-alive',
  facts: { peer: 'x' },
})

const text = (id: string) =>
  `id: run-${id}\nevent: peer-alive\ndata: ${JSON.stringify(alive(id))}\n\n`

async function listOf(server: Serving, query: string, headers: Record<string, string> = {}) {
  const response = await server.get(`${PATH}${query}`, headers)
  assert.equal(response.headers.get('content-type'), 'application/json')
  const { events } = (await response.json()) as { events: MeshEvent[] }
  return events
}

describe('the list', () => {
  test('has what is kept, or what came after an event', async () => {
    await using server = await serving(3)
    assert.deepEqual(await listOf(server, '?follow=false'), [alive('1'), alive('2'), alive('3')])
    assert.deepEqual(await listOf(server, '?follow=false&since=run-2'), [alive('3')])
    assert.deepEqual(await listOf(server, '', { accept: 'application/json' }), [
      alive('1'),
      alive('2'),
      alive('3'),
    ])
  })

  test('says that events are missing', async () => {
    await using server = await serving(5, {}, 2)
    const old = await listOf(server, '?follow=false&since=run-1')
    assert.deepEqual(
      old.map(({ id, event }) => [id, event]),
      [
        ['run-3', 'events-missed'],
        ['run-4', 'peer-alive'],
        ['run-5', 'peer-alive'],
      ],
    )
    const [unknown] = await listOf(server, '?follow=false&since=other-1')
    assert.deepInclude(unknown, { facts: { count: null, reason: 'unknown-id' } })
  })

  const wrong = ['?follow=yes', '?follow=', '?since=a&since=b']
  for (const query of wrong) {
    test(`refuses ${query}`, async () => {
      await using server = await serving()
      const response = await server.get(`${PATH}${query}`)
      const { error } = (await response.json()) as { error: { param: string } }
      assert.equal(response.status, 400)
      assert.equal(error.param, query.slice(1, query.indexOf('=')))
    })
  }
})

describe('the stream', () => {
  test('begins with what is kept and goes on with what happens', async () => {
    await using server = await serving(2)
    const socket = await following(server)
    const begin = await readUntil(socket, text('2'))
    assert.match(begin, /^HTTP\/1.1 200 /)
    assert.match(begin, /^content-type: text\/event-stream\r$/im)
    assert.match(begin, /^cache-control: no-cache\r$/im)
    assert.include(begin, text('1'))
    server.add(1)
    assert.include(await readUntil(socket, text('3')), text('3'))
    socket.destroy()
  })

  test('sends its head at once, though nothing has happened', async () => {
    await using server = await serving()
    const response = await server.get(PATH)
    assert.equal(response.status, 200)
    await response.body?.cancel()
  })

  const resumed = [
    { by: 'Last-Event-ID', path: PATH, head: 'last-event-id: run-2\r\n' },
    { by: '?since=', path: `${PATH}?since=run-2`, head: '' },
    {
      by: 'the header before the query',
      path: `${PATH}?since=run-1`,
      head: 'last-event-id: run-2\r\n',
    },
  ]
  for (const { by, path, head } of resumed) {
    test(`goes on where ${by} says`, async () => {
      await using server = await serving(3)
      const socket = await following(server, path, head)
      const begin = await readUntil(socket, text('3'))
      assert.notInclude(begin, text('2'))
      socket.destroy()
    })
  }

  test('begins with how many events are gone, and can be resumed from there', async () => {
    await using server = await serving(9, {}, 2)
    const socket = await following(server, PATH, 'last-event-id: run-4\r\n')
    const begin = await readUntil(socket, text('9'))
    const data = /^id: run-7\nevent: events-missed\ndata: (.*)$/m.exec(begin)?.[1] ?? ''
    assert.deepEqual(JSON.parse(data).facts, { count: 3, reason: 'too-old' })
    assert.include(begin, text('8'))
    socket.destroy()
  })

  test('is a comment every 15 s while nothing happens', async () => {
    await using server = await serving(1)
    const socket = await following(server)
    await readUntil(socket, text('1'))
    for (let times = 2; times > 0; times -= 1) {
      server.clock.advance(15_000)
      assert.include(await readUntil(socket, '\n\n'), ': still here\n\n')
    }
    server.clock.advance(14_999)
    server.add(1)
    assert.notInclude(await readUntil(socket, text('2')), 'still')
    socket.destroy()
  })

  test('needs a key like every other route', async () => {
    await using server = await serving(0, { deps: { apiKeys: ['sk-right'] } })
    assert.equal((await server.get(PATH)).status, 401)
    const response = await server.get(`${PATH}?follow=false`, { authorization: 'Bearer sk-right' })
    assert.equal(response.status, 200)
  })

  test('of HEAD is the head', async () => {
    await using server = await serving(1)
    const response = await fetch(`${server.url}${PATH}`, { method: 'HEAD' })
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    assert.equal(await response.text(), '')
  })

  test('has an end when the ingress closes, which does not wait for the client', async () => {
    const server = await serving(1)
    const response = await server.get(PATH)
    await server.ingress.close(60_000)
    assert.equal(await response.text(), text('1'))
    assert.equal(server.clock.wakeCount, 0)
  })
})

test('a client that goes away is forgotten by the log', async () => {
  const closed = signalled()
  const log = new EventLog({ run: 'run', wallMs: () => 7 })
  const read = (onNews: () => void) => ({ ...log.read(onNews), close: closed.resolve })
  await using server = await startIngress({
    gateway: { events: { since: () => [], read } },
    deps: { clock: new ManualClock() },
  })
  const response = await server.get(PATH)
  await response.body?.cancel()
  await closed.promise
})

describe('clients beyond the bound', () => {
  test('are refused with 429 until one has gone, and may still have the list', async () => {
    await using server = await serving(1, { options: { eventStreamsMax: 2 } })
    const [first, second] = [await following(server), await following(server)]
    await Promise.all([first, second].map(socket => readUntil(socket, text('1'))))

    const refused = await server.get(PATH)
    const { error } = (await refused.json()) as { error: Record<string, string> }
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '1')
    assert.deepInclude(error, { type: 'rate_limit_error', skein_code: 'ERR_OVERLOADED' })
    assert.equal((await listOf(server, '?follow=false')).length, 1)

    first.destroy()
    for (;;) {
      const response = await server.get(PATH)
      await response.body?.cancel()
      if (response.status === 200) break
      assert.equal(response.status, 429)
    }
    second.destroy()
  })
})

describe('a client that takes nothing', () => {
  /** Reads nothing until told to. */
  function stuckClient({ port }: Serving) {
    return new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: PATH }, response => {
        response.pause()
        resolve(response)
      }).on('error', reject)
    })
  }

  test('stops its own stream only, and is told then how much it missed', async () => {
    await using server = await serving(0, {}, 10)
    const stuck = await stuckClient(server)
    const quick = await following(server)
    await readUntil(quick, '\r\n\r\n')

    // Long facts fill what the system keeps for a connection.
    const facts = { text: 'x'.repeat(100_000) }
    let count = 0
    const addOne = async () => {
      count += 1
      server.log.add('peer-changed', facts)
      await readUntil(quick, `"id":"run-${count}"`)
    }
    while (count < 300) await addOne()

    let seen = ''
    for await (const chunk of stuck) {
      seen += String(chunk)
      if (seen.includes(`"id":"run-${count}"`)) break
    }
    const missed = [...seen.matchAll(/^event: events-missed\ndata: (.*)$/gm)]
    const missedCount = missed.reduce((sum, [, data = '']) => sum + JSON.parse(data).facts.count, 0)
    const got = [...seen.matchAll(/^event: peer-changed$/gm)].length
    assert.isAbove(missedCount, 0)
    assert.equal(got + missedCount, count)
    quick.destroy()
  })
})
