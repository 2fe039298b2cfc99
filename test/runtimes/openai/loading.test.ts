/**
 * Models that are not in memory: loaded and put away on request, waited for, never taken from
 * whoever uses them.
 */
import type { ServerResponse } from 'node:http'
import { assert, describe, test } from 'vitest'
import { readText } from '../../compliance/read-answer.ts'
import { doubleOf, type EngineDouble } from '../engine-double.ts'
import { streamHead } from './fake-engine.ts'
import { chatRequest, eventually, failure, isIdle, runtimeFor, soon } from './under-test.ts'

const WARM = 'llama3.2:latest'
const COLD = 'hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q8_0'

/** Ollama, which has one model in memory and one on disk. */
async function started(options: object = {}) {
  const double = await doubleOf('ollama')
  const under = runtimeFor({ baseUrl: double.url, kind: undefined, ...options })
  await under.runtime.start(soon())
  const { control } = under.runtime
  assert.isDefined(control)
  const unready = (id = COLD) =>
    under.runtime.load().models.find(load => load.model === id)?.unready
  return { double, control, unready, ...under }
}

const chat = (model: string) => chatRequest({ model }, { model })

const tokens = ({ engine }: EngineDouble) =>
  engine.heard.filter(({ path }) => path.endsWith('/chat/completions')).length

/** Holds what the engine is asked under `path` until it is let go. */
function held(double: EngineDouble, path: string) {
  const waiting: ServerResponse[] = []
  const { extra } = double.engine
  let isHeld = true
  let count = 0
  double.engine.extra = (heard, response) => {
    if (heard.path !== path) return extra(heard, response)
    count += 1
    if (!isHeld) return extra(heard, response)
    waiting.push(response)
    return true
  }
  return {
    get count() {
      return count
    },
    release(status = 200, body: object = { done: true, done_reason: 'load' }) {
      isHeld = false
      for (const response of waiting.splice(0)) {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      }
    },
  }
}

/** The list says that the model is in memory now. */
function nowLoaded(double: EngineDouble): void {
  const models = [WARM, COLD].map(name => ({ name, model: name, context_length: 4_096 }))
  double.set('GET /api/ps', { json: { models } })
}

