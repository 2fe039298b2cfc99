/**
 * Starts the processes of a benchmark and stops every one of them, by its pid.
 *
 * Each child is Node with a script, unless told otherwise; it is ready when it prints a JSON line
 * with `"event":"ready"` on stdout. What a child prints on stderr is kept for the message of its
 * failure.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** SIGTERM must end a child within this, a peer with its 5 s grace too; then it is killed. */
const STOP_MAX_MS = 8000

const STDERR_KEPT_BYTES = 4096

const running = new Set<ChildProcess>()

// Whatever ends this process, none of its children stays behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export interface ChildOptions {
  /** For messages. */
  readonly name: string
  /** Default: the Node that runs us. */
  readonly program?: string
  /** The script among them, if it is Node. */
  readonly args: readonly string[]
  readonly readyMaxMs: number
  /** What a line says if it is the one that says ready. */
  readonly readReady?: (line: string) => Readonly<Record<string, unknown>> | undefined
  /** Every line on stdout, the one that says ready included. */
  readonly onLine?: (line: string) => void
}

export interface Child {
  readonly pid: number
  /** The line it was ready with. */
  readonly ready: Readonly<Record<string, unknown>>
  readonly process: ChildProcess
  /** Resolves with the exit code when it has ended; `null`: a signal ended it. */
  readonly ended: Promise<number | null>
  /** The end of what it said there. */
  stderr(): string
  stop(): Promise<void>
  /** As a crash: nothing is said to anybody. */
  kill(): Promise<void>
}

/** @throws Error if the child ends, or says nothing within `readyMaxMs`. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, program = process.execPath, args } = options
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  running.add(child)
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_BYTES)
  })
  const ended = new Promise<number | null>(resolve => {
    child.once('exit', code => {
      running.delete(child)
      resolve(code)
    })
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS)
    await ended
    clearTimeout(timer)
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }

  try {
    const ready = await readyLine(child, options)
    return { pid: child.pid ?? 0, ready, process: child, ended, stderr: () => stderr, stop, kill }
  } catch (error) {
    await stop()
    throw new Error(`${name} did not become ready: ${stderr.trim() || 'it said nothing'}`, {
      cause: error,
    })
  }
}

function readyLine(
  child: ChildProcess,
  { readyMaxMs, readReady = readyEvent, onLine }: ChildOptions,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('stdout is a pipe')
    // Goes on reading after the first line, so that the child is never blocked by a full pipe.
    createInterface({ input: child.stdout }).on('line', line => {
      onLine?.(line)
      const ready = readReady(line)
      if (ready !== undefined) resolve(ready)
    })
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`it ended with ${code}`)))
    AbortSignal.timeout(readyMaxMs).addEventListener('abort', () => {
      reject(new Error(`it was not ready within ${readyMaxMs} ms`))
    })
  })
}

function readyEvent(line: string): Record<string, unknown> | undefined {
  const event = parsedLine(line)
  return event?.['event'] === 'ready' ? event : undefined
}

/** @returns `undefined` for a line that is for people. */
export function parsedLine(line: string): Record<string, unknown> | undefined {
  return line.startsWith('{') ? JSON.parse(line) : undefined
}
