/**
 * The rules every engine adapter obeys, whatever makes its tokens. See `src/node/runtime.ts`.
 *
 * An adapter's own test calls `runtimeCompliance` with a way to make one of it. Engines differ
 * in speed, so no rule looks at how long a thing takes; each wait has a deadline so far out that
 * only a hang reaches it.
 */
import { afterAll, assert, beforeAll, describe, test, vi } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import type { ModelLoad } from '../../src/core/peer-state.ts'
import type { Endpoint, Runtime, RuntimeAnswer, RuntimeRequest } from '../../src/node/runtime.ts'
import {
  chatCompletion,
  embeddingList,
  openaiError,
  readChatStream,
  readJson,
  readText,
  textCompletion,
} from './read-answer.ts'

export interface RuntimeUnderTest {
  /** Not started yet. */
  readonly runtime: Runtime
  /** One that it serves for chat. */
  readonly model: string
  /** Closes the runtime and whatever stands behind it. */
  close(): Promise<void>
}

export interface RuntimeTraits {
  /** `max_tokens` of requests that run to their end. */
  readonly answerTokens?: number
  /** `max_tokens` of requests that are stopped in the middle: too many to be made at once. */
  readonly longAnswerTokens?: number
  /** Longest that anything may take, loading included, before the test calls it a hang. */
  readonly deadlineMs?: number
}

interface Ask {
  readonly model: string
  readonly tokens: number
  readonly isStream?: boolean
}

const CONCURRENT_COUNT = 8

const bytesOf = (text: string) => new TextEncoder().encode(text)

function requestOf(endpoint: Endpoint, model: string, body: object | string): RuntimeRequest {
  const isStream = typeof body === 'object' && 'stream' in body && body.stream === true
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { endpoint, model, isStream, body: bytesOf(text), headers: {} }
}

function chatRequest({ model, tokens, isStream = false }: Ask): RuntimeRequest {
  return requestOf('chat/completions', model, {
    model,
    messages: [{ role: 'user', content: 'Say something.' }],
    max_tokens: tokens,
    ...(isStream ? { stream: true, stream_options: { include_usage: true } } : {}),
  })
}

function assertSane(load: ModelLoad): void {
  const { model, kvUsedRatio = 0, hotPrefixes = [], unready, ...rest } = load
  assert.ok(hotPrefixes.every(hash => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32))
  assert.ok((unready?.progressRatio ?? 0) >= 0 && (unready?.progressRatio ?? 0) <= 1)
  assert.notEqual(model, '')
  assert.ok(kvUsedRatio >= 0 && kvUsedRatio <= 1, `kvUsedRatio of ${model} is ${kvUsedRatio}`)
  for (const [name, value] of Object.entries(rest)) {
    const isSane = value === undefined || (Number.isFinite(value) && value >= 0)
    assert.ok(isSane, `${name} of ${model} is ${value}`)
  }
  assert.ok(Number.isInteger(load.queuedCount))
  assert.ok(Number.isInteger(load.runningCount))
}

/** Requests queued and running, over all models; checks the load on the way. */
function busyCount(runtime: Runtime): number {
  const { models } = runtime.load()
  models.forEach(assertSane)
  assert.equal(new Set(models.map(load => load.model)).size, models.length, 'one load per model')
  return models.reduce((sum, load) => sum + load.queuedCount + load.runningCount, 0)
}

/** Polls, since an engine may need a moment to stop. */
async function becomesIdle(runtime: Runtime, deadlineMs: number): Promise<void> {
  const options = { timeout: deadlineMs, interval: 5 }
  await vi.waitFor(() => assert.equal(busyCount(runtime), 0, 'requests left'), options)
}