describe('a model on disk', () => {
  test('is offered, and said to be cold', async () => {
    const { unready } = await started()
    assert.deepEqual(unready(), { state: 'cold' })
    assert.isUndefined(unready(WARM))
  })

  test('is loaded for the request that comes for it, once for all that come', async () => {
    const { double, runtime, unready, clock } = await started()
    const loads = held(double, '/api/generate')
    const asked = [chat(COLD), chat(COLD)].map(request => runtime.generate(request, soon()))
    await eventually(() => assert.equal(loads.count, 1))
    assert.equal(unready()?.state, 'loading')
    const load = runtime.load().models.find(({ model }) => model === COLD)
    assert.equal(load?.queuedCount, 2, 'whoever waits is counted')
    assert.equal(tokens(double), 0)

    clock.advance(4_000)
    nowLoaded(double)
    loads.release()
    for (const answer of asked) assert.equal((await answer).status, 200)
    assert.equal(loads.count, 1)
    assert.isUndefined(unready())
    await Promise.all(asked.map(async answer => readText(await answer)))
    await isIdle(runtime)
  })

  test('does not keep waiting whoever asks for another', async () => {
    const { double, runtime } = await started()
    const loads = held(double, '/api/generate')
    const gone = new AbortController()
    const waiting = runtime.generate(chat(COLD), gone.signal)
    await eventually(() => assert.equal(loads.count, 1))
    await readText(await runtime.generate(chat(WARM), soon()))
    const reason = new Error('gone')
    gone.abort(reason)
    assert.equal(await waiting.catch((error: unknown) => error), reason)
    await isIdle(runtime)
    loads.release()
  })

  test('that takes too long is refused with how far it is, and is loaded all the same', async () => {
    const { double, runtime, clock, unready } = await started({ loadWaitMaxMs: 5_000 })
    const loads = held(double, '/api/generate')
    const waiting = runtime.generate(chat(COLD), soon())
    await eventually(() => assert.equal(loads.count, 1))
    clock.advance(5_000)
    const error = await failure(waiting)
    assert.equal(error.code, 'ERR_MODEL_LOADING')
    assert.equal(error.kind.status, 503)
    assert.deepInclude(error.details, { model: COLD, retryAfterMs: 5_000 })
    assert.deepEqual(error.details['loading'], { state: 'loading' })
    await isIdle(runtime)

    clock.advance(3_000)
    nowLoaded(double)
    loads.release()
    await eventually(() => assert.isUndefined(unready()))
  })

  test('that is known to take too long is refused at once, with the time it took before', async () => {
    const { double, runtime, control, clock, unready } = await started({ loadWaitMaxMs: 5_000 })
    const loads = held(double, '/api/generate')
    const loading = control.act(COLD, 'load', soon())
    await eventually(() => assert.equal(loads.count, 1))
    clock.advance(8_000)
    loads.release()
    await loading
    await control.act(COLD, 'unload', soon())
    assert.deepInclude(unready(), { state: 'cold', readyInMs: 8_000 })
    const error = await failure(runtime.generate(chat(COLD), soon()))
    assert.equal(error.code, 'ERR_MODEL_LOADING')
    assert.equal(error.details['retryAfterMs'], 8_000)
  })

  test('that the engine fails to load fails the request, and may be tried again', async () => {
    const { double, runtime, unready } = await started()
    const loads = held(double, '/api/generate')
    const asked = runtime.generate(chat(COLD), soon())
    await eventually(() => assert.equal(loads.count, 1))
    loads.release(500, { error: 'model requires more system memory' })
    assert.equal((await failure(asked)).code, 'ERR_ENGINE')
    assert.deepEqual(unready(), { state: 'cold' })
    await readText(await runtime.generate(chat(COLD), soon()))
  })

  test('has as many waiting for it as may wait for the engine', async () => {
    const { double, runtime } = await started({ queueMax: 1 })
    const loads = held(double, '/api/generate')
    const first = runtime.generate(chat(COLD), soon())
    await eventually(() => assert.equal(loads.count, 1))
    assert.equal((await failure(runtime.generate(chat(COLD), soon()))).code, 'ERR_OVERLOADED')
    loads.release()
    await readText(await first)
  })
})

describe('a model that sleeps', () => {
  test('is woken for the request that comes for it', async () => {
    const double = await doubleOf('vllm')
    const under = runtimeFor({ baseUrl: double.url, kind: undefined })
    double.set('GET /is_sleeping', { json: { is_sleeping: true } })
    double.set('GET /metrics', { status: 500 })
    await under.runtime.start(soon())
    const [{ id } = { id: '' }] = under.runtime.models()
    const wakes = held(double, '/wake_up')
    const asked = under.runtime.generate(chat(id), soon())
    await eventually(() => assert.equal(wakes.count, 1))
    assert.equal(under.runtime.load().models[0]?.unready?.state, 'loading')
    double.set('GET /is_sleeping', { json: { is_sleeping: false } })
    wakes.release()
    await readText(await asked)
  })
})

test('a model that was put to sleep sleeps, whatever older answers leave unsaid', async () => {
  const double = await doubleOf('vllm')
  double.set('GET /metrics', { text: 'vllm:num_requests_running 0' })
  const { runtime, clock } = runtimeFor({ baseUrl: double.url, kind: undefined })
  await runtime.start(soon())
  const load = () => runtime.load().models[0]
  await eventually(() => assert.equal(load()?.metricsAgeMs, 0))
  await runtime.control?.act(load()?.model ?? '', 'sleep', soon())
  double.hang('GET /is_sleeping')
  clock.advance(1_000)
  await eventually(() => assert.equal(load()?.metricsAgeMs, 0))
  assert.equal(load()?.unready?.state, 'sleeping')
})

