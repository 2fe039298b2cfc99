/**
 * The engine that jumps over equal steps, beside one that does each of them: the same times, whatever comes,
 * is cancelled, put back or slowed down.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { ContinuousBatchingEngine } from '../../../sim/engines/continuous-batching.ts'
import type {
  EngineJob,
  EngineListener,
  EngineReading,
  SimulatedEngine,
} from '../../../sim/engines/engine.ts'
import { Timeline } from '../../../sim/kernel/timeline.ts'
import type { LanguageSpeed } from '../../../sim/scenario/hardware.ts'
import { StepwiseEngine } from './stepwise-engine.ts'

type Change =
  | { readonly type: 'submit'; readonly job: EngineJob }
  | { readonly type: 'cancel'; readonly place: number }
  | { readonly type: 'slow'; readonly factor: number }

interface Planned {
  readonly atMs: number
  readonly change: Change
}

/** A prompt of so many blocks, the first of which others may begin with too. */
const chain = (family: number, sharedCount: number, ownCount: number, own: number) =>
  Array.from({ length: sharedCount + ownCount }, (_, index) =>
    index < sharedCount ? family * 100 + index : 1_000 + own * 10 + index,
  )

const job = fc
  .record({
    inputTokens: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 500, max: 4_000 })),
    outputTokens: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 900 })),
    family: fc.integer({ min: 0, max: 2 }),
    sharedCount: fc.integer({ min: 0, max: 4 }),
    own: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ inputTokens, outputTokens, family, sharedCount, own }) => ({
    inputTokens,
    outputTokens,
    outputTokensExpected: 100,
    units: 0,
    blocks: chain(family, sharedCount, Math.ceil(inputTokens / 512), own),
  }))

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: job.map(each => ({ type: 'submit' as const, job: each })) },
  {
    weight: 2,
    arbitrary: fc.nat({ max: 40 }).map(place => ({ type: 'cancel' as const, place })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0.5, 1, 2.5).map(factor => ({ type: 'slow' as const, factor })),
  },
)

/** Crowds, and now and then a lull in which the engine becomes idle. */
const gap = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4_000 }) },
)

/** No whole numbers: what happens at exactly one time in both would depend on rounding. */
const changes = fc
  .array(fc.record({ gap, change }), { minLength: 1, maxLength: 60, size: 'max' })
  .map(list => {
    let atMs = 0
    return list.map(({ gap: gapMs, change: each }): Planned => {
      atMs += gapMs * Math.PI
      return { atMs, change: each }
    })
  })

const speed: fc.Arbitrary<LanguageSpeed> = fc.record({
  stepBaseMs: fc.constantFrom(1, 7.3),
  stepPerSequenceMs: fc.constantFrom(0, 0.41),
  stepPerContextTokenMs: fc.constantFrom(0, 0.000_7),
  prefillTokenMs: fc.constantFrom(0.02, 0.11),
  prefillChunkTokens: fc.constantFrom(1, 70, 512, 2_048),
  sequencesMax: fc.constantFrom(1, 4, 16, 16),
  kvCacheTokens: fc.constantFrom(2_500, 3_500, 6_000, 60_000),
  prefixCache: fc.boolean(),
  loadMs: fc.constant(0),
})

interface Telling {
  readonly what: string
  readonly atMs: number
}

interface Observed
  extends Pick<SimulatedEngine<EngineJob>, 'submit' | 'cancel' | 'slowDown' | 'kvUsedTokens'> {
  read(): Pick<
    EngineReading,
    'queuedCount' | 'runningCount' | 'prefillTokensLeft' | 'decodeTokensLeft'
  >
}

type CreateEngine<Engine> = (timeline: Timeline, listener: EngineListener<EngineJob>) => Engine

