/**
 * A process of its own for each case of the simulator's benchmark, so that none is measured with the
 * compiled code and the memory of another: it runs what its argument says, several times, and prints
 * what each time took.
 */

import { runOnce } from '../sim/fleet/run.ts'
import { Timeline } from '../sim/kernel/timeline.ts'
import { presetScenario } from '../sim/scenario/presets.ts'
import { contestantsOf, type ScenarioInput, scenario as schema } from '../sim/scenario/scenario.ts'
import { readTrace } from '../src/cli/simulate/trace-file.ts'
import { assert } from '../src/core/assert.ts'

export interface SimulatorCase {
  /** `undefined`: the timeline alone. */
  readonly preset?: Parameters<typeof presetScenario>[0]
  /** Takes the place of what the preset says. */
  readonly changes?: Partial<ScenarioInput>
  readonly turns: number
}

export interface SimulatorTurn {
  readonly eventCount: number
  readonly cpuMs: number
  readonly wallMs: number
  readonly arrivedCount: number
}

export interface SimulatorReport {
  readonly turns: readonly SimulatorTurn[]
  /** The most it ever had. */
  readonly rssBytes: number
}

/** Planned at once, as in a busy fleet; and how many happen. */
const PLANNED_COUNT = 4_096
const TIMELINE_EVENTS = 3_000_000

const BYTES_PER_KIBIBYTE = 1_024

/** Events that do nothing but plan the next: what the clock itself costs. */
function runTimeline() {
  const timeline = new Timeline()
  const plan = (index: number) => {
    timeline.after(1 + (index % 97), () => {
      if (timeline.eventCount < TIMELINE_EVENTS) plan(index + 1)
    })
  }
  for (let index = 0; index < PLANNED_COUNT; index += 1) plan(index)
  timeline.runAll()
  return { eventCount: timeline.eventCount, arrivedCount: 0 }
}

function fleetRun(
  preset: NonNullable<SimulatorCase['preset']>,
  changes: SimulatorCase['changes'],
): () => Pick<SimulatorTurn, 'eventCount' | 'arrivedCount'> {
  const scenario = schema.parse({ ...presetScenario(preset), ...changes })
  const trace = readTrace(scenario, '.')
  const [contestant] = contestantsOf(scenario)
  assert(contestant !== undefined, 'a scenario has strategies')
  return () => {
    const { eventCount, counts, checks } = runOnce({ scenario, contestant, seed: 1, trace })
    const broken = checks.filter(({ holds }) => !holds)
    assert(broken.length === 0, broken.map(({ name }) => name).join(', '))
    return { eventCount, arrivedCount: counts.arrived }
  }
}

function measure({ preset, changes, turns }: SimulatorCase): SimulatorReport {
  const run = preset === undefined ? runTimeline : fleetRun(preset, changes)
  const measured = Array.from({ length: turns }, () => {
    const cpu = process.cpuUsage()
    const startMs = performance.now()
    const counts = run()
    const { user, system } = process.cpuUsage(cpu)
    return { ...counts, cpuMs: (user + system) / 1_000, wallMs: performance.now() - startMs }
  })
  return { turns: measured, rssBytes: process.resourceUsage().maxRSS * BYTES_PER_KIBIBYTE }
}

console.log(JSON.stringify(measure(JSON.parse(process.argv[2] ?? '{}') as SimulatorCase)))
