/**
 * The embedded engine gives its memory back on request, and takes it again when it is asked for
 * tokens.
 */
import { assert, beforeAll, describe, onTestFinished, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import type { Runtime, RuntimeControl, RuntimeRequest } from '../../../src/node/runtime.ts'
import { readText } from '../../compliance/read-answer.ts'
import { demoRuntime } from './demo-runtime.ts'

/** Only a hang comes near it. */
const DEADLINE_MS = 20_000

const soon = () => AbortSignal.timeout(DEADLINE_MS)

const MODEL = 'skein-tiny'

function chat(tokens = 4, isStream = false): RuntimeRequest {
  const messages = [{ role: 'user', content: 'Hi' }]
  const body = { model: MODEL, messages, max_tokens: tokens, stream: isStream }
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  return { endpoint: 'chat/completions', model: MODEL, isStream, body: bytes, headers: {} }
}

async function started(): Promise<{ runtime: Runtime; control: RuntimeControl }> {
  const runtime = demoRuntime()
  onTestFinished(() => runtime.close())
  await runtime.start(soon())
  const { control } = runtime
  assert.isDefined(control)
  return { runtime, control }
}

const stateOf = (runtime: Runtime) => runtime.load().models[0]?.unready?.state

describe('the model of the embedded engine', { timeout: 2 * DEADLINE_MS }, () => {
  beforeAll(() => import('node-llama-cpp'), DEADLINE_MS)

  test('is unloaded, stays offered, and is loaded by the request that comes for it', async () => {
    const { runtime, control } = await started()
    assert.deepEqual(control.actions(), ['load', 'unload'])
    await control.act(MODEL, 'unload', soon())
    assert.equal(stateOf(runtime), 'cold')
    assert.equal(runtime.models()[0]?.id, MODEL)

    const answers = await Promise.all([
      runtime.generate(chat(), soon()),
      runtime.generate(chat(), soon()),
    ])
    for (const answer of answers) assert.include(await readText(answer), 'choices')
    assert.isUndefined(stateOf(runtime))
  })

  test('is loaded on request, which says how long that took the next time', async () => {
    const { runtime, control } = await started()
    await control.act(MODEL, 'unload', soon())
    const loading = control.act(MODEL, 'load', soon())
    assert.equal(stateOf(runtime), 'loading')
    await loading
    await control.act(MODEL, 'load', soon())
    await control.act(MODEL, 'unload', soon())
    assert.isAbove(runtime.load().models[0]?.unready?.readyInMs ?? 0, 0)
  })

  test('is not taken from a stream', async () => {
    const { runtime, control } = await started()
    const answer = await runtime.generate(chat(200, true), soon())
    const error = await control.act(MODEL, 'unload', soon()).catch((reason: unknown) => reason)
    assert.instanceOf(error, MeshError)
    assert.equal(error.code, 'ERR_MODEL_IN_USE')
    assert.include(await readText(answer), '[DONE]')
  })

  test('cannot sleep, which is said', async () => {
    const { control } = await started()
    const error = await control.act(MODEL, 'sleep', soon()).catch((reason: unknown) => reason)
    assert.propertyVal(error, 'code', 'ERR_NOT_SUPPORTED')
  })

  test('that is unloaded is no hindrance to stopping', async () => {
    const { runtime, control } = await started()
    await control.act(MODEL, 'unload', soon())
    await runtime.close()
    assert.deepEqual(runtime.models(), [])
    const error = await runtime.generate(chat(), soon()).catch((reason: unknown) => reason)
    assert.propertyVal(error, 'code', 'ERR_STOPPING')
  })
})
