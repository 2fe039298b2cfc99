/**
 * An engine of a fixed speed behind the admission queue, on virtual time: tenants send by chance (Poisson),
 * each place of the batch reads 1,000 tokens a second and makes 100.
 */
import { NEVER } from '../../../src/core/machine.ts'
import { Random } from '../../../src/core/random.ts'
import {
  type AdmissionEffect,
  AdmissionQueue,
} from '../../../src/scheduler/admission/admission-queue.ts'
import type { Priority } from '../../../src/scheduler/admission/priority.ts'
import { engineOf, OPTIONS, requestOf } from './scene.ts'

export interface Tenant {
  readonly perSecond: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly priority?: Priority
  readonly weight?: number
}

interface Sent extends Tenant {
  readonly name: string
  readonly atMs: number
}

interface Run {
  readonly tenants: Readonly<Record<string, Tenant>>
  readonly parallel: number
  readonly seconds: number
  readonly seed: number
}

export function simulate({ tenants, parallel, seconds, seed }: Run) {
  const random = new Random(seed)
  const queue = new AdmissionQueue({ ...OPTIONS, queueLengthMax: 32 })
  const engine = engineOf({ parallelMax: parallel })
  const sent = new Map<string, Sent>()
  const ends = new Map<string, number>()
  const servedCounts = new Map<string, number>()
  const waitsMs = new Map<string, number>()
  const nextMs = new Map(Object.keys(tenants).map(name => [name, 0]))

  const perform = (effects: readonly AdmissionEffect[], nowMs: number) => {
    for (const { type, id } of effects) {
      const request = sent.get(id)
      if (type !== 'release' || request === undefined) continue
      const waitedMs = nowMs - request.atMs
      waitsMs.set(request.name, Math.max(waitsMs.get(request.name) ?? 0, waitedMs))
      ends.set(id, nowMs + request.inputTokens + request.outputTokens * 10)
    }
  }
  const arrive = (name: string, tenant: Tenant, atMs: number) => {
    const id = `r${sent.size}`
    sent.set(id, { ...tenant, name, atMs })
    const { inputTokens, outputTokens, priority = 'normal', weight = 1 } = tenant
    const request = requestOf(id, { tenant: name, priority, weight, inputTokens, outputTokens })
    perform(queue.step({ type: 'request-arrived', request, engine }, atMs), atMs)
    nextMs.set(name, atMs - (1_000 / tenant.perSecond) * Math.log(1 - random.next()))
  }
  const end = (id: string, atMs: number) => {
    ends.delete(id)
    const { name = '' } = sent.get(id) ?? {}
    servedCounts.set(name, (servedCounts.get(name) ?? 0) + 1)
    perform(queue.step({ type: 'request-ended', id, engine }, atMs), atMs)
  }

  for (;;) {
    const [name = '', arrivalMs = NEVER] = earliest(nextMs)
    const [id = '', endMs = NEVER] = earliest(ends)
    if (Math.min(arrivalMs, endMs) > seconds * 1_000) break
    if (endMs <= arrivalMs) end(id, endMs)
    else arrive(name, tenants[name] as Tenant, arrivalMs)
  }
  return {
    sentCount: (name: string) => [...sent.values()].filter(each => each.name === name).length,
    servedCount: (name: string) => servedCounts.get(name) ?? 0,
    waitedMsMax: (name: string) => waitsMs.get(name) ?? 0,
  }
}

function earliest(times: ReadonlyMap<string, number>): [string, number] | [] {
  let first: [string, number] | [] = []
  for (const [key, atMs] of times) if (atMs < (first[1] ?? NEVER)) first = [key, atMs]
  return first
}
