/**
 * What an engine says of itself and what we see of our own requests make one load.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { ModelLoad } from '../../../src/core/peer-state.ts'
import { EngineMeter } from '../../../src/runtimes/engines/engine-meter.ts'
import type { EngineCounters, EngineReading } from '../../../src/runtimes/engines/engine-profile.ts'

const AGE_MAX_MS = 10_000

const own = (load: Partial<ModelLoad> = {}): ModelLoad => ({
  model: 'a',
  queuedCount: 0,
  runningCount: 0,
  prefillTokensLeft: 0,
  decodeTokensLeft: 0,
  prefillTokensPerSecond: 0,
  decodeTokensPerSecond: 0,
  ...load,
})

class Scene {
  readonly meter = new EngineMeter(AGE_MAX_MS)
  nowMs = 0

  /** A scrape that says this of model `a`, a second after the last. */
  says(reading: EngineReading, ours: ModelLoad = own(), model = 'a'): this {
    this.nowMs += 1_000
    this.meter.add(new Map([[model, reading]]), { before: [ours], after: [ours] }, this.nowMs)
    return this
  }

  load(ours: ModelLoad = own()): ModelLoad {
    const [load] = this.meter.load([ours], this.nowMs)
    assert.isDefined(load)
    return load
  }
}

const scene = () => new Scene()

describe('the count of requests', () => {
  test('includes those of others, once and for all models alike', () => {
    const ours = own({ runningCount: 2 })
    const told = scene().says({ queuedCount: 3, runningCount: 4 }, ours)
    assert.deepInclude(told.load(ours), { queuedCount: 3, runningCount: 4 })
  })

  const changes: readonly (readonly [string, number, { queued: number; running: number }])[] = [
    ['counts ours that are newer than the scrape', 5, { queued: 3, running: 7 }],
    ['counts ours no more once they have ended', 0, { queued: 3, running: 2 }],
  ]
  for (const [what, runningCount, { queued, running }] of changes) {
    test(what, () => {
      const told = scene().says({ queuedCount: 3, runningCount: 4 }, own({ runningCount: 2 }))
      const load = told.load(own({ runningCount }))
      assert.deepInclude(load, { queuedCount: queued, runningCount: running })
    })
  }

  test('adds what waits here, which the engine does not know', () => {
    const ours = own({ queuedCount: 7, runningCount: 1 })
    const load = scene().says({ queuedCount: 1, runningCount: 0 }, ours).load(ours)
    assert.deepInclude(load, { queuedCount: 8, runningCount: 0 })
  })

  test('never takes one of ours for another’s, whichever moment the engine told of', () => {
    const { meter } = scene()
    const reading = new Map([['a', { runningCount: 1 }]])
    meter.add(reading, { before: [own({ runningCount: 1 })], after: [own()] }, 0)
    assert.equal(meter.load([own()], 0)[0]?.runningCount, 0)
    meter.add(reading, { before: [own()], after: [own({ runningCount: 1 })] }, 0)
    assert.equal(meter.load([own()], 0)[0]?.runningCount, 0)
  })

  test('is never below ours, and the same as the engine’s while ours do not change', () => {
    const count = fc.nat(50)
    fc.assert(
      fc.property(count, count, count, count, (queuedCount, runningCount, before, after) => {
        const told = scene().says({ queuedCount, runningCount }, own({ runningCount: before }))
        const total = (load: ModelLoad) => load.queuedCount + load.runningCount
        assert.isAtLeast(total(told.load(own({ runningCount: after }))), after)
        const same = total(told.load(own({ runningCount: before })))
        assert.equal(same, Math.max(before, queuedCount + runningCount))
      }),
    )
  })

  test('of the whole engine holds for every model, and the model’s own goes before it', () => {
    const { meter } = scene()
    const readings = new Map<string, EngineReading>([
      ['', { runningCount: 5, kvUsedRatio: 0.5 }],
      ['b', { runningCount: 2 }],
    ])
    const loads = [own({ runningCount: 1 }), own({ model: 'b', runningCount: 1 })]
    meter.add(readings, { before: loads, after: loads }, 0)
    const [a, b] = meter.load(loads, 0)
    assert.deepInclude(a, { runningCount: 4, kvUsedRatio: 0.5 })
    assert.deepInclude(b, { runningCount: 2, kvUsedRatio: 0.5 })
  })
})

