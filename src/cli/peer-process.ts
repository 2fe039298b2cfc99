/**
 * A peer in a process of its own, started by us: wait until it is ready, watch it, end it.
 *
 *     spawn --> {"event":"ready"} on its stdout --> running --> SIGTERM or SIGKILL --> exited
 *
 * Whatever ends us, the peers end too: a hook at our own exit kills what still runs, by pid; and if
 * we are killed, each sees its channel to us close (`onSignal` in `src/main.ts`).
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { MeshError } from '../core/errors.ts'

export interface PeerProcessOptions {
  /** For people, and what the peer calls itself. */
  readonly name: string
  /** The `skein` program. */
  readonly program: string
  readonly args: readonly string[]
  readonly variables: Readonly<Record<string, string | undefined>>
}

const readyLine = z.object({
  event: z.literal('ready'),
  peerId: z.string(),
  http: z.string(),
  meshId: z.string(),
  /** Empty: the peer had nobody to agree on one with. */
  ticket: z
    .string()
    .nullable()
    .transform(ticket => ticket ?? ''),
  models: z.array(z.string()),
})

export type ReadyLine = z.output<typeof readyLine>

/** Loading a model from a slow disk included. */
const READY_TIMEOUT_MS = 90_000

/** Above the default of `node.stopTimeoutMs`. */
const STOP_TIMEOUT_MS = 10_000

/** Lines of its stderr that are kept to tell why it failed. */
const STDERR_LINES_MAX = 20

/** A peer's line of JSON or log; longer ones are cut. */
const STDERR_LINE_MAX = 2_000

export class PeerProcess {
  readonly name: string
  /** Rejects with ERR_UNREACHABLE if it ends first or takes too long. */
  readonly ready: Promise<ReadyLine>
  /** Resolves when the process has ended, however. */
  readonly exited: Promise<void>
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #stderrTail: string[] = []
  #isExited = false

  constructor({ name, program, args, variables }: PeerProcessOptions) {
    this.name = name
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we end the peers in order.
    this.#child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: peerEnvironment(variables),
      detached: true,
      // The types know no channel beside three streams.
    }) as ChildProcessByStdio<null, Readable, Readable>
    const killAtExit = () => this.#child.kill('SIGKILL')
    process.once('exit', killAtExit)
    this.exited = new Promise(resolve => {
      const end = () => {
        this.#isExited = true
        process.off('exit', killAtExit)
        resolve()
      }
      this.#child.once('close', end)
      this.#child.once('error', end)
    })
    createInterface({ input: this.#child.stderr }).on('line', line => {
      this.#stderrTail.push(line.slice(0, STDERR_LINE_MAX))
      if (this.#stderrTail.length > STDERR_LINES_MAX) this.#stderrTail.shift()
    })
    this.ready = this.#waitUntilReady()
    // Whoever awaits `ready` learns of it; nobody has to.
    this.ready.catch(() => {})
  }

  get isExited(): boolean {
    return this.#isExited
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Ends it as a power cut would. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.exited
  }

  /** Asks it to end, and kills it if it does not. */
  async stop(): Promise<void> {
    if (this.#isExited) return
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await this.exited
    clearTimeout(late)
  }

  /** An error that names this peer and shows the end of what it wrote to stderr. */
  failure(what: string): MeshError {
    const tail = this.#stderrTail.map(line => `\n  | ${line}`).join('')
    return new MeshError(`peer ${this.name} ${what}${tail}`, {
      code: 'ERR_UNREACHABLE',
      hint:
        this.#stderrTail.length === 0
          ? 'It wrote nothing to stderr.'
          : `The lines above are the last that ${this.name} wrote to stderr.`,
    })
  }

  async #waitUntilReady(): Promise<ReadyLine> {
    let timer: NodeJS.Timeout | undefined
    const failed = new Promise<never>((_, reject) => {
      const late = () => reject(this.failure(`was not ready within ${READY_TIMEOUT_MS} ms`))
      timer = setTimeout(late, READY_TIMEOUT_MS)
      this.exited.then(() => {
        const { exitCode, signalCode } = this.#child
        reject(this.failure(`ended with ${signalCode ?? exitCode} before it was ready`))
      }, reject)
    })
    try {
      return await Promise.race([this.#readyLine(), failed])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Reads stdout to its end, since a full pipe would stop the peer. */
  #readyLine(): Promise<ReadyLine> {
    return new Promise(resolve => {
      createInterface({ input: this.#child.stdout }).on('line', line => {
        const parsed = readyLine.safeParse(jsonOf(line))
        if (parsed.success) resolve(parsed.data)
      })
    })
  }
}

/** Without our own settings: a person's API key or ports must not reach into the demonstration. */
function peerEnvironment(variables: PeerProcessOptions['variables']): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !name.startsWith('SKEIN_')),
  )
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // A line for people among the events; not the one we wait for.
    return undefined
  }
}
