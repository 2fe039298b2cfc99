/**
 * The queues in front of a peer's engines: whoever serves lets in, in order, and says why not.
 */
import { assert, describe, test } from 'vitest'
import type { MeshError } from '../../src/core/errors.ts'
import { Engines } from '../../src/node/engines.ts'
import { NO_GPUS } from '../../src/node/gpu-source.ts'
import type { RuntimeRequest } from '../../src/node/runtime.ts'
import { ServingQueues } from '../../src/node/serving-queues.ts'
import type { Standing } from '../../src/node/standing.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { answerOf, endlessAnswer, FakeRuntime, MODEL, modelFacts, textOf } from './fake-runtime.ts'
import { silent } from './recorded-network.ts'
import { failure, request, STAY } from './router-scene.ts'
import { rejection, turn } from './until.ts'

/** Engines that take one request at a time; answers end when their client leaves. */
function scene({ options = {}, models = [MODEL] }: { options?: object; models?: string[] } = {}) {
  const clock = new ManualClock()
  const runtime = new FakeRuntime(models)
  runtime.served = models.map(id => modelFacts(id, { parallelMax: 1 }))
  runtime.answer = async (_, signal) => endlessAnswer(signal)
  const queues = new ServingQueues({ clock, options: schedulerOptions.parse(options) })
  const engines = new Engines([runtime], {
    ...{ gpus: NO_GPUS, logger: silent, queues },
    onModelsChanged: () => {},
  })
  const ask = (change: Partial<Standing> = {}, asked: Partial<RuntimeRequest> = {}) => {
    const client = new AbortController()
    const standing: Standing = {
      ...{ priority: 'normal', tenant: '', weight: 1, inputTokens: 100, outputTokens: 50 },
      ...change,
    }
    const serving = engines.serve({ ...request, standing, ...asked }, client.signal)
    const state: { isServed: boolean; error: MeshError | undefined } = {
      ...{ isServed: false, error: undefined },
    }
    serving.then(
      () => {
        state.isServed = true
      },
      (error: MeshError) => {
        state.error = error
      },
    )
    return Object.assign(state, { serving, leave: () => client.abort(new Error('left')) })
  }
  return { clock, runtime, queues, engines, ask }
}

/** Takes two at once, and says that it takes many. */
describe('an engine that takes less at once than it is set to', () => {
  test('gets no more than that once it has said so, and what is urgent is next', async () => {
    const { ask, clock, runtime, queues } = scene()
    runtime.served = [modelFacts(MODEL, { parallelMax: 256 })]
    let readAtMs = 0
    const load = runtime.load.bind(runtime)
    runtime.load = () => {
      const models = load().models.map(each => ({
        ...each,
        runningCount: Math.min(2, runtime.runningCount),
        queuedCount: Math.max(0, runtime.runningCount - 2),
        metricsAgeMs: clock.nowMs() - readAtMs,
      }))
      return { models, gpus: [] }
    }
    const sent = Array.from({ length: 20 }, () => ask())
    await turn()
    assert.equal(runtime.runningCount, 20)
    for (const first of sent.slice(0, 2)) {
      clock.advance(1_000)
      readAtMs = clock.nowMs()
      first.leave()
      await turn()
    }

    const low = ask({ priority: 'low' })
    const urgent = ask({ priority: 'critical' })
    await turn()
    assert.deepEqual([runtime.runningCount, queues.waitingCount], [18, 2])
    for (const each of sent.slice(0, 19)) each.leave()
    await turn()
    assert.deepEqual([urgent.isServed, low.isServed], [true, false])
    assert.equal(runtime.runningCount, 2)
  })
})

describe('a request at a busy engine', () => {
  test('waits until the one before it has ended, and is counted meanwhile', async () => {
    const { ask, engines, queues, runtime } = scene()
    const first = ask()
    const second = ask()
    await turn()
    assert.deepEqual([first.isServed, second.isServed], [true, false])
    assert.lengthOf(runtime.requests, 1)
    assert.equal(queues.waitingCount, 1)
    const [load] = engines.load().models
    assert.deepEqual([load?.queuedCount, load?.runningCount], [1, 1])
    assert.deepEqual([load?.prefillTokensLeft, load?.decodeTokensLeft], [100, 50])

    first.leave()
    await turn()
    assert.isTrue(second.isServed)
    assert.equal(engines.load().models[0]?.queuedCount, 0)
  })

  test('is let in when the answer before it was read to its end, or failed', async () => {
    const { ask, runtime } = scene()
    runtime.answer = async () => answerOf('hello')
    const first = ask()
    const second = ask()
    const third = ask()
    const answer = await first.serving
    runtime.answer = () => Promise.reject(failure('ERR_ENGINE'))
    assert.equal(await textOf(answer), 'hello')
    assert.propertyVal(await rejection(second.serving), 'code', 'ERR_ENGINE')
    assert.propertyVal(await rejection(third.serving), 'code', 'ERR_ENGINE')
    assert.lengthOf(runtime.requests, 3)
  })

  test('that is given up never reaches it', async () => {
    const { ask, runtime, queues } = scene()
    const first = ask()
    const second = ask()
    const third = ask()
    await turn()
    second.leave()
    await turn()
    assert.propertyVal(second.error, 'message', 'left')
    assert.equal(queues.waitingCount, 1)
    first.leave()
    await turn()
    assert.isTrue(third.isServed)
    assert.lengthOf(runtime.requests, 2)
  })

  test('that is given up at the moment of its turn gives it on', async () => {
    const { ask, runtime } = scene()
    const first = ask()
    const second = ask()
    const third = ask()
    await turn()
    first.leave()
    second.leave()
    await turn()
    assert.isTrue(third.isServed)
    assert.equal(runtime.runningCount, 1)
  })

  test('goes before others if it is critical', async () => {
    const { ask } = scene()
    const [first, second, urgent] = [ask(), ask(), ask({ priority: 'critical' })]
    await turn()
    first.leave()
    await turn()
    assert.deepEqual([second.isServed, urgent.isServed], [false, true])
  })

  test('without a standing is as any other', async () => {
    const { engines, queues, ask } = scene()
    ask()
    const other = engines.serve({ ...request, body: Buffer.from('x'.repeat(400)) }, STAY)
    other.catch(() => {})
    await turn()
    assert.equal(queues.waitingCount, 1)
    assert.equal(engines.load().models[0]?.prefillTokensLeft, 100)
  })
})

