/**
 * Whatever an engine does wrong, the mesh learns what it was and whether another may do better.
 */

import { assert, describe, test } from 'vitest'
import { readJson, readText } from '../../compliance/read-answer.ts'
import { type Misbehaviour, streamHead, streamWithoutEnd } from './fake-engine.ts'
import {
  chatRequest,
  eventually,
  failure,
  isIdle,
  soon,
  startedRuntime,
  streamRequest,
} from './under-test.ts'

const HTML = '<html><body><h1>502 Bad Gateway</h1></body></html>'

function says(status: number, headers: Record<string, string>, text: string): Misbehaviour {
  return response => {
    response.writeHead(status, headers)
    response.end(text)
  }
}

const asJson = { 'content-type': 'application/json' }
const asHtml = { 'content-type': 'text/html' }
const errorOf = (message: string) => JSON.stringify({ error: { message } })

describe('an engine that refuses', () => {
  const cases = [
    {
      rule: 'with 500 has failed, and says why',
      engine: says(500, asJson, errorOf('CUDA out of memory')),
      code: 'ERR_ENGINE',
      details: { upstream: { status: 500, excerpt: 'CUDA out of memory' } },
    },
    {
      rule: 'with an HTML page has failed, and shows its text',
      engine: says(502, asHtml, HTML),
      code: 'ERR_ENGINE',
      details: { upstream: { status: 502, excerpt: '502 Bad Gateway' } },
    },
    {
      rule: 'with 503 and a time to return has failed, and says when',
      engine: says(503, { ...asJson, 'retry-after': '3' }, errorOf('Loading model')),
      code: 'ERR_ENGINE',
      details: { upstream: { status: 503, excerpt: 'Loading model' }, retryAfterMs: 3_000 },
    },
    {
      rule: 'with 429 is overloaded for the seconds it says',
      engine: says(429, { ...asJson, 'retry-after': '7' }, errorOf('queue full')),
      code: 'ERR_OVERLOADED',
      details: { upstream: { status: 429, excerpt: 'queue full' }, retryAfterMs: 7_000 },
    },
    {
      rule: 'with 429 is overloaded until the date it says',
      engine: says(429, { 'retry-after': 'Thu, 01 Jan 2026 00:01:30 GMT' }, ''),
      code: 'ERR_OVERLOADED',
      details: { upstream: { status: 429, excerpt: '' }, retryAfterMs: 90_000 },
    },
    {
      rule: 'with 429 and nothing more is overloaded for a second',
      engine: says(429, {}, ''),
      code: 'ERR_OVERLOADED',
      details: { upstream: { status: 429, excerpt: '' }, retryAfterMs: 1_000 },
    },
    {
      rule: 'our key has failed: the client can do nothing about it',
      engine: says(401, asJson, errorOf('Invalid API key')),
      code: 'ERR_ENGINE',
      details: { upstream: { status: 401, excerpt: 'Invalid API key' } },
    },
    {
      rule: 'with a redirect is not followed',
      engine: says(302, { location: 'http://127.0.0.1:1/' }, ''),
      code: 'ERR_ENGINE',
      details: { upstream: { status: 302, excerpt: '' } },
    },
    {
      rule: 'as FastAPI does blames the request, without repeating the prompt',
      engine: says(
        422,
        asJson,
        JSON.stringify({ detail: [{ msg: 'field required', input: 'my secret prompt' }] }),
      ),
      code: 'ERR_INVALID_REQUEST',
      details: { upstream: { status: 422, excerpt: 'field required' } },
    },
    {
      rule: 'with JSON of no known form blames the request, and its text is not shown',
      engine: says(400, asJson, '{"echo":"my secret prompt"}'),
      code: 'ERR_INVALID_REQUEST',
      details: { upstream: { status: 400, excerpt: '' } },
    },
    {
      rule: 'with broken JSON blames the request',
      engine: says(400, asJson, '{"error":'),
      code: 'ERR_INVALID_REQUEST',
      details: { upstream: { status: 400, excerpt: '{"error":' } },
    },
    {
      rule: 'at great length is heard only so far',
      engine: says(400, { 'content-type': 'text/plain' }, 'x'.repeat(60_000)),
      code: 'ERR_INVALID_REQUEST',
      details: { upstream: { status: 400, excerpt: 'x'.repeat(500) } },
    },
    {
      rule: 'without end is cut short',
      engine: says(400, asJson, errorOf('x'.repeat(1_000_000))),
      code: 'ERR_INVALID_REQUEST',
      details: { upstream: { status: 400, excerpt: '' } },
    },
  ]
  for (const { rule, engine: misbehaviour, code, details } of cases) {
    test(rule, async () => {
      const { engine, runtime } = await startedRuntime()
      engine.misbehaveOnce(misbehaviour)
      const error = await failure(runtime.generate(chatRequest(), soon()))
      assert.equal(error.code, code)
      assert.deepEqual(error.details, details)
      await isIdle(runtime)
    })
  }

  test('as OpenAI does is passed on, status and body', async () => {
    const { engine, runtime } = await startedRuntime()
    const text = '{ "error": {"message": "max_tokens is too large", "code": 400} }'
    engine.misbehaveOnce(says(400, asJson, text))
    const reply = await runtime.generate(chatRequest(), soon())
    assert.equal(reply.status, 400)
    assert.equal(reply.headers['content-type'], 'application/json')
    assert.equal(await readText(reply), text)
  })
})

