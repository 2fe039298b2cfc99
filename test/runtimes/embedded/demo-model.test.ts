/**
 * The toy model that ships: it says readable things, and what the engine adds to it holds.
 *
 * Greedy, so that the words are known. Whether what it says is true is not tested; it is not.
 */
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { z } from 'zod'
import type { Runtime } from '../../../src/node/runtime.ts'
import { embeddingList, eventData, readJson, readText } from '../../compliance/read-answer.ts'
import { answerTo, chat, requestOf, soon } from './ask.ts'
import { demoRuntime } from './demo-runtime.ts'

const GREEDY = { temperature: 0, max_tokens: 80 }

const WEATHER_TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', maxLength: 20 }, unit: { enum: ['C', 'F'] } },
      required: ['city'],
    },
  },
}

let runtime: Runtime

beforeAll(async () => {
  runtime = demoRuntime()
  await runtime.start(soon())
})

afterAll(() => runtime.close())

describe('the toy model', () => {
  test('is shown as a toy, with what it is and can', () => {
    const [facts] = runtime.models()
    assert.equal(facts?.id, 'skein-tiny')
    assert.equal(facts?.quantization, 'Q8_0')
    assert.equal(facts?.contextTokens, 1_024)
    assert.include(facts?.caution, 'toy')
    assert.match(runtime.description, /^llama\.cpp on CPU, \d+ threads?/)
  })

  test('answers in readable English and ends by itself', async () => {
    const answer = await answerTo(runtime, chat(runtime, 'What is a peer?', GREEDY))
    assert.match(answer.text, /^A peer is one process of the mesh\./)
    assert.equal(answer.reason, 'stop')
  })

  test('says the same whether its prompt was cached or not, to the last bit', async () => {
    // Beyond what it was trained on it wavers, so the least difference shows.
    const prompt = `${'The quick fox found a red ball in the garden. '.repeat(20)}Hello`
    const request = chat(runtime, prompt, { ...GREEDY, logprobs: true })
    const fresh = await answerTo(runtime, request)
    const cached = await answerTo(runtime, request)
    assert.isAbove(cached.cachedTokens, fresh.cachedTokens)
    assert.equal(cached.text, fresh.text)
    assert.deepEqual(cached.logprobs, fresh.logprobs)
  })

  test('goes on with a conversation from what the cache holds of it', async () => {
    const first = { role: 'user', content: 'What happens when a peer fails?' }
    const opening = requestOf(runtime, 'chat/completions', { ...GREEDY, messages: [first] })
    const { text, promptTokens, completionTokens } = await answerTo(runtime, opening)

    const messages = [first, { role: 'assistant', content: text }, { role: 'user', content: 'Hi' }]
    const request = requestOf(runtime, 'chat/completions', { ...GREEDY, messages })
    const { cachedTokens } = await answerTo(runtime, request)

    // The last token of an answer is said, but not yet read.
    assert.isAtLeast(cachedTokens, promptTokens + completionTokens - 1)
  })

  test('holds to a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 20 },
        city: { enum: ['Rome', 'Paris'] },
        age: { type: 'integer' },
      },
    }
    const response_format = { type: 'json_schema', json_schema: { name: 'person', schema } }
    const prompt = 'Emma lives in Rome. Answer as JSON.'
    const fields = { ...GREEDY, response_format }
    const answer = await answerTo(runtime, chat(runtime, prompt, fields))
    const person = z.strictObject({
      name: z.string().max(20),
      city: z.enum(['Rome', 'Paris']),
      age: z.int(),
    })
    person.parse(JSON.parse(answer.text))
    assert.equal(answer.reason, 'stop')
  })

  test('makes some JSON object if any will do', async () => {
    const fields = { ...GREEDY, response_format: { type: 'json_object' } }
    const prompt = 'Emma lives in Rome. Answer as JSON.'
    const { text } = await answerTo(runtime, chat(runtime, prompt, fields))
    assert.isObject(JSON.parse(text))
  })

  test('calls the tool that it must call, with arguments of its schema', async () => {
    const fields = { ...GREEDY, tools: [WEATHER_TOOL], tool_choice: 'required' }
    const answer = await answerTo(runtime, chat(runtime, 'What is the weather in Paris?', fields))
    assert.equal(answer.reason, 'tool_calls')
    const [call] = answer.toolCalls
    assert.equal(call?.function.name, 'get_weather')
    const parameters = z.strictObject({ city: z.string(), unit: z.enum(['C', 'F']) })
    parameters.parse(JSON.parse(call?.function.arguments ?? ''))
  })

  test('streams a tool call as OpenAI does', async () => {
    const choice = { type: 'function', function: { name: 'get_weather' } }
    const fields = { ...GREEDY, tools: [WEATHER_TOOL], tool_choice: choice, stream: true }
    const request = chat(runtime, 'What is the weather in Paris?', fields)
    const events = eventData(await readText(await runtime.generate(request, soon())))

    assert.equal(events.pop(), '[DONE]')
    const choices = events.map(event => JSON.parse(event).choices[0])
    assert.deepEqual(choices[0].delta, { role: 'assistant', content: '' })
    const [call] = choices[1].delta.tool_calls
    assert.equal(call.type, 'function')
    assert.equal(call.function.name, 'get_weather')
    assert.equal(choices.at(-1).finish_reason, 'tool_calls')
  })

  test('may answer in words when it may also call a tool', async () => {
    const fields = { ...GREEDY, tools: [WEATHER_TOOL] }
    const answer = await answerTo(runtime, chat(runtime, 'Hello', fields))
    assert.notEqual(answer.text, '')
    assert.include(['stop', 'length'], answer.reason)
  })

  test('reads what its tools answered', async () => {
    const call = { id: 'call_1', type: 'function' }
    const messages = [
      { role: 'user', content: 'What is the weather in Paris?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ ...call, function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ]
    const bare = requestOf(runtime, 'chat/completions', {
      ...GREEDY,
      messages: messages.slice(0, 1),
    })
    const full = requestOf(runtime, 'chat/completions', { ...GREEDY, messages })
    const before = await answerTo(runtime, bare)
    const after = await answerTo(runtime, full)
    assert.isAbove(after.promptTokens, before.promptTokens)
  })

  test('tells the probabilities of its tokens', async () => {
    const fields = { ...GREEDY, max_tokens: 3, logprobs: true, top_logprobs: 2 }
    const { logprobs } = await answerTo(runtime, chat(runtime, 'What is a peer?', fields))
    const fact = z.object({
      token: z.string(),
      logprob: z.number().max(0),
      bytes: z.array(z.int()),
    })
    const { content } = z
      .object({ content: z.array(fact.extend({ top_logprobs: z.array(fact) })) })
      .parse(logprobs)
    assert.equal(content.map(({ token }) => token).join(''), 'A peer is')
    for (const { token, top_logprobs } of content) {
      assert.equal(top_logprobs.length, 2)
      assert.equal(top_logprobs[0]?.token, token, 'the likeliest is chosen')
    }
  })

  test('tells as many alternatives as are asked for, also where it samples', async () => {
    const fields = { seed: 1, max_tokens: 3, logprobs: true, top_logprobs: 5 }
    const { logprobs } = await answerTo(runtime, chat(runtime, 'What is a peer?', fields))
    const fact = z.object({ top_logprobs: z.array(z.unknown()) })
    const { content } = z.object({ content: z.array(fact) }).parse(logprobs)
    assert.deepEqual(
      content.map(({ top_logprobs }) => top_logprobs.length),
      [5, 5, 5],
    )
  })

  test('completes a text, with the probabilities of its tokens', async () => {
    const body = { prompt: 'Once upon a time', temperature: 0, logprobs: 1 }
    const answer = await answerTo(runtime, requestOf(runtime, 'completions', body))
    assert.equal(answer.completionTokens, 16, 'as many as OpenAI makes if none are asked for')
    const facts = z.object({ tokens: z.array(z.string()) }).parse(answer.logprobs)
    assert.equal(facts.tokens.length, 16)
  })

  test('embeds texts as vectors of length 1, in either encoding', async () => {
    const input = ['What is a peer?', 'What is a peer?', 'Tell me a story.']
    const embed = async (encoding_format: string) =>
      await runtime.embed(requestOf(runtime, 'embeddings', { input, encoding_format }), soon())

    const { data, usage } = embeddingList.parse(await readJson(await embed('float')))
    const [same, equal, other] = data.map(item => item.embedding)
    assert.ok(same !== undefined)
    assert.approximately(Math.hypot(...same), 1, 1e-6)
    assert.deepEqual(same, equal)
    assert.notDeepEqual(same, other)
    assert.isAbove(usage.prompt_tokens, 0)

    const packed = z.object({ data: z.array(z.object({ embedding: z.string() })) })
    const [first] = packed.parse(await readJson(await embed('base64'))).data
    const bytes = Buffer.from(first?.embedding ?? '', 'base64')
    assert.equal(bytes.length, 4 * same.length)
    assert.approximately(bytes.readFloatLE(0), same[0] ?? Number.NaN, 1e-6)
  })
})
