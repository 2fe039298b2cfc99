/**
 * What is done to models on request, here and at other peers.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import type { Unready } from '../../src/core/peer-state.ts'
import { Engines } from '../../src/node/engines.ts'
import { createLogger } from '../../src/node/log.ts'
import { ModelControl } from '../../src/node/model-control.ts'
import type { ModelAction, RuntimeControl } from '../../src/node/runtime.ts'
import type { LaneCall } from '../../src/protocols/lane.ts'
import { answerOf, FakeRuntime, MODEL } from './fake-runtime.ts'

const logger = createLogger('silent', { write: () => {}, wallMs: () => 0 })
const never = new AbortController().signal

class ControlledRuntime extends FakeRuntime {
  readonly acted: string[] = []
  readonly control: RuntimeControl

  constructor(models: readonly string[], actions: readonly ModelAction[]) {
    super(models, 'controlled')
    this.control = {
      actions: () => actions,
      act: async (model, action) => {
        this.acted.push(`${action} ${model}`)
      },
      loras: async () => [],
    }
  }
}

function enginesOf(...runtimes: FakeRuntime[]): Engines {
  const gpus = { read: () => [], close: async () => {} } as never
  return new Engines(runtimes, { gpus, logger, onModelsChanged: () => {} })
}

async function refusal(promise: Promise<unknown>): Promise<MeshError> {
  const error = await promise.then(
    () => assert.fail('expected a refusal, found a result'),
    (reason: unknown) => reason,
  )
  assert.instanceOf(error, MeshError)
  return error
}

describe('the engines of a peer', () => {
  test('have the one that serves the model act', async () => {
    const [first, second] = [new FakeRuntime(['a']), new ControlledRuntime(['b'], ['unload'])]
    assert.isUndefined(await enginesOf(first, second).act('b', 'unload', never))
    assert.deepEqual(second.acted, ['unload b'])
  })

  test('refuse what the engine cannot, and what they do not serve', async () => {
    const engines = enginesOf(new FakeRuntime(['a']), new ControlledRuntime(['b'], ['unload']))
    assert.equal((await refusal(engines.act('a', 'unload', never))).code, 'ERR_NOT_SUPPORTED')
    assert.equal((await refusal(engines.act('b', 'sleep', never))).code, 'ERR_NOT_SUPPORTED')
    assert.equal((await refusal(engines.act('c', 'unload', never))).code, 'ERR_MODEL_NOT_FOUND')
  })

  test('warm any model, by one token', async () => {
    const runtime = new FakeRuntime()
    await enginesOf(runtime).act(MODEL, 'warm', never)
    const [request] = runtime.requests
    const body = JSON.parse(new TextDecoder().decode(request?.body))
    assert.equal(request?.endpoint, 'chat/completions')
    assert.deepInclude(body, { model: MODEL, max_tokens: 1 })
    runtime.answer = async () => ({ ...answerOf('no'), status: 400 })
    const error = await refusal(enginesOf(runtime).act(MODEL, 'warm', never))
    assert.equal(error.code, 'ERR_ENGINE')
  })

  test('give what is in no list yet to whoever can load', async () => {
    const loader = new ControlledRuntime(['b'], ['load'])
    await enginesOf(new FakeRuntime(['a']), loader).act('adapter=/path', 'load', never)
    assert.deepEqual(loader.acted, ['load adapter=/path'])
  })
})

test('the requests of all engines are each counted once', () => {
  const shared = new FakeRuntime(['a', 'b'], 'shared')
  const load = shared.load.bind(shared)
  const requests = { queuedCount: 2, runningCount: 3 }
  Object.assign(shared, { load: () => ({ ...load(), requests }) })
  const plain = new FakeRuntime(['c', 'd'])
  plain.runningCount = 5
  assert.deepEqual(enginesOf(shared, plain).requests(), { queuedCount: 2, runningCount: 13 })
})

test('the adapters beside a model are those of its engine', async () => {
  const runtime = new ControlledRuntime(['a'], [])
  Object.assign(runtime.control, { loras: async () => ['sql'] })
  const engines = enginesOf(runtime, new FakeRuntime(['b']))
  assert.deepEqual(await engines.loras('a', never), ['sql'])
  assert.equal((await refusal(engines.loras('b', never))).code, 'ERR_NOT_SUPPORTED')
  assert.equal((await refusal(engines.loras('c', never))).code, 'ERR_MODEL_NOT_FOUND')
})

interface Scene {
  readonly control: ModelControl
  readonly asked: string[]
  readonly calls: LaneCall[]
}

function scene(peersOf: readonly string[], reply: object | string = {}): Scene {
  const asked: string[] = []
  const calls: LaneCall[] = []
  const control = new ModelControl({
    self: 'us',
    engines: enginesOf(new ControlledRuntime(['ours'], ['load', 'unload'])),
    lanes: () => ({
      request: async (peer, call) => {
        asked.push(peer)
        calls.push(call)
        return answerOf(typeof reply === 'string' ? reply : JSON.stringify(reply))
      },
    }),
    peersOf: () => peersOf,
  })
  return { control, asked, calls }
}

describe('an action on a model', () => {
  test('is done here if we serve it, without asking anybody', async () => {
    const { control, asked } = scene(['us', 'them'])
    const done = await control.act({ model: 'ours', action: 'load' }, never)
    assert.deepEqual(done, { peer: 'us', unready: undefined })
    assert.deepEqual(asked, [])
  })

  test('is done by the peer that is named, or the only one that serves it', async () => {
    const unready: Unready = { state: 'loading', progressRatio: 0.5 }
    for (const peer of ['them', undefined]) {
      const { control, asked, calls } = scene(['them'], { unready })
      const done = await control.act({ model: 'theirs', action: 'load', peer }, never)
      assert.deepEqual(done, { peer: 'them', unready })
      assert.deepEqual(asked, ['them'])
      const body = new TextDecoder().decode(calls[0]?.body)
      assert.deepEqual(JSON.parse(body), { model: 'theirs', action: 'load' })
    }
  })

  test('must name a peer if several serve the model', async () => {
    const { control } = scene(['a', 'b'])
    const error = await refusal(control.act({ model: 'theirs', action: 'load' }, never))
    assert.equal(error.code, 'ERR_INVALID_REQUEST')
    assert.include(error.hint, 'a, b')
  })

  test('of a model that nobody serves is not found', async () => {
    const error = await refusal(scene([]).control.act({ model: 'x', action: 'unload' }, never))
    assert.equal(error.code, 'ERR_MODEL_NOT_FOUND')
  })

  for (const reply of ['no json', '{"unready":{"state":"odd"}}', ' '.repeat(10_000)]) {
    test(`fails if the peer answers ${JSON.stringify(reply.slice(0, 30))}`, async () => {
      const asked = scene(['them'], reply).control.act({ model: 'x', action: 'load' }, never)
      assert.equal((await refusal(asked)).code, 'ERR_BAD_FRAME')
    })
  }

  test('is done for another peer as for us', async () => {
    const { control } = scene([])
    const callOf = (json: object | string): LaneCall => ({
      method: 'model-action',
      headers: {},
      body: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)),
    })
    const answer = await control.serve(callOf({ model: 'ours', action: 'unload' }), never)
    assert.equal(answer.status, 200)
    for (const json of [
      '',
      { model: 'ours' },
      { model: 'ours', action: 'burn' },
      'x'.repeat(9_000),
    ]) {
      const error = await refusal(control.serve(callOf(json), never))
      assert.equal(error.code, 'ERR_INVALID_REQUEST')
    }
  })
})
