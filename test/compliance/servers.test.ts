/**
 * The adapter obeys the rules of the engine port with vLLM, OpenVINO Model Server and a cloud; and
 * says so where an engine makes no text at all.
 */
import { assert, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/node/clock.ts'
import { createLogger } from '../../src/node/log.ts'
import { openaiOptions } from '../../src/runtimes/openai/options.ts'
import { createOpenaiRuntime } from '../../src/runtimes/openai/runtime.ts'
import { type DoubleAnswer, doubleOf, EngineDouble } from '../runtimes/engine-double.ts'
import { CHAT_MODEL, EMBEDDING_MODEL, FakeEngine } from '../runtimes/openai/fake-engine.ts'
import { chatRequest, failure, soon } from '../runtimes/openai/under-test.ts'
import { runtimeCompliance } from './runtime.ts'

const log = createLogger('silent', { write: () => {}, wallMs: () => 0 })

const runtimeOf = (options: object) =>
  createOpenaiRuntime(openaiOptions.parse(options), { clock: systemClock, log })

/** Nobody but us asks it: what it says of others would be counted, as it should. */
const IDLE = {
  vllm: { text: 'vllm:num_requests_running 0\nvllm:num_requests_waiting 0\n' },
  ovms: { text: 'ovms_current_requests 0\n' },
} satisfies Record<string, DoubleAnswer>

for (const kind of ['vllm', 'ovms'] as const) {
  runtimeCompliance(`the adapter with ${kind}`, async () => {
    const double = await EngineDouble.start(kind)
    double.set('GET /metrics', IDLE[kind])
    const runtime = runtimeOf({ baseUrl: double.url })
    const close = async () => {
      await runtime.close()
      await double.close()
    }
    return { runtime, model: double.fixture.chatModel ?? assert.fail('it serves one'), close }
  })
}

runtimeCompliance('the adapter with a cloud', async () => {
  const engine = await FakeEngine.start()
  const runtime = runtimeOf({
    baseUrl: engine.url,
    kind: 'cloud',
    models: [CHAT_MODEL, EMBEDDING_MODEL],
    price: { inputPerMillion: 3, outputPerMillion: 15 },
  })
  const close = async () => {
    await runtime.close()
    await engine.close()
  }
  return { runtime, model: CHAT_MODEL, close }
})

test('the adapter with TF Serving offers its models for nothing, and refuses to talk', async () => {
  const double = await doubleOf('tf-serving')
  const model = 'half_plus_three'
  const runtime = runtimeOf({ baseUrl: double.url, models: [model] })
  onTestFinished(() => runtime.close())
  await runtime.start(soon())
  assert.deepInclude(runtime.models()[0], { id: model, capabilities: [] })
  const error = await failure(runtime.generate(chatRequest({ model }, { model }), soon()))
  assert.equal(error.code, 'ERR_NOT_SUPPORTED')
})
