/**
 * Starts the processes of a benchmark and stops every one of them, by its pid.
 *
 * Each child is Node with a script; it is ready when it prints a JSON line with `"event":"ready"`
 * on stdout. What a child prints on stderr is kept for the message of its failure.
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
  /** Arguments of `node`, the script among them. */
  readonly args: readonly string[]
  readonly readyMaxMs: number
}

export interface Child {
  readonly pid: number
  /** The line it was ready with. */
  readonly ready: Readonly<Record<string, unknown>>
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** @throws Error if the child ends, or says nothing within `readyMaxMs`. */
export async function startChild({ name, args, readyMaxMs }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  running.add(child)
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_BYTES)
  })
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => {
      running.delete(child)
      resolve()
    })
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS)
    await exited
    clearTimeout(timer)
  }

  try {
    const ready = await readyLine(child, readyMaxMs)
    return { pid: child.pid ?? 0, ready, process: child, stop }
  } catch (error) {
    await stop()
    throw new Error(`${name} did not become ready: ${stderr.trim() || 'it said nothing'}`, {
      cause: error,
    })
  }
}

function readyLine(child: ChildProcess, readyMaxMs: number): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('stdout is a pipe')
    // Goes on reading after the first line, so that the child is never blocked by a full pipe.
    createInterface({ input: child.stdout }).on('line', line => {
      const event = parsed(line)
      if (event?.['event'] === 'ready') resolve(event)
    })
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`it ended with ${code}`)))
    AbortSignal.timeout(readyMaxMs).addEventListener('abort', () => {
      reject(new Error(`it was not ready within ${readyMaxMs} ms`))
    })
  })
}

/** Some children also print lines for people. */
function parsed(line: string): Record<string, unknown> | undefined {
  return line.startsWith('{') ? JSON.parse(line) : undefined
}
