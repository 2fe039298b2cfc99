/**
 * `skein events`: what it shows, and how following outlives the connection.
 */
import { assert, describe, test } from 'vitest'
import type { StopSignal } from '../../src/cli/io.ts'
import type { MeshEvent } from '../../src/node/event-log.ts'
import { jsonLines, type Respond, runSkein, untilAborted, type World } from './run-skein.ts'

function eventOf(count: number, change: Partial<MeshEvent> = {}): MeshEvent {
  const facts = { peer: '12D3KooWAbcdefgh', name: 'gpu1' }
  return { id: `run-${count}`, atWallMs: 1_767_225_600_000, event: 'peer-alive', facts, ...change }
}

const MISSED = eventOf(3, {
  event: 'events-missed',
  facts: { count: 12, reason: 'too-old' },
})

describe('without --follow, the command', () => {
  const asked: string[] = []
  const answering =
    (events: readonly MeshEvent[]): Respond =>
    ({ url }) => {
      asked.push(new URL(url).pathname + new URL(url).search)
      return Response.json({ events })
    }

  test('shows what is kept, one line each, without control characters', async () => {
    const strange = eventOf(4, {
      event: 'peer-changed-its-mind',
      facts: { peer: 'x', name: 'box\u001b[31m\n', models: ['a', 'b'], why: 'new' },
    })
    const { exitCode, stdout } = await runSkein(['events'], {
      respond: answering([eventOf(1), MISSED, strange, eventOf(5, { facts: {} })]),
    })
    assert.equal(exitCode, 0)
    assert.equal(
      stdout,
      '2026-01-01T00:00:00.000Z  peer alive     gpu1 (…Abcdefgh)\n' +
        '2026-01-01T00:00:00.000Z  events missed  count=12 reason=too-old\n' +
        '2026-01-01T00:00:00.000Z  peer changed its mind  box\ufffd[31m  (x)  models=["a","b"] why=new\n' +
        '2026-01-01T00:00:00.000Z  peer alive\n',
    )
    assert.deepEqual(asked, ['/mesh/v1/events?follow=false'])
  })

  test('with --json prints the events as the peer said them', async () => {
    const events = [eventOf(1), MISSED]
    const result = await runSkein(['events', '--json'], { respond: answering(events) })
    assert.deepEqual(jsonLines(result) as unknown, events)
  })

  test('says so if there are none', async () => {
    const { stdout, stderr } = await runSkein(['events'], { respond: answering([]) })
    assert.deepEqual([stdout, stderr], ['', 'Nothing has happened since that peer started.\n'])
  })
})

const frame = (event: MeshEvent) =>
  `id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`