describe('an engine that is not one', () => {
  test('answers with a page, which is no answer', async () => {
    const { engine, runtime } = await startedRuntime()
    for (const request of [chatRequest(), streamRequest()]) {
      engine.misbehaveOnce(says(200, asHtml, HTML))
      const error = await failure(runtime.generate(request, soon()))
      assert.equal(error.code, 'ERR_ENGINE')
      assert.match(error.message, /found text\/html/)
    }
    await isIdle(runtime)
  })

  test('answers with nothing that says what it is', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(says(200, {}, 'fine'))
    assert.equal((await failure(runtime.generate(chatRequest(), soon()))).code, 'ERR_ENGINE')
  })

  test('streams to a client that did not ask for a stream', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(says(200, { 'content-type': 'text/event-stream' }, 'data: {}\n\n'))
    assert.equal((await failure(runtime.generate(chatRequest(), soon()))).code, 'ERR_ENGINE')
  })

  test('does not speak HTTP at all', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(response => {
      response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n')
    })
    assert.equal((await failure(runtime.generate(chatRequest(), soon()))).code, 'ERR_ENGINE')
    await isIdle(runtime)
  })
})

describe('an engine that goes away', () => {
  test('before it answers has failed, and is not asked twice', async () => {
    const { engine, runtime } = await startedRuntime()
    // The next request opens a fresh connection.
    engine.cutConnections()
    engine.misbehaveOnce(response => {
      response.destroy()
    })
    const error = await failure(runtime.generate(chatRequest(), soon()))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.equal(error.kind.retry, 'elsewhere')
    assert.equal(engine.heard.length, 1)
    await isIdle(runtime)
  })

  test('in the middle has failed after the bytes that came', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(response => {
      streamHead(response)
      response.write('data: {"half":', () => response.destroy())
    })
    const { chunks } = await runtime.generate(streamRequest(), soon())
    const received: Uint8Array[] = []
    const error = await failure(
      (async () => {
        for await (const chunk of chunks) received.push(chunk)
      })(),
    )
    assert.equal(error.code, 'ERR_ENGINE')
    assert.match(error.message, /after 14 bytes/)
    assert.equal(error.details['receivedBytes'], 14)
    assert.equal(Buffer.concat(received).toString(), 'data: {"half":')
    await isIdle(runtime)
  })

  test('while nobody reads has failed too, after what it had said', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(response => {
      streamHead(response)
      response.write('data: 1\n\n', () => response.destroy())
    })
    const { chunks } = await runtime.generate(streamRequest(), soon())
    await isIdle(runtime)
    const reader = chunks[Symbol.asyncIterator]()
    assert.equal(Buffer.from((await reader.next()).value).toString(), 'data: 1\n\n')
    assert.equal((await failure(reader.next())).code, 'ERR_ENGINE')
  })

  test('before all the bytes it announced has failed', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(response => {
      response.writeHead(200, { ...asJson, 'content-length': 100, connection: 'close' })
      response.write('{"id":', () => response.destroy())
    })
    const error = await failure(runtime.generate(chatRequest(), soon()).then(readText))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.equal(error.details['receivedBytes'], 6)
  })

  test('altogether refuses the connection, and its models go at once', async () => {
    const { engine, runtime, clock } = await startedRuntime({ failuresMax: 1 })
    await engine.close()
    const error = await failure(runtime.generate(chatRequest(), soon()))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.equal(error.details['cause'], 'ECONNREFUSED')

    clock.advance(500)
    await eventually(() => assert.deepEqual(runtime.models(), []))
    assert.match(runtime.description, /not answering: .*ECONNREFUSED/)
    assert.equal(
      (await failure(runtime.generate(chatRequest(), soon()))).code,
      'ERR_MODEL_NOT_FOUND',
    )
  })
})