describe('a peer that takes nothing more', () => {
  test('says that its queue is full, and when to come back', async () => {
    const { ask } = scene({ options: { queueLengthMax: 1 } })
    ask()
    ask()
    const third = ask()
    await turn()
    assert.equal(third.error?.code, 'ERR_OVERLOADED')
    // The engine reads 1,000 tokens a second and makes 100: half a second and a tenth wait.
    assert.deepEqual(third.error?.details, { reason: 'queue-full', retryAfterMs: 600 })
  })

  test('sends back what would wait for more prompts than its ingress thought', async () => {
    const { ask } = scene()
    ask()
    ask()
    const third = ask({ readWaitMaxMs: 10 })
    await turn()
    assert.equal(third.error?.code, 'ERR_OVERLOADED')
    assert.equal(third.error?.details['reason'], 'busier')
  })

  test('makes room for who has more of a claim, and says so to who had the place', async () => {
    const { ask } = scene({ options: { queueLengthMax: 1 } })
    ask()
    const waiting = ask()
    const urgent = ask({ priority: 'critical' })
    await turn()
    assert.equal(waiting.error?.details['reason'], 'displaced')
    assert.isUndefined(urgent.error)
  })

  test('says that a deadline cannot be met, at once', async () => {
    const { ask } = scene()
    ask()
    ask()
    const third = ask({ beginWithinMs: 500 })
    await turn()
    assert.equal(third.error?.code, 'ERR_OVERLOADED')
    assert.equal(third.error?.details['reason'], 'deadline')
  })

  test('says when a deadline has passed that seemed to be met', async () => {
    const { ask, clock } = scene()
    ask()
    const second = ask({ beginWithinMs: 5_000 })
    await turn()
    clock.advance(4_999)
    await turn()
    const before = second.error
    clock.advance(1)
    await turn()
    assert.deepEqual([before, second.error?.details['reason']], [undefined, 'deadline'])
    assert.equal(clock.wakeCount, 0)
  })

  for (const how of ['stopping', 'drained'] as const) {
    test(`sends those that wait away when it is ${how}, to be served elsewhere`, async () => {
      const { ask, engines, queues } = scene()
      const first = ask()
      const second = ask()
      await turn()
      if (how === 'stopping') engines.drain()
      else engines.setDrained(true)
      await turn()
      assert.equal(second.error?.code, 'ERR_STOPPING')
      assert.isTrue(first.isServed)
      assert.equal(queues.waitingCount, 0)
    })
  }
})

test('one dead backend delaying others: a model that hangs keeps no other waiting', async () => {
  const { ask, runtime } = scene({ models: ['dead', 'well'] })
  ask({}, { model: 'dead' })
  ask({}, { model: 'dead' })
  const other = ask({}, { model: 'well' })
  await turn()
  assert.isTrue(other.isServed)
  assert.deepEqual(
    runtime.requests.map(({ model }) => model),
    ['dead', 'well'],
  )
})

test('queues of models that are idle are forgotten when there are too many', async () => {
  const models = Array.from({ length: 1_030 }, (_, index) => `m${index}`)
  const { ask, runtime, queues } = scene({ models })
  runtime.answer = async () => answerOf('hello')
  const busy = ask({}, { model: 'm0' })
  await busy.serving
  for (const model of models.slice(1)) await textOf(await ask({}, { model }).serving)
  assert.isAtMost(queues.count, 1_024)
  const again = ask({}, { model: 'm0' })
  await turn()
  assert.isFalse(again.isServed)
})

test('engines and models that read alike together have queues of their own', async () => {
  const queues = new ServingQueues({
    ...{ clock: new ManualClock(), options: schedulerOptions.parse({}) },
  })
  const standing: Standing = {
    ...{ priority: 'normal', tenant: '', weight: 1, inputTokens: 1, outputTokens: 1 },
  }
  for (const [engine, model] of [
    ['a b', 'c'],
    ['a', 'b c'],
  ] as const) {
    const served = { runtime: new FakeRuntime([model], engine), model }
    await queues.enter(served, { standing, isStream: false }, STAY)
  }
  assert.equal(queues.count, 2)
})