/** What the promise is rejected with; fails if it is not. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('expected a rejection, found a result'),
    (error: unknown) => error,
  )
}

/** A refusal is an error of ours or an answer of the engine that a client library understands. */
async function assertRefused(pending: Promise<RuntimeAnswer>): Promise<void> {
  const answer = await pending.catch((error: unknown) => {
    assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'), `found ${String(error)}`)
  })
  if (answer === undefined) return
  assert.ok(answer.status >= 400 && answer.status < 500, `the status is ${answer.status}`)
  openaiError.parse(await readJson(answer))
}

async function firstChunk(answer: RuntimeAnswer): Promise<AsyncIterator<Uint8Array>> {
  const chunks = answer.chunks[Symbol.asyncIterator]()
  const { done } = await chunks.next()
  assert.notEqual(done, true, 'a chunk comes')
  return chunks
}

/** @param make Called a few times; each result is closed by the suite. */
export function runtimeCompliance(
  name: string,
  make: () => Promise<RuntimeUnderTest>,
  traits: RuntimeTraits = {},
): void {
  const { answerTokens = 12, longAnswerTokens = 400, deadlineMs = 15_000 } = traits
  const soon = () => AbortSignal.timeout(deadlineMs)
  const limit = { timeout: 2 * deadlineMs }

  describe(`${name} as a runtime`, limit, () => {
    let under: RuntimeUnderTest
    let changeCount = 0
    const chat = (ask: Partial<Ask> = {}) =>
      chatRequest({ model: under.model, tokens: answerTokens, ...ask })
    const longChat = () => chat({ tokens: longAnswerTokens, isStream: true })

    beforeAll(async () => {
      under = await make()
      under.runtime.onModelsChanged(() => {
        changeCount += 1
      })
      const knownCount = under.runtime.models().length
      await under.runtime.start(soon())
      assert.ok(changeCount > 0 || knownCount > 0, 'listeners hear that models appeared')
    }, limit.timeout)

    afterAll(async () => {
      await under.close()
    }, limit.timeout)

    test('serves the model once it has started', () => {
      const models = under.runtime.models()
      const found = models.find(model => model.id === under.model)
      assert.include(found?.capabilities ?? [], 'chat')
      assert.equal(new Set(models.map(model => model.id)).size, models.length, 'ids are unique')
      assert.notEqual(under.runtime.name, '')
      assert.notEqual(under.runtime.description, '')
    })

    test('answers a chat with one JSON object that counts its tokens', async () => {
      const answer = await under.runtime.generate(chat(), soon())
      assert.equal(answer.status, 200)
      const { choices, usage } = chatCompletion.parse(await readJson(answer))
      assert.notEqual(choices[0]?.message.content, '')
      assert.isAbove(usage.prompt_tokens, 0)
      assert.isAtMost(usage.completion_tokens, answerTokens)
      assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
      await becomesIdle(under.runtime, deadlineMs)
    })

    test('streams a chat as events, usage and [DONE] last', async () => {
      const answer = await under.runtime.generate(chat({ isStream: true }), soon())
      assert.equal(answer.status, 200)
      const { text, finishReasons, usages, endsWithDone } = await readChatStream(answer)
      assert.notEqual(text, '')
      assert.equal(finishReasons.length, 1)
      assert.isAbove(usages.at(-1)?.total_tokens ?? 0, 0)
      assert.ok(endsWithDone)
      await becomesIdle(under.runtime, deadlineMs)
    })

    test('completes a text if its model has the capability', async () => {
      const facts = under.runtime.models().find(model => model.capabilities.includes('completion'))
      if (facts === undefined) return
      const body = { model: facts.id, prompt: 'Once', max_tokens: answerTokens }
      const answer = await under.runtime.generate(requestOf('completions', facts.id, body), soon())
      textCompletion.parse(await readJson(answer))
    })

    test('embeds if a model has the capability, and else refuses', async () => {
      const facts = under.runtime.models().find(each => each.capabilities.includes('embedding'))
      const model = facts?.id ?? under.model
      const request = requestOf('embeddings', model, { model, input: ['one', 'two'] })
      const pending = under.runtime.embed(request, soon())
      if (facts === undefined) return assertRefused(pending)

      const { data } = embeddingList.parse(await readJson(await pending))
      assert.deepEqual(
        data.map(item => item.index),
        [0, 1],
      )
      assert.isAbove(data[0]?.embedding.length ?? 0, 0)
    })

    test('refuses a model it does not serve', async () => {
      const pending = under.runtime.generate(chat({ model: 'no-such-model' }), soon())
      const error = await rejection(pending)
      assert.ok(hasCode(error, 'ERR_MODEL_NOT_FOUND'), `found ${String(error)}`)
    })

    test('refuses a body that is not JSON, and one of the wrong shape', async () => {
      for (const body of ['{"model":', JSON.stringify({ model: under.model, messages: 'hi' })]) {
        const request = requestOf('chat/completions', under.model, body)
        await assertRefused(under.runtime.generate(request, soon()))
      }
      await becomesIdle(under.runtime, deadlineMs)
    })

    test('does not begin a request whose signal is aborted already', async () => {
      const reason = new Error('gone before')
      const pending = under.runtime.generate(chat(), AbortSignal.abort(reason))
      assert.equal(await rejection(pending), reason)
      assert.equal(busyCount(under.runtime), 0)
    })

    test('stops a request that is aborted before its head', async () => {
      const gone = new AbortController()
      const reason = new Error('gone early')
      const pending = under.runtime.generate(longChat(), gone.signal)
      gone.abort(reason)
      assert.equal(await rejection(pending.then(readText)), reason)
      await becomesIdle(under.runtime, deadlineMs)
    })

    test('stops a request that is aborted in the middle, with the reason given', async () => {
      const gone = new AbortController()
      const chunks = await firstChunk(await under.runtime.generate(longChat(), gone.signal))
      assert.isAbove(busyCount(under.runtime), 0)

      const reason = new Error('gone in the middle')
      gone.abort(reason)
      assert.equal(await rejection(chunks.next()), reason)
      await becomesIdle(under.runtime, deadlineMs)
    })

    test('stops a request whose reader breaks off', async () => {
      const { chunks } = await under.runtime.generate(longChat(), soon())
      for await (const chunk of chunks) {
        assert.isAbove(chunk.length, 0)
        break
      }
      await becomesIdle(under.runtime, deadlineMs)
    })

    test('completes concurrent requests, and its load is sane throughout', async () => {
      const asks = Array.from({ length: CONCURRENT_COUNT }, (_, index) =>
        chat({ isStream: index % 2 === 0 }),
      )
      const lengths = await Promise.all(
        asks.map(async ask => {
          const { status, chunks } = await under.runtime.generate(ask, soon())
          assert.equal(status, 200)
          let lengthBytes = 0
          for await (const chunk of chunks) {
            lengthBytes += chunk.length
            assert.isAtMost(busyCount(under.runtime), CONCURRENT_COUNT)
          }
          return lengthBytes
        }),
      )
      assert.ok(
        lengths.every(length => length > 0),
        `lengths ${lengths}`,
      )
      await becomesIdle(under.runtime, deadlineMs)
    })

    test('takes nothing after close, and ends what ran', async () => {
      const other = await make()
      try {
        await other.runtime.start(soon())
        const ask = { model: other.model, tokens: longAnswerTokens, isStream: true }
        const chunks = await firstChunk(await other.runtime.generate(chatRequest(ask), soon()))

        await other.runtime.close()

        const cut = await rejection(chunks.next())
        assert.ok(hasCode(cut, 'ERR_STOPPING'), `found ${String(cut)}`)
        const late = await rejection(other.runtime.generate(chatRequest(ask), soon()))
        assert.ok(hasCode(late, 'ERR_STOPPING'), `found ${String(late)}`)
        await other.runtime.close()
        assert.equal(busyCount(other.runtime), 0)
      } finally {
        await other.close()
      }
    })
  })
}
