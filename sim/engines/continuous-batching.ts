/**
 * A language engine that batches continuously: sequences join and leave between steps.
 *
 * In each step every sequence that has read its prompt makes one token, and what is left of the
 * step's tokens reads prompts in chunks, first come first served. So of all sequences at most one has
 * read a part of its prompt between two steps. How long a step takes, `LanguageSpeed` says.
 *
 *     waiting ──place, memory──> reading ──prompt read: first token──> decoding ──last token──> end
 *        ^                          │                                     │
 *        └──── put back, when the cache would overflow: latest admitted ──┘
 *
 * Nothing is approximated by that, but nothing is done step by step either: between two changes all
 * steps are alike but for contexts, which grow evenly, so one event ends a whole run of them. Whoever
 * comes within a run cuts it at the end of the step that is under way, if the newcomer could join at
 * all. A job costs about four events and O(log n), however long its answer.
 *
 * Where the numbers of an event matter: a sequence's k-th token is there at the end of the step that
 * made it, and takes room in the cache from the step that reads it, which is the next.
 *
 * Source: G. Yu et al., "Orca: A Distributed Serving System for Transformer-Based Generative Models",
 * OSDI 2022; A. Agrawal et al., "Taming Throughput-Latency Tradeoff in LLM Inference with
 * Sarathi-Serve", OSDI 2024; the scheduler of vLLM 1. Unlike vLLM, a prompt is admitted only when
 * all of it has room, and a sequence that is alone may overflow: it would be cut short there.
 */
import { assert } from '../../src/core/assert.ts'
import type { Planned, Timeline } from '../kernel/timeline.ts'
import type { LanguageSpeed } from '../scenario/hardware.ts'
import type {
  EngineGlance,
  EngineJob,
  EngineListener,
  EngineReading,
  EngineTotals,
  SimulatedEngine,
} from './engine.ts'
import { predictedEndMs } from './prediction.ts'
import { RunningBatch } from './running-batch.ts'
import { Sequence } from './sequence.ts'
import { SpeedMeter } from './speed-meter.ts'
import { StepRun } from './step-run.ts'
import { WorkLedger } from './work-ledger.ts'

export interface ContinuousBatchingDeps<Job extends EngineJob> {
  readonly timeline: Timeline
  readonly speed: LanguageSpeed
  readonly listener: EngineListener<Job>
}

export class ContinuousBatchingEngine<Job extends EngineJob> implements SimulatedEngine<Job> {
  readonly parallelMax: number
  readonly contextTokens: number
  readonly #timeline: Timeline
  readonly #speed: LanguageSpeed
  readonly #listener: EngineListener<Job>
  readonly #meter: SpeedMeter
  readonly #ledger = new WorkLedger()
  readonly #batch: RunningBatch<Job>
  readonly #run = new StepRun()
  /** Every job whose end was not told. */
  readonly #sequences = new Map<Job, Sequence<Job>>()
  /** Cancelled within the step that runs, which goes on with them. */
  readonly #leavers: Sequence<Job>[] = []
  #slowFactor = 1
  /** Of a step: what each that takes part bears of what is nobody's. */
  #sharedMs = 0
  #runEnd: Planned | undefined
  /** No step runs, and those that have changed are told of. */
  #isTelling = false
  readonly #endRun = () => this.#onRunEnd()

  constructor({ timeline, speed, listener }: ContinuousBatchingDeps<Job>) {
    this.#timeline = timeline
    this.#speed = speed
    this.#listener = listener
    this.#meter = new SpeedMeter(speed)
    this.#batch = new RunningBatch(speed, this.#ledger)
    this.parallelMax = speed.sequencesMax
    this.contextTokens = Math.ceil(speed.kvCacheTokens / speed.sequencesMax)
  }

