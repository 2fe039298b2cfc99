/**
 * The speed of an engine from what its requests measured: an engine of known speed is found again, with
 * noise, from the times of its requests alone.
 */
import { assert, describe, test } from 'vitest'
import { fitSpeed } from '../../../sim/calibrate/fit-speed.ts'
import { type MeasuredRequest, observationsOf } from '../../../sim/calibrate/observations.ts'
import { between, exponential } from '../../../sim/chance.ts'
import { ContinuousBatchingEngine } from '../../../sim/engines/continuous-batching.ts'
import type { EngineJob } from '../../../sim/engines/engine.ts'
import { Timeline } from '../../../sim/kernel/timeline.ts'
import { languageSpeed } from '../../../sim/scenario/hardware.ts'
import { Random } from '../../../src/core/random.ts'

interface Job extends EngineJob {
  readonly atMs: number
  firstMs: number
}

interface Served {
  readonly speed: Parameters<typeof languageSpeed.parse>[0]
  readonly meanGapMs: number
  /** Of every request besides. */
  readonly onceMs?: number
  /** Share by which a measured time is off at most. */
  readonly noiseRatio?: number
  readonly count?: number
}

const SPEED = { stepBaseMs: 12, stepPerSequenceMs: 1.5, prefillTokenMs: 0.4, sequencesMax: 8 }

/** Requests by chance to one engine of that speed, as their ingress would have measured them. */
function measured(init: Served): readonly MeasuredRequest[] {
  const { speed, meanGapMs, onceMs = 0, noiseRatio = 0, count = 300 } = init
  const timeline = new Timeline()
  const random = new Random(9)
  const found: MeasuredRequest[] = []
  const noisy = (ms: number) => ms * (1 + between(random, -noiseRatio, noiseRatio))
  const engine = new ContinuousBatchingEngine<Job>({
    timeline,
    speed: languageSpeed.parse(speed),
    listener: {
      onFirstToken: job => {
        job.firstMs = timeline.nowMs
      },
      onEnd: job => {
        const ttftMs = noisy(job.firstMs - job.atMs + onceMs)
        const { atMs, inputTokens, outputTokens } = job
        const endToEndMs = ttftMs + noisy(timeline.nowMs - job.firstMs)
        found.push({ peer: 'p', atMs, inputTokens, outputTokens, ttftMs, endToEndMs })
      },
    },
  })
  let atMs = 0
  for (let index = 0; index < count; index += 1) {
    atMs += exponential(random, meanGapMs)
    const inputTokens = 20 + random.nextIndex(600)
    const outputTokens = 10 + random.nextIndex(60)
    const job: Job = {
      ...{ inputTokens, outputTokens, outputTokensExpected: 40, units: 0, blocks: [] },
      ...{ atMs, firstMs: 0 },
    }
    timeline.at(atMs, () => engine.submit(job))
  }
  timeline.run(1e9)
  return found
}

const fitted = (init: Served) => fitSpeed(observationsOf(measured(init), SPEED.sequencesMax))

describe('a speed that was fitted', () => {
  test('is that of the engine, alone and shared', () => {
    for (const meanGapMs of [4_000, 900, 450]) {
      const found = fitted({ speed: SPEED, meanGapMs })
      const shownMs = (found?.stepBaseMs ?? 0) + (found?.stepPerSequenceMs ?? 0)
      assert.closeTo(shownMs, 13.5, 0.7, `gap ${meanGapMs}`)
      assert.closeTo(found?.prefillTokenMs ?? 0, 0.4, 0.03, `gap ${meanGapMs}`)
      assert.isBelow(found?.errorRatio ?? 1, 0.05)
    }
  })

  test('tells what each further sequence costs, once requests share the engine', () => {
    const found = fitted({ speed: SPEED, meanGapMs: 450 })
    assert.closeTo(found?.stepPerSequenceMs ?? 0, 1.5, 0.4)
    assert.closeTo(found?.stepBaseMs ?? 0, 12, 1)
  })

  test('keeps apart what a request takes besides', () => {
    const found = fitted({ speed: SPEED, meanGapMs: 4_000, onceMs: 25 })
    assert.closeTo(found?.onceMs ?? 0, 25, 3)
    assert.closeTo(found?.prefillTokenMs ?? 0, 0.4, 0.03)
  })

  test('survives clocks that are off, and pauses of the machine', () => {
    const requests = measured({ speed: SPEED, meanGapMs: 900, noiseRatio: 0.05 })
    const paused = requests.map((each, index) =>
      index % 20 === 0
        ? { ...each, ttftMs: each.ttftMs + 900, endToEndMs: each.endToEndMs + 900 }
        : each,
    )
    const found = fitSpeed(observationsOf(paused, SPEED.sequencesMax))
    assert.closeTo((found?.stepBaseMs ?? 0) + (found?.stepPerSequenceMs ?? 0), 13.5, 1)
    assert.closeTo(found?.prefillTokenMs ?? 0, 0.4, 0.04)
  })

  test('is the usual speed where each time is off by up to two thirds, either way', () => {
    const requests = measured({ speed: SPEED, meanGapMs: 4_000, noiseRatio: 0.66, count: 1_500 })
    const found = fitSpeed(observationsOf(requests, SPEED.sequencesMax))
    assert.closeTo((found?.stepBaseMs ?? 0) + (found?.stepPerSequenceMs ?? 0), 13.5, 1.4)
    assert.closeTo(found?.prefillTokenMs ?? 0, 0.4, 0.05)
  })

  test('is none of a handful of requests', () => {
    assert.isUndefined(fitted({ speed: SPEED, meanGapMs: 900, count: 6 }))
    assert.isUndefined(fitSpeed([]))
  })
})
