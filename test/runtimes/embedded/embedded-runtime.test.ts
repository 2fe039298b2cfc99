/**
 * The embedded engine on random weights: batch, queue, cancellation, limits, backpressure.
 *
 * The noise is steered where a test needs it: a bias on one token makes the model say that token
 * for ever, so lengths are known.
 */
import { afterAll, assert, beforeAll, describe, test, vi } from 'vitest'
import type { ModelLoad } from '../../../src/core/peer-state.ts'
import type { Runtime } from '../../../src/node/runtime.ts'
import { CHUNKS_AHEAD_MAX } from '../../../src/runtimes/embedded/answer.ts'
import { readChatStream } from '../../compliance/read-answer.ts'
import { answerTo, chat, refusal, requestOf, soon } from './ask.ts'
import { demoRuntime } from './demo-runtime.ts'
import { type ModelOnDisk, onDisk, randomModel } from './random-model.ts'

/** The model says `A`, whatever its weights. */
const SAY_A = { logit_bias: { 65: 100 }, temperature: 0 }

const CONTEXT_TOKENS = 1_024
const PARALLEL_MAX = 2
const QUEUE_MAX = 2

/** For what comes by itself; only a hang reaches the end. */
const PATIENCE = { timeout: 10_000 }

let file: ModelOnDisk
let runtime: Runtime

beforeAll(async () => {
  file = onDisk(randomModel(7))
  runtime = demoRuntime({
    modelPath: file.path,
    parallelMax: PARALLEL_MAX,
    queueMax: QUEUE_MAX,
    contextTokens: CONTEXT_TOKENS,
  })
  await runtime.start(soon())
})

afterAll(async () => {
  await runtime.close()
  file.remove()
})

function load(): ModelLoad {
  const [only] = runtime.load().models
  assert.ok(only !== undefined)
  return only
}

/** Tokens that running requests hold. */
const heldTokens = () => Math.round((load().kvUsedRatio ?? 0) * CONTEXT_TOKENS * PARALLEL_MAX)

/** A stream that nobody reads yet, so it keeps its place in the batch. */
async function holdPlace(signal: AbortSignal) {
  return await runtime.generate(
    chat(runtime, 'hold', { ...SAY_A, max_tokens: 800, stream: true }),
    signal,
  )
}

const becomesIdle = () =>
  vi.waitFor(() => assert.equal(load().runningCount + load().queuedCount, 0), PATIENCE)

describe('an answer', () => {
  test('ends at max_tokens with reason length, and counts its tokens', async () => {
    const answer = await answerTo(runtime, chat(runtime, 'hi', { ...SAY_A, max_tokens: 5 }))
    assert.equal(answer.text, 'AAAAA')
    assert.equal(answer.reason, 'length')
    assert.equal(answer.completionTokens, 5)
    // <bos> <im_start> user \n hi <im_end> \n <im_start> assistant \n, a letter a token.
    assert.equal(answer.promptTokens, 22)
  })

  test('ends before a stop sequence, of which nothing is seen', async () => {
    const fields = { ...SAY_A, max_tokens: 50, stop: ['AAA'] }
    const answer = await answerTo(runtime, chat(runtime, 'hi', fields))
    assert.equal(answer.text, '')
    assert.equal(answer.reason, 'stop')
  })

  test('is cut at the end of the context if max_tokens reaches beyond', async () => {
    const prompt = 'x'.repeat(CONTEXT_TOKENS - 100)
    const answer = await answerTo(runtime, chat(runtime, prompt, { ...SAY_A, max_tokens: 9_999 }))
    assert.equal(answer.reason, 'length')
    assert.equal(answer.promptTokens + answer.completionTokens, CONTEXT_TOKENS)
  })

  test('is the same for the same seed, and another for another', async () => {
    const say = (seed: number) =>
      answerTo(runtime, chat(runtime, 'hi', { seed, temperature: 1, max_tokens: 40 }))
    const first = await say(3)
    assert.equal((await say(3)).text, first.text)
    assert.notEqual((await say(4)).text, first.text)
  })

  test('differs from call to call if the client gives no seed', async () => {
    const say = () => answerTo(runtime, chat(runtime, 'hi', { temperature: 1, max_tokens: 40 }))
    assert.notEqual((await say()).text, (await say()).text)
  })

  test('starts from what the cache holds of its prompt, and says how much', async () => {
    const prompt = 'a prompt that no other test has'
    const fields = { ...SAY_A, max_tokens: 3 }
    const fresh = await answerTo(runtime, chat(runtime, prompt, fields))
    const again = await answerTo(runtime, chat(runtime, prompt, fields))
    assert.isBelow(fresh.cachedTokens, 10)
    assert.equal(again.cachedTokens, again.promptTokens - 1)
    assert.equal(again.text, fresh.text)
  })

  test('is valid UTF-8 in every chunk, though the model speaks noise', async () => {
    const fields = { temperature: 1, seed: 1, max_tokens: 300, stream: true }
    const { chunks } = await runtime.generate(chat(runtime, 'hi', fields), soon())
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for await (const chunk of chunks) {
      const event = decoder.decode(chunk)
      assert.match(event, /^data: .*\n\n$/)
    }
  })
})

