/**
 * What membership promises, as scenarios: a mesh forms, something goes wrong, it is mended, and in
 * the end all nodes have one true view. Everything a scenario chooses follows from its seed.
 *
 * Source of the promises: Das, Gupta, Motivala, "SWIM", DSN 2002; Dadgar, Phillips, Currey,
 * "Lifeguard", 2017; the deadline of a death is the shortest suspicion and 3 s.
 */

import { type MembershipOptions, profileEdits } from '../../src/membership/options.ts'
import { between, pick } from '../chance.ts'
import { type FaultRates, planFaults } from '../faults/fault-plan.ts'
import { FaultRunner } from '../faults/fault-runner.ts'
import { LAN, type LinkQuality, WAN } from '../network/link.ts'
import { World } from '../world.ts'
import { agree, disagreements, isGoneEverywhere, upHosts } from './agreement.ts'
import { DeathWatch } from './death-watch.ts'
import { IncarnationWatch } from './incarnation-watch.ts'

/** Time a mesh has to form. */
const FORM_MAX_MS = 60_000

/** Time it then has to calm down. */
const SETTLE_MS = 5_000

/** Time to come to one view after everything is mended. */
const HEAL_MAX_MS = 180_000

/** Longer than the shortest suspicion, for the first probe and for the news to spread. */
const DEATH_MARGIN_MS = 3_000

/** Sites of a mesh that spans some. */
const SITES = 3

export interface ScenarioInit {
  readonly seed: number
  readonly peerCount: number
  /** How long faults strike. Each scenario has its own sense of it. */
  readonly durationMs?: number
  readonly keepsLog?: boolean
}

export interface ScenarioReport {
  readonly world: World
  /** Measured things, by a name with its unit. */
  readonly figures: Readonly<Record<string, number>>
}

export type Scenario = (init: ScenarioInit) => Promise<ScenarioReport>

/** A broken promise. */
export class PromiseBroken extends Error {
  override readonly name = 'PromiseBroken'
  readonly world: World

  constructor(world: World, message: string, cause?: unknown) {
    super(message, { cause })
    this.world = world
  }
}

interface Stage {
  readonly world: World
  readonly watch: DeathWatch
  readonly faults: FaultRunner
}

interface Place {
  /** Of the direction between two hosts. */
  readonly quality?: (from: number, to: number) => LinkQuality
  readonly membership?: Partial<MembershipOptions>
}

/** A mesh that has formed. */
async function form(init: ScenarioInit, place: Place = {}): Promise<Stage> {
  const { seed, peerCount, keepsLog = false } = init
  const world = new World({ seed, keepsLog, ...place })
  const watch = new DeathWatch(world)
  new IncarnationWatch(world)
  await world.startHosts(peerCount)
  await untilAgreed(world, 'a mesh forms', FORM_MAX_MS)
  await world.pass(SETTLE_MS)
  return { world, watch, faults: new FaultRunner(world) }
}

/** @returns How long it took. @throws PromiseBroken. */
async function untilAgreed(world: World, what: string, deadlineMs = HEAL_MAX_MS): Promise<number> {
  const startMs = world.nowMs
  if (await world.passUntil(() => agree(world), deadlineMs, 200)) return world.nowMs - startMs
  const found = disagreements(world).join('; ')
  throw new PromiseBroken(world, `${what}: after ${deadlineMs} ms found ${found}`)
}

/** Nobody who runs is called dead, at 0 to 5 % connection trouble and pauses up to 500 ms. */
const quiet: Scenario = async init => {
  const { seed, peerCount, durationMs = 600_000 } = init
  const lossy = { ...LAN, lossRatio: troubleOf(seed) }
  const { world, watch, faults } = await form(init, { quality: () => lossy })
  watch.forbidFalseDeaths()
  const rates: FaultRates = {
    reset: { perMinute: (troubleOf(seed) * peerCount * (peerCount - 1)) / 2 },
    pause: { perMinute: peerCount, durationMinMs: 20, durationMaxMs: 500 },
  }
  faults.plan(planFaults(world.random, rates, { startMs: world.nowMs, durationMs }))
  await world.pass(durationMs)
  const agreedMs = await untilAgreed(world, 'all are alive after trouble')
  return report(world, { suspicions: watch.falseSuspicionCount, agreedMs })
}

/** 0 to 5 % in six steps, so that few seeds cover all. */
const troubleOf = (seed: number) => (Math.abs(seed) % 6) / 100

/** Nobody who runs is called dead where sites are far apart and what is lost stalls for long. */
const far: Scenario = async init => {
  const { durationMs = 300_000 } = init
  const { world, watch } = await form(init, {
    quality: (from, to) => (from % SITES === to % SITES ? LAN : WAN),
    membership: profileEdits.wan,
  })
  watch.forbidFalseDeaths()
  await world.pass(durationMs)
  const agreedMs = await untilAgreed(world, 'all are alive across sites')
  return report(world, { suspicions: watch.falseSuspicionCount, agreedMs })
}

