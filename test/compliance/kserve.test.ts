/**
 * Engines without an OpenAI API, Triton by its own protocol and TorchServe by its vLLM handler, obey
 * the rules of the engine port through the same adapter.
 */
import { assert, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/node/clock.ts'
import { createLogger } from '../../src/node/log.ts'
import { openaiOptions } from '../../src/runtimes/openai/options.ts'
import { createOpenaiRuntime } from '../../src/runtimes/openai/runtime.ts'
import { startTorchserveDouble, TORCHSERVE_MODEL } from '../runtimes/kserve/torchserve-double.ts'
import { startTritonDouble } from '../runtimes/kserve/triton-double.ts'
import { soon } from '../runtimes/openai/under-test.ts'
import { runtimeCompliance } from './runtime.ts'

const log = createLogger('silent', { write: () => {}, wallMs: () => 0 })

const runtimeOf = (options: object) =>
  createOpenaiRuntime(openaiOptions.parse(options), { clock: systemClock, log })

runtimeCompliance('the adapter with Triton', async () => {
  const triton = await startTritonDouble()
  const runtime = runtimeOf({ baseUrl: triton.url, chatTemplate: 'chatml' })
  const close = async () => {
    await runtime.close()
    await triton.double.close()
  }
  return { runtime, model: 'vllm_model', close }
})

/** Only a person knows which of its models have that handler. */
async function torchserveWith(options: object) {
  const double = await startTorchserveDouble()
  const runtime = runtimeOf({ baseUrl: double.url, ...options })
  const close = async () => {
    await runtime.close()
    await double.close()
  }
  return { runtime, model: TORCHSERVE_MODEL, close }
}

runtimeCompliance('the adapter with TorchServe', () =>
  torchserveWith({ models: [TORCHSERVE_MODEL] }),
)

test('the adapter with TorchServe offers models that nobody named for nothing', async () => {
  const { runtime, close } = await torchserveWith({})
  onTestFinished(close)
  await runtime.start(soon())
  assert.deepEqual(
    runtime.models().map(({ id, capabilities }) => [id, capabilities]),
    [
      ['llama', []],
      ['resnet18', []],
      ['noop', []],
    ],
  )
})
