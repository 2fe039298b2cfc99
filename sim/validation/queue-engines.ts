/**
 * The engines of the fleet, set so that they are queues with a known theory: nothing is built for the
 * validation that a simulated fleet would not run too.
 *
 * | Engine | Set so that | Is then |
 * | --- | --- | --- |
 * | language, one place | prompts cost, answers are one token | one server, first come first served |
 * | language, k places | each step takes as long, whoever is in it | k servers |
 * | language, many places | each step takes as long per sequence | one server that all share |
 * | images and sound | batches of one, no window | one server |
 * | several with one place | the production scheduler picks the shortest queue | join-shortest-queue |
 */
import { InvariantError } from '../../src/core/assert.ts'
import type { ModelFacts, PeerLoad } from '../../src/core/peer-state.ts'
import type { Random } from '../../src/core/random.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { Scheduler } from '../../src/scheduler/scheduler.ts'
import { BatchEngine } from '../engines/batch.ts'
import { ContinuousBatchingEngine } from '../engines/continuous-batching.ts'
import type { EngineJob, EngineListener, SimulatedEngine } from '../engines/engine.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { LanguageSpeed } from '../scenario/hardware.ts'

/** A request to a queue. */
export interface QueueJob extends EngineJob {
  readonly index: number
  readonly atMs: number
  /** What it needs by itself. */
  readonly serviceMs: number
}

/** What of a job is not the queue's business. */
const NO_WORK = { inputTokens: 1, outputTokens: 1, outputTokensExpected: 1, units: 0, blocks: [] }

type Work = Partial<Pick<EngineJob, 'inputTokens' | 'outputTokens' | 'units'>>

/** So short that it does not matter that requests wait for the end of a step. */
const TOKEN_MS = 0.1

const tokensOf = (serviceMs: number) => Math.max(1, Math.round(serviceMs / TOKEN_MS))

export interface QueueDeps {
  readonly timeline: Timeline
  readonly random: Random
  readonly onEnd: (job: QueueJob) => void
}

/** A queue that requests can be sent to. */
export interface Queue {
  submit(job: QueueJob): void
}

export interface QueueEngine {
  /** What its job is, for that service. */
  readonly workOf: (serviceMs: number) => Work
  readonly create: (deps: QueueDeps) => Queue
}

/** The parts of a job that only engines look at. */
export function queueJob(
  { index, atMs, serviceMs }: Pick<QueueJob, 'index' | 'atMs' | 'serviceMs'>,
  { workOf }: QueueEngine,
): QueueJob {
  return { index, atMs, serviceMs, ...NO_WORK, ...workOf(serviceMs) }
}

const NO_COST: LanguageSpeed = {
  stepBaseMs: 0,
  stepPerSequenceMs: 0,
  stepPerContextTokenMs: 0,
  prefillTokenMs: 0,
  prefillChunkTokens: 1e9,
  sequencesMax: 1,
  kvCacheTokens: 1e12,
  prefixCache: false,
  loadMs: 0,
}

const listenerOf = ({ onEnd }: QueueDeps): EngineListener<QueueJob> => ({
  onFirstToken: () => undefined,
  onEnd,
})

function languageEngine(cost: Partial<LanguageSpeed>, deps: QueueDeps): SimulatedEngine<QueueJob> {
  const speed = { ...NO_COST, ...cost }
  return new ContinuousBatchingEngine({
    timeline: deps.timeline,
    speed,
    listener: listenerOf(deps),
  })
}

const ofPrompt = (serviceMs: number) => ({ inputTokens: tokensOf(serviceMs) })
const ofAnswer = (serviceMs: number) => ({ outputTokens: tokensOf(serviceMs) })

const PROMPT_COST = { prefillTokenMs: TOKEN_MS, sequencesMax: 1 }

export const PROMPT_READER: QueueEngine = {
  workOf: ofPrompt,
  create: deps => languageEngine(PROMPT_COST, deps),
}

export const manyPlaces = (places: number): QueueEngine => ({
  workOf: ofAnswer,
  create: deps => languageEngine({ stepBaseMs: TOKEN_MS, sequencesMax: places }, deps),
})

export const SHARED_STEPS: QueueEngine = {
  workOf: ofAnswer,
  create: deps => languageEngine({ stepPerSequenceMs: TOKEN_MS, sequencesMax: 65_536 }, deps),
}

export const BATCHES_OF_ONE: QueueEngine = {
  workOf: serviceMs => ({ units: serviceMs }),
  create: deps =>
    new BatchEngine({
      timeline: deps.timeline,
      speed: { windowMs: 0, batchMax: 1, batchBaseMs: 0, perUnitMs: 1, loadMs: 0 },
      listener: listenerOf(deps),
    }),
}

export const shortestQueue = (servers: number): QueueEngine => ({
  workOf: ofPrompt,
  create: deps => new ScheduledEngines(servers, deps),
})

const MODEL = 'm'

const MODEL_FACTS: ModelFacts = {
  ...{ id: MODEL, engine: '', ownedBy: '', capabilities: ['chat'] },
  ...{ contextTokens: 0, parallelMax: 1 },
}

/** Several engines and a scheduler that hears of each change at once. */
class ScheduledEngines implements Queue {
  readonly #timeline: Timeline
  readonly #scheduler: Scheduler
  readonly #engines = new Map<string, SimulatedEngine<QueueJob>>()

  constructor(servers: number, deps: QueueDeps) {
    this.#timeline = deps.timeline
    const options = schedulerOptions.parse({ strategy: 'least-queue', queueLengthMax: 100_000 })
    this.#scheduler = new Scheduler('ingress', options, deps.random)
    for (let number = 0; number < servers; number += 1) this.#add(`server-${number}`, deps)
  }

  submit(job: QueueJob): void {
    const { nowMs } = this.#timeline
    // Nothing has changed unheard, so all loads are of now.
    this.#scheduler.step({ type: 'peers-confirmed' }, nowMs)
    const request = { id: String(job.index), model: MODEL, inputTokens: 1, atWallMs: nowMs }
    const [effect] = this.#scheduler.step({ type: 'request-arrived', request }, nowMs)
    if (effect?.type !== 'dispatch') {
      throw new InvariantError(`expected a dispatch, found ${JSON.stringify(effect)}`)
    }
    this.#engines.get(effect.peer)?.submit(job)
    this.#report(effect.peer)
  }

  #add(peer: string, deps: QueueDeps): void {
    const onEnd = (job: QueueJob) => {
      const id = String(job.index)
      this.#scheduler.step({ type: 'request-ended', id, outcome: 'answered' }, deps.timeline.nowMs)
      this.#report(peer)
      deps.onEnd(job)
    }
    this.#engines.set(peer, languageEngine(PROMPT_COST, { ...deps, onEnd }))
    const facts = { version: '', name: peer, zone: '', labels: {}, addresses: [] }
    this.#scheduler.step(
      {
        ...{ type: 'peer-changed', peer, status: 'alive', rttMs: 0 },
        facts: { ...facts, models: [MODEL_FACTS] },
        load: this.#loadOf(peer),
      },
      deps.timeline.nowMs,
    )
  }

  #report(peer: string): void {
    const load = this.#loadOf(peer)
    this.#scheduler.step({ type: 'load-reported', peer, load }, this.#timeline.nowMs)
  }

  #loadOf(peer: string): PeerLoad {
    const reading = this.#engines.get(peer)?.read()
    const models = reading === undefined ? [] : [{ model: MODEL, ...reading }]
    return { models, gpus: [], isDraining: false }
  }
}
