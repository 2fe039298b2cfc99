/**
 * Triton behind the adapter: what clients see of it, also when it fails.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import type { RuntimeRequest } from '../../../src/node/runtime.ts'
import { readChatStream, readJson, readText, textCompletion } from '../../compliance/read-answer.ts'
import { answer, streamHead } from '../openai/fake-engine.ts'
import { eventually, failure, runtimeFor, soon } from '../openai/under-test.ts'
import { type TritonDouble, tritonDouble } from './triton-double.ts'

async function started(options: object = {}) {
  const triton = await tritonDouble()
  const { runtime } = runtimeFor({ kind: 'triton', baseUrl: triton.url, ...options })
  await runtime.start(soon())
  return { triton, runtime }
}

function completion(fields: object = {}, model = 'vllm_model'): RuntimeRequest {
  const body = { model, prompt: 'Once', max_tokens: 4, ...fields }
  const isStream = 'stream' in fields && fields.stream === true
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  return { endpoint: 'completions', model, isStream, body: bytes, headers: {} }
}

const chat = (fields: object = {}): RuntimeRequest => {
  const messages = [{ role: 'user', content: 'Hi' }]
  return { ...completion({ prompt: undefined, messages, ...fields }), endpoint: 'chat/completions' }
}

const isFree = (triton: TritonDouble) => eventually(() => assert.equal(triton.runningCount, 0))

describe('the models of Triton', () => {
  test('complete texts, and chat only if the template is named', async () => {
    const capabilities = async (options: object) => {
      const { runtime } = await started(options)
      return runtime.models().map(({ id, capabilities: can }) => [id, can.toSorted()])
    }
    const models = await capabilities({})
    assert.deepEqual(models.slice(0, 4), [
      ['vllm_model', ['completion']],
      ['ensemble', ['completion']],
      ['tensorrt_llm', []],
      ['text_embedder', ['embedding']],
    ])
    const [first] = await capabilities({ chatTemplate: 'llama-3' })
    assert.deepEqual(first, ['vllm_model', ['chat', 'completion']])
  })

  test('say what is missing if they are asked to chat without it', async () => {
    const { triton, runtime } = await started()
    const error = await failure(runtime.generate(chat(), soon()))
    assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'))
    assert.include(error.hint, 'chatTemplate')
    assert.deepEqual(triton.asked, [], 'the engine is not bothered')
  })

  test('that make no text are not asked for it', async () => {
    const { runtime } = await started()
    for (const model of ['tensorrt_llm', 'text_embedder']) {
      const error = await failure(runtime.generate(completion({}, model), soon()))
      assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'), model)
    }
  })
})

describe('an answer of Triton', () => {
  test('counts tokens as the backend does', async () => {
    const { runtime } = await started()
    const told = await readJson(await runtime.generate(completion(), soon()))
    textCompletion.parse(told)
    assert.deepInclude(told, {
      usage: { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 },
      choices: [{ index: 0, text: ' w0 w1 w2 w3', logprobs: null, finish_reason: 'length' }],
    })
  })

  test('leaves counts out if the backend tells none, and the prompt if it repeats it', async () => {
    const { runtime } = await started()
    const told = await readJson(await runtime.generate(completion({}, 'ensemble'), soon()))
    assert.notProperty(told, 'usage')
    assert.deepInclude(told, {
      choices: [{ index: 0, text: ' w0 w1 w2 w3', logprobs: null, finish_reason: 'stop' }],
    })
  })

  test('streams the text without counts unless they are asked for', async () => {
    const { runtime } = await started({ chatTemplate: 'chatml' })
    const stream = await readChatStream(await runtime.generate(chat({ stream: true }), soon()))
    assert.deepEqual(stream, {
      text: ' w0 w1 w2 w3',
      finishReasons: ['length'],
      usages: [],
      endsWithDone: true,
    })
  })

  test('streams the counts of all its pieces if they are asked for', async () => {
    const { runtime } = await started({ chatTemplate: 'chatml' })
    const asked = chat({ stream: true, stream_options: { include_usage: true } })
    const { usages } = await readChatStream(await runtime.generate(asked, soon()))
    assert.deepEqual(usages, [{ prompt_tokens: 7, total_tokens: 11 }])
  })

  test('is an error before its head if the first event is a failure', async () => {
    const { triton, runtime } = await started()
    triton.misbehaveOnce(response => {
      streamHead(response)
      response.end('data: {"error":"CUDA out of memory"}\n\n')
    })
    const error = await failure(runtime.generate(completion({ stream: true }), soon()))
    assert.ok(hasCode(error, 'ERR_ENGINE'))
    assert.include(error.message, 'CUDA out of memory')
    await isFree(triton)
  })

  test('breaks off with the failure if a later event is one, and lets the engine go', async () => {
    const { triton, runtime } = await started()
    triton.misbehaveOnce(async response => {
      streamHead(response)
      response.write('data: {"text_output":" a"}\n\n')
      // Its own chunk, once the first has been read.
      await eventually(() => assert.isTrue(isHeadRead))
      response.write('data: {"error":"request cancelled"}\n\n')
    })
    let isHeadRead = false
    // No deadline: it must not be what frees the engine.
    const { signal } = new AbortController()
    const { chunks } = await runtime.generate(completion({ stream: true }), signal)
    const parts = chunks[Symbol.asyncIterator]()
    const first = await parts.next()
    assert.include(new TextDecoder().decode(first.value), '" a"')
    isHeadRead = true
    const error = await failure(Promise.resolve(parts.next()))
    assert.ok(hasCode(error, 'ERR_ENGINE'))
    await isFree(triton)
  })

  test('that says nothing is an empty text, and not an error', async () => {
    const { triton, runtime } = await started()
    triton.misbehaveOnce(response => {
      streamHead(response)
      response.end()
    })
    const text = await readText(await runtime.generate(completion({ stream: true }), soon()))
    assert.match(text, /"finish_reason":"stop"/)
    assert.match(text, /data: \[DONE\]\n\n$/)
  })

  test('ends for the reason that the engine gives, whatever the count suggests', async () => {
    const { triton, runtime } = await started()
    const told = { text_output: ' a', finish_reason: 'stop', num_output_tokens: 4 }
    triton.misbehaveOnce(response => answer(response, 200, told))
    const whole = await readJson(await runtime.generate(completion(), soon()))
    assert.include(JSON.stringify(whole), '"finish_reason":"stop"')
  })

  test('may be a refusal, which is told in words of ours', async () => {
    const { triton, runtime } = await started()
    triton.misbehaveOnce(response =>
      answer(response, 400, { error: 'prompt is longer than the model' }),
    )
    const error = await failure(runtime.generate(completion(), soon()))
    assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'))
    assert.include(error.message, 'prompt is longer than the model')
  })

  for (const [what, body] of [
    ['no JSON', '<html>'],
    ['another JSON', '{"outputs":[]}'],
  ] as const) {
    test(`that is ${what} is an error`, async () => {
      const { triton, runtime } = await started()
      triton.misbehaveOnce(response => {
        response.end(body)
      })
      const error = await failure(runtime.generate(completion(), soon()))
      assert.ok(hasCode(error, 'ERR_ENGINE'))
    })
  }

  test('to which nobody listens any more frees the engine', async () => {
    const { triton, runtime } = await started()
    const gone = new AbortController()
    const long = completion({ stream: true, max_tokens: 100_000 })
    const { chunks } = await runtime.generate(long, gone.signal)
    await chunks[Symbol.asyncIterator]().next()
    assert.equal(triton.runningCount, 1)
    gone.abort()
    await isFree(triton)
  })

  test('of which nothing is ever read frees the engine when it is given back', async () => {
    const { triton, runtime } = await started()
    const long = completion({ stream: true, max_tokens: 100_000 })
    const { chunks } = await runtime.generate(long, new AbortController().signal)
    await chunks[Symbol.asyncIterator]().return?.()
    await isFree(triton)
  })
})

test('a model of Triton that is unloaded is loaded for the request', async () => {
  const { triton, runtime } = await started({ models: ['resnet50', 'vllm_model'] })
  triton.double.set('GET /v2/models/resnet50/config', {
    json: {
      name: 'resnet50',
      input: [{ name: 'text_input', data_type: 'TYPE_STRING', dims: [1] }],
      output: [{ name: 'text_output', data_type: 'TYPE_STRING', dims: [1] }],
    },
  })
  const { status } = await runtime.generate(completion({}, 'resnet50'), soon())
  assert.equal(status, 200)
  assert.include(triton.double.questions, 'POST /v2/repository/models/resnet50/load')
})
