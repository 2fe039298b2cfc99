/**
 * What consensus promises, as scenarios over whole hosts: faults strike while clients read and
 * write, then all is mended and must heal.
 *
 *     form --> faults, clients, transfers: safety after every event --> mended --> in touch
 *          --> a write within two election timeouts --> one state, enough voters --> history judged
 *
 * An election timeout lasts from `electionTimeoutMs` to twice that by chance, as in the paper, so
 * two of them are four times the option at most. They are counted from the moment that every host
 * can talk to every other: before, it is TCP and dialling that take their time. The write is made
 * at a voter; a host that was replaced while it was away must first find that out, and is only
 * asked when all agree.
 */
import { type ConsensusOptions, consensusOptions } from '../../src/consensus/replica/options.ts'
import { profileEdits } from '../../src/membership/options.ts'
import { forkRandom, pick } from '../chance.ts'
import { type FaultRates, planFaults } from '../faults/fault-plan.ts'
import { FaultRunner } from '../faults/fault-runner.ts'
import { type LinkQuality, WAN } from '../network/link.ts'
import type { SimHost } from '../sim-host.ts'
import { World } from '../world.ts'
import { Clients } from './clients.ts'
import { areInTouch, isRunning, leaderOf, unwell, votersOf, wantedVoters } from './health.ts'
import { checkLinearizability } from './linearizability.ts'
import { Operator } from './operator.ts'
import { registerModel } from './register-model.ts'
import { SafetyWatch } from './safety-watch.ts'

const FORM_MAX_MS = 60_000

/** TCP's next try after a long cut, and dials whose waits have grown. */
const IN_TOUCH_MAX_MS = 240_000

/** Voters are replaced one by one, each once it has been alive for long enough. */
const WELL_MAX_MS = 120_000

const READ_MAX_MS = 30_000

/** Clients and the time each thinks between two things. */
const CLIENT_COUNT = 5
const THINK_MEAN_MS = 150

/** Of the elections that a healed mesh has to hold one. */
const ELECTION_TIMEOUTS = 2

/** Clocks far worse than crystals are: a twentieth. */
const DRIFT_MAX_RATIO = 0.05

/** Small, so that everything happens within a minute. */
const OPTIONS: Partial<ConsensusOptions> = {
  heartbeatIntervalMs: 200,
  electionTimeoutMs: 1_000,
  voterStableAfterMs: 1_000,
  voterReplaceAfterMs: 6_000,
  writeTimeoutMs: 3_000,
  followIntervalMs: 2_000,
  snapshotEveryEntries: 48,
  trailingEntries: 16,
  appendMaxBytes: 1_024,
}

export interface ConsensusInit {
  readonly seed: number
  readonly peerCount: number
  /** How long faults strike. */
  readonly durationMs?: number
  readonly keepsLog?: boolean
  /** Called when the mesh has formed. */
  readonly prepare?: (world: World) => void
}

export interface ConsensusReport {
  readonly world: World
  readonly figures: Readonly<Record<string, number>>
}

export type ConsensusScenario = (init: ConsensusInit) => Promise<ConsensusReport>

interface Trouble {
  /** How often each fault strikes, in a mesh of that many. */
  readonly rates: (peerCount: number) => FaultRates
  readonly transfersPerMinute: number
  /** Of every direction; LAN unless given. */
  readonly quality?: LinkQuality
}

/** A scenario in which such trouble is met. */
function underTrouble(trouble: Trouble): ConsensusScenario {
  const { rates, transfersPerMinute, quality } = trouble
  return async init => {
    const { seed, peerCount, durationMs = 40_000, keepsLog = false, prepare } = init
    const world = new World({
      ...{ seed, keepsLog, rosterCount: peerCount, consensus: OPTIONS },
      driftMaxRatio: DRIFT_MAX_RATIO,
      ...(quality === undefined ? {} : { quality: () => quality, membership: profileEdits.wan }),
    })
    const stage: Stage = {
      world,
      watch: new SafetyWatch(world),
      faults: new FaultRunner(world),
      clients: new Clients(world, forkRandom(seed, 21)),
      operator: new Operator(world, forkRandom(seed, 22)),
    }
    await world.startHosts(peerCount)
    await until(world, 'a mesh has its voters', FORM_MAX_MS, () => lacking(world))
    prepare?.(world)
    const electionsBefore = stage.watch.electionCount
    const period = { startMs: world.nowMs, durationMs }
    stage.faults.plan(planFaults(world.random, rates(peerCount), period))
    stage.clients.start(CLIENT_COUNT, THINK_MEAN_MS)
    stage.operator.start(transfersPerMinute)
    await world.pass(durationMs)
    const elections = stage.watch.electionCount - electionsBefore
    return await heal(stage, { elections })
  }
}

