/**
 * Runs a program that a driver brings, again and again, never two at once.
 *
 * A program that hangs in the driver cannot even be killed. So it is told to end and left alone,
 * and none is started beside it: a machine full of stuck processes would be worse than no values.
 */
import { type ChildProcess, type ExecFileException, execFile } from 'node:child_process'

/** A hundred GPUs fit many times. */
const OUTPUT_MAX_BYTES = 1_048_576

export interface Output {
  /** How it ended; `null`: well. */
  readonly error: ExecFileException | null
  readonly stdout: string
}

export class Program {
  readonly #command: string
  #child: ChildProcess | undefined

  /** @param command A name on PATH, or a path. */
  constructor(command: string) {
    this.#command = command
  }

  /**
   * @returns `absent`: there is no such program.
   * @throws Error if the last one still hangs.
   */
  run(args: readonly string[], signal: AbortSignal): Promise<Output | 'absent'> {
    if (this.#isAlive) return Promise.reject(new Error('the last reading still hangs'))
    return new Promise((resolve, reject) => {
      this.#child = execFile(
        this.#command,
        args,
        { signal, killSignal: 'SIGKILL', maxBuffer: OUTPUT_MAX_BYTES, windowsHide: true },
        (error, stdout) => {
          if (error?.code === 'ENOENT') return resolve('absent')
          if (error?.name === 'AbortError') return reject(error)
          resolve({ error, stdout })
        },
      )
    })
  }

  /** What runs is told to end. */
  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  /** Whether the last one has not exited, although it may have been told to. */
  get #isAlive(): boolean {
    const child = this.#child
    if (child?.pid === undefined) return false
    return child.exitCode === null && child.signalCode === null
  }
}