  submit(job: Job): void {
    assert(!this.#sequences.has(job), 'a job is submitted once')
    const sequence = new Sequence(job)
    this.#sequences.set(job, sequence)
    this.#batch.waiting.push(sequence)
    if (this.#isTelling) return
    if (this.#run.steps === 0) this.#planRun()
    else if (this.#batch.waiting.count === 1 && this.#batch.mayAdmit) this.#cut()
  }

  cancel(job: Job): void {
    const sequence = this.#sequences.get(job)
    if (sequence === undefined) return
    this.#sequences.delete(job)
    this.#cut()
    if (sequence.state === 'waiting') this.#batch.waiting.remove(sequence)
    if (sequence.state === 'waiting' || sequence.state === 'gone') this.#drop(sequence)
    else this.#leave(sequence)
  }

  stop(): void {
    this.#advance()
    for (const sequence of this.#sequences.values()) this.#dropNow(sequence)
    for (const leaver of this.#leavers) this.#dropNow(leaver)
    this.#sequences.clear()
    this.#leavers.length = 0
    this.#batch.clear()
    this.#run.steps = 0
    if (this.#runEnd !== undefined) this.#timeline.cancel(this.#runEnd)
    this.#runEnd = undefined
    this.#ledger.restart()
  }

  slowDown(factor: number): void {
    this.#advance()
    const ratio = factor / this.#slowFactor
    this.#slowFactor = factor
    if (this.#run.steps === 0 || ratio === 1) return
    this.#run.stretch(ratio, this.#timeline.nowMs)
    this.#sharedMs *= ratio
    this.#planRunEnd()
  }

  read(): EngineReading {
    return { ...this.glance(), decodeTokensLeft: this.#batch.expectedTokensLeft }
  }

  glance(): EngineGlance {
    this.#advance()
    const { waiting, admitted, unreadTokens, memory } = this.#batch
    return {
      queuedCount: waiting.count,
      runningCount: admitted.count,
      prefillTokensLeft: unreadTokens,
      prefillTokensPerSecond: this.#meter.prefillTokensPerSecond,
      decodeTokensPerSecond: this.#meter.decodeTokensPerSecond,
      kvUsedRatio: Math.min(1, memory.usedTokens / memory.capacityTokens),
    }
  }

  get kvUsedTokens(): number {
    this.#advance()
    return this.#batch.memory.usedTokens
  }

  get totals(): EngineTotals {
    this.#advance()
    for (const each of this.#batch.admitted.values()) this.#ledger.settle(each)
    for (const leaver of this.#leavers) this.#ledger.settle(leaver)
    return this.#ledger.totals
  }

  predictEndMs(job: Job): number {
    this.#advance()
    const { nowMs } = this.#timeline
    return predictedEndMs(job, this.#batch, {
      nowMs,
      speed: this.#speed,
      slowFactor: this.#slowFactor,
    })
  }

  /** Brings everything up to now. */
  #advance(): void {
    const run = this.#run
    if (run.steps === 0) return
    const { nowMs } = this.#timeline
    const steps = run.completedSteps(nowMs)
    this.#work(steps, run.ratioOfStep(steps, nowMs))
  }

  /** So many steps of the run are over, and of the next one a part. */
  #work(steps: number, ratio: number): void {
    const { stepPerContextTokenMs, prefillTokenMs } = this.#speed
    const run = this.#run
    const batch = this.#batch
    const ledger = this.#ledger
    const worked = {
      weight: steps + ratio - run.seenRatio,
      placeWeight: steps * (0.5 * (steps - 1) + ratio),
      firstStep: batch.step,
      sharedMs: this.#sharedMs,
      contextTokenMs: this.#slowFactor * stepPerContextTokenMs,
    }
    ledger.busyMs += worked.weight * run.firstMs + worked.placeWeight * run.growthMs
    ledger.addSteps(worked)
    const readTokenMs = this.#slowFactor * prefillTokenMs
    for (const reader of batch.readers) ledger.addReading(reader, worked, readTokenMs)
    for (const leaver of this.#leavers) {
      if (leaver.state === 'reading') ledger.addReading(leaver, worked, readTokenMs)
    }
    if (steps > 0) {
      ledger.prefillTokens += steps * batch.chunkTokens
      ledger.decodeTokens += steps * batch.decodingCount
      if (batch.decodingCount > 0) this.#meter.addSteps(steps, run.durationMs(steps) / steps)
      batch.pass(steps)
    }
    run.pass(steps, ratio)
  }

  /** The run ends with the step that is under way. */
  #cut(): void {
    this.#advance()
    if (this.#run.steps <= 1) return
    this.#run.steps = 1
    this.#planRunEnd()
  }

  #onRunEnd(): void {
    this.#runEnd = undefined
    this.#work(this.#run.steps, 0)
    this.#batch.memory.makeRoom(0)
    for (const leaver of this.#leavers) this.#dropNow(leaver)
    this.#leavers.length = 0
    const read = this.#batch.takeRead()
    const ended = this.#batch.takeEnded()
    this.#isTelling = true
    for (const sequence of read) this.#tellFirstToken(sequence)
    for (const { job } of ended) {
      // Whoever was told before may have cancelled it, or stopped everything.
      if (this.#sequences.delete(job)) this.#listener.onEnd(job)
    }
    this.#isTelling = false
    this.#planRun()
  }

  #tellFirstToken(sequence: Sequence<Job>): void {
    const { job, cachedTokens } = sequence
    this.#ledger.decodeTokens += 1
    const readTokens = sequence.readTokens - cachedTokens
    this.#meter.addPrompt(readTokens, this.#timeline.nowMs - sequence.admittedAtMs)
    if (sequence.hasBegun) return
    sequence.hasBegun = true
    this.#ledger.cachedTokens += cachedTokens
    if (this.#sequences.has(job)) this.#listener.onFirstToken(job, cachedTokens)
  }

  #planRun(): void {
    const { nowMs } = this.#timeline
    const batch = this.#batch
    batch.compose(nowMs)
    const sequenceCount = batch.decodingCount + batch.readers.length
    if (sequenceCount === 0) {
      batch.restart()
      this.#ledger.restart()
      return
    }
    const { speed, factor } = { speed: this.#speed, factor: this.#slowFactor }
    const steps = batch.alikeSteps
    const { chunkTokens } = batch
    this.#sharedMs = factor * (speed.stepBaseMs / sequenceCount + speed.stepPerSequenceMs)
    const firstMs =
      speed.stepBaseMs +
      speed.stepPerSequenceMs * sequenceCount +
      speed.stepPerContextTokenMs * batch.contextTokens +
      speed.prefillTokenMs * chunkTokens
    const growthMs = speed.stepPerContextTokenMs * (batch.decodingCount + chunkTokens)
    this.#run.begin(nowMs, steps, factor * firstMs, factor * growthMs)
    this.#planRunEnd()
  }

  #planRunEnd(): void {
    if (this.#runEnd !== undefined) this.#timeline.cancel(this.#runEnd)
    this.#runEnd = this.#timeline.at(this.#run.endMs, this.#endRun)
  }

  /** Its place and memory are free at once; the step that is under way goes on with it. */
  #leave(sequence: Sequence<Job>): void {
    const batch = this.#batch
    if (this.#run.steps === 0) {
      batch.remove(sequence)
      this.#dropNow(sequence)
      return
    }
    batch.memory.makeRoom(batch.decodingCount)
    batch.remove(sequence)
    this.#leavers.push(sequence)
  }

  #dropNow(sequence: Sequence<Job>): void {
    if (sequence.state === 'reading' || sequence.state === 'decoding') this.#ledger.settle(sequence)
    this.#drop(sequence)
  }

  #drop(sequence: Sequence<Job>): void {
    sequence.state = 'gone'
    this.#ledger.waste(sequence)
  }
}