describe('the requests of all models', () => {
  const ours = [own({ queuedCount: 1, runningCount: 1 }), own({ model: 'b', runningCount: 1 })]
  const cases: readonly (readonly [string, readonly [string, EngineReading][], object])[] = [
    ['are ours if the engine says nothing', [], { queuedCount: 1, runningCount: 2 }],
    [
      'are added up over models',
      [
        ['a', { runningCount: 4, queuedCount: 2 }],
        ['b', { runningCount: 2 }],
      ],
      { queuedCount: 3, runningCount: 6 },
    ],
    [
      'are counted once if the engine tells them of all together',
      [['', { runningCount: 4, queuedCount: 2 }]],
      { queuedCount: 3, runningCount: 4 },
    ],
  ]
  for (const [what, readings, expected] of cases) {
    test(what, () => {
      const { meter } = scene()
      meter.add(new Map(readings), { before: ours, after: ours }, 0)
      assert.deepEqual(meter.counts(ours, 0), expected as never)
      assert.deepEqual(meter.counts(ours, AGE_MAX_MS + 1), { queuedCount: 1, runningCount: 2 })
    })
  }
})

describe('the work left', () => {
  test('includes that of others, by the tokens the engine counts', () => {
    const ours = own({ runningCount: 1, prefillTokensLeft: 100, decodeTokensLeft: 50 })
    const load = scene()
      .says({ queuedCount: 2, runningCount: 1, waitingTokens: 700 }, ours)
      .load(ours)
    assert.equal(load.prefillTokensLeft, 700)
    assert.isAbove(load.decodeTokensLeft, 50)
  })

  test('of others is taken as the engine’s mean where it counts no tokens', () => {
    const latency = (count: number) => [{ untilMs: Number.POSITIVE_INFINITY, count }]
    const first = { promptTokens: 0, outputTokens: 0, prefillCount: 0, latency: latency(0) }
    const next = { promptTokens: 3_000, outputTokens: 800, prefillCount: 10, latency: latency(10) }
    const load = scene()
      .says({ counters: first })
      .says({ queuedCount: 2, runningCount: 2, counters: next })
      .load()
    assert.equal(load.prefillTokensLeft, 2 * 300)
    assert.equal(load.decodeTokensLeft, 2 * 80 + 2 * 40)
  })
})

