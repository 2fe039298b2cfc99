/**
 * Whether a load differs from another by more than noise.
 *
 * A GPU's utilization and memory are never the same twice; told at every reading, they would
 * keep an idle mesh busy.
 */
import type { GpuLoad, ModelLoad, PeerLoad, Unready } from '../core/peer-state.ts'

/** Of a GPU's time, and of its memory. */
const UTILIZATION_NOISE_RATIO = 0.05
const VRAM_NOISE_RATIO = 0.01

/** Told for people to see; nobody decides by them but the peer itself, which says so in `faults`. */
const TEMPERATURE_NOISE_CELSIUS = 5
const POWER_NOISE_WATTS = 25
const MEMORY_UTILIZATION_NOISE_RATIO = 0.1

/** A rate that is measured anew differs a little each time. */
const RATE_NOISE_RATIO = 0.05

export function isSameLoad(a: PeerLoad, b: PeerLoad): boolean {
  return (
    a.isDraining === b.isDraining &&
    isSameList(a.models, b.models, isSameModel) &&
    isSameList(a.gpus, b.gpus, isSameGpu)
  )
}

function isSameList<Item>(
  a: readonly Item[],
  b: readonly Item[],
  isSame: (a: Item, b: Item) => boolean,
): boolean {
  if (a.length !== b.length) return false
  return a.every((item, index) => {
    const other = b[index]
    return other !== undefined && isSame(item, other)
  })
}

function isSameModel(a: ModelLoad, b: ModelLoad): boolean {
  return (
    a.model === b.model &&
    a.queuedCount === b.queuedCount &&
    a.runningCount === b.runningCount &&
    a.prefillTokensLeft === b.prefillTokensLeft &&
    a.decodeTokensLeft === b.decodeTokensLeft &&
    isNear(a.prefillTokensPerSecond, b.prefillTokensPerSecond) &&
    isNear(a.decodeTokensPerSecond, b.decodeTokensPerSecond) &&
    Math.abs((a.kvUsedRatio ?? -1) - (b.kvUsedRatio ?? -1)) < VRAM_NOISE_RATIO &&
    Math.abs((a.batchFillRatio ?? -1) - (b.batchFillRatio ?? -1)) <= UTILIZATION_NOISE_RATIO &&
    Math.abs((a.prefixHitRatio ?? -1) - (b.prefixHitRatio ?? -1)) <= UTILIZATION_NOISE_RATIO &&
    isNear(a.latencyP95Ms ?? 0, b.latencyP95Ms ?? 0) &&
    isSameUnready(a.unready, b.unready) &&
    isSameList(a.hotPrefixes ?? [], b.hotPrefixes ?? [], (x, y) => x === y)
  )
}

/** How far loading has come is told every twentieth of the way, and with whatever else changes. */
function isSameUnready(a: Unready | undefined, b: Unready | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const progressRatio = Math.abs((a.progressRatio ?? -1) - (b.progressRatio ?? -1))
  return a.state === b.state && progressRatio <= UTILIZATION_NOISE_RATIO
}

function isSameGpu(a: GpuLoad, b: GpuLoad): boolean {
  const noiseBytes = VRAM_NOISE_RATIO * b.vramTotalBytes
  return (
    a.name === b.name &&
    a.uuid === b.uuid &&
    a.vramTotalBytes === b.vramTotalBytes &&
    Math.abs(a.vramUsedBytes - b.vramUsedBytes) <= noiseBytes &&
    Math.abs(a.utilizationRatio - b.utilizationRatio) <= UTILIZATION_NOISE_RATIO &&
    a.isThrottled === b.isThrottled &&
    a.isFaulty === b.isFaulty &&
    isSameList(a.faults ?? [], b.faults ?? [], (x, y) => x === y) &&
    isWithin(TEMPERATURE_NOISE_CELSIUS, a.temperatureCelsius, b.temperatureCelsius) &&
    isWithin(POWER_NOISE_WATTS, a.powerWatts, b.powerWatts) &&
    isWithin(MEMORY_UTILIZATION_NOISE_RATIO, a.memoryUtilizationRatio, b.memoryUtilizationRatio)
  )
}

/** Both are known, or neither is. */
function isWithin(noise: number, a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return Math.abs(a - b) <= noise
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= RATE_NOISE_RATIO * Math.max(a, b)
}
