/**
 * What an engine says of itself now and then, put together with what we see of our own requests.
 *
 *     scrape ──> add(readings) ──> one history per model ──┐
 *     our requests ──> LoadMeter ──────────────────────────┴──> load(): what the mesh is told
 *
 * The engine counts the requests of all, ours among them; what is left without ours is the others'
 * and stays until the next scrape, while ours come and go as we see them. So a request of ours
 * counts from the moment it is sent, and never twice.
 *
 * If scrapes fail, the last one holds with its age, up to a bound; from then on only what we
 * measured ourselves is told.
 */
import type { ModelLoad } from '../../core/peer-state.ts'
import type { RequestCounts } from '../../node/runtime.ts'
import { CounterHistory } from './counter-history.ts'
import type { EngineReading, EngineReadings } from './engine-profile.ts'

/**
 * Of requests that are not ours, where the engine does not count tokens: the median conversation
 * of a public trace.
 *
 * Source: P. Patel et al., "Splitwise: Efficient Generative LLM Inference Using Phase Splitting",
 * 2024, figure 3.
 */
const PROMPT_TOKENS_DEFAULT = 1_024
const ANSWER_TOKENS_DEFAULT = 128

/** No engine has more; what says so miscounts, and sums of it must stay numbers that travel. */
const REQUESTS_MAX = 1_000_000
const TOKENS_MAX = 1e12

/** What we saw of our own requests while the engine was asked. */
export interface OwnLoads {
  readonly before: readonly ModelLoad[]
  readonly after: readonly ModelLoad[]
}

/** The part of a load that is not ours, and what the engine knows better. */
interface EngineView {
  readonly othersCount: number | undefined
  /** In the engine's own queue, whoever sent them. */
  readonly waitingCount: number | undefined
  readonly othersPrefillTokens: number | undefined
  readonly othersDecodeTokens: number | undefined
  readonly prefillTokensPerSecond: number | undefined
  readonly decodeTokensPerSecond: number | undefined
  readonly kvUsedRatio: number | undefined
  readonly batchFillRatio: number | undefined
  readonly prefixHitRatio: number | undefined
  readonly latencyP95Ms: number | undefined
}

interface Source {
  readonly history: CounterHistory
  view: EngineView
}

export class EngineMeter {
  readonly #ageMaxMs: number
  /** By model; under `''` that of the whole engine. Only what the last scrape named. */
  #sources = new Map<string, Source>()
  #readAtMs = Number.NEGATIVE_INFINITY

  /** @param ageMaxMs How long what the engine said holds without a newer scrape. */
  constructor(ageMaxMs: number) {
    this.#ageMaxMs = ageMaxMs
  }

  /** The engine has answered. */
  add(readings: EngineReadings, own: OwnLoads, nowMs: number): void {
    const sources = new Map<string, Source>()
    for (const [model, reading] of readings) {
      const history = this.#sources.get(model)?.history ?? new CounterHistory()
      history.add(reading, nowMs)
      sources.set(model, { history, view: viewOf(reading, history, ownOf(model, own)) })
    }
    this.#sources = sources
    this.#readAtMs = nowMs
  }