describe('a request', () => {
  test('whose prompt fills the context is refused with both numbers', async () => {
    const pending = runtime.generate(chat(runtime, 'x'.repeat(CONTEXT_TOKENS)), soon())
    const { details, message } = await refusal(pending, 'ERR_INVALID_REQUEST')
    assert.equal(details['code'], 'context_length_exceeded')
    assert.include(message, String(details['promptTokens']))
    assert.include(message, String(CONTEXT_TOKENS))
  })

  test('whose prompt is far too long is refused without cutting it into tokens', async () => {
    const pending = runtime.generate(chat(runtime, 'x'.repeat(10_000_000)), soon())
    const { details, message } = await refusal(pending, 'ERR_INVALID_REQUEST')
    assert.equal(details['code'], 'context_length_exceeded')
    assert.include(message, 'found at least')
  })

  test('with token ids beyond the vocabulary is refused', async () => {
    const request = requestOf(runtime, 'completions', { prompt: [1, 260] })
    const { details } = await refusal(runtime.generate(request, soon()), 'ERR_INVALID_REQUEST')
    assert.equal(details['param'], 'prompt')
  })

  test('with a tool result for no call is refused', async () => {
    const messages = [{ role: 'tool', content: 'x', tool_call_id: 'call_1' }]
    const request = requestOf(runtime, 'chat/completions', { messages })
    const { details } = await refusal(runtime.generate(request, soon()), 'ERR_INVALID_REQUEST')
    assert.equal(details['param'], 'messages.0.tool_call_id')
  })
})

describe('the batch', () => {
  test('decodes several requests together, each as if alone', async () => {
    const fields = { temperature: 1, seed: 5, max_tokens: 30 }
    const prompts = ['one', 'two']
    const alone: string[] = []
    for (const prompt of prompts) {
      alone.push((await answerTo(runtime, chat(runtime, prompt, fields))).text)
    }
    const together = await Promise.all(
      prompts.map(prompt => answerTo(runtime, chat(runtime, prompt, fields))),
    )
    assert.deepEqual(
      together.map(answer => answer.text),
      alone,
    )
  })

  test('queues what does not fit, and refuses what does not fit the queue', async () => {
    const gone = new AbortController()
    const held = new AbortController()
    const holders = Array.from({ length: PARALLEL_MAX }, (_, index) =>
      index === 0 ? gone.signal : held.signal,
    )
    await Promise.all(holders.map(signal => holdPlace(signal)))
    const ended: number[] = []
    const waiting = Array.from({ length: QUEUE_MAX }, async (_, index) => {
      await answerTo(runtime, chat(runtime, 'next', { ...SAY_A, max_tokens: 2 }))
      ended.push(index)
    })
    await vi.waitFor(() => assert.equal(load().queuedCount, QUEUE_MAX), PATIENCE)
    assert.equal(load().runningCount, PARALLEL_MAX)
    assert.isAbove(load().prefillTokensLeft, 0)

    const refused = await refusal(runtime.generate(chat(runtime, 'late'), soon()), 'ERR_OVERLOADED')
    assert.isAbove(Number(refused.details['retryAfterMs']), 0)

    // One place for both: together they would end in any order.
    gone.abort()
    await Promise.all(waiting)
    assert.deepEqual(ended, [0, 1])
    held.abort()
    await becomesIdle()
  })

  test('frees a place in the queue at once when its request is cancelled', async () => {
    const holding = new AbortController()
    await Promise.all(Array.from({ length: PARALLEL_MAX }, () => holdPlace(holding.signal)))
    const gone = new AbortController()
    const waiting = runtime.generate(chat(runtime, 'next'), gone.signal).catch(error => error)
    await vi.waitFor(() => assert.equal(load().queuedCount, 1), PATIENCE)

    const reason = new Error('gone')
    gone.abort(reason)

    assert.equal(await waiting, reason)
    assert.equal(load().queuedCount, 0)
    holding.abort()
    await becomesIdle()
  })

  test('makes no more tokens for a request that is cancelled', async () => {
    const gone = new AbortController()
    const user = { role: 'user', content: 'soon gone' }
    const body = { messages: [user], ...SAY_A, max_tokens: 800, stream: true }
    await runtime.generate(requestOf(runtime, 'chat/completions', body), gone.signal)
    gone.abort()
    await becomesIdle()

    // What the cache holds of a longer answer tells how long the cancelled one became.
    const messages = [user, { role: 'assistant', content: 'A'.repeat(800) }]
    const probe = requestOf(runtime, 'chat/completions', { messages, ...SAY_A, max_tokens: 1 })
    const { cachedTokens } = await answerTo(runtime, probe)
    assert.isBelow(cachedTokens, 800)
  })

  test('pauses a stream that nobody reads, and nobody else', async () => {
    const unread = await holdPlace(soon())
    const other = await answerTo(runtime, chat(runtime, 'other', { ...SAY_A, max_tokens: 600 }))
    assert.equal(other.completionTokens, 600)
    await vi.waitFor(() => assert.isAtLeast(heldTokens(), CHUNKS_AHEAD_MAX), PATIENCE)
    await answerTo(runtime, chat(runtime, 'another', { ...SAY_A, max_tokens: 300 }))
    assert.isAtMost(heldTokens(), CHUNKS_AHEAD_MAX + 40)

    const { text } = await readChatStream(unread)
    assert.equal(text, 'A'.repeat(800))
    await becomesIdle()
  })

  test('measures its rates', async () => {
    await answerTo(runtime, chat(runtime, 'hi', { ...SAY_A, max_tokens: 5 }))
    assert.isAbove(load().prefillTokensPerSecond, 0)
    assert.isAbove(load().decodeTokensPerSecond, 0)
  })

  test('holds nothing after its requests ended', async () => {
    await becomesIdle()
    const { prefillTokensLeft, decodeTokensLeft, kvUsedRatio } = load()
    assert.deepEqual([prefillTokensLeft, decodeTokensLeft, kvUsedRatio], [0, 0, 0])
  })
})
