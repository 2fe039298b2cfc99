/**
 * A closed loop of puts: a fixed number of clients, each with one put at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LoadRecorder, type LoadResult } from '../load-recorder.ts'
import type { ProtocolName, PutClient } from './contestant.ts'

export interface PutJob {
  readonly protocol: ProtocolName
  readonly port: number
  readonly clientCount: number
  readonly valueBytes: number
  readonly warmUpMs: number
  readonly windowMs: number
}

export interface PutResult {
  readonly load: LoadResult
  /** Of the load process while its window was open; 1: one core. */
  readonly cpuRatio: number
}

/** Keys of each client, over and over, as a policy that is edited again and again. */
const KEYS_PER_CLIENT = 100

/** Errors of one run after which it ends: a cluster that refuses everything is not measured. */
const ERRORS_MAX = 100

/** Told when the window of measurement opens and closes. */
export interface PutWatch {
  readonly onOpen: () => void
  readonly onClose: () => void
}

/** Resolves when the last put has ended. */
export async function runPuts(client: PutClient, job: PutJob, watch: PutWatch): Promise<PutResult> {
  const recorder = new LoadRecorder()
  const finish = new AbortController()
  const loops = Array.from({ length: job.clientCount }, (_, index) =>
    putUntil(finish, { client, index, job, recorder }),
  )

  await sleep(job.warmUpMs)
  const startMs = performance.now()
  const cpuBefore = process.cpuUsage()
  recorder.setOpen(true)
  watch.onOpen()
  await sleep(job.windowMs)
  recorder.setOpen(false)
  const windowMs = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpuBefore)
  watch.onClose()

  finish.abort()
  await Promise.all(loops)
  return { load: recorder.result(windowMs), cpuRatio: (user + system) / 1000 / windowMs }
}

interface Loop {
  readonly client: PutClient
  readonly index: number
  readonly job: PutJob
  readonly recorder: LoadRecorder
}

async function putUntil(finish: AbortController, { client, index, job, recorder }: Loop) {
  let errorCount = 0
  for (let count = 0; !finish.signal.aborted; count += 1) {
    const value = Buffer.alloc(job.valueBytes, `${index}.${count} `)
    const sentAtMs = performance.now()
    try {
      await client.put(index, `client-${index}/${count % KEYS_PER_CLIENT}`, value)
      recorder.answered(performance.now() - sentAtMs)
    } catch (error) {
      recorder.failed(error instanceof Error ? error.message : String(error))
      errorCount += 1
      if (errorCount >= ERRORS_MAX) finish.abort()
    }
  }
}
