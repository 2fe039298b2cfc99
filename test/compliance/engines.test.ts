/**
 * The adapter obeys the rules of the engine port with llama.cpp, Ollama, LM Studio, SGLang and TGI,
 * whose kind it finds out itself.
 */
import { assert, describe, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/node/clock.ts'
import type { EngineKind } from '../../src/node/engine-kind.ts'
import { createLogger } from '../../src/node/log.ts'
import { openaiOptions } from '../../src/runtimes/openai/options.ts'
import { createOpenaiRuntime } from '../../src/runtimes/openai/runtime.ts'
import { type DoubleAnswer, EngineDouble } from '../runtimes/engine-double.ts'
import { DEADLINE_MS } from '../runtimes/openai/under-test.ts'
import { runtimeCompliance } from './runtime.ts'

const log = createLogger('silent', { write: () => {}, wallMs: () => 0 })

/** Nobody but us asks it: what it says of others would be counted, as it should. */
const IDLE: Readonly<Partial<Record<EngineKind, Readonly<Record<string, DoubleAnswer>>>>> = {
  sglang: {
    'GET /v1/loads?include=core': {
      json: { loads: [{ num_running_reqs: 0, num_waiting_reqs: 0 }] },
    },
    'GET /metrics': { text: 'sglang:num_running_reqs 0\nsglang:num_queue_reqs 0\n' },
  },
  tgi: { 'GET /metrics': { text: 'tgi_batch_current_size 0\ntgi_queue_size 0\n' } },
}

async function runtimeWith(kind: EngineKind) {
  const double = await EngineDouble.start(kind)
  for (const [question, answer] of Object.entries(IDLE[kind] ?? {})) double.set(question, answer)
  const options = openaiOptions.parse({ baseUrl: double.url })
  const runtime = createOpenaiRuntime(options, { clock: systemClock, log })
  const close = async () => {
    await runtime.close()
    await double.close()
  }
  return { runtime, model: double.fixture.chatModel ?? assert.fail('it serves one'), close }
}

const KINDS: readonly EngineKind[] = ['llama-cpp', 'ollama', 'lm-studio', 'sglang', 'tgi']

for (const kind of KINDS) runtimeCompliance(`the adapter with ${kind}`, () => runtimeWith(kind))

describe('the adapter', () => {
  const offered: readonly [EngineKind, readonly string[]][] = [
    ['llama-cpp', ['skein-tiny']],
    [
      'ollama',
      ['llama3.2:latest', 'hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q8_0', 'all-minilm:latest'],
    ],
    [
      'lm-studio',
      [
        'gemma-3-270m-it-qat',
        'openai/gpt-oss-20b',
        'text-embedding-nomic-embed-text-v1.5-embedding',
      ],
    ],
    ['sglang', ['meta-llama/Llama-3.1-8B-Instruct', 'sql']],
    ['tgi', ['HuggingFaceTB/SmolVLM-Instruct']],
  ]
  for (const [kind, models] of offered) {
    test(`offers of ${kind} what is its own to offer, once`, async () => {
      const { runtime, close } = await runtimeWith(kind)
      onTestFinished(close)
      await runtime.start(AbortSignal.timeout(DEADLINE_MS))
      assert.deepEqual(
        runtime.models().map(({ id }) => id),
        models,
      )
    })
  }
})
