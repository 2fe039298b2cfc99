/**
 * GPUs that no driver of NVIDIA or AMD tells of: Apple's, and whatever else the system lists.
 *
 * Apple's share the memory of the machine, so that is what they have and what is free of it; how
 * busy they are nobody says without root. Of other GPUs only the name is known; they are shown to
 * people and told to nobody. A machine that computes on its CPU has none: how full it is, its
 * engine's KV cache says.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Systeminformation } from 'systeminformation'
import type { GpuReading } from '../node/gpu-source.ts'
import type { GpuProbe } from './probe.ts'
import { Program } from './run-program.ts'

/** As source, or as the published package has it. */
const ENDING = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const PROGRAM = fileURLToPath(new URL(`./system-graphics-program.${ENDING}`, import.meta.url))

export type Controller = Pick<Systeminformation.GraphicsControllerData, 'vendor' | 'model' | 'bus'>

/** What the system says of itself. */
export interface SystemFacts {
  /** Cheap: `false` if there is no use in listing. */
  mayHaveGraphics(): boolean
  /** Starts processes. */
  graphics(signal: AbortSignal): Promise<readonly Controller[]>
  memory(): Promise<Pick<Systeminformation.MemData, 'total' | 'available'>>
}

export class SystemGraphicsProbe implements GpuProbe {
  readonly name = 'systeminformation'
  readonly #system: SystemFacts
  readonly #platform: NodeJS.Platform
  /** They stay. */
  #controllers: readonly Controller[] | undefined

  constructor(system: SystemFacts = thisSystem(), platform: NodeJS.Platform = process.platform) {
    this.#system = system
    this.#platform = platform
  }

  async read(signal: AbortSignal): Promise<readonly GpuReading[] | 'absent'> {
    if (!this.#system.mayHaveGraphics()) return 'absent'
    const controllers = this.#controllers ?? (await this.#system.graphics(signal))
    this.#controllers = controllers
    const shared = controllers.some(controller => this.#sharesMemory(controller))
      ? await this.#sharedMemory()
      : NO_MEMORY
    return controllers.map((controller, index) => ({
      index,
      name: nameOf(controller),
      ...(this.#sharesMemory(controller) ? shared : NO_MEMORY),
      throttleReasons: [],
    }))
  }

  close(): void {
    // Listing ends by itself, and nothing else is held.
  }

  #sharesMemory({ bus }: Controller): boolean {
    return this.#platform === 'darwin' && bus === 'Built-In'
  }

  async #sharedMemory(): Promise<typeof NO_MEMORY> {
    const { total, available } = await this.#system.memory()
    return { vramTotalBytes: total, vramUsedBytes: Math.max(0, total - available) }
  }
}

const NO_MEMORY: Pick<GpuReading, 'vramTotalBytes' | 'vramUsedBytes'> = {
  vramTotalBytes: 0,
  vramUsedBytes: 0,
}

function nameOf({ vendor, model }: Controller): string {
  const isNamed = model.toLowerCase().startsWith(vendor.toLowerCase())
  return (isNamed ? model : `${vendor} ${model}`).trim() || 'GPU'
}

function thisSystem(): SystemFacts {
  const program = new Program(process.execPath)
  return {
    mayHaveGraphics: () => process.platform !== 'linux' || hasCard('/sys/class/drm'),
    async graphics(signal) {
      const output = await program.run([PROGRAM], signal)
      if (output === 'absent') return []
      if (output.error !== null) throw output.error
      return JSON.parse(output.stdout) as readonly Controller[]
    },
    // The package is loaded where it is of use only.
    memory: async () => (await import('systeminformation')).mem(),
  }
}

/** Whether Linux has a driver for anything that draws or computes. */
function hasCard(folder: string): boolean {
  try {
    return readdirSync(folder).some(name => /^card\d+$/.test(name))
  } catch {
    // No such folder: the kernel has no such driver at all.
    return false
  }
}