/** A stream of these events that then is closed, breaks, or is silent until it is cut. */
function streamOf(
  { signal }: Request,
  events: readonly MeshEvent[],
  end: 'closed' | 'broken' | 'silent',
): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.from(`: still here\n\n${events.map(frame).join('')}`))
      if (end === 'closed') controller.close()
      else signal.addEventListener('abort', () => controller.error(signal.reason), { once: true })
    },
    pull(controller) {
      // By now all before it was read.
      if (end === 'broken') controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

type Answer = (request: Request) => Response | Promise<Response>

/** Follows a peer that gives these answers in turn; Ctrl-C comes with the request after them. */
async function follow(answers: readonly Answer[], world: World = {}, flags = ['--json']) {
  let raise: (signal: StopSignal) => void = () => {}
  const lastIds: (string | null)[] = []
  const waits: number[] = []
  const left = [...answers]
  const result = await runSkein(['events', '--follow', ...flags], {
    onStart: raiseSignal => {
      raise = raiseSignal
    },
    respond(request) {
      lastIds.push(request.headers.get('last-event-id'))
      const answer = left.shift()
      if (answer !== undefined) return answer(request)
      raise('SIGINT')
      return untilAborted(request.signal)
    },
    async wait(durationMs, signal) {
      // Silence is another wait than that between two tries.
      if (durationMs === 45_000) await untilAborted(signal)
      waits.push(durationMs)
    },
    ...world,
  })
  return { ...result, lastIds, waits }
}

const seenIds = (result: Awaited<ReturnType<typeof follow>>) =>
  jsonLines(result).map(({ id }) => id)

const unavailable = (message: string, code: string) => () =>
  Response.json({ error: { message, skein_code: code } }, { status: 503 })

const stopping = unavailable('stopping', 'ERR_STOPPING')

const unreachable = (): Response => {
  throw new TypeError('fetch failed')
}

describe('skein events --follow', () => {
  test('shows events as they come and ends with 0 at Ctrl-C', async () => {
    const result = await follow([request => streamOf(request, [eventOf(1)], 'closed')], {}, [])
    assert.equal(result.exitCode, 0)
    assert.equal(result.stdout, '2026-01-01T00:00:00.000Z  peer alive     gpu1 (…Abcdefgh)\n')
  })

  test('ends with 0 at Ctrl-C in the middle of a stream', async () => {
    let raise: (signal: StopSignal) => void = () => {}
    const result = await follow([request => streamOf(request, [eventOf(1)], 'silent')], {
      onStart: raiseSignal => {
        raise = raiseSignal
      },
      onWrite: () => raise('SIGTERM'),
    })
    assert.deepEqual([result.exitCode, result.stderr], [0, ''])
  })

  for (const end of ['closed', 'broken'] as const) {
    test(`goes on after the last event when the connection is ${end}`, async () => {
      const result = await follow([
        request => streamOf(request, [eventOf(1), eventOf(2)], end),
        request => streamOf(request, [eventOf(3)], end),
      ])
      assert.deepEqual(seenIds(result), ['run-1', 'run-2', 'run-3'])
      assert.deepEqual(result.lastIds, [null, 'run-2', 'run-3'])
      assert.match(result.stderr, /^(connection lost \(it .*\); trying again\n){2}$/)
    })
  }

  test('takes a connection for lost on which nothing comes for 45 s', async () => {
    let silenceCount = 0
    const result = await follow([request => streamOf(request, [eventOf(1)], 'silent')], {
      async wait(durationMs, signal) {
        // The second begins when the events have come.
        if (durationMs === 45_000 && ++silenceCount < 2) await untilAborted(signal)
      },
    })
    assert.deepEqual(result.lastIds, [null, 'run-1'])
    assert.include(result.stderr, 'nothing came for 45000 ms')
  })

  test('tries again ever more seldom, at least every 10 s, and tells it once', async () => {
    const result = await follow([
      request => streamOf(request, [eventOf(1)], 'closed'),
      unreachable,
      stopping,
      unavailable('no majority', 'ERR_NO_QUORUM'),
      ...Array.from({ length: 5 }, () => unreachable),
      request => streamOf(request, [eventOf(2)], 'closed'),
    ])
    assert.equal(result.exitCode, 0)
    assert.deepEqual(
      result.waits,
      [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 250],
    )
    assert.equal(result.stderr.match(/trying again/g)?.length, 2)
    assert.deepEqual(new Set(result.lastIds), new Set([null, 'run-1', 'run-2']))
  })

  const endings: readonly { cause: string; answers: readonly Answer[]; says: string }[] = [
    { cause: 'nobody answers at first', answers: [unreachable], says: 'no peer answers' },
    { cause: 'the peer stops at first', answers: [stopping], says: 'stopping' },
    {
      cause: 'the key is no longer good',
      answers: [
        request => streamOf(request, [], 'closed'),
        () => Response.json({ error: { message: 'no key' } }, { status: 401 }),
      ],
      says: 'no key',
    },
    {
      cause: 'something else than events comes',
      answers: [() => new Response('data: {"choices":[]}\n\n')],
      says: 'expected an event of the mesh',
    },
    {
      cause: 'something else than JSON comes',
      answers: [() => new Response('data: [DONE]\n\n')],
      says: 'expected an event of the mesh',
    },
  ]
  for (const { cause, answers, says } of endings) {
    test(`ends with 1 if ${cause}`, async () => {
      const { exitCode, stderr } = await follow(answers)
      assert.equal(exitCode, 1)
      assert.include(stderr, says)
    })
  }
})