describe('an action', () => {
  test('is refused if the engine cannot, with what it can', async () => {
    const { control } = await started()
    const error = await failure(control.act(WARM, 'sleep', soon()))
    assert.equal(error.code, 'ERR_NOT_SUPPORTED')
    assert.deepEqual(error.details['actions'], ['load', 'unload'])
    assert.deepEqual(control.actions(), ['load', 'unload'])
    assert.equal((await failure(control.loras(soon()))).code, 'ERR_NOT_SUPPORTED')
  })

  test('is refused on a model that is not there', async () => {
    const { control } = await started()
    const error = await failure(control.act('no-such', 'unload', soon()))
    assert.equal(error.code, 'ERR_MODEL_NOT_FOUND')
  })

  test('never takes a model from a stream that runs', async () => {
    const { double, runtime, control } = await started()
    let end = () => {}
    double.engine.misbehaveOnce(response => {
      streamHead(response)
      response.write('data: {}\n\n')
      end = () => response.end()
    })
    const request = chatRequest({ model: WARM, stream: true }, { model: WARM })
    const answer = await runtime.generate(request, soon())
    const loads = held(double, '/api/generate')
    const error = await failure(control.act(WARM, 'unload', soon()))
    assert.equal(error.code, 'ERR_MODEL_IN_USE')
    assert.equal(error.kind.status, 409)
    assert.equal(loads.count, 0, 'the engine was not asked')
    end()
    await readText(answer)
    await isIdle(runtime)
    loads.release()
    await control.act(WARM, 'unload', soon())
    assert.equal(loads.count, 1)
  })

  test('never takes a model from the requests of others, as far as the engine tells', async () => {
    const double = await doubleOf('vllm')
    const under = runtimeFor({ baseUrl: double.url, kind: undefined })
    await under.runtime.start(soon())
    await eventually(() => assert.isAbove(under.runtime.load().models[0]?.runningCount ?? 0, 0))
    const [{ id } = { id: '' }] = under.runtime.models()
    const { control } = under.runtime
    assert.isDefined(control)
    assert.equal((await failure(control.act(id, 'sleep', soon()))).code, 'ERR_MODEL_IN_USE')
    assert.deepEqual(await control.loras(soon()), ['sql-lora'])
  })

  test('on a model follows the one before it, and requests follow both', async () => {
    const { double, runtime, control } = await started()
    const acts = held(double, '/api/generate')
    const unloading = control.act(WARM, 'unload', soon())
    await eventually(() => assert.equal(acts.count, 1))
    const loading = control.act(WARM, 'load', soon())
    const asked = runtime.generate(chat(WARM), soon())
    assert.equal(acts.count, 1)
    assert.equal(tokens(double), 0)
    acts.release()
    await Promise.all([unloading, loading])
    await readText(await asked)
    assert.isAtLeast(acts.count, 2)
  })

  test('goes on when whoever asked for it goes', async () => {
    const { double, control, unready } = await started()
    const loads = held(double, '/api/generate')
    const gone = new AbortController()
    const loading = control.act(COLD, 'load', gone.signal)
    await eventually(() => assert.equal(loads.count, 1))
    const reason = new Error('gone')
    gone.abort(reason)
    assert.equal(await loading.catch((error: unknown) => error), reason)
    assert.equal(unready()?.state, 'loading')
    nowLoaded(double)
    loads.release()
    await eventually(() => assert.isUndefined(unready()))
  })

  test('that takes for ever is given up', async () => {
    const { double, control, clock, unready } = await started({ loadTimeoutMs: 20_000 })
    const loads = held(double, '/api/generate')
    const loading = control.act(COLD, 'load', soon())
    await eventually(() => assert.equal(loads.count, 1))
    clock.advance(20_000)
    assert.equal((await failure(loading)).code, 'ERR_DEADLINE_EXCEEDED')
    assert.deepEqual(unready(), { state: 'cold' })
  })

  test('ends with the adapter', async () => {
    const { double, runtime, control } = await started()
    const loads = held(double, '/api/generate')
    const loading = control.act(COLD, 'load', soon())
    const asked = runtime.generate(chat(COLD), soon())
    await eventually(() => assert.equal(loads.count, 1))
    const failures = [failure(loading), failure(asked)]
    await runtime.close()
    for (const each of failures) assert.equal((await each).code, 'ERR_STOPPING')
  })
})
