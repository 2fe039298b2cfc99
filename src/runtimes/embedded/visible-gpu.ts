/**
 * Which GPU the operating system shows, whether or not the engine can use it.
 *
 * Looks only at files that drivers create, so it costs nothing and starts no process. Its one use
 * is a hint: an install brings the CPU binaries, and the owner of a GPU should hear of the step
 * that adds the others.
 */
import { existsSync } from 'node:fs'

export interface VisibleGpu {
  readonly vendor: 'NVIDIA' | 'AMD'
  /** Binaries of the engine that would use it. */
  readonly variant: 'cuda' | 'vulkan'
}

/** A file that exists if and only if the driver is loaded. */
const DRIVER_FILES: readonly (VisibleGpu & { readonly path: string })[] = [
  { vendor: 'NVIDIA', variant: 'cuda', path: '/proc/driver/nvidia/version' },
  { vendor: 'NVIDIA', variant: 'cuda', path: 'C:\\Windows\\System32\\nvcuda.dll' },
  { vendor: 'AMD', variant: 'vulkan', path: '/dev/kfd' },
]

/** The first GPU found. Apple's needs no hint: its binaries are part of the install. */
export function visibleGpu(exists: (path: string) => boolean = existsSync): VisibleGpu | undefined {
  return DRIVER_FILES.find(({ path }) => exists(path))
}

/** What to run in the package's folder to let the engine use the GPU. */
export function gpuStep({ variant }: VisibleGpu): string {
  return `npm run engine -- ${variant}`
}
