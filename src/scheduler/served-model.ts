/**
 * One model at one peer, on the GPUs it runs on, in the form a decision reads it in.
 *
 * Numbers come from other machines and are made harmless here (not a number, infinite or negative
 * counts as 0; no rate beyond what any machine reaches), so that no arithmetic after this point
 * needs to ask.
 */
import type { GpuLoad, ModelFacts, ModelLoad, PeerLoad, Unready } from '../core/peer-state.ts'
import { plausibleDensity, type TokenDensity } from '../core/token-density.ts'

export interface ServedModel {
  readonly facts: ModelFacts
  readonly load: ModelLoad
  /** It runs on a GPU that must not be used, or may, since it does not say which it runs on. */
  readonly hasFaultyGpu: boolean
  /** Free share of the GPU that limits it. `undefined`: no GPU of it is reported. */
  readonly vramFreeRatio: number | undefined
  /** `undefined`: its peer does not say, or says what no tokenizer can have. */
  readonly tokenDensity: TokenDensity | undefined
}

/** Tokens a second. Larger sums of rates would lose the small ones among them. */
const RATE_MAX = 10_000_000

export function servedModel(
  facts: ModelFacts,
  load: ModelLoad | undefined,
  { gpus }: PeerLoad,
): ServedModel {
  const tokenDensity = plausibleDensity(facts.tokenDensity)
  const safeLoad = harmlessLoad(facts.id, load)
  if (gpus.length === 0) {
    return { facts, load: safeLoad, hasFaultyGpu: false, vramFreeRatio: undefined, tokenDensity }
  }
  const own = gpus.filter(({ uuid }) => uuid !== undefined && facts.gpus?.includes(uuid))
  const free = own.map(freeRatio)
  const isKnown = own.length > 0
  return {
    facts,
    load: safeLoad,
    hasFaultyGpu: (isKnown ? own : gpus).some(({ isFaulty }) => isFaulty),
    // Spread over several, it needs memory on each; where it runs is not known, on the best.
    vramFreeRatio: isKnown ? Math.min(...free) : bestFreeRatio(gpus),
    tokenDensity,
  }
}

/** Of the GPUs that it runs on, or may. `undefined`: there is none, as far as we know. */
export function freeVramBytes(facts: ModelFacts, { gpus }: PeerLoad): number | undefined {
  const own = gpus.filter(({ uuid }) => uuid !== undefined && facts.gpus?.includes(uuid))
  const used = own.length > 0 ? own : gpus
  if (used.length === 0) return undefined
  return used.reduce((sum, gpu) => sum + freeRatio(gpu) * harmless(gpu.vramTotalBytes), 0)
}

/** Whether it is worth a look, whatever the request. */
export function isUsable({ hasFaultyGpu, load }: ServedModel): boolean {
  return !hasFaultyGpu && load.unready?.state !== 'failed'
}

export function harmless(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0
}

function bestFreeRatio(gpus: readonly GpuLoad[]): number | undefined {
  return gpus.length === 0 ? undefined : Math.max(...gpus.map(freeRatio))
}

function freeRatio({ vramTotalBytes, vramUsedBytes }: GpuLoad): number {
  const totalBytes = harmless(vramTotalBytes)
  return totalBytes === 0 ? 0 : Math.max(0, 1 - harmless(vramUsedBytes) / totalBytes)
}

/** A model that the load does not mention is idle and unmeasured. */
function harmlessLoad(model: string, load: ModelLoad | undefined): ModelLoad {
  if (load !== undefined && isHarmless(load)) return load
  return {
    model,
    queuedCount: harmless(load?.queuedCount ?? 0),
    runningCount: harmless(load?.runningCount ?? 0),
    prefillTokensLeft: harmless(load?.prefillTokensLeft ?? 0),
    decodeTokensLeft: harmless(load?.decodeTokensLeft ?? 0),
    prefillTokensPerSecond: harmlessRate(load?.prefillTokensPerSecond),
    decodeTokensPerSecond: harmlessRate(load?.decodeTokensPerSecond),
    kvUsedRatio: load?.kvUsedRatio === undefined ? undefined : harmless(load.kvUsedRatio),
    latencyP95Ms: load?.latencyP95Ms === undefined ? undefined : harmless(load.latencyP95Ms),
    unready: load?.unready === undefined ? undefined : harmlessUnready(load.unready),
    hotPrefixes: load?.hotPrefixes,
  }
}

/** The usual load: it need not be copied. */
function isHarmless(load: ModelLoad): boolean {
  return (
    isCount(load.queuedCount) &&
    isCount(load.runningCount) &&
    isCount(load.prefillTokensLeft) &&
    isCount(load.decodeTokensLeft) &&
    isRate(load.prefillTokensPerSecond) &&
    isRate(load.decodeTokensPerSecond) &&
    (load.kvUsedRatio === undefined || isCount(load.kvUsedRatio)) &&
    (load.latencyP95Ms === undefined || isCount(load.latencyP95Ms)) &&
    load.unready === undefined
  )
}

function isCount(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY
}

function isRate(value: number): boolean {
  return value >= 0 && value <= RATE_MAX
}

function harmlessRate(rate = 0): number {
  return Math.min(harmless(rate), RATE_MAX)
}

function harmlessUnready(unready: Unready): Unready {
  const progressRatio = Math.min(1, harmless(unready.progressRatio ?? 0))
  const { state, readyInMs } = unready
  return {
    state,
    progressRatio,
    ...(readyInMs === undefined ? {} : { readyInMs: harmless(readyInMs) }),
  }
}
