/**
 * What a decision costs: the scheduler as it runs in production, with more and more peers that serve
 * the model, beside the simplest strategies in the same machine.
 *
 * Each request arrives, is dispatched and ends, while peers report new loads in between, as many as
 * requests; each kind of event is timed on its own, in one process and on its own thread. Strategies
 * take turns, and the median of the turns counts.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { PeerLoad } from '../src/core/peer-state.ts'
import { Random } from '../src/core/random.ts'
import { type StrategyName, schedulerOptions } from '../src/scheduler/options.ts'
import { Scheduler } from '../src/scheduler/scheduler.ts'
import { type Benchmark, formatNumber, formatTable } from './benchmark.ts'
import { median, nearestRank, ratio } from './statistics.ts'

const SIZES = [10, 100, 1_000, 10_000] as const
const STRATEGIES = ['mesh', 'power-of-two', 'random'] as const satisfies readonly StrategyName[]

const TURN_COUNT = 5
const REQUEST_COUNT = 20_000
const QUICK_SHARE = 0.1

/** Before the compiler has seen enough. */
const WARM_COUNT = 2_000

/** Of requests open at once. */
const OPEN_COUNT = 64

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const MODEL = 'm'
const SELF = 'peer-0'

interface Turn {
  readonly decisionP50Us: number | undefined
  readonly decisionP99Us: number | undefined
  readonly decisionsPerSecond: number
  readonly eventsPerSecond: number
  /** By which the heap grew over all requests of the turn: none of them should be kept. */
  readonly heapGrowthBytes: number
}

function loadOf(random: Random): PeerLoad {
  const runningCount = random.nextIndex(8)
  const model = {
    ...{ model: MODEL, queuedCount: random.nextIndex(3), runningCount },
    ...{ prefillTokensLeft: random.nextIndex(4_000), decodeTokensLeft: runningCount * 120 },
    ...{ prefillTokensPerSecond: 3_000, decodeTokensPerSecond: 40 },
    kvUsedRatio: random.next() * 0.7,
  }
  return { models: [model], gpus: [], isDraining: false }
}

function meetPeers(machine: Scheduler, count: number, random: Random): void {
  for (let number = 0; number < count; number += 1) {
    const facts = {
      ...{ id: MODEL, engine: 'e', ownedBy: 'o', capabilities: ['chat'] as const },
      ...{ contextTokens: 8_192, parallelMax: 8 },
    }
    machine.step(
      {
        ...{ type: 'peer-changed', peer: `peer-${number}`, status: 'alive', rttMs: 1 },
        facts: {
          ...{ version: '1', name: `${number}`, zone: '', labels: {}, addresses: [] },
          models: [facts],
        },
        load: loadOf(random),
      },
      0,
    )
  }
}

/** Whoever is asked, every prompt is another. */
class Traffic {
  readonly #machine: Scheduler
  readonly #peerCount: number
  readonly #random = new Random(7)
  readonly #open: string[] = []
  #count = 0
  #nowMs = 1_000

  constructor(machine: Scheduler, peerCount: number) {
    this.#machine = machine
    this.#peerCount = peerCount
  }

  /** @returns How long the decision took, in µs, and the two other events. */
  next(): { readonly decisionUs: number; readonly otherUs: number } {
    const id = `r${this.#count}`
    this.#count += 1
    this.#nowMs += 0.2
    const inputTokens = 100 + this.#random.nextIndex(1_000)
    const load = loadOf(this.#random)
    const peer = `peer-${this.#random.nextIndex(this.#peerCount)}`
    const nowMs = this.#nowMs
    const startMs = performance.now()
    this.#machine.step(
      { type: 'request-arrived', request: { id, model: MODEL, inputTokens, atWallMs: 0 } },
      nowMs,
    )
    const decidedMs = performance.now()
    this.#machine.step({ type: 'load-reported', peer, load }, nowMs)
    this.#open.push(id)
    const ended = this.#open.length > OPEN_COUNT ? this.#open.shift() : undefined
    if (ended !== undefined) {
      const outcome = 'answered'
      this.#machine.step({ type: 'request-ended', id: ended, outcome, outputTokens: 100 }, nowMs)
    }
    const endMs = performance.now()
    return { decisionUs: (decidedMs - startMs) * 1_000, otherUs: (endMs - decidedMs) * 1_000 }
  }
}