/** A node that is gone is dead everywhere soon; its connections close, or nothing is heard. */
const killed =
  (how: 'crash' | 'vanish'): Scenario =>
  async init => {
    const { world, watch } = await form(init)
    watch.forbidFalseDeaths()
    await world.pass(between(world.random, 0, 2_000))
    const gone = pick(world.random, upHosts(world))
    gone[how]()
    const startMs = world.nowMs
    const deadlineMs = suspicionMinMs(world, init.peerCount) + DEATH_MARGIN_MS
    if (!(await world.passUntil(() => isGoneEverywhere(world, gone), deadlineMs, 50))) {
      const found = disagreements(world).join('; ')
      throw new PromiseBroken(
        world,
        `dead everywhere ${deadlineMs} ms after the ${how}: found ${found}`,
      )
    }
    return report(world, { deadMs: world.nowMs - startMs })
  }

/** The shortest suspicion. Source: hashicorp/memberlist. */
function suspicionMinMs({ membership }: World, peerCount: number): number {
  const { suspicionMultiplier, probeIntervalMs } = membership
  return suspicionMultiplier * Math.max(1, Math.log10(peerCount)) * probeIntervalMs
}

/** A node that stalls for 10 s is never dead for good. */
const paused: Scenario = async init => {
  const { durationMs = 10_000 } = init
  const { world, watch } = await form(init)
  pick(world.random, upHosts(world)).pause(durationMs)
  await world.pass(durationMs)
  const agreedMs = await untilAgreed(world, 'all are alive after a pause')
  return report(world, { agreedMs, falseDeaths: watch.falseDeaths.length })
}

/** Two halves that could not talk find together by themselves. */
const parted: Scenario = async init => {
  const { durationMs = 60_000 } = init
  const { world, watch, faults } = await form(init)
  const kind = world.random.next() < 0.8 ? 'partition' : 'one-way'
  faults.strike({ kind, atMs: world.nowMs, durationMs, seed: init.seed })
  await world.pass(durationMs + 1)
  const agreedMs = await untilAgreed(world, 'one view after a partition')
  return report(world, { agreedMs, falseDeaths: watch.falseDeaths.length })
}

/** A fifth of the mesh comes and goes each minute, and no ghosts remain. */
const churn: Scenario = async init => {
  const { peerCount, durationMs = 180_000 } = init
  const perMinute = peerCount * 0.05
  const rates: FaultRates = {
    crash: { perMinute },
    leave: { perMinute },
    join: { perMinute },
    restart: { perMinute },
  }
  return await chaos(init, rates, durationMs)
}

/** Everything at once. */
const storm: Scenario = async init => {
  const { peerCount, durationMs = 90_000 } = init
  const rates: FaultRates = {
    crash: { perMinute: peerCount * 0.1 },
    vanish: { perMinute: peerCount * 0.05 },
    restart: { perMinute: peerCount * 0.2 },
    leave: { perMinute: peerCount * 0.05 },
    join: { perMinute: 0.5 },
    pause: { perMinute: peerCount * 0.5, durationMinMs: 50, durationMaxMs: 12_000 },
    partition: { perMinute: 1, durationMinMs: 1_000, durationMaxMs: 40_000 },
    'one-way': { perMinute: 2, durationMinMs: 500, durationMaxMs: 30_000 },
    reset: { perMinute: peerCount },
    slow: { perMinute: 3, durationMinMs: 2_000, durationMaxMs: 30_000 },
    clock: { perMinute: 1, durationMinMs: 5_000, durationMaxMs: 60_000 },
  }
  return await chaos(init, rates, durationMs)
}

/** Faults for a while; then everything is mended and must heal. */
async function chaos(
  init: ScenarioInit,
  rates: FaultRates,
  durationMs: number,
): Promise<ScenarioReport> {
  const { world, watch, faults } = await form(init)
  faults.plan(planFaults(world.random, rates, { startMs: world.nowMs, durationMs }))
  await world.pass(durationMs)
  faults.mend()
  const agreedMs = await untilAgreed(world, 'one view after everything is mended')
  return report(world, {
    agreedMs,
    faults: faults.struckCount,
    hosts: world.hosts.length,
    falseDeaths: watch.falseDeaths.length,
  })
}

function report(world: World, figures: Readonly<Record<string, number>>): ScenarioReport {
  return { world, figures }
}

export const MEMBERSHIP_SCENARIOS = {
  quiet,
  far,
  crash: killed('crash'),
  vanish: killed('vanish'),
  pause: paused,
  partition: parted,
  churn,
  storm,
} as const satisfies Record<string, Scenario>

export type MembershipScenario = keyof typeof MEMBERSHIP_SCENARIOS
