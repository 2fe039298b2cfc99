/**
 * GPUs that no driver of NVIDIA or AMD tells of: Apple's, and whatever else the system lists.
 *
 * Apple's share the memory of the machine, so that is what they have and what is free of it; how
 * busy they are nobody says without root. Of other GPUs only the name is known; they are shown to
 * people and told to nobody. A machine that computes on its CPU has none: how full it is, its
 * engine's KV cache says.
 */
import type { Systeminformation } from 'systeminformation'
import type { GpuReading } from '../node/gpu-source.ts'
import type { GpuProbe } from './probe.ts'

/** What of the package is used. */
export interface SystemInformation {
  graphics(): Promise<Pick<Systeminformation.GraphicsData, 'controllers'>>
  mem(): Promise<Pick<Systeminformation.MemData, 'total' | 'available'>>
}

export class SystemGraphicsProbe implements GpuProbe {
  readonly name = 'systeminformation'
  readonly #load: () => Promise<SystemInformation>
  readonly #platform: NodeJS.Platform
  #controllers: readonly Systeminformation.GraphicsControllerData[] | undefined

  /** @param load The package is loaded at the first look: few machines come to that. */
  constructor(
    load: () => Promise<SystemInformation> = loadPackage,
    platform: NodeJS.Platform = process.platform,
  ) {
    this.#load = load
    this.#platform = platform
  }

  /** The deadline needs no help: a look that hangs on is one promise, since it is waited for. */
  async read(): Promise<readonly GpuReading[]> {
    const system = await this.#load()
    // They stay; to list them starts processes.
    this.#controllers ??= (await system.graphics()).controllers
    const shared = await this.#sharedMemory(system)
    return this.#controllers.map((controller, index) => ({
      index,
      name: nameOf(controller),
      ...(this.#sharesMemory(controller) ? shared : NO_MEMORY),
      throttleReasons: [],
    }))
  }

  close(): void {
    // Nothing is held between two looks.
  }

  #sharesMemory({ bus }: Systeminformation.GraphicsControllerData): boolean {
    return this.#platform === 'darwin' && bus === 'Built-In'
  }

  async #sharedMemory(system: SystemInformation): Promise<typeof NO_MEMORY> {
    if (!this.#controllers?.some(controller => this.#sharesMemory(controller))) return NO_MEMORY
    const { total, available } = await system.mem()
    return { vramTotalBytes: total, vramUsedBytes: Math.max(0, total - available) }
  }
}

const NO_MEMORY: Pick<GpuReading, 'vramTotalBytes' | 'vramUsedBytes'> = {
  vramTotalBytes: 0,
  vramUsedBytes: 0,
}

function nameOf({ vendor, model }: Systeminformation.GraphicsControllerData): string {
  const isNamed = model.toLowerCase().startsWith(vendor.toLowerCase())
  return (isNamed ? model : `${vendor} ${model}`).trim() || 'GPU'
}

async function loadPackage(): Promise<SystemInformation> {
  return (await import('systeminformation')).default
}
