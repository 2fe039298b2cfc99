/**
 * A thread that runs simulations: gets all jobs when it starts, then the number of one after the other.
 *
 *     pool      { run: index }
 *     thread    { progress: simulatedMs } …   { result } or { failure }
 *
 * A run is synchronous, so the thread hears nothing while it works; whoever wants it to stop ends it.
 */
import type { MessagePort } from 'node:worker_threads'
import type { Job, RunJob } from '../../../sim/experiment/plan.ts'
import type { RunResult } from '../../../sim/experiment/run-result.ts'

/** Between two reports; a person sees no more. */
const PROGRESS_INTERVAL_MS = 100

export interface ToThread {
  /** Place among the jobs. */
  readonly run: number
}

/** An error as it travels: classes are lost between threads. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | undefined
  readonly hint: string | undefined
}

export type FromThread =
  | { readonly type: 'progress'; readonly simulatedMs: number }
  | { readonly type: 'result'; readonly result: RunResult }
  | { readonly type: 'failure'; readonly failure: Failure }

export function serveJobs(port: MessagePort, jobs: readonly Job[], runJob: RunJob): void {
  port.on('message', ({ run }: ToThread) => {
    const job = jobs[run]
    if (job === undefined) throw new Error(`expected one of ${jobs.length} jobs, found ${run}`)
    port.postMessage(answerOf(job, runJob, port))
  })
}

function answerOf(job: Job, runJob: RunJob, port: MessagePort): FromThread {
  let toldMs = performance.now()
  const onProgress = (simulatedMs: number) => {
    const nowMs = performance.now()
    if (nowMs - toldMs < PROGRESS_INTERVAL_MS) return
    toldMs = nowMs
    const progress: FromThread = { type: 'progress', simulatedMs }
    port.postMessage(progress)
  }
  try {
    return { type: 'result', result: runJob({ ...job, onProgress }) }
  } catch (error) {
    return { type: 'failure', failure: failureOf(error) }
  }
}

function failureOf(error: unknown): Failure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const text = (key: string) => {
    const value: unknown = error instanceof Error ? Reflect.get(error, key) : undefined
    return typeof value === 'string' ? value : undefined
  }
  return { name, message, stack, code: text('code'), hint: text('hint') }
}