test('a request on a connection that the engine has just closed is sent once more', async () => {
  const { engine, runtime } = await startedRuntime()
  // As many as the pool may take turns with, so that each has carried an answer.
  const useConnections = async () => {
    for (let round = 0; round < 4; round += 1) {
      await readText(await runtime.generate(chatRequest(), soon()))
    }
    engine.heard.length = 0
  }
  const closesUnheard: Misbehaviour = response => {
    response.destroy()
  }

  await useConnections()
  engine.misbehaveOnce(closesUnheard)
  await readJson(await runtime.generate(chatRequest(), soon()))
  assert.equal(engine.heard.length, 2)

  await useConnections()
  engine.misbehaveOnce(closesUnheard)
  engine.misbehaveOnce(closesUnheard)
  const error = await failure(runtime.generate(chatRequest(), soon()))
  assert.equal(error.code, 'ERR_ENGINE')
  assert.equal(engine.heard.length, 2)
  await isIdle(runtime)
})

describe('an engine that is silent', () => {
  test('before its first byte is given up at the deadline', async () => {
    const { engine, runtime, clock } = await startedRuntime({ headersTimeoutMs: 1_000 })
    engine.misbehaveOnce(() => {})
    const pending = failure(runtime.generate(chatRequest(), soon()))
    await eventually(() => assert.equal(engine.heard.length, 1))

    clock.advance(999)
    assert.equal(runtime.load().models[0]?.runningCount, 1)
    clock.advance(1)

    const error = await pending
    assert.equal(error.code, 'ERR_DEADLINE_EXCEEDED')
    await eventually(() => assert.equal(engine.runningCount, 0))
    await isIdle(runtime)
  })

  test('in the middle is given up, but only after so long without a byte', async () => {
    const { engine, runtime, clock } = await startedRuntime({ chunkTimeoutMs: 1_000 })
    let write = (_text: string) => {}
    engine.misbehaveOnce(response => {
      streamHead(response)
      write = text => response.write(text)
      write('data: 1\n\n')
    })
    const { chunks } = await runtime.generate(streamRequest(), soon())
    const reader = chunks[Symbol.asyncIterator]()
    await reader.next()

    clock.advance(900)
    write('data: 2\n\n')
    await reader.next()
    clock.advance(999)
    const pending = failure(reader.next())
    clock.advance(1)

    const error = await pending
    assert.equal(error.code, 'ERR_DEADLINE_EXCEEDED')
    assert.equal(error.details['receivedBytes'], 18)
    await eventually(() => assert.equal(engine.runningCount, 0))
  })

  test('is not blamed for a reader that is slow', async () => {
    const { engine, runtime, clock } = await startedRuntime({
      bufferMaxBytes: 1_024,
      chunkTimeoutMs: 1_000,
    })
    const event = `data: ${'x'.repeat(2_000)}\n\n`
    engine.misbehaveOnce(response => {
      streamHead(response)
      response.write(event)
      response.end(event)
    })
    const { chunks } = await runtime.generate(streamRequest(), soon())
    const reader = chunks[Symbol.asyncIterator]()
    await reader.next()
    clock.advance(60_000)

    let text = ''
    for (let step = await reader.next(); step.done !== true; step = await reader.next()) {
      text += Buffer.from(step.value).toString()
      clock.advance(900)
    }
    assert.isAbove(text.length, 0)
  })
})

describe('an engine that would never stop', () => {
  test('stops at once when its client goes away', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(streamWithoutEnd)
    const gone = new AbortController()
    const { chunks } = await runtime.generate(streamRequest(), gone.signal)
    await chunks[Symbol.asyncIterator]().next()
    assert.equal(engine.runningCount, 1)

    gone.abort(new Error('gone'))

    assert.equal(runtime.load().models[0]?.runningCount, 0)
    await eventually(() => assert.equal(engine.runningCount, 0))
  })

  test('stops at once when its reader breaks off', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(streamWithoutEnd)
    const { chunks } = await runtime.generate(streamRequest(), soon())
    for await (const chunk of chunks) {
      assert.isAbove(chunk.length, 0)
      break
    }
    assert.equal(runtime.load().models[0]?.runningCount, 0)
    await eventually(() => assert.equal(engine.runningCount, 0))
  })
})
