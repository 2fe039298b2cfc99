/**
 * Engines that sleep as a whole: of SGLang, which never says that it does, what we ordered holds,
 * and while it goes to sleep or wakes none of its models is asked for anything.
 */
import type { ServerResponse } from 'node:http'
import { assert, describe, test } from 'vitest'
import { readText } from '../../compliance/read-answer.ts'
import { doubleOf, type EngineDouble } from '../engine-double.ts'
import { chatRequest, eventually, failure, runtimeFor, soon } from './under-test.ts'

const BASE = 'meta-llama/Llama-3.1-8B-Instruct'
const ADAPTER = 'sql'
const RELEASE = '/release_memory_occupation'
const RESUME = '/resume_memory_occupation'

/** In such steps the clock goes on; no look is given up before the test is. */
const STEP_MS = 10
const PATIENT = { refreshIntervalMs: 100, refreshTimeoutMs: 60_000 }

/** SGLang with its base model and an adapter, idle. */
async function started(options: object = {}) {
  const double = await doubleOf('sglang')
  const idle = { loads: [{ num_running_reqs: 0, num_waiting_reqs: 0 }] }
  double.set('GET /v1/loads?include=core', { json: idle })
  double.set('GET /metrics', undefined)
  const under = runtimeFor({ baseUrl: double.url, kind: undefined, ...PATIENT, ...options })
  await under.runtime.start(soon())
  const { control } = under.runtime
  assert.isDefined(control)
  const states = () => under.runtime.load().models.map(({ unready }) => unready?.state)
  /** When the second has begun, the first is over. */
  const look = async () => {
    const before = looks(double)
    await eventually(() => {
      under.clock.advance(STEP_MS)
      assert.isAtLeast(looks(double), before + 2)
    })
  }
  return { double, control, states, look, ...under }
}

const chat = (model: string) => chatRequest({ model }, { model })

const count = ({ engine, questions }: EngineDouble, end: string) =>
  [...engine.heard.map(({ path }) => path), ...questions].filter(each => each.endsWith(end)).length

/** Each look asks for it once, and so does each order to sleep or to wake. */
const looks = (double: EngineDouble) => count(double, '/server_info')

/** Holds what the engine is asked under `path` until it is let go. */
function held(double: EngineDouble, path: string) {
  const waiting: ServerResponse[] = []
  const { extra } = double.engine
  double.engine.extra = (heard, response) => {
    if (heard.path !== path) return extra(heard, response)
    waiting.push(response)
    return true
  }
  return {
    waiting,
    release: () => {
      double.engine.extra = extra
      for (const response of waiting.splice(0)) response.writeHead(200).end('{}')
    },
  }
}

describe('an engine that was put to sleep and never says so', () => {
  test('sleeps, with all its models, however often it is looked at', async () => {
    const { control, states, look } = await started()
    await control.act(BASE, 'sleep', soon())
    assert.deepEqual(states(), ['sleeping', 'sleeping'])
    await look()
    assert.deepEqual(states(), ['sleeping', 'sleeping'])
  })

  test('is woken for a request for any of its models, once, and is awake then', async () => {
    const { double, runtime, control, states, look } = await started()
    await control.act(BASE, 'sleep', soon())
    await look()
    const wakes = held(double, RESUME)
    const asked = [ADAPTER, BASE].map(model => runtime.generate(chat(model), soon()))
    await eventually(() => assert.equal(wakes.waiting.length, 1))
    assert.equal(count(double, '/chat/completions'), 0)
    assert.deepEqual(states(), ['loading', 'loading'])
    wakes.release()
    for (const answer of asked) await readText(await answer)
    assert.equal(count(double, RESUME), 0, 'not a second time')
    await look()
    assert.deepEqual(states(), [undefined, undefined])
  })

  test('is awake again once it was lost, for it is another process then', async () => {
    const { double, runtime, control, states, clock } = await started({ failuresMax: 1 })
    await control.act(BASE, 'sleep', soon())
    double.set('GET /v1/models', { status: 500 })
    await eventually(() => {
      clock.advance(STEP_MS)
      assert.deepEqual(runtime.models(), [])
    })
    const json = { object: 'list', data: [{ id: BASE, object: 'model', owned_by: 'sglang' }] }
    double.set('GET /v1/models', { json })
    await eventually(() => {
      clock.advance(STEP_MS)
      assert.deepEqual(states(), [undefined])
    })
  })

  test('stays asleep if it cannot be woken', async () => {
    const { double, control, states } = await started()
    await control.act(BASE, 'sleep', soon())
    double.set(`POST ${RESUME}`, { status: 500 })
    assert.equal((await failure(control.act(ADAPTER, 'wake', soon()))).code, 'ERR_ENGINE')
    assert.deepEqual(states(), ['sleeping', 'sleeping'])
  })
})

describe('while an engine goes to sleep', () => {
  test('no request for another of its models reaches it', async () => {
    const { double, runtime, control } = await started()
    const sleeps = held(double, RELEASE)
    const sleeping = control.act(BASE, 'sleep', soon())
    await eventually(() => assert.equal(sleeps.waiting.length, 1))
    const asked = runtime.generate(chat(ADAPTER), soon())
    // A look is behind anything that was sent before it.
    await runtime.control?.loras(soon())
    assert.equal(count(double, '/chat/completions'), 0)
    sleeps.release()
    await sleeping
    await readText(await asked)
    assert.equal(count(double, RESUME), 1)
  })

  test('no other action on any of its models begins', async () => {
    const { double, control } = await started()
    const sleeps = held(double, RELEASE)
    const sleeping = control.act(BASE, 'sleep', soon())
    await eventually(() => assert.equal(sleeps.waiting.length, 1))
    const unloading = control.act(ADAPTER, 'unload', soon())
    await control.loras(soon())
    assert.equal(count(double, '/unload_lora_adapter'), 0)
    sleeps.release()
    await Promise.all([sleeping, unloading])
    assert.equal(count(double, '/unload_lora_adapter'), 1)
  })
})

test('an engine that says whether it sleeps is believed', async () => {
  const double = await doubleOf('vllm')
  double.set('GET /metrics', { status: 500 })
  const { runtime, clock } = runtimeFor({ baseUrl: double.url, kind: undefined })
  await runtime.start(soon())
  const load = () => runtime.load().models[0]
  await runtime.control?.act(load()?.model ?? '', 'sleep', soon())
  assert.equal(load()?.unready?.state, 'sleeping')
  double.set('GET /is_sleeping', { json: { is_sleeping: false } })
  clock.advance(1_000)
  await eventually(() => assert.isUndefined(load()?.unready))
})
