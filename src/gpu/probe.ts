/**
 * One way to learn of GPUs: a library, a program, a server of metrics.
 */
import type { GpuReading } from '../node/gpu-source.ts'

export interface GpuProbe {
  /** What is asked, for logs. */
  readonly name: string
  /** It costs so much that it is asked every `slowIntervalMs` only. */
  readonly isSlow?: boolean

  /**
   * Looks once. Is not called again before it has ended, or the signal has been aborted; it may
   * hang on beyond that, and must then refuse to look until it no longer does.
   *
   * @returns `absent`: what it needs is not on this machine; asking again is of no use.
   * @throws what kept it from reading.
   */
  read(signal: AbortSignal): Promise<readonly GpuReading[] | 'absent'>

  /** Lets go of what it holds. A look under way ends, or hangs without anybody waiting. */
  close(): void
}
