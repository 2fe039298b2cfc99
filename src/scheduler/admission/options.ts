/**
 * Options of the queue in front of each engine.
 */
import { z } from 'zod'
import { count, durationMs } from '../../core/option-fields.ts'

const ratio = () => z.number().min(0).max(1).meta({ unit: 'ratio' })

export const admissionFields = {
  ageingMs: durationMs(100, 3_600_000)
    .default(20_000)
    .describe(
      'How long nothing of one tenant and priority is served, although it waits, until it counts as of the next higher priority.',
    ),

  memoryAcceptRatio: ratio()
    .default(0.75)
    .describe(
      'Share of a KV cache up to which requests of low and normal priority start; above it they wait.',
    ),

  memoryRejectRatio: ratio()
    .default(0.9)
    .describe(
      'Share of a KV cache up to which requests of high priority start. Above it all are sent elsewhere.',
    ),

  tenantsMax: count(1, 1_000_000, 'tenants')
    .default(10_000)
    .describe(
      'Tenants whose use of an engine is remembered for fairness. Beyond it, the one idle longest is forgotten.',
    ),
}