function measure(strategy: StrategyName, peerCount: number, requestCount: number): Turn {
  const options = schedulerOptions.parse({ strategy, peersMax: peerCount })
  const machine = new Scheduler(SELF, options, new Random(1))
  meetPeers(machine, peerCount, new Random(2))
  const traffic = new Traffic(machine, peerCount)
  for (let left = Math.max(WARM_COUNT, options.decisionsKept); left > 0; left -= 1) traffic.next()
  const decisionsUs = new Float64Array(requestCount)
  const heapBytes = usedBytes()
  let othersUs = 0
  for (let number = 0; number < requestCount; number += 1) {
    const { decisionUs, otherUs } = traffic.next()
    decisionsUs[number] = decisionUs
    othersUs += otherUs
  }
  const heapGrowthBytes = usedBytes() - heapBytes
  const decisionUs = decisionsUs.reduce((sum, each) => sum + each, 0)
  const sorted = [...decisionsUs]
  return {
    decisionP50Us: nearestRank(sorted, 0.5),
    decisionP99Us: nearestRank(sorted, 0.99),
    decisionsPerSecond: (requestCount * 1e6) / decisionUs,
    eventsPerSecond: (2 * requestCount * 1e6) / othersUs,
    heapGrowthBytes,
  }
}

/** After all that is not needed was collected. */
function usedBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const nameOf = (strategy: string, peerCount: number) => `${strategy} ${peerCount}`

export const scheduler: Benchmark = {
  summary: 'decisions and events a second, with 10 to 10,000 candidates (about 1 minute)',

  run({ isQuick, sizes = SIZES }, note) {
    const turns = new Map<string, Turn[]>()
    const requestCount = REQUEST_COUNT * (isQuick ? QUICK_SHARE : 1)
    for (let turn = 1; turn <= (isQuick ? 1 : TURN_COUNT); turn += 1) {
      for (const peerCount of sizes) {
        for (const strategy of STRATEGIES) {
          note(`turn ${turn}: ${strategy}, ${peerCount} candidates`)
          const name = nameOf(strategy, peerCount)
          turns.set(name, [...(turns.get(name) ?? []), measure(strategy, peerCount, requestCount)])
        }
      }
    }
    return Promise.resolve(summarize(turns, sizes))
  },
}

function summarize(turns: ReadonlyMap<string, readonly Turn[]>, sizes: readonly number[]) {
  const of = (strategy: string, peerCount: number, field: keyof Turn) =>
    median((turns.get(nameOf(strategy, peerCount)) ?? []).map(turn => turn[field]))
  const rows: string[][] = [
    ['strategy, candidates', 'p50 µs', 'p99 µs', 'decisions/s', 'events/s', 'heap growth'],
  ]
  const figures: Record<string, unknown> = {}
  const ratios: Record<string, number | undefined> = {}
  for (const peerCount of sizes) {
    for (const strategy of STRATEGIES) {
      const row = {
        decisionP50Us: of(strategy, peerCount, 'decisionP50Us'),
        decisionP99Us: of(strategy, peerCount, 'decisionP99Us'),
        decisionsPerSecond: of(strategy, peerCount, 'decisionsPerSecond'),
        eventsPerSecond: of(strategy, peerCount, 'eventsPerSecond'),
        heapGrowthBytes: of(strategy, peerCount, 'heapGrowthBytes'),
      }
      figures[nameOf(strategy, peerCount)] = row
      const digits = [1, 1, 0, 0, 0]
      const cells = Object.values(row).map((value, place) => formatNumber(value, digits[place]))
      rows.push([nameOf(strategy, peerCount), ...cells])
    }
    const mesh = of('mesh', peerCount, 'decisionP99Us')
    ratios[`meshToRandomP99 ${peerCount}`] = ratio(mesh, of('random', peerCount, 'decisionP99Us'))
  }
  return { table: formatTable(rows), figures, ratios, errors: [] }
}