interface Stage {
  readonly world: World
  readonly watch: SafetyWatch
  readonly faults: FaultRunner
  readonly clients: Clients
  readonly operator: Operator
}

async function heal(stage: Stage, counted: { elections: number }): Promise<ConsensusReport> {
  const { world, faults, clients, operator } = stage
  const mendedMs = world.nowMs
  clients.stop()
  operator.stop()
  faults.mend()
  const recovery = firstWrite(stage)
  await until(world, 'all are in touch', IN_TOUCH_MAX_MS, () => {
    restartAll(world)
    return areInTouch(world) ? undefined : 'somebody is not'
  })
  const inTouchMs = world.nowMs - mendedMs
  const progressMs = await progress(stage, votersOf(world))
  await until(world, 'all agree', WELL_MAX_MS, () => unwell(world))
  const agreedMs = world.nowMs - mendedMs
  await progress(stage, world.hosts)
  await readAll(stage)
  return {
    world,
    figures: {
      ...counted,
      faults: faults.struckCount,
      writes: clients.acknowledgedCount,
      leaderlessMs: operator.leaderlessMs,
      transfers: operator.transferCount,
      ...{ inTouchMs, recoveryMs: (recovery.atMs ?? world.nowMs) - mendedMs, progressMs, agreedMs },
    },
  }
}

/** One write after another, until the first is acknowledged. */
function firstWrite({ world, clients }: Stage): { atMs: number | undefined } {
  const found: { atMs: number | undefined } = { atMs: undefined }
  let writing: ReturnType<Clients['write']> | undefined
  const look = () => {
    if (writing?.isDone) {
      found.atMs = world.nowMs
      return
    }
    const up = world.hosts.filter(isRunning)
    if (writing?.isOver !== false && up.length > 0) writing = clients.write(pick(world.random, up))
    world.time.after(20, look)
  }
  look()
  return found
}

/** How long a write takes now, made at one of them. */
async function progress({ world, clients }: Stage, hosts: readonly SimHost[]): Promise<number> {
  const startMs = world.nowMs
  const host = pick(world.random, hosts)
  const writing = clients.write(host)
  const { electionTimeoutMs } = consensusOptions.parse(OPTIONS)
  const deadlineMs = ELECTION_TIMEOUTS * 2 * electionTimeoutMs
  await until(world, `a write at n${host.index} is acknowledged`, deadlineMs, () =>
    writing.isDone ? undefined : `none, and n${leaderOf(world)?.index} leads`,
  )
  return world.nowMs - startMs
}

/** Every host shows every resource, and the whole history makes sense. */
async function readAll({ world, clients }: Stage): Promise<void> {
  const reads = clients.readAll(world.hosts)
  await until(world, 'all can be read', READ_MAX_MS, () =>
    reads.leftCount === 0 ? undefined : `${reads.leftCount} reads without an answer`,
  )
  const verdict = checkLinearizability(clients.history.operations, registerModel)
  if (verdict.type === 'linearizable') return
  const why = verdict.type === 'contradiction' ? verdict.explanation : 'too many possibilities'
  throw new Error(`expected a linearizable history, found of ${verdict.key}: ${why}`)
}

function restartAll(world: World): void {
  for (const host of world.hosts) {
    if (host.state === 'down' || host.state === 'vanished') world.launch(host)
  }
}

function lacking(world: World): string | undefined {
  const wanted = wantedVoters(world.hosts.length)
  const found = world.hosts.map(({ peer }) => peer?.agreement.status().confState.voters.length)
  return found.every(count => count === wanted) ? undefined : `${found} voters`
}

