/**
 * How busy an engine is, as far as it shows from outside; and the bound on what it is given.
 */
import { assert, describe, test } from 'vitest'
import type { ModelLoad } from '../../../src/core/peer-state.ts'
import { readText } from '../../compliance/read-answer.ts'
import { CHAT_MODEL, type FakeEngine, streamHead } from './fake-engine.ts'
import {
  chatRequest,
  eventually,
  failure,
  isIdle,
  soon,
  startedRuntime,
  streamRequest,
  type UnderTest,
} from './under-test.ts'

/** A stream that the test feeds event by event. */
function heldStream(engine: FakeEngine): { write(events: number): void; end(): void } {
  const held = { write: (_events: number) => {}, end: () => {} }
  engine.misbehaveOnce(response => {
    streamHead(response)
    response.flushHeaders()
    held.write = count => response.write('data: {}\n\n'.repeat(count))
    held.end = () => response.end()
  })
  return held
}

describe('requests beyond what the engine takes at once', () => {
  test('wait in order, and beyond the queue are refused', async () => {
    const { engine, runtime } = await startedRuntime({ parallelMax: 1, queueMax: 3 })
    const stream = heldStream(engine)
    const running = await runtime.generate(streamRequest(), soon())
    const order: number[] = []
    const waiting = [0, 1, 2].map(async index => {
      const reply = await runtime.generate(chatRequest(), soon())
      order.push(index)
      return readText(reply)
    })
    await eventually(() => assert.equal(runtime.load().models[0]?.queuedCount, 3))
    assert.equal(runtime.load().models[0]?.runningCount, 1)

    const error = await failure(runtime.generate(chatRequest(), soon()))
    assert.equal(error.code, 'ERR_OVERLOADED')
    assert.equal(error.details['retryAfterMs'], 1_000)
    assert.equal(engine.heard.length, 1)

    stream.end()
    await Promise.all([readText(running), ...waiting])
    assert.deepEqual(order, [0, 1, 2])
    await isIdle(runtime)
  })

  test('leave the queue when they are cancelled, and make room', async () => {
    const { engine, runtime } = await startedRuntime({ parallelMax: 1, queueMax: 1 })
    const stream = heldStream(engine)
    const running = await runtime.generate(streamRequest(), soon())
    const gone = new AbortController()
    const cancelled = runtime.generate(chatRequest(), gone.signal).catch((error: unknown) => error)
    await eventually(() => assert.equal(runtime.load().models[0]?.queuedCount, 1))

    const reason = new Error('gone')
    gone.abort(reason)
    assert.equal(await cancelled, reason)
    assert.equal(runtime.load().models[0]?.queuedCount, 0)

    const next = runtime.generate(chatRequest(), soon())
    stream.end()
    await readText(running)
    await readText(await next)
    assert.equal(engine.heard.length, 2)
  })

  test('that wait are refused when the runtime closes', async () => {
    const { engine, runtime } = await startedRuntime({ parallelMax: 1, queueMax: 1 })
    heldStream(engine)
    await runtime.generate(streamRequest(), soon())
    const waiting = failure(runtime.generate(chatRequest(), soon()))
    await eventually(() => assert.equal(runtime.load().models[0]?.queuedCount, 1))

    await runtime.close()

    assert.equal((await waiting).code, 'ERR_STOPPING')
  })

  test('are told to return when the queue will have moved', async () => {
    const { engine, runtime, clock } = await startedRuntime({ parallelMax: 1, queueMax: 0 })
    const first = heldStream(engine)
    const answer = await runtime.generate(streamRequest(), soon())
    clock.advance(30_000)
    first.end()
    await readText(answer)

    heldStream(engine)
    await runtime.generate(streamRequest(), soon())
    const error = await failure(runtime.generate(chatRequest(), soon()))
    assert.equal(error.details['retryAfterMs'], 30_000)
  })
})

describe('the load of a model', () => {
  const loadOf = ({ runtime }: UnderTest): ModelLoad =>
    runtime.load().models.find(load => load.model === CHAT_MODEL) ?? assert.fail('no load')

  test('is nothing before the first request', async () => {
    assert.deepEqual(loadOf(await startedRuntime()), {
      model: CHAT_MODEL,
      latencyP95Ms: undefined,
      queuedCount: 0,
      runningCount: 0,
      prefillTokensLeft: 0,
      decodeTokensLeft: 0,
      prefillTokensPerSecond: 0,
      decodeTokensPerSecond: 0,
    })
  })

  test('follows a stream from prompt to end, and measures both rates', async () => {
    const under = await startedRuntime()
    const { engine, runtime, clock } = under
    const stream = heldStream(engine)
    const request = streamRequest()
    const promptTokens = Math.ceil(request.body.length / 4)
    const { chunks } = await runtime.generate(request, soon())
    const reader = chunks[Symbol.asyncIterator]()
    const busy = { model: CHAT_MODEL, queuedCount: 0, runningCount: 1 }
    assert.deepInclude(loadOf(under), {
      ...busy,
      prefillTokensLeft: promptTokens,
      decodeTokensLeft: 128,
    })

    clock.advance(100)
    stream.write(1)
    await reader.next()
    assert.deepInclude(loadOf(under), {
      ...busy,
      prefillTokensLeft: 0,
      decodeTokensLeft: 127,
      prefillTokensPerSecond: promptTokens * 10,
    })

    clock.advance(1_000)
    stream.write(39)
    await reader.next()
    stream.end()
    assert.equal((await reader.next()).done, true)
    assert.deepInclude(loadOf(under), { decodeTokensPerSecond: 40, runningCount: 0 })

    // The next answer is expected to be as long as this one was.
    heldStream(engine)
    await runtime.generate(streamRequest(), soon())
    assert.deepInclude(loadOf(under), { decodeTokensLeft: 40 })
  })

  test('learns nothing of speed from refusals and from answers in one piece', async () => {
    const under = await startedRuntime()
    const { engine, runtime, clock } = under
    engine.misbehaveOnce(response => {
      clock.advance(5)
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end('{"error":{"message":"no"}}')
    })
    await readText(await runtime.generate(streamRequest(), soon()))
    await readText(await runtime.generate(chatRequest(), soon()))
    await isIdle(runtime)
    const rates = { prefillTokensPerSecond: 0, decodeTokensPerSecond: 0 }
    assert.deepInclude(loadOf(under), rates)
  })
})
