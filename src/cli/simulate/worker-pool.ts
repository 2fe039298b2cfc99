/**
 * Runs the jobs of an experiment on several threads, each taking the next when it has done one.
 *
 * Results stand where their jobs stand, and a job sees nothing but itself, so nothing depends on how many
 * threads there are or which of them is faster. The first failure ends all of them.
 */
import { Worker } from 'node:worker_threads'
import type { Job } from '../../../sim/experiment/plan.ts'
import type { RunResult } from '../../../sim/experiment/run-result.ts'
import { InvariantError } from '../../core/assert.ts'
import { isErrorCode, MeshError } from '../../core/errors.ts'
import type { Failure, FromThread, ToThread } from './serve-jobs.ts'

export interface Progress {
  readonly jobCount: number
  readonly doneCount: number
  /** Of the simulated time of all jobs, those at work included. */
  readonly ratio: number
}

export interface PoolOptions {
  readonly threadCount: number
  /** What a thread runs. */
  readonly program: URL
  /** Aborted: all threads end at once. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** The thread of this program, from both `src/` and `dist/src/`. */
export function simulatorProgram(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./worker.ts', import.meta.url)
    : new URL('./worker.js', import.meta.url)
}

/**
 * @returns the result of each job, in the order of the jobs.
 * @throws what a job threw; MeshError ERR_STOPPING if it was stopped.
 */
export async function runJobs(
  jobs: readonly Job[],
  options: PoolOptions,
): Promise<readonly RunResult[]> {
  const work = new SharedWork(jobs, options.onProgress)
  const threads: Worker[] = []
  const start = () => {
    const thread = new Worker(options.program, { workerData: jobs })
    threads.push(thread)
    return thread
  }
  const threadCount = Math.min(options.threadCount, jobs.length)
  try {
    const crew = Array.from({ length: threadCount }, () => workThrough(work, start(), options))
    await Promise.all(crew)
  } finally {
    await Promise.all(threads.map(thread => thread.terminate()))
  }
  return work.results
}

/** What is left to do, and what is done. */
class SharedWork {
  readonly #jobs: readonly Job[]
  readonly #onProgress: (progress: Progress) => void
  /** By job. */
  readonly #results = new Map<number, RunResult>()
  /** Job → share of it that is done, of those at work. */
  readonly #ratios = new Map<number, number>()
  #nextIndex = 0

  constructor(jobs: readonly Job[], onProgress: (progress: Progress) => void) {
    this.#jobs = jobs
    this.#onProgress = onProgress
  }

  get results(): readonly RunResult[] {
    return [...this.#results].toSorted(([a], [b]) => a - b).map(([, result]) => result)
  }

  get progress(): Progress {
    const jobCount = this.#jobs.length
    const doneCount = this.#results.size
    const atWork = [...this.#ratios.values()].reduce((sum, ratio) => sum + ratio, 0)
    return { jobCount, doneCount, ratio: (doneCount + atWork) / jobCount }
  }

  /** `undefined`: none is left. */
  take(): number | undefined {
    if (this.#nextIndex >= this.#jobs.length) return undefined
    this.#nextIndex += 1
    return this.#nextIndex - 1
  }

  advance(index: number, simulatedMs: number): void {
    const durationMs = this.#jobs[index]?.scenario.durationMs ?? 1
    // The last requests end after it; how long that takes nobody knows before.
    this.#ratios.set(index, Math.min(1, simulatedMs / durationMs))
    this.#onProgress(this.progress)
  }

  finish(index: number, result: RunResult): void {
    this.#ratios.delete(index)
    this.#results.set(index, result)
    this.#onProgress(this.progress)
  }
}

async function workThrough(work: SharedWork, thread: Worker, options: PoolOptions): Promise<void> {
  for (let index = work.take(); index !== undefined; index = work.take()) {
    const job = index
    const onProgress = (simulatedMs: number) => work.advance(job, simulatedMs)
    const result = await oneJob(thread, job, { ...options, onProgress, work })
    work.finish(index, result)
  }
}

interface JobOptions {
  readonly signal: AbortSignal
  readonly onProgress: (simulatedMs: number) => void
  readonly work: SharedWork
}

function oneJob(thread: Worker, run: number, options: JobOptions): Promise<RunResult> {
  const { signal, onProgress, work } = options
  const listening = new AbortController()
  return new Promise<RunResult>((resolve, reject) => {
    const onMessage = (message: FromThread) => {
      if (message.type === 'progress') onProgress(message.simulatedMs)
      else if (message.type === 'result') resolve(message.result)
      else reject(errorOf(message.failure))
    }
    const onError = (error: unknown) => reject(threadError(error))
    const onExit = (code: number) => reject(new Error(`a thread ended with ${code} in its work`))
    thread.on('message', onMessage).on('error', onError).on('exit', onExit)
    listening.signal.addEventListener('abort', () => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit)
    })
    const stop = () => reject(stopped(work.progress))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { signal: listening.signal })
    const order: ToThread = { run }
    thread.postMessage(order)
  }).finally(() => listening.abort())
}

function stopped({ doneCount, jobCount }: Progress): MeshError {
  return new MeshError(`stopped after ${doneCount} of ${jobCount} runs; no results are written`, {
    code: 'ERR_STOPPING',
    hint: 'The same command begins anew.',
  })
}

/** The error that it was in the thread. */
function errorOf({ name, message, stack, code, hint }: Failure): Error {
  if (code !== undefined && isErrorCode(code)) return new MeshError(message, { code, hint })
  const error = name === 'InvariantError' ? new InvariantError(message) : new Error(message)
  // Where it happened, not where it was heard of.
  if (stack !== undefined) error.stack = stack
  return error
}

function threadError(error: unknown): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new MeshError('expected the runs to fit into memory, found too little', {
      code: 'ERR_NO_CAPACITY',
      hint: 'Use fewer threads (--threads 1) or a smaller scenario.',
      cause: error,
    })
  }
  return error instanceof Error ? error : new Error(String(error))
}
