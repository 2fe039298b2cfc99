/**
 * Processor time and memory of processes with all their descendants, from Linux's `/proc`.
 *
 * Source: the manual page proc(5), `/proc/PID/stat` (fields 4, 14, 15), `/proc/PID/status` and `/proc/stat`.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** `sysconf(_SC_CLK_TCK)`, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

export interface ProcessUsage {
  /** In user and kernel mode together, in ms; counted in steps of 10. */
  readonly cpuMs: number
  readonly rssBytes: number
}

/** @returns `undefined` where there is no `/proc`. */
export function processUsage(roots: readonly number[]): ProcessUsage | undefined {
  if (process.platform !== 'linux') return undefined
  const usages = withDescendants(roots).map(usageOf)
  return {
    cpuMs: usages.reduce((sum, usage) => sum + usage.cpuMs, 0),
    rssBytes: usages.reduce((sum, usage) => sum + usage.rssBytes, 0),
  }
}

/** Time that all processors of the machine were busy, in ms. `undefined` where there is no `/proc`. */
export function machineBusyMs(): number | undefined {
  if (process.platform !== 'linux') return undefined
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n')
  const [user = 0, nice = 0, system = 0, , , ...others] = line.split(/\s+/).slice(1, 9).map(Number)
  const ticks = others.reduce((sum, each) => sum + each, user + nice + system)
  return (ticks * 1000) / TICKS_PER_SECOND
}

function withDescendants(roots: readonly number[]): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statFields(Number(name)) : undefined
    if (fields !== undefined) parents.set(Number(name), Number(fields[1]))
  }
  const family = new Set(roots)
  // Each pass finds one more generation.
  for (let sizeBefore = 0; sizeBefore < family.size; ) {
    sizeBefore = family.size
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid)
  }
  return [...family]
}

function usageOf(pid: number): ProcessUsage {
  const fields = statFields(pid)
  const ticks = Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0)
  const rssKib = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '')?.[1]
  return { cpuMs: (ticks * 1000) / TICKS_PER_SECOND, rssBytes: Number(rssKib ?? 0) * 1024 }
}

/** The fields after the command's name, which may itself contain spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  const stat = readProc(pid, 'stat')
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** @returns `undefined` if the process has ended meanwhile. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}
