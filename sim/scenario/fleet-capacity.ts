/**
 * How many requests a second keep a fleet busy: what `loadRatio` is a share of.
 *
 * An engine does most when its batch is full: n sequences, as many as it may have or as fit in its
 * cache. Then a request takes of its time
 *
 *     prompt tokens × prefillTokenMs
 *       + answer tokens × (stepBaseMs / n + stepPerSequenceMs + stepPerContextTokenMs × mean context)
 *
 * and of an engine that works in batches its unit's time and a full batch's share of the rest. The
 * classes share the fleet in the best way there is: the greatest rate R such that each node gives its
 * time to the models it serves, and each class gets its share of R.
 *
 * All prompt tokens count, as if no cache ever helped: where prompts begin alike, a fleet at 0.8 that finds
 * them has time to spare, and one that does not is at 0.8.
 */
import type { MeanRequest } from '../workload/mean-request.ts'
import type { BatchSpeed, GpuProfile, LanguageSpeed } from './hardware.ts'
import { maximize } from './linear-program.ts'
import type { ResolvedFleet, ResolvedHardware } from './resolve.ts'

/** In the mix of the requests. 0: some class is served by nobody. */
export function capacityPerSecond(fleet: ResolvedFleet, requests: readonly MeanRequest[]): number {
  const counts = new Map<ResolvedHardware, number>()
  for (const { hardware } of fleet.nodes) counts.set(hardware, (counts.get(hardware) ?? 0) + 1)
  const groups = [...counts]
  // A variable for the time that a group gives to a class, by seconds; the last is the rate.
  const columns = groups.flatMap(([hardware], group) =>
    requests.flatMap((request, of) => {
      const isServed = hardware.models.some(({ name }) => name === request.class.model)
      return isServed ? [{ group, of, perSecond: 1_000 / gpuMsOf(hardware.profile, request) }] : []
    }),
  )
  const ofGroup = groups.map((_, group) => [
    ...columns.map(each => (each.group === group ? 1 : 0)),
    0,
  ])
  const ofClass = requests.map(({ ratio }, of) => [
    ...columns.map(each => (each.of === of ? -each.perSecond : 0)),
    ratio,
  ])
  return maximize({
    objective: [...columns.map(() => 0), 1],
    rows: [...ofGroup, ...ofClass],
    limits: [...groups.map(([, count]) => count), ...requests.map(() => 0)],
  })
}

/** Time that a request takes of a GPU that is fully used. */
export function gpuMsOf(profile: GpuProfile, request: MeanRequest): number {
  const { kind } = request.class
  if (kind === 'llm') return profile.llm === undefined ? NEVER_MS : languageMs(profile.llm, request)
  const speed = profile[kind]
  return speed === undefined ? NEVER_MS : batchMs(speed, request)
}

const NEVER_MS = Number.POSITIVE_INFINITY

function languageMs(speed: LanguageSpeed, request: MeanRequest): number {
  const { inputTokens, outputTokens, contextTokens } = request
  const sequences = Math.max(1, Math.min(speed.sequencesMax, speed.kvCacheTokens / contextTokens))
  const tokenMs =
    speed.stepBaseMs / sequences +
    speed.stepPerSequenceMs +
    speed.stepPerContextTokenMs * contextTokens
  return inputTokens * speed.prefillTokenMs + outputTokens * tokenMs
}

function batchMs(speed: BatchSpeed, { units }: MeanRequest): number {
  return speed.batchBaseMs / speed.batchMax + speed.perUnitMs * units
}
