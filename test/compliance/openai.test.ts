/**
 * The adapter for OpenAI-compatible engines obeys the rules of the engine port.
 */

import { systemClock } from '../../src/node/clock.ts'
import { createLogger } from '../../src/node/log.ts'
import { openaiOptions } from '../../src/runtimes/openai/options.ts'
import { createOpenaiRuntime } from '../../src/runtimes/openai/runtime.ts'
import { CHAT_MODEL, FakeEngine } from '../runtimes/openai/fake-engine.ts'
import { runtimeCompliance } from './runtime.ts'

const log = createLogger('silent', { write: () => {}, wallMs: () => 0 })

runtimeCompliance('the OpenAI adapter', async () => {
  const engine = await FakeEngine.start()
  const options = openaiOptions.parse({ baseUrl: engine.url })
  const runtime = createOpenaiRuntime(options, { clock: systemClock, log })
  const close = async () => {
    await runtime.close()
    await engine.close()
  }
  return { runtime, model: CHAT_MODEL, close }
})
