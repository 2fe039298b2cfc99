/**
 * Who sends a request, how urgently, and to which ingress.
 */
import { PRIORITIES, type Priority } from '../../src/scheduler/admission/priority.ts'
import type { WorkloadScenario } from '../scenario/workload.ts'
import type { Streams } from './streams.ts'
import { createWeightedChoice, createZipfChoice } from './weighted-choice.ts'

export interface Sender {
  readonly tenant: string
  readonly priority: Priority
}

/** One tenant is nobody in particular. */
export function createSenders(scenario: WorkloadScenario, streams: Streams): () => Sender {
  const { tenants, priorities } = scenario
  const given = PRIORITIES.filter(name => (priorities[name] ?? 0) > 0)
  const choosePriority = createWeightedChoice(given.map(name => priorities[name] ?? 0))
  const drawPriority = () => given[choosePriority(streams.priorities)] as Priority
  if (tenants.count === 1) return () => ({ tenant: '', priority: drawPriority() })

  const names = Array.from({ length: tenants.count }, (_, index) => `tenant-${index + 1}`)
  const choose = createZipfChoice(tenants.count, tenants.zipfExponent)
  return () => ({
    tenant: names[choose(streams.tenants)] as string,
    priority: drawPriority(),
  })
}
