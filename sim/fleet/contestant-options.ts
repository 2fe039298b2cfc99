/**
 * The options of the scheduler that a contestant runs with: production's defaults, what the scenario
 * changes for all, what the contestant changes for itself.
 */

import { MeshError } from '../../src/core/errors.ts'
import { type SchedulerOptions, schedulerOptions } from '../../src/scheduler/options.ts'
import type { Contestant, Scenario, Signals } from '../scenario/scenario.ts'

/**
 * Decisions are explained to nobody: few are kept, and nobody is looked at but those that are drawn,
 * which in production is so in larger meshes.
 */
const UNEXPLAINED = { decisionsKept: 1, candidatesKept: 1, surveyedMax: 0 } as const

/** @throws MeshError ERR_CONFIG if an option is unknown or out of its bounds. */
export function schedulerOptionsOf(
  scenario: Scenario,
  { name, strategy, scheduler }: Contestant,
  memberCount: number,
): SchedulerOptions {
  const chosen = strategy === 'clairvoyant' ? {} : { strategy }
  const sized = { peersMax: Math.max(2_048, memberCount), requestsMax: 1_000_000 }
  const parsed = schedulerOptions.safeParse({
    ...{ ...UNEXPLAINED, ...sized, ...chosen },
    ...scenario.scheduler,
    ...scheduler,
  })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new MeshError(
    `expected options of the scheduler for ${JSON.stringify(name)}, found ${problems.join('; ')}`,
    { code: 'ERR_CONFIG', hint: 'docs/reference/config.md lists them under `scheduler`.' },
  )
}

export function signalsOf({ signals }: Scenario, contestant: Contestant): Signals {
  const changes = Object.entries(contestant.signals).filter(([, value]) => value !== undefined)
  return { ...signals, ...Object.fromEntries(changes) }
}
