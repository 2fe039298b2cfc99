/**
 * What answers say they cost, whole or as streams; answers are shaped as the API documents them.
 */
import { assert, describe, test } from 'vitest'
import { readUsage } from '../../src/node/answer-usage.ts'

const chunks = (...texts: readonly string[]) => texts.map(text => Buffer.from(text))

const NOTHING = { inputTokens: undefined, cachedTokens: undefined, outputTokens: undefined }

describe('the usage of an answer', () => {
  test('is read from one that is whole', () => {
    const answer = {
      choices: [{ message: { content: 'he said "usage": {"prompt_tokens": 1}' } }],
      usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
    }
    assert.deepEqual(readUsage(chunks(JSON.stringify(answer))), {
      ...NOTHING,
      inputTokens: 9,
      outputTokens: 12,
    })
  })

  test('is read from the end of a stream, cut wherever it was', () => {
    const event =
      'data: {"choices":[],"usage":{"prompt_tokens":2006,"completion_tokens":300,' +
      '"total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920}}}\n\n'
    const read = { inputTokens: 2_006, cachedTokens: 1_920, outputTokens: 300 }
    assert.deepEqual(readUsage(chunks(event, 'data: [DONE]\n\n')), read)
    for (let at = 1; at < event.length; at++) {
      assert.deepEqual(readUsage(chunks(event.slice(0, at), event.slice(at))), read)
    }
  })

  test('is nothing if there is none, or far from the end', () => {
    assert.deepEqual(readUsage([]), {})
    assert.deepEqual(readUsage(chunks('data: [DONE]\n\n')), {})
    assert.deepEqual(readUsage(chunks('"usage":{"prompt_tokens":1}', 'x'.repeat(5_000))), {})
    assert.deepEqual(readUsage(chunks('{"usage":null}')), NOTHING)
  })
})
