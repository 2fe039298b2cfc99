/**
 * The parent's side of `put-load.ts`: runs one job and watches what the servers cost meanwhile.
 */
import { fileURLToPath } from 'node:url'
import { parsedLine, startChild } from '../child-process.ts'
import { processUsage } from '../process-usage.ts'
import type { Cluster } from './contestant.ts'
import type { PutJob, PutResult } from './put-job.ts'

const READY_MAX_MS = 10_000

/** Beyond the job's own duration, for the last puts to end. */
const GRACE_MS = 10_000

export interface PutFigures extends PutResult {
  /** Of all members together, 1: one core. `undefined`: this machine does not tell. */
  readonly serversCpuRatio: number | undefined
}

export type PutPlan = Omit<PutJob, 'protocol' | 'port'>

/** @throws Error if the load process fails, or is not done in time. */
export async function runPutProcess(cluster: Cluster, plan: PutPlan): Promise<PutFigures> {
  const job = { ...plan, protocol: cluster.protocol, port: cluster.port } satisfies PutJob
  const script = fileURLToPath(new URL('./put-load.ts', import.meta.url))
  let cpuBeforeMs: number | undefined
  let serversCpuMs: number | undefined
  let result: PutResult | undefined
  const cpuMs = () => processUsage(cluster.pids)?.cpuMs
  const child = await startChild({
    name: 'the load process',
    args: [script, JSON.stringify(job)],
    readyMaxMs: READY_MAX_MS,
    onLine: line => {
      const event = parsedLine(line)
      const nowMs = cpuMs()
      if (event?.['event'] === 'opened') cpuBeforeMs = nowMs
      if (event?.['event'] === 'closed' && nowMs !== undefined && cpuBeforeMs !== undefined) {
        serversCpuMs = nowMs - cpuBeforeMs
      }
      // Printed by our own script, in the shape that it declares.
      if (event?.['event'] === 'result') result = event['result'] as PutResult
    },
  })
  const timer = setTimeout(() => child.kill(), plan.warmUpMs + plan.windowMs + GRACE_MS)
  const code = await child.ended
  clearTimeout(timer)
  if (result === undefined) {
    throw new Error(`the load process ended with ${code}: ${child.stderr()}`)
  }
  const serversCpuRatio =
    serversCpuMs === undefined ? undefined : serversCpuMs / result.load.windowMs
  return { ...result, serversCpuRatio }
}