/** Lets the changes happen to an engine, and lists what it tells, and what is seen of it. */
function tellingsOf<Engine extends Observed>(
  planned: readonly Planned[],
  createEngine: CreateEngine<Engine>,
  onChange: (engine: Engine) => void,
): { readonly engine: Engine; readonly tellings: readonly Telling[] } {
  const timeline = new Timeline()
  const tellings: Telling[] = []
  const jobs: EngineJob[] = []
  const tell = (what: string) => tellings.push({ what, atMs: timeline.nowMs })
  const engine = createEngine(timeline, {
    onFirstToken: (each, cachedTokens) =>
      tell(`${jobs.indexOf(each)} begun, ${cachedTokens} known`),
    onEnd: each => tell(`${jobs.indexOf(each)} ended`),
  })
  const perform = (each: Change) => {
    const chosen = each.type === 'cancel' ? jobs[each.place] : undefined
    if (each.type === 'slow') engine.slowDown(each.factor)
    else if (chosen !== undefined) engine.cancel(chosen)
    else if (each.type === 'submit') {
      // A copy, since the same job is never submitted twice.
      const submitted = { ...each.job }
      jobs.push(submitted)
      engine.submit(submitted)
    }
  }
  const observe = (index: number) => {
    const { queuedCount, runningCount, prefillTokensLeft, decodeTokensLeft } = engine.read()
    const counts = `${queuedCount} queued, ${runningCount} running, ${engine.kvUsedTokens} held`
    tell(`seen ${index}: ${counts}, ${prefillTokensLeft} to read, ${decodeTokensLeft} to make`)
  }
  for (const [index, { atMs, change: each }] of planned.entries()) {
    timeline.at(atMs, () => {
      perform(each)
      observe(index)
      onChange(engine)
    })
  }
  timeline.runAll()
  return { engine, tellings }
}

/** Of one moment in whatever order, for of two that end together none is first. */
function inOrder(tellings: readonly Telling[]): readonly string[] {
  return tellings.map(({ what }) => what).toSorted()
}

function timesOf(tellings: readonly Telling[]): ReadonlyMap<string, number> {
  return new Map(tellings.map(({ what, atMs }) => [what, atMs]))
}

describe('a language engine that jumps over steps', () => {
  test('tells the same at the same times as one that does each step', () => {
    const seen = { putBack: 0, evicted: 0, known: 0 }
    fc.assert(
      fc.property(speed, changes, (each, planned) => {
        const expected = tellingsOf(
          planned,
          (timeline, listener) => new StepwiseEngine(timeline, each, listener),
          () => undefined,
        )
        const found = tellingsOf(
          planned,
          (timeline, listener) => new ContinuousBatchingEngine({ timeline, speed: each, listener }),
          ({ totals }) => assert.closeTo(totals.serviceMs, totals.busyMs, 1e-6),
        )
        assert.deepEqual(inOrder(found.tellings), inOrder(expected.tellings))
        const times = timesOf(expected.tellings)
        for (const { what, atMs } of found.tellings) {
          assert.closeTo(atMs, times.get(what) ?? 0, 1e-5, what)
        }
        assert.closeTo(found.engine.totals.busyMs, expected.engine.busyMs, 1e-5)
        seen.putBack += expected.engine.putBackCount
        seen.evicted += expected.engine.evictedCount
        seen.known += found.tellings.filter(({ what }) => /, [1-9]\d* known/u.test(what)).length
      }),
      { numRuns: 150, seed: 6 },
    )
    for (const [what, count] of Object.entries(seen)) assert.isAbove(count, 50, what)
  })

  test('does not lose, keep or invent anything', () => {
    fc.assert(
      fc.property(speed, changes, (each, planned) => {
        const { engine, tellings } = tellingsOf(
          planned,
          (timeline, listener) => new ContinuousBatchingEngine({ timeline, speed: each, listener }),
          () => undefined,
        )
        const jobs = planned.flatMap(({ change: { type }, ...rest }) =>
          type === 'submit' ? [rest] : [],
        )
        const isCancelledAny = planned.some(({ change: { type } }) => type === 'cancel')
        const ended = tellings.filter(({ what }) => what.endsWith('ended'))
        if (!isCancelledAny) assert.lengthOf(ended, jobs.length)
        assert.equal(new Set(ended.map(({ what }) => what)).size, ended.length)
        const { busyMs, serviceMs, wastedMs } = engine.totals
        assert.closeTo(serviceMs, busyMs, 1e-6)
        assert.isAtLeast(wastedMs, 0)
        assert.isAtMost(wastedMs, serviceMs + 1e-6)
        assert.equal(engine.kvUsedTokens, 0)
        const { kvUsedRatio, runningCount, queuedCount } = engine.read()
        assert.deepEqual(
          { kvUsedRatio, runningCount, queuedCount },
          { kvUsedRatio: 0, runningCount: 0, queuedCount: 0 },
        )
      }),
      { numRuns: 100, seed: 7 },
    )
  })
})