describe('rates, shares and times', () => {
  const counters = (factor: number): EngineCounters => ({
    promptTokens: 1_000 * factor,
    outputTokens: 200 * factor,
    prefixLookups: 1_000 * factor,
    prefixHits: 250 * factor,
    prefillMs: 500 * factor,
    prefillCount: factor,
    decodeStepMs: 4_000 * factor,
    decodeStepCount: 200 * factor,
    latency: [
      { untilMs: 1_000, count: factor },
      { untilMs: Number.POSITIVE_INFINITY, count: factor },
    ],
  })

  test('are made of the growth of counters, the prompt without what was cached', () => {
    const load = scene()
      .says({ counters: counters(1) })
      .says({ counters: counters(2) })
      .load()
    assert.closeTo(load.prefillTokensPerSecond, 1_500, 1e-6)
    assert.closeTo(load.decodeTokensPerSecond, 50, 1e-6)
    assert.closeTo(load.prefixHitRatio ?? 0, 0.25, 1e-6)
    assert.closeTo(load.latencyP95Ms ?? 0, 950, 1e-6)
  })

  test('of decoding come from tokens, time and streams where steps are not counted', () => {
    const told = scene()
      .says({ runningCount: 2, counters: { outputTokens: 0 } })
      .says({ runningCount: 4, counters: { outputTokens: 300 } })
    assert.closeTo(told.load().decodeTokensPerSecond, 100, 1e-6)
  })

  test('are those that the engine itself tells, if it does', () => {
    const load = scene()
      .says({ prefillTokensPerSecond: 7, decodeTokensPerSecond: 8, prefixHitRatio: 1.02 })
      .load(own({ prefillTokensPerSecond: 1, decodeTokensPerSecond: 2 }))
    assert.deepInclude(load, {
      prefillTokensPerSecond: 7,
      decodeTokensPerSecond: 8,
      prefixHitRatio: 1,
    })
  })

  test('are what we measured ourselves as long as the engine has none', () => {
    const ours = own({ prefillTokensPerSecond: 1, decodeTokensPerSecond: 2, latencyP95Ms: 3 })
    const load = scene()
      .says({ prefillTokensPerSecond: 0, counters: counters(1) })
      .load(ours)
    assert.deepInclude(load, ours)
  })

  test('forget the time before a restart', () => {
    const told = scene()
      .says({ counters: counters(50) })
      .says({ counters: counters(100) })
    assert.isAbove(told.load().prefillTokensPerSecond, 0)
    told.says({ counters: counters(1) })
    assert.deepInclude(told.load(), { prefillTokensPerSecond: 0, decodeTokensPerSecond: 0 })
    assert.isUndefined(told.load().prefixHitRatio)
    told.says({ counters: counters(2) })
    assert.closeTo(told.load().prefixHitRatio ?? 0, 0.25, 1e-6)
  })

  test('are of the last minute', () => {
    const told = scene().says({ counters: { prefixLookups: 100, prefixHits: 100 } })
    for (let second = 0; second < 70; second += 1) {
      told.says({ counters: { prefixLookups: 200 + second, prefixHits: 100 } })
    }
    assert.equal(told.load().prefixHitRatio, 0)
  })

  test('are finite and never negative, whatever the counters do', () => {
    const total = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined })
    const anyCounters = fc.record({
      promptTokens: total,
      outputTokens: total,
      prefixLookups: total,
      prefixHits: total,
      prefillMs: total,
      prefillCount: total,
      decodeStepMs: total,
      decodeStepCount: total,
    })
    const reading = fc.record({
      queuedCount: fc.option(fc.double({ min: -1, max: 100, noNaN: true }), { nil: undefined }),
      runningCount: fc.option(fc.nat(100), { nil: undefined }),
      kvUsedRatio: fc.option(fc.double({ min: -1, max: 2, noNaN: true }), { nil: undefined }),
      counters: anyCounters,
    })
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), readings => {
        const told = scene()
        for (const each of readings) told.says(each, own({ runningCount: 1 }))
        const { model: _, ...numbers } = told.load()
        for (const [name, value] of Object.entries(numbers)) {
          if (typeof value !== 'number') continue
          assert.ok(Number.isFinite(value) && value >= 0, `${name} is ${value}`)
        }
        assert.isAtMost(numbers.kvUsedRatio ?? 0, 1)
        assert.ok(Number.isInteger(numbers.queuedCount + numbers.runningCount))
      }),
    )
  })
})

test('numbers beyond all measure become ones that can be told and added up', () => {
  const reading = { queuedCount: 1e308, runningCount: 1e308, waitingTokens: 1e308 }
  const told = scene()
    .says({ ...reading, decodeTokensPerSecond: 1e308 })
    .load()
  assert.deepInclude(told, { queuedCount: 1_000_000, runningCount: 1_000_000 })
  assert.deepInclude(told, { prefillTokensLeft: 1e12, decodeTokensPerSecond: 1e12 })
  assert.isAtMost(told.decodeTokensLeft, 1e12)
})

describe('a scrape that fails', () => {
  test('leaves what was said, with its age, and in the end nothing', () => {
    const told = scene().says({ runningCount: 5, kvUsedRatio: 0.5 })
    assert.equal(told.load().metricsAgeMs, 0)
    told.nowMs += AGE_MAX_MS
    assert.deepInclude(told.load(), { runningCount: 5, metricsAgeMs: AGE_MAX_MS })
    told.nowMs += 1
    assert.deepEqual(told.load(), own())
  })

  test('takes nothing from a load of which the engine never said anything', () => {
    const { meter } = scene()
    assert.deepEqual(meter.load([own()], 0), [own()])
  })
})
