/**
 * Engines that offer one another's APIs are told apart all the same: each is asked the question of
 * every kind, in each of its states and ages, and answers only its own as that kind expects.
 */
import { assert, describe, test } from 'vitest'
import type { EngineKind } from '../../../src/node/engine-kind.ts'
import { llamaCpp } from '../../../src/runtimes/engines/llama-cpp.ts'
import { lmStudio } from '../../../src/runtimes/engines/lm-studio.ts'
import { ollama } from '../../../src/runtimes/engines/ollama.ts'
import { ovms } from '../../../src/runtimes/engines/ovms.ts'
import { sglang } from '../../../src/runtimes/engines/sglang.ts'
import { tfServing } from '../../../src/runtimes/engines/tf-serving.ts'
import { tgi } from '../../../src/runtimes/engines/tgi.ts'
import { torchserve } from '../../../src/runtimes/engines/torchserve.ts'
import { triton } from '../../../src/runtimes/engines/triton.ts'
import { vllm } from '../../../src/runtimes/engines/vllm.ts'
import { doubleOf, type EngineDouble } from '../engine-double.ts'
import { soon } from '../openai/under-test.ts'
import { doubleIn } from './scenario.ts'

const profiles = [
  ...[vllm, sglang, tgi, triton, torchserve, tfServing, ovms],
  ...[llamaCpp, ollama, lmStudio],
]

async function kindsOf({ ask }: EngineDouble): Promise<readonly EngineKind[]> {
  const found: EngineKind[] = []
  for (const { kind, detect } of profiles) {
    if (detect.matches(await ask({ method: 'GET', path: detect.path }, soon()))) found.push(kind)
  }
  return found
}

describe('the question of each kind', () => {
  for (const { kind } of profiles) {
    test(`finds ${kind} to be no other`, async () => {
      assert.deepEqual(await kindsOf(await doubleOf(kind)), [kind])
    })
  }

  const states: readonly [EngineKind, string][] = [
    ['llama-cpp', 'b4800.json'],
    ['llama-cpp', 'loading.json'],
    ['llama-cpp', 'locked.json'],
    ['llama-cpp', 'router.json'],
    ['llama-cpp', 'sleeping.json'],
    ['lm-studio', 'v0.json'],
    ['ollama', 'v0.3.json'],
    ['sglang', 'v0.4.3.json'],
    ['tgi', 'v1.4.json'],
  ]
  for (const [kind, file] of states) {
    test(`finds ${kind} to be no other as of ${file}`, async () => {
      assert.deepEqual(await kindsOf(await doubleIn(kind, file)), [kind])
    })
  }

  test('finds llama.cpp behind a proxy that signs with its own name', async () => {
    const double = await doubleOf('llama-cpp')
    const json = { default_generation_settings: { n_ctx: 1_024 }, total_slots: 1 }
    double.set('GET /props', { json, headers: { server: 'nginx' } })
    assert.deepEqual(await kindsOf(double), ['llama-cpp'])
  })

  const strangers = [
    { text: '{"object":"list","data":[{"id":"a","owned_by":"library"}]}', what: 'an OpenAI list' },
    { text: '{"version":"0.40.12"}', what: 'a version' },
    {
      text: '{"models":[{"name":"llama3.2:latest"}]}',
      what: "Ollama's list, which SGLang has, too",
    },
    {
      text: '{"error":"Unexpected endpoint or method. (GET /)"}',
      what: 'a refusal sent as success',
    },
    {
      text: '{"model_id":"BAAI/bge-m3","max_input_length":512,"router":"text-embeddings-router"}',
      what: 'the sister of TGI that embeds',
    },
    {
      text: '{"model_id":"a","is_generation":true}',
      what: 'an engine that took over a path of SGLang',
    },
    { text: '<html>llama.cpp</html>', what: 'a page' },
  ]
  for (const { text, what } of strangers) {
    test(`finds none in ${what}`, () => {
      const reply = { status: 200, headers: { server: 'uvicorn' }, text }
      assert.deepEqual(
        profiles.filter(({ detect }) => detect.matches(reply)).map(({ kind }) => kind),
        [],
      )
    })
  }
})
