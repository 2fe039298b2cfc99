/**
 * OpenAI's requests for text in the words of Triton's generate extension, for each way in which
 * models take their settings, and what comes back.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import type { Endpoint } from '../../../src/node/runtime.ts'
import { generateBody, readPiece, withoutPrompt } from '../../../src/runtimes/kserve/generate.ts'
import { interfaceOf, modelConfig } from '../../../src/runtimes/kserve/model-interface.ts'
import { readTextRequest } from '../../../src/runtimes/kserve/text-request.ts'
import { fixtureOf } from '../engine-double.ts'

const { answers } = fixtureOf('triton')

function interfaceIn(model: string) {
  const [answer] = [answers[`GET /v2/models/${model}/config`]].flat()
  const found = interfaceOf(modelConfig.parse(answer?.json))
  return found?.does === 'generate' ? found : assert.fail(`${model} makes no text`)
}

const asked = (fields: object, endpoint: Endpoint = 'completions') => {
  const body = new TextEncoder().encode(JSON.stringify(fields))
  return readTextRequest({ endpoint, body }, endpoint === 'completions' ? undefined : 'chatml')
}

const options = { isStream: false, answerTokensMax: 100 }

describe('a request for text', () => {
  const fields = { prompt: 'Once', max_tokens: 5, temperature: 0, seed: 7, stop: ['.'] }

  test('gives the vLLM backend all its sampling as one text, and asks it for the counts', () => {
    const sampling = { temperature: 0, seed: 7, max_tokens: 5, stop: ['.'] }
    assert.deepEqual(generateBody(asked(fields), interfaceIn('vllm_model'), options), {
      text_input: 'Once',
      stream: false,
      return_finish_reason: true,
      return_num_input_tokens: true,
      return_num_output_tokens: true,
      exclude_input_in_output: true,
      sampling_parameters: JSON.stringify(sampling),
      parameters: {},
    })
  })

  test('gives TensorRT-LLM each setting as an input', () => {
    assert.deepEqual(generateBody(asked(fields), interfaceIn('ensemble'), options), {
      text_input: 'Once',
      stream: false,
      max_tokens: 5,
      temperature: 0,
      seed: 7,
      stop_words: ['.'],
      parameters: {},
    })
  })

  test('gives empty lists of words to pipelines that insist on them', () => {
    const config = modelConfig.parse({
      name: 'old',
      input: ['text_input', 'bad_words', 'stop_words'].map(name => ({
        name,
        data_type: 'TYPE_STRING',
        dims: [-1],
      })),
      output: [{ name: 'text_output', data_type: 'TYPE_STRING', dims: [-1] }],
    })
    const old = interfaceOf(config)
    assert.ok(old?.does === 'generate')
    assert.deepInclude(generateBody(asked({ prompt: 'Once' }), old, options), {
      bad_words: [''],
      stop_words: [''],
    })
    assert.deepInclude(generateBody(asked(fields), old, options), { stop_words: ['.'] })
  })

  const text = new Set(['text_input'])
  const plain = { does: 'generate' as const, inputs: text, required: text }

  test('gives any other model its settings as parameters', () => {
    const { stop: _, ...rest } = fields
    assert.deepEqual(generateBody(asked(rest), plain, { ...options, isStream: true }), {
      text_input: 'Once',
      parameters: { stream: true, max_tokens: 5, temperature: 0, seed: 7 },
    })
  })

  test('has a bound even if the client names none', () => {
    assert.deepEqual(generateBody(asked({ prompt: 'Once' }), plain, options), {
      text_input: 'Once',
      parameters: { stream: false, max_tokens: 100 },
    })
  })

  test('is refused if it must stop at a text of which the model takes none', () => {
    assert.throws(() => generateBody(asked(fields), plain, options), /stop/)
  })

  test('writes a chat down by the template, and stops where the template says', () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]
    const chat = asked({ messages, max_completion_tokens: 3 }, 'chat/completions')
    const body = generateBody(chat, interfaceIn('ensemble'), options)
    assert.deepEqual(body, {
      text_input: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
      stream: false,
      max_tokens: 3,
      stop_words: ['<|im_end|>'],
      parameters: {},
    })
  })
})

describe('what no server of texts can do is refused', () => {
  const user = { role: 'user', content: 'Hi' }
  const tool = { type: 'function', function: { name: 'f' } }
  const cases: readonly (readonly [Endpoint, object, string])[] = [
    ['completions', { prompt: [1, 2] }, 'prompt'],
    ['completions', { prompt: 'a', logprobs: 1 }, 'logprobs'],
    ['completions', { prompt: 'a', logit_bias: { 1: 1 } }, 'logit_bias'],
    ['completions', { prompt: 'a', echo: true }, 'echo'],
    ['completions', { prompt: 'a', n: 2 }, 'n'],
    ['chat/completions', { messages: [user], tools: [tool] }, 'tools'],
    [
      'chat/completions',
      { messages: [user], response_format: { type: 'json_object' } },
      'response_format',
    ],
    ['chat/completions', { messages: [user], logprobs: true }, 'logprobs'],
    ['chat/completions', { messages: [user], logit_bias: { 1: 1 } }, 'logit_bias'],
    [
      'chat/completions',
      { messages: [{ role: 'tool', content: 'a', tool_call_id: 'b' }] },
      'messages.0.role',
    ],
    ['chat/completions', { messages: 'hi' }, 'messages'],
  ]
  for (const [endpoint, fields, param] of cases) {
    test(`${param} of ${endpoint}`, () => {
      try {
        asked(fields, endpoint)
        assert.fail('it was let through')
      } catch (error) {
        assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'), String(error))
        assert.equal(error.details['param'], param)
      }
    })
  }

  test('and so is a chat with a model of which nobody named the template', () => {
    const body = new TextEncoder().encode(JSON.stringify({ messages: [user] }))
    try {
      readTextRequest({ endpoint: 'chat/completions', body }, undefined)
      assert.fail('it was let through')
    } catch (error) {
      assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'), String(error))
      assert.include(error.hint, 'chatTemplate')
    }
  })
})

describe('a piece of an answer', () => {
  const nothing = { finishReason: undefined, promptTokens: undefined, outputTokens: undefined }
  const cases = [
    {
      told: { text_output: 'a' },
      read: { text: 'a', ...nothing },
      rule: 'may tell the text alone',
    },
    {
      told: { text_output: ['a'], finish_reason: ['stop'], num_output_tokens: [2] },
      read: { text: 'a', finishReason: 'stop', promptTokens: undefined, outputTokens: 2 },
      rule: 'may have its values in arrays',
    },
    {
      told: { text_output: 'a', finish_reason: 'None', num_input_tokens: 'seven' },
      read: { text: 'a', ...nothing },
      rule: 'leaves out what makes no sense',
    },
  ]
  for (const { told, read, rule } of cases) {
    test(rule, () => assert.deepEqual<unknown>(readPiece(JSON.stringify(told)), read))
  }

  for (const told of ['{"error":"out of memory"}', '{"text":"a"}', '{', '']) {
    test(`is none if it says ${told || 'nothing'}`, () => {
      assert.throws(() => readPiece(told), /expected text_output/)
    })
  }

  test('is freed of the prompt only if it repeats all of it', () => {
    assert.equal(withoutPrompt('Once upon', 'Once'), ' upon')
    assert.equal(withoutPrompt('Onc', 'Once'), 'Onc')
  })
})
