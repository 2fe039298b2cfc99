/**
 * The engines of a peer as one: who serves which model, what is told about them, and their ends.
 */

import { assert, describe, test } from 'vitest'
import type { GpuLoad } from '../../src/core/peer-state.ts'
import { Engines, type EnginesDeps } from '../../src/node/engines.ts'
import { NO_GPUS } from '../../src/node/gpu-source.ts'
import type { Logger } from '../../src/node/log.ts'
import { FakeRuntime, never, textOf } from './fake-runtime.ts'
import { silent } from './recorded-network.ts'
import { failure, request, STAY } from './router-scene.ts'
import { rejection } from './until.ts'

function enginesOf(runtimes: readonly FakeRuntime[], deps: Partial<EnginesDeps> = {}): Engines {
  return new Engines(runtimes, {
    gpus: NO_GPUS,
    logger: silent,
    onModelsChanged: () => {},
    ...deps,
  })
}

function recorded() {
  const lines: string[] = []
  const write = (message: string) => lines.push(message)
  const logger: Logger = { debug: write, info: write, warn: write, error: write }
  return { lines, logger }
}

const gpu: GpuLoad = {
  name: 'H200',
  vramTotalBytes: 100,
  vramUsedBytes: 20,
  utilizationRatio: 0.5,
  isThrottled: false,
  isFaulty: false,
}

describe('two engines with one model', () => {
  const first = new FakeRuntime(['zebra', 'shared'], 'first')
  const second = new FakeRuntime(['shared', 'ant'], 'second')
  const engines = enginesOf([first, second])

  test('are listed as one model of the engine named first, all sorted by id', () => {
    assert.deepEqual(
      engines.models().map(({ id, engine }) => [id, engine]),
      [
        ['ant', 'second'],
        ['shared', 'first'],
        ['zebra', 'first'],
      ],
    )
  })

  test('are asked in that order, and the busy one is the one that is told', async () => {
    const answer = await engines.serve({ ...request, model: 'shared' }, STAY)
    const loads = engines.load().models.filter(({ model }) => model === 'shared')
    assert.deepEqual(
      loads.map(({ runningCount }) => runningCount),
      [1],
    )
    await textOf(answer)
    assert.deepEqual([first.requests.length, second.requests.length], [1, 0])
  })
})

describe('engines', () => {
  test('tell no more models than other peers take from one', () => {
    const many = Array.from({ length: 300 }, (_, index) => `model-${index}`)
    const engines = enginesOf([new FakeRuntime(many)])
    assert.deepEqual([engines.models().length, engines.load().models.length], [256, 256])
  })

  test('refuse a model that none of them has, and name those there are', async () => {
    const engines = enginesOf([new FakeRuntime(['one']), new FakeRuntime(['two'])])
    const error = (await rejection(engines.serve({ ...request, model: 'three' }, STAY))) as Error
    assert.propertyVal(error, 'code', 'ERR_MODEL_NOT_FOUND')
    assert.include(error.message, '(one, two)')
    const none = (await rejection(enginesOf([]).serve(request, STAY))) as Error
    assert.include(none.message, '(none)')
  })

  test('serve with the one that has the model now', async () => {
    const [a, b] = [new FakeRuntime(['one']), new FakeRuntime(['two'])]
    const engines = enginesOf([a, b])
    a.serve('two')
    await engines.serve({ ...request, model: 'two' }, STAY)
    b.serve('one')
    await engines.serve({ ...request, model: 'one' }, STAY)
    assert.deepEqual([a.requests.length, b.requests.length], [1, 1])
  })

  test('that drain refuse what is new, and say so in their load', async () => {
    const runtime = new FakeRuntime()
    const engines = enginesOf([runtime])
    const running = await engines.serve(request, STAY)
    engines.drain()
    assert.isTrue(engines.load().isDraining)
    const error = await rejection(engines.serve(request, STAY))
    assert.propertyVal(error, 'code', 'ERR_STOPPING')
    assert.equal(await textOf(running), 'hello')
    assert.equal(runtime.requests.length, 1)
  })

  test('say when their models have changed, until they are closed', async () => {
    const runtime = new FakeRuntime()
    let changes = 0
    const engines = enginesOf([runtime], {
      onModelsChanged: () => {
        changes += 1
      },
    })
    runtime.serve('other')
    assert.equal(changes, 1)
    await engines.close()
    assert.equal(runtime.listenerCount, 0)
  })

  test('report the GPUs of the machine, or else those that the engines see', () => {
    const runtime = new FakeRuntime([])
    runtime.load = () => ({ models: [], gpus: [{ ...gpu, name: 'seen by the engine' }] })
    const names = (engines: Engines) => engines.load().gpus.map(({ name }) => name)
    const gpus = { ...NO_GPUS, read: () => [gpu] }
    assert.deepEqual(names(enginesOf([runtime], { gpus })), ['H200'])
    assert.deepEqual(names(enginesOf([runtime])), ['seen by the engine'])
  })
})

describe('an engine that does not start', () => {
  test('is reported and keeps no other from serving', async () => {
    const [broken, whole] = [new FakeRuntime([], 'broken'), new FakeRuntime()]
    const cause = failure('ERR_MODEL_FILE')
    broken.starting = () => Promise.reject(cause)
    const { lines, logger } = recorded()
    const engines = enginesOf([broken, whole], { logger })
    assert.deepEqual(await engines.start(), [cause])
    assert.deepEqual(lines, ['an engine did not start'])
    assert.equal(await textOf(await engines.serve(request, STAY)), 'hello')
  })

  test('is given up when the peer stops meanwhile', async () => {
    const slow = new FakeRuntime()
    slow.starting = signal => never(signal)
    const engines = enginesOf([slow])
    const starting = engines.start()
    await engines.close()
    const [error] = await starting
    assert.propertyVal(error, 'code', 'ERR_STOPPING')
    assert.isTrue(slow.isClosed)
  })
})

describe('an engine that does not close', () => {
  test('is reported and keeps no other open', async () => {
    const [stuck, whole] = [new FakeRuntime(), new FakeRuntime()]
    stuck.close = () => Promise.reject(new Error('still busy'))
    const { lines, logger } = recorded()
    await enginesOf([stuck, whole], { logger }).close()
    assert.deepEqual(lines, ['an engine did not close'])
    assert.isTrue(whole.isClosed)
  })
})

describe('the engines of a drained peer', () => {
  test('say so, take nothing new, and serve again when it is over', async () => {
    const engines = enginesOf([new FakeRuntime()])
    engines.setDrained(true)
    assert.isTrue(engines.load().isDraining)
    assert.propertyVal(await rejection(engines.serve(request, STAY)), 'code', 'ERR_STOPPING')
    engines.setDrained(false)
    assert.isFalse(engines.load().isDraining)
    assert.equal(await textOf(await engines.serve(request, STAY)), 'hello')
  })

  test('stay closed when the peer stops, whatever the mesh wants', () => {
    const engines = enginesOf([new FakeRuntime()])
    engines.drain()
    engines.setDrained(false)
    assert.isTrue(engines.load().isDraining)
  })
})
