/**
 * NVIDIA GPUs through NVML, in a process of its own that lives as long as it answers.
 *
 *     read --"\n"--> [nvml-program] --one line--> readings
 *                         |
 *              deadline: killed; the next look starts another, once this one is really gone
 *
 * Not a worker thread: one that hangs in the driver can neither be stopped nor does it let the
 * process exit. See docs/decisions/2026-11-21-nvml.md.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { GpuReading } from '../node/gpu-source.ts'
import type { NvmlAnswer } from './nvml-program.ts'
import type { GpuProbe } from './probe.ts'

/** As source, or as the published package has it. */
const ENDING = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const PROGRAM = fileURLToPath(new URL(`./nvml-program.${ENDING}`, import.meta.url))

/** By platform: the library, and files of which one is there if a driver is loaded. */
const PLACES: Partial<Record<NodeJS.Platform, { library: string; signs: readonly string[] }>> = {
  // The second is Linux within Windows.
  linux: { library: 'libnvidia-ml.so.1', signs: ['/dev/nvidiactl', '/dev/dxg'] },
  win32: {
    library: 'C:\\Windows\\System32\\nvml.dll',
    signs: ['C:\\Windows\\System32\\nvml.dll'],
  },
}

export class NvmlProbe implements GpuProbe {
  readonly name = 'nvml'
  readonly #library: string | undefined
  #child: ChildProcess | undefined
  /** Waits for the line that is to come. */
  #onAnswer = (_answer: NvmlAnswer | Error) => {}

  /** @param path `null`: the driver's, if one is loaded; no process is started to find out. */
  constructor(path: string | null) {
    this.#library = path ?? installedLibrary()
  }

  async read(signal: AbortSignal): Promise<readonly GpuReading[] | 'absent'> {
    if (this.#library === undefined) return 'absent'
    if (this.#child?.killed) throw new Error('the last reading still hangs')
    const answer = await this.#ask(this.#child ?? this.#start(this.#library), signal)
    if ('absent' in answer) return 'absent'
    if ('failure' in answer) throw new Error(answer.failure)
    return answer.gpus
  }

  close(): void {
    this.#child?.kill('SIGKILL')
  }

  async #ask(child: ChildProcess, signal: AbortSignal): Promise<NvmlAnswer> {
    const kill = () => child.kill('SIGKILL')
    signal.addEventListener('abort', kill)
    try {
      return await new Promise<NvmlAnswer>((resolve, reject) => {
        this.#onAnswer = answer => (answer instanceof Error ? reject(answer) : resolve(answer))
        child.stdin?.write('\n')
      })
    } finally {
      signal.removeEventListener('abort', kill)
    }
  }

  #start(library: string): ChildProcess {
    // Without pipes if there are too many open files, which is told by an event.
    const child: ChildProcess = spawn(process.execPath, [PROGRAM, library], {
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    })
    this.#child = child
    const ended = (error: Error) => {
      // It may end in several ways, and late, when another is asked already.
      if (this.#child !== child) return
      this.#child = undefined
      this.#onAnswer(error)
    }
    child.on('error', ended)
    child.stdin?.on('error', ended)
    child.on('exit', (code, by) => ended(new Error(`the NVML process ended: ${code ?? by}`)))
    if (child.stdout !== null && child.stdout !== undefined) {
      createInterface({ input: child.stdout }).on('line', line => {
        const answer = answerOf(line)
        if (answer !== undefined && this.#child === child) this.#onAnswer(answer)
      })
    }
    return child
  }
}

/** `undefined`: it is a text of the driver, which may write to the same place. */
function answerOf(line: string): NvmlAnswer | undefined {
  try {
    // Of our own program, of this very version.
    return JSON.parse(line) as NvmlAnswer
  } catch {
    // Drivers print for people to the same place; that is no answer.
    return undefined
  }
}

function installedLibrary(): string | undefined {
  const place = PLACES[process.platform]
  return place?.signs.some(sign => existsSync(sign)) ? place.library : undefined
}
