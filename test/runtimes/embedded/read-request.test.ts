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
    { field: 'stop', body: { messages, stop: '' } },
    { field: 'logit_bias.cat', body: { messages, logit_bias: { cat: 1 } } },
    { field: 'top_logprobs', body: { messages, top_logprobs: 21 } },
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
