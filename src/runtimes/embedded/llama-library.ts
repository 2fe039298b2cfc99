/**
 * Loads llama.cpp through `node-llama-cpp`, never from the network and never by compiling.
 *
 * The library is an optional dependency and imported on first use, so a machine without it runs
 * everything else. Its own messages go to our logger at `debug`.
 */
import { availableParallelism } from 'node:os'
import type { Llama } from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import type { Logger } from '../../node/log.ts'
import type { EmbeddedOptions, GpuChoice } from './options.ts'
import { gpuStep, visibleGpu } from './visible-gpu.ts'

export type LlamaLibrary = typeof import('node-llama-cpp')

export interface LoadedLibrary {
  readonly library: LlamaLibrary
  readonly llama: Llama
  readonly threads: number
  /** For people, for example `llama.cpp on CPU, 1 thread`. */
  readonly description: string
  readonly gpuNames: readonly string[]
}

/**
 * Threads that compute. On two cores a second thread makes decoding 2 to 15 times slower, since
 * ggml's threads spin while they wait for each other and Node needs a core too; above that, one
 * core is left to Node.
 */
export function defaultThreads(coreCount: number): number {
  return coreCount <= 2 ? 1 : coreCount - 1
}

/**
 * @throws MeshError ERR_ENGINE if the library is not installed, ERR_CONFIG if it has no binaries
 * for what `options.gpu` asks.
 */
export async function loadLibrary(
  options: Pick<EmbeddedOptions, 'gpu' | 'threads'>,
  logger: Logger,
): Promise<LoadedLibrary> {
  const library = await importLibrary()
  const threads = options.threads ?? defaultThreads(availableParallelism())
  const llama = await openLlama(library, { gpu: options.gpu, threads, logger })
  const gpuNames = llama.gpu === false ? [] : await llama.getGpuDeviceNames()
  return { library, llama, threads, gpuNames, description: describe(llama, threads, gpuNames) }
}

async function importLibrary(): Promise<LlamaLibrary> {
  try {
    return await import('node-llama-cpp')
  } catch (error) {
    throw new MeshError('expected the package node-llama-cpp, found that it cannot be imported', {
      code: 'ERR_ENGINE',
      hint: 'Run `npm install` without `--omit=optional`, or use another engine.',
      cause: error,
    })
  }
}

interface OpenOptions {
  readonly gpu: GpuChoice
  readonly threads: number
  readonly logger: Logger
}

async function openLlama(
  { getLlama, LlamaLogLevel }: LlamaLibrary,
  { gpu, threads, logger }: OpenOptions,
): Promise<Llama> {
  try {
    return await getLlama({
      gpu: gpu === 'cpu' ? false : gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      maxThreads: threads,
      logLevel: LlamaLogLevel.warn,
      logger: (level, text) => logger.debug('llama.cpp says', { level, text: text.trim() }),
    })
  } catch (error) {
    throw new MeshError(`expected llama.cpp binaries for gpu "${gpu}", found none that run here`, {
      code: 'ERR_CONFIG',
      details: { gpu, platform: process.platform, architecture: process.arch },
      hint: bringsBinaries(gpu)
        ? `Run \`npm run engine -- ${gpu}\`, or set gpu to "auto".`
        : 'Set gpu to "auto" or use another engine.',
      cause: error,
    })
  }
}

function bringsBinaries(gpu: GpuChoice): boolean {
  return gpu === 'cuda' || gpu === 'vulkan'
}

function describe(llama: Llama, threads: number, gpuNames: readonly string[]): string {
  if (llama.gpu !== false) {
    const backend = { cuda: 'CUDA', vulkan: 'Vulkan', metal: 'Metal' }[llama.gpu]
    return `llama.cpp on ${backend}: ${gpuNames.join(', ')}`
  }
  const onCpu = `llama.cpp on CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const idle = visibleGpu()
  if (idle === undefined) return onCpu
  return `${onCpu}; to use the ${idle.vendor} GPU run: ${gpuStep(idle)}`
}