  /**
   * @returns What is known altogether, of the same models. What an engine says only of all its
   * models together, each of them is told: a request to any of them waits for all.
   */
  load(own: readonly ModelLoad[], nowMs: number): readonly ModelLoad[] {
    const metricsAgeMs = Math.max(0, nowMs - this.#readAtMs)
    if (metricsAgeMs > this.#ageMaxMs) return own
    const whole = this.#sources.get('')?.view
    return own.map(load => {
      const view = merged(this.#sources.get(load.model)?.view, whole)
      return view === undefined ? load : { ...combined(load, view), metricsAgeMs }
    })
  }

  /** Of all models together, each request counted once. */
  counts(own: readonly ModelLoad[], nowMs: number): RequestCounts {
    const isFresh = nowMs - this.#readAtMs <= this.#ageMaxMs
    const whole = isFresh ? this.#sources.get('')?.view : undefined
    const isOfAll = whole?.othersCount !== undefined
    const loads = isOfAll ? [withOthers(summed(own), whole)] : this.load(own, nowMs)
    return summed(loads)
  }
}

interface OwnWork {
  readonly withEngineCount: number
  readonly prefillTokens: number
}

/** The larger of both looks: one of ours must never be taken for another's. */
function ownOf(model: string, { before, after }: OwnLoads): OwnWork {
  const [first, second] = [before, after].map(loads => {
    const ours = loads.filter(load => model === '' || load.model === model)
    return {
      withEngineCount: sum(ours.map(load => load.runningCount)),
      prefillTokens: sum(ours.map(load => load.prefillTokensLeft)),
    }
  }) as [OwnWork, OwnWork]
  return {
    withEngineCount: Math.max(first.withEngineCount, second.withEngineCount),
    prefillTokens: Math.max(first.prefillTokens, second.prefillTokens),
  }
}

function viewOf(reading: EngineReading, history: CounterHistory, own: OwnWork): EngineView {
  const prefixHitRatio = ratio(reading.prefixHitRatio ?? history.prefixHitRatio)
  return {
    ...othersOf(reading, history, own, 1 - (prefixHitRatio ?? 0)),
    prefillTokensPerSecond: said(reading.prefillTokensPerSecond, history.prefillTokensPerSecond),
    decodeTokensPerSecond: said(reading.decodeTokensPerSecond, history.decodeTokensPerSecond),
    kvUsedRatio: ratio(reading.kvUsedRatio),
    batchFillRatio: ratio(reading.batchFillRatio),
    prefixHitRatio,
    latencyP95Ms: history.latencyP95Ms,
  }
}

type Others = Pick<
  EngineView,
  'othersCount' | 'waitingCount' | 'othersPrefillTokens' | 'othersDecodeTokens'
>

const NOBODY: Others = {
  othersCount: undefined,
  waitingCount: undefined,
  othersPrefillTokens: undefined,
  othersDecodeTokens: undefined,
}

function othersOf(
  { queuedCount, runningCount, waitingTokens }: EngineReading,
  history: CounterHistory,
  own: OwnWork,
  uncachedRatio: number,
): Others {
  if (queuedCount === undefined && runningCount === undefined) return NOBODY
  const waitingCount = count(queuedCount)
  const allCount = waitingCount + count(runningCount)
  const othersCount = Math.max(0, allCount - own.withEngineCount)
  const othersWaiting = othersCount === 0 ? 0 : (waitingCount * othersCount) / allCount
  const promptTokens = (history.promptTokensMean ?? PROMPT_TOKENS_DEFAULT) * uncachedRatio
  const answerTokens = history.answerTokensMean ?? ANSWER_TOKENS_DEFAULT
  return {
    othersCount,
    waitingCount,
    othersPrefillTokens:
      waitingTokens === undefined
        ? tokens(othersWaiting * promptTokens)
        : Math.max(0, tokens(waitingTokens) - own.prefillTokens),
    // Whoever is seen at some moment has half of it still to come, on average.
    othersDecodeTokens: tokens(((othersCount + othersWaiting) / 2) * answerTokens),
  }
}

/** What is said of the model goes before what is said of the whole engine. */
function merged(model: EngineView | undefined, whole: EngineView | undefined) {
  if (model === undefined || whole === undefined) return model ?? whole
  const known = Object.entries(model).filter(([, value]) => value !== undefined)
  return { ...whole, ...(Object.fromEntries(known) as Partial<EngineView>) }
}

function withOthers(own: RequestCounts, view: EngineView): RequestCounts {
  const withEngine = own.runningCount + (view.othersCount ?? 0)
  const waiting = Math.min(withEngine, view.waitingCount ?? 0)
  return { queuedCount: own.queuedCount + waiting, runningCount: withEngine - waiting }
}

function summed(loads: readonly RequestCounts[]): RequestCounts {
  return {
    queuedCount: sum(loads.map(load => load.queuedCount)),
    runningCount: sum(loads.map(load => load.runningCount)),
  }
}

function combined(own: ModelLoad, view: EngineView): ModelLoad {
  return {
    ...own,
    ...withOthers(own, view),
    prefillTokensLeft: own.prefillTokensLeft + (view.othersPrefillTokens ?? 0),
    decodeTokensLeft: own.decodeTokensLeft + (view.othersDecodeTokens ?? 0),
    prefillTokensPerSecond: view.prefillTokensPerSecond ?? own.prefillTokensPerSecond,
    decodeTokensPerSecond: view.decodeTokensPerSecond ?? own.decodeTokensPerSecond,
    kvUsedRatio: view.kvUsedRatio ?? own.kvUsedRatio,
    batchFillRatio: view.batchFillRatio ?? own.batchFillRatio,
    prefixHitRatio: view.prefixHitRatio ?? own.prefixHitRatio,
    latencyP95Ms: view.latencyP95Ms ?? own.latencyP95Ms,
  }
}

/** A rate of 0 is that of an engine that is idle or was just found. */
function said(rate: number | undefined, measured: number): number | undefined {
  const known = [rate, measured].find(each => each !== undefined && each > 0)
  return known === undefined ? undefined : Math.min(TOKENS_MAX, known)
}

/** Engines have been seen to tell 1.02 of a cache, and less than nothing of a queue. */
function ratio(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.min(1, Math.max(0, value))
}

function count(value: number | undefined): number {
  return wholeUpTo(Math.round(value ?? 0), REQUESTS_MAX)
}

function tokens(value: number): number {
  return wholeUpTo(Math.ceil(value), TOKENS_MAX)
}

function wholeUpTo(value: number, max: number): number {
  return Number.isNaN(value) ? 0 : Math.min(max, Math.max(0, value))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
