/**
 * All GPUs of this machine: read by every chain that finds some, graded, and told.
 *
 * Chains look beside each other, since a machine may have GPUs of several makers. Only if all of
 * them end without any is the last resort asked, which knows less.
 *
 * What is quarantined stays so, without values, when its driver answers no more: a GPU that falls off
 * the bus often takes the driver with it, and must not be used for that.
 */
import type { GpuLoad } from '../core/peer-state.ts'
import type { Clock } from '../node/clock.ts'
import type { GpuDetail, GpuReading, GpuSource } from '../node/gpu-source.ts'
import type { Logger } from '../node/log.ts'
import { PEER_STATE_LIMITS } from '../protocols/peer-state-codec.ts'
import { gradeGpu } from './grading.ts'
import type { GpuOptions } from './options.ts'
import type { GpuProbe } from './probe.ts'
import { ProbeChain } from './probe-chain.ts'

export interface GpuProbes {
  /** One list for each maker, the best way first. */
  readonly chains: readonly (readonly GpuProbe[])[]
  readonly lastResort: readonly GpuProbe[]
}

export interface GpuWatchDeps {
  readonly clock: Clock
  readonly log: Logger
}

/** Looks at once, in the background: the first values come when the hardware has answered. */
export function watchGpus(probes: GpuProbes, options: GpuOptions, deps: GpuWatchDeps): GpuSource {
  return new GpuWatch(probes, options, deps)
}

class GpuWatch implements GpuSource {
  readonly #options: GpuOptions
  readonly #deps: GpuWatchDeps
  readonly #chains: ProbeChain[]
  readonly #listeners = new Set<(gpu: GpuDetail) => void>()
  #details: readonly GpuDetail[] = []
  #loads: readonly GpuLoad[] = []

  constructor({ chains, lastResort }: GpuProbes, options: GpuOptions, deps: GpuWatchDeps) {
    this.#options = options
    this.#deps = deps
    let leftCount = chains.length
    this.#chains = chains.map(probes =>
      this.#chain(probes, () => {
        leftCount -= 1
        if (leftCount === 0) this.#ask(lastResort)
      }),
    )
    for (const chain of [...this.#chains]) chain.start()
  }

  read(): readonly GpuLoad[] {
    return this.#loads
  }

  details(): readonly GpuDetail[] {
    return this.#details
  }

  get failureCount(): number {
    return this.#chains.reduce((count, chain) => count + chain.failureCount, 0)
  }

  onGraded(listener: (gpu: GpuDetail) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): Promise<void> {
    for (const chain of this.#chains) chain.close()
    return Promise.resolve()
  }

  #ask(lastResort: readonly GpuProbe[]): void {
    const chain = this.#chain(lastResort, () => {})
    this.#chains.push(chain)
    chain.start()
  }

  #chain(probes: readonly GpuProbe[], onEnd: () => void): ProbeChain {
    return new ProbeChain(probes, this.#options, {
      ...this.#deps,
      onReadings: () => this.#update(),
      onEnd,
    })
  }

  #update(): void {
    const before = new Map(this.#details.map(detail => [keyOf(detail), detail]))
    const details = this.#chains.flatMap(({ readings, hasLapsed }) =>
      readings.flatMap(reading => {
        const known = before.get(keyOf(reading))
        if (!hasLapsed) return { ...reading, ...gradeGpu(reading, this.#options, known) }
        return known?.grade === 'quarantined' ? withoutValues(known) : []
      }),
    )
    // As many as a peer may tell the others: they would take its load for none of ours.
    this.#details = details.slice(0, PEER_STATE_LIMITS.gpusMax)
    this.#loads = this.#details.filter(isWorthTelling).map(loadOf)
    for (const detail of this.#details) {
      if (detail.grade !== (before.get(keyOf(detail))?.grade ?? 'ok')) this.#tell(detail)
    }
  }

  #tell(gpu: GpuDetail): void {
    const { index, name, uuid, grade, faults, warnings } = gpu
    const facts = { index, name, uuid, grade, faults, warnings }
    if (grade === 'quarantined') this.#deps.log.warn('a GPU is quarantined', facts)
    else this.#deps.log.info('a GPU has another grade', facts)
    for (const listener of this.#listeners) listener(gpu)
  }
}

function keyOf({ uuid, name, index }: GpuReading): string {
  return uuid ?? `${name} ${index}`
}

/** Which it is and why it must not be used: that holds until a reading says otherwise. */
function withoutValues({ index, name, uuid, grade, faults }: GpuDetail): GpuDetail {
  const unknown = { vramTotalBytes: 0, vramUsedBytes: 0, throttleReasons: [], warnings: [] }
  return { index, name, uuid, grade, faults, ...unknown }
}

/** Of a GPU without VRAM of its own the share that is free says nothing. */
function isWorthTelling({ vramTotalBytes, grade }: GpuDetail): boolean {
  return vramTotalBytes > 0 || grade === 'quarantined'
}

/** Rounded: nobody decides by tenths of a degree, and they would change all the time. */
function loadOf(gpu: GpuDetail): GpuLoad {
  const { uuid, temperatureCelsius, powerWatts, memoryUtilizationRatio, faults } = gpu
  return {
    name: short(gpu.name),
    vramTotalBytes: gpu.vramTotalBytes,
    vramUsedBytes: Math.min(gpu.vramUsedBytes, gpu.vramTotalBytes),
    utilizationRatio: gpu.utilizationRatio ?? 0,
    isThrottled: gpu.throttleReasons.length > 0,
    isFaulty: gpu.grade === 'quarantined',
    ...(uuid !== undefined && { uuid: short(uuid) }),
    ...(temperatureCelsius !== undefined && { temperatureCelsius: whole(temperatureCelsius) }),
    ...(powerWatts !== undefined && { powerWatts: whole(powerWatts) }),
    ...(memoryUtilizationRatio !== undefined && { memoryUtilizationRatio }),
    ...(faults.length > 0 && { faults }),
  }
}

const short = (text: string) => text.slice(0, PEER_STATE_LIMITS.textMaxCharacters)

const whole = (value: number) => Math.max(0, Math.round(value))