async function until(
  world: World,
  what: string,
  deadlineMs: number,
  lack: () => string | undefined,
): Promise<void> {
  if (await world.passUntil(() => lack() === undefined, deadlineMs, 20)) return
  throw new Error(`expected that ${what} within ${deadlineMs} ms, found ${lack()}`)
}

/** Machines die, with what they had not synced; disks are slow, or fail. */
const crashes = underTrouble({
  rates: peerCount => ({
    crash: { perMinute: 2 * peerCount },
    restart: { perMinute: 6 * peerCount },
    power: { perMinute: 2, durationMinMs: 100, durationMaxMs: 3_000 },
    'slow-disk': { perMinute: peerCount, durationMinMs: 500, durationMaxMs: 8_000 },
    'broken-disk': { perMinute: 2, durationMinMs: 500, durationMaxMs: 4_000 },
  }),
  transfersPerMinute: 4,
})

/** Some cannot reach others, in one direction or both, and some stall. */
const splits = underTrouble({
  rates: peerCount => ({
    partition: { perMinute: 3, durationMinMs: 1_000, durationMaxMs: 12_000 },
    'one-way': { perMinute: 4, durationMinMs: 500, durationMaxMs: 10_000 },
    cut: { perMinute: 4, durationMinMs: 500, durationMaxMs: 10_000 },
    reset: { perMinute: peerCount },
    slow: { perMinute: 3, durationMinMs: 2_000, durationMaxMs: 10_000 },
    pause: { perMinute: peerCount, durationMinMs: 50, durationMaxMs: 5_000 },
  }),
  transfersPerMinute: 6,
})

/** Voters go for longer than is waited for them, and come back when others have their place. */
const turnover = underTrouble({
  rates: peerCount => ({
    vanish: { perMinute: 1.5 },
    leave: { perMinute: 1 },
    crash: { perMinute: 1 },
    restart: { perMinute: 3 },
    pause: { perMinute: peerCount / 2, durationMinMs: 50, durationMaxMs: 12_000 },
    partition: { perMinute: 1, durationMinMs: 5_000, durationMaxMs: 15_000 },
  }),
  transfersPerMinute: 10,
})

/** Leaders go where messages take long, so that several stand for election at once. */
const distant = underTrouble({
  rates: peerCount => ({
    crash: { perMinute: 2 * peerCount },
    restart: { perMinute: 6 * peerCount },
    power: { perMinute: 6, durationMinMs: 100, durationMaxMs: 500 },
    pause: { perMinute: peerCount, durationMinMs: 500, durationMaxMs: 4_000 },
    cut: { perMinute: 4, durationMinMs: 500, durationMaxMs: 5_000 },
  }),
  transfersPerMinute: 12,
  quality: { ...WAN, delayMinMs: 50, delayMeanMs: 80, lossRatio: 0 },
})

/** Everything at once. */
const storm = underTrouble({
  rates: peerCount => ({
    crash: { perMinute: peerCount },
    vanish: { perMinute: 1 },
    restart: { perMinute: 4 * peerCount },
    leave: { perMinute: 1 },
    pause: { perMinute: peerCount / 2, durationMinMs: 50, durationMaxMs: 8_000 },
    partition: { perMinute: 2, durationMinMs: 1_000, durationMaxMs: 15_000 },
    'one-way': { perMinute: 2, durationMinMs: 500, durationMaxMs: 10_000 },
    cut: { perMinute: 2, durationMinMs: 500, durationMaxMs: 10_000 },
    reset: { perMinute: peerCount },
    slow: { perMinute: 2, durationMinMs: 2_000, durationMaxMs: 10_000 },
    clock: { perMinute: 1, durationMinMs: 5_000, durationMaxMs: 30_000 },
    power: { perMinute: 1, durationMinMs: 100, durationMaxMs: 3_000 },
    'slow-disk': { perMinute: 3, durationMinMs: 500, durationMaxMs: 8_000 },
    'broken-disk': { perMinute: 1, durationMinMs: 500, durationMaxMs: 4_000 },
  }),
  transfersPerMinute: 6,
})

export const CONSENSUS_SCENARIOS = {
  crashes,
  splits,
  turnover,
  distant,
  storm,
} as const satisfies Record<string, ConsensusScenario>

export type ConsensusScenarioName = keyof typeof CONSENSUS_SCENARIOS
