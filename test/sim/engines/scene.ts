/**
 * An engine by itself on a timeline, with jobs that have names, and a list of what it tells.
 */
import { BatchEngine } from '../../../sim/engines/batch.ts'
import { ContinuousBatchingEngine } from '../../../sim/engines/continuous-batching.ts'
import type { EngineJob, EngineListener, SimulatedEngine } from '../../../sim/engines/engine.ts'
import { Timeline } from '../../../sim/kernel/timeline.ts'
import type { BatchSpeed, LanguageSpeed } from '../../../sim/scenario/hardware.ts'

export interface NamedJob extends EngineJob {
  readonly name: string
}

/** Times that can be added up in the head. */
const LANGUAGE: LanguageSpeed = {
  stepBaseMs: 10,
  stepPerSequenceMs: 0,
  stepPerContextTokenMs: 0,
  prefillTokenMs: 0.1,
  prefillChunkTokens: 1_000,
  sequencesMax: 8,
  kvCacheTokens: 100_000,
  prefixCache: true,
  loadMs: 0,
}

const BATCHES: BatchSpeed = { windowMs: 8, batchMax: 4, batchBaseMs: 20, perUnitMs: 5, loadMs: 0 }

export interface Scene {
  readonly timeline: Timeline
  readonly engine: SimulatedEngine<NamedJob>
  /** As `a begun at 20 with 512`, `a ended at 30`. */
  readonly told: string[]
  /** At that time. @returns The job, to cancel it. */
  send(name: string, atMs: number, job?: Partial<EngineJob>): NamedJob
  at(atMs: number, action: () => void): void
}

function sceneOf(
  create: (timeline: Timeline, listener: EngineListener<NamedJob>) => SimulatedEngine<NamedJob>,
): Scene {
  const timeline = new Timeline()
  const told: string[] = []
  const now = () => Math.round(timeline.nowMs * 1e6) / 1e6
  const engine = create(timeline, {
    onFirstToken: ({ name }, cachedTokens) =>
      told.push(`${name} begun at ${now()}${cachedTokens > 0 ? ` with ${cachedTokens}` : ''}`),
    onEnd: ({ name }) => told.push(`${name} ended at ${now()}`),
  })
  return {
    timeline,
    engine,
    told,
    send: (name, atMs, job) => {
      const sizes = { inputTokens: 100, outputTokens: 1, units: 1, ...job }
      const named = { name, outputTokensExpected: sizes.outputTokens, blocks: [], ...sizes }
      timeline.at(atMs, () => engine.submit(named))
      return named
    },
    at: (atMs, action) => {
      timeline.at(atMs, action)
    },
  }
}

export function languageScene(speed: Partial<LanguageSpeed> = {}): Scene {
  return sceneOf(
    (timeline, listener) =>
      new ContinuousBatchingEngine({ timeline, speed: { ...LANGUAGE, ...speed }, listener }),
  )
}

export function batchScene(speed: Partial<BatchSpeed> = {}): Scene {
  return sceneOf(
    (timeline, listener) =>
      new BatchEngine({ timeline, speed: { ...BATCHES, ...speed }, listener }),
  )
}
