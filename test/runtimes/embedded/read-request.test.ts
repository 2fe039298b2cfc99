/**
 * What the embedded engine takes, and how it says what is wrong.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import {
  readChat,
  readCompletion,
  readEmbedding,
} from '../../../src/runtimes/embedded/read-request.ts'

const bytes = (body: unknown) => Buffer.from(JSON.stringify(body))
const messages = [{ role: 'user', content: 'hi' }]

function problemOf(read: () => unknown): MeshError {
  try {
    read()
  } catch (error) {
    if (error instanceof MeshError) return error
    throw error
  }
  assert.fail('expected a refusal, found none')
}

describe('a chat body', () => {
  test('may carry fields that nobody knows, and null for those not given', () => {
    const body = readChat(bytes({ messages, temperature: null, store: true, stop: null }))
    assert.isUndefined(body.temperature)
    assert.isUndefined(body.stop)
  })

  test('may ask for text, and for no alternatives of tokens that it does not ask for', () => {
    readChat(bytes({ messages, modalities: ['text'], logprobs: false, top_logprobs: 0 }))
    readChat(bytes({ messages, logprobs: true, top_logprobs: 5 }))
  })

  test('may give text as parts', () => {
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]
    const [message] = readChat(bytes({ messages: [{ role: 'user', content: parts }] })).messages
    assert.equal(message?.content, 'ab')
  })

  const wrong = [
    { field: 'messages', body: {} },
    { field: 'messages', body: { messages: [] } },
    { field: 'messages.0.role', body: { messages: [{ role: 'robot', content: '' }] } },
    { field: 'messages.0.content', body: { messages: [{ role: 'user', content: 7 }] } },
    { field: 'temperature', body: { messages, temperature: 3 } },
    { field: 'max_tokens', body: { messages, max_tokens: 0 } },
    { field: 'n', body: { messages, n: 2 } },
    { field: 'stop', body: { messages, stop: ['a', 'b', 'c', 'd', 'e'] } },
    { field: 'stop.0', body: { messages, stop: '' } },
    { field: 'logit_bias.cat', body: { messages, logit_bias: { cat: 1 } } },
    { field: 'top_logprobs', body: { messages, top_logprobs: 21 } },
    { field: 'top_logprobs', body: { messages, top_logprobs: 5 } },
    { field: 'top_logprobs', body: { messages, top_logprobs: 5, logprobs: false } },
    { field: 'modalities.1', body: { messages, modalities: ['text', 'audio'] } },
    {
      field: 'tools.0.function.name',
      body: { messages, tools: [{ type: 'function', function: { name: 'a b' } }] },
    },
    { field: 'tool_choice', body: { messages, tool_choice: 'maybe' } },
  ]
  for (const { field, body } of wrong) {
    test(`is refused with the name of ${field}: ${JSON.stringify(body).slice(0, 60)}`, () => {
      const problem = problemOf(() => readChat(bytes(body)))
      assert.equal(problem.code, 'ERR_INVALID_REQUEST')
      assert.equal(problem.details['param'], field)
      assert.include(problem.message, `${field}: `)
    })
  }

  test('is refused with every problem at once', () => {
    const { message } = problemOf(() => readChat(bytes({ messages, n: 2, temperature: 3 })))
    assert.include(message, 'n: ')
    assert.include(message, 'temperature: ')
  })

  test('is refused if it is not JSON', () => {
    assert.include(problemOf(() => readChat(Buffer.from('{'))).message, 'not JSON')
  })
})

const refusals = [
  {
    rule: 'a part that is no text, by its kind',
    body: {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }],
    },
    says: 'messages.0.content.0.type: expected "text", found "image_url"',
  },
  {
    rule: 'content of another kind',
    body: { messages: [{ role: 'user', content: 7 }] },
    says: 'expected a text or an array of text parts, found 7',
  },
  {
    rule: 'an unknown role',
    body: { messages: [{ role: 'robot', content: '' }] },
    says: 'expected "system", "developer", "user", "assistant" or "tool", found "robot"',
  },
  {
    rule: 'a bias of no token',
    body: { messages, logit_bias: { cat: 1 } },
    says: 'logit_bias.cat: expected the id of a token, a whole number, as the name',
  },
  {
    rule: 'a bias out of range',
    body: { messages, logit_bias: { 5: 101 } },
    says: 'logit_bias.5: expected a number of at most 100, found 101',
  },
  {
    rule: 'too many biases',
    body: {
      messages,
      logit_bias: Object.fromEntries(Array.from({ length: 301 }, (_, id) => [id, 1])),
    },
    says: 'expected the biases of at most 300 tokens, found an object of 301 fields',
  },
  {
    rule: 'too many tools, before it looks into any',
    body: { messages, tools: Array.from({ length: 129 }, () => 7) },
    says: 'tools: expected at most 128 entries, found an array of 129 entries',
  },
  {
    rule: 'a tool of too much text',
    body: {
      messages,
      tools: [{ type: 'function', function: { name: 'a', description: 'x'.repeat(262_144) } }],
    },
    says: 'tools: expected at most 262144 characters of JSON, found a text of 2622',
  },
  {
    rule: 'a schema of too much text',
    body: {
      messages,
      response_format: {
        type: 'json_schema',
        json_schema: { schema: { description: 'x'.repeat(262_144) } },
      },
    },
    says: 'schema: expected at most 262144 characters of JSON, found a text of 262162 characters',
  },
  {
    rule: 'too many messages, without a word about each',
    body: { messages: Array.from({ length: 4_097 }, () => ({ role: 'x' })) },
    says: 'messages: expected at most 4096 entries, found an array of 4097 entries',
  },
]

describe('a refusal', () => {
  for (const { rule, body, says } of refusals) {
    test(`says what was expected and found: ${rule}`, () => {
      assert.include(problemOf(() => readChat(bytes(body))).message, says)
    })
  }

  test('lists some problems and counts the others', () => {
    const body = { messages: Array.from({ length: 4_096 }, () => ({ role: 'x' })) }
    const { message } = problemOf(() => readChat(bytes(body)))
    assert.include(message, 'and 4088 more problems')
    assert.isBelow(message.length, 2_000)
  })

  test('never repeats the text of a prompt', () => {
    const { message } = problemOf(() =>
      readChat(
        bytes({
          messages: [{ role: 'user', content: { secret: 'prompt' } }],
          stop: 'secret'.repeat(400),
        }),
      ),
    )
    assert.notInclude(message, 'secret')
  })

  test('says that bytes are no UTF-8', () => {
    const body = Buffer.concat([
      Buffer.from('{"prompt": "'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ])
    assert.include(problemOf(() => readCompletion(body)).message, 'text that is not UTF-8')
  })
})

describe('a completion body', () => {
  test('takes a text, a text alone in an array, or tokens', () => {
    assert.equal(readCompletion(bytes({ prompt: 'a' })).prompt, 'a')
    assert.equal(readCompletion(bytes({ prompt: ['a'] })).prompt, 'a')
    assert.deepEqual(readCompletion(bytes({ prompt: [1, 2] })).prompt, [1, 2])
  })

  test('is refused with several prompts, or with echo', () => {
    assert.equal(
      problemOf(() => readCompletion(bytes({ prompt: ['a', 'b'] }))).details['param'],
      'prompt',
    )
    assert.equal(
      problemOf(() => readCompletion(bytes({ prompt: 'a', echo: true }))).details['param'],
      'echo',
    )
  })
})

describe('tokens', () => {
  test('that are wrong are told: the first of them', () => {
    const { message } = problemOf(() => readCompletion(bytes({ prompt: [3, 1.5, -7] })))
    assert.include(message, 'found 1.5')
    const { details } = problemOf(() => readEmbedding(bytes({ input: [[1], [2, -1]] })))
    assert.equal(details['param'], 'input.1')
  })

  test('of any number that are wrong are one problem', () => {
    const prompt = Array.from({ length: 100_000 }, () => -1)
    const { message } = problemOf(() => readCompletion(bytes({ prompt })))
    assert.equal(message, 'prompt: expected ids of tokens, whole numbers of at least 0, found -1')
  })

  test('are at most as many as fit any context', () => {
    const prompt = Array.from({ length: 1_048_577 }, () => 1)
    assert.include(problemOf(() => readCompletion(bytes({ prompt }))).message, '1048577 entries')
  })
})

describe('an embedding body', () => {
  const cases = [
    { input: 'a', expected: ['a'] },
    { input: ['a', 'b'], expected: ['a', 'b'] },
    { input: [1, 2], expected: [[1, 2]] },
    { input: [[1], [2, 3]], expected: [[1], [2, 3]] },
  ]
  for (const { input, expected } of cases) {
    test(`takes ${JSON.stringify(input)}`, () => {
      assert.deepEqual(readEmbedding(bytes({ input })).input, expected)
    })
  }

  test('is refused with more inputs than the bound', () => {
    const input = Array.from({ length: 2_049 }, () => 'a')
    assert.include(problemOf(() => readEmbedding(bytes({ input }))).message, 'at most 2048')
  })
})
