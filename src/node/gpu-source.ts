/**
 * The GPU port: what the hardware of this machine says about itself.
 */
import type { GpuLoad } from '../core/peer-state.ts'

export interface GpuSource {
  /** The last known values; cheap. Empty: there is no GPU, none that can be read, or not yet. */
  read(): readonly GpuLoad[]

  /** Stops looking. */
  close(): Promise<void>
}
