/**
 * An engine without an OpenAI API, Triton by its own protocol, obeys the rules of the engine port
 * through the same adapter.
 */
import { systemClock } from '../../src/node/clock.ts'
import { createLogger } from '../../src/node/log.ts'
import { openaiOptions } from '../../src/runtimes/openai/options.ts'
import { createOpenaiRuntime } from '../../src/runtimes/openai/runtime.ts'
import { startTritonDouble } from '../runtimes/kserve/triton-double.ts'
import { runtimeCompliance } from './runtime.ts'

const log = createLogger('silent', { write: () => {}, wallMs: () => 0 })

runtimeCompliance('the adapter with Triton', async () => {
  const triton = await startTritonDouble()
  const options = openaiOptions.parse({ baseUrl: triton.url, chatTemplate: 'chatml' })
  const runtime = createOpenaiRuntime(options, { clock: systemClock, log })
  const close = async () => {
    await runtime.close()
    await triton.double.close()
  }
  return { runtime, model: 'vllm_model', close }
})
