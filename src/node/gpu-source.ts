/**
 * The GPU port: what the hardware of this machine says about itself.
 *
 * A *reading* is what one look at a GPU tells, in one form whoever made it; what is absent, the
 * driver does not say. A *grade* is what we make of it. What every peer must know of a GPU is the
 * `GpuLoad` that gossip carries; the rest stays here, for whoever asks this peer.
 */
import type { GpuLoad } from '../core/peer-state.ts'

export interface GpuReading {
  /** Place among the GPUs of its driver, from 0. */
  readonly index: number
  readonly name: string
  readonly uuid?: string | undefined
  readonly driverVersion?: string | undefined
  /** 0: it has no memory of its own, or does not say. */
  readonly vramTotalBytes: number
  readonly vramUsedBytes: number
  /** Share of the time in which anything ran, 0 to 1. */
  readonly utilizationRatio?: number | undefined
  /** Share of the time in which its memory was read or written, 0 to 1. */
  readonly memoryUtilizationRatio?: number | undefined
  readonly temperatureCelsius?: number | undefined
  readonly powerWatts?: number | undefined
  readonly powerLimitWatts?: number | undefined
  /** Memory errors that could not be corrected, since the driver was loaded. */
  readonly eccUncorrectableCount?: number | undefined
  /** Bad memory is set aside at the next reset: pages to retire, rows to remap. */
  readonly isRepairPending?: boolean | undefined
  /** Bad memory could not be set aside. */
  readonly hasRepairFailed?: boolean | undefined
  /** Why its clock is lower than it could be; heat and power only, not idleness or settings. */
  readonly throttleReasons: readonly string[]
  /** It does not answer any more, or only with errors. */
  readonly defect?: 'lost' | 'needs-reset' | 'broken' | undefined
  /** Parts that it is cut into. Absent: it is not. */
  readonly migInstances?: readonly MigInstance[] | undefined
  /** Processes that share it through NVIDIA's Multi-Process Service. */
  readonly mpsProcessCount?: number | undefined
  readonly pcieGeneration?: number | undefined
  readonly pcieWidth?: number | undefined
  /** Links to other GPUs or switches that are up. */
  readonly nvlinkActiveCount?: number | undefined
}

/** A part of a GPU with memory and processors of its own (NVIDIA Multi-Instance GPU). */
export interface MigInstance {
  readonly uuid?: string | undefined
  /** Its size, for example `1g.10gb`, or the name with the size in it. */
  readonly name: string
  readonly vramTotalBytes: number
  readonly vramUsedBytes: number
}

/** `quarantined`: nothing must run on it. `warn`: somebody should look at it. */
export type GpuGrade = 'ok' | 'warn' | 'quarantined'

export interface GpuDetail extends GpuReading {
  readonly grade: GpuGrade
  /** Why it is quarantined. A text is the same as long as its reason is. */
  readonly faults: readonly string[]
  /** What else is not as it should be. */
  readonly warnings: readonly string[]
}

export interface GpuSource {
  /** The last known values; cheap. Empty: there is no GPU, none that can be read, or not yet. */
  read(): readonly GpuLoad[]

  /** Of the same moment, with what the others need not know, and GPUs without VRAM of their own. */
  details(): readonly GpuDetail[]

  /** Looks that failed since the start. */
  readonly failureCount: number

  /** Calls `listener` whenever a GPU has another grade than before. The result ends that. */
  onGraded(listener: (gpu: GpuDetail) => void): () => void

  /** Stops looking. */
  close(): Promise<void>
}

/** The source of a machine of which nobody wants to know. */
export const NO_GPUS: GpuSource = {
  read: () => [],
  details: () => [],
  failureCount: 0,
  onGraded: () => () => {},
  close: () => Promise.resolve(),
}
