/**
 * An engine for images and sound: requests that arrive within a window are worked on together.
 *
 * A batch closes when its window is over, counted from its first request, or when it is full,
 * whichever comes first, and no arrival is needed for either. One batch is worked on at a time; what
 * has closed meanwhile waits. All of a batch ends together.
 *
 * Each request bears its own units of the batch's time and an equal part of the rest.
 */
import { assert } from '../../src/core/assert.ts'
import type { Planned, Timeline } from '../kernel/timeline.ts'
import type { BatchSpeed } from '../scenario/hardware.ts'
import type {
  EngineGlance,
  EngineJob,
  EngineListener,
  EngineReading,
  EngineTotals,
  SimulatedEngine,
} from './engine.ts'

export interface BatchDeps<Job extends EngineJob> {
  readonly timeline: Timeline
  readonly speed: BatchSpeed
  readonly listener: EngineListener<Job>
}

interface Member<Job> {
  readonly job: Job
  isCancelled: boolean
  serviceMs: number
}

/** The one that is worked on. */
interface Working<Job> {
  readonly members: readonly Member<Job>[]
  readonly units: number
  /** Until when its work is accounted. */
  seenMs: number
  endMs: number
}

export class BatchEngine<Job extends EngineJob> implements SimulatedEngine<Job> {
  readonly parallelMax: number
  readonly contextTokens = 0
  readonly kvUsedTokens = 0
  readonly #timeline: Timeline
  readonly #speed: BatchSpeed
  readonly #listener: EngineListener<Job>
  /** Every job whose end was not told. */
  readonly #members = new Map<Job, Member<Job>>()
  /** Waiting, and when each of them came. */
  #waiting: { readonly member: Member<Job>; readonly atMs: number }[] = []
  #working: Working<Job> | undefined
  #windowEnd: Planned | undefined
  #workEnd: Planned | undefined
  #slowFactor = 1
  #isTelling = false
  readonly #totals = { busyMs: 0, serviceMs: 0, wastedMs: 0 }

  constructor({ timeline, speed, listener }: BatchDeps<Job>) {
    this.#timeline = timeline
    this.#speed = speed
    this.#listener = listener
    this.parallelMax = speed.batchMax
  }

  submit(job: Job): void {
    assert(!this.#members.has(job), 'a job is submitted once')
    const member = { job, isCancelled: false, serviceMs: 0 }
    this.#members.set(job, member)
    this.#waiting.push({ member, atMs: this.#timeline.nowMs })
    this.#closeIfDue()
  }

  cancel(job: Job): void {
    const member = this.#members.get(job)
    if (member === undefined) return
    this.#members.delete(job)
    member.isCancelled = true
    this.#waiting = this.#waiting.filter(each => each.member !== member)
    this.#totals.wastedMs += member.serviceMs
    this.#planWindowEnd()
  }

  stop(): void {
    this.#account()
    for (const { serviceMs } of this.#members.values()) this.#totals.wastedMs += serviceMs
    this.#members.clear()
    this.#waiting = []
    this.#working = undefined
    if (this.#workEnd !== undefined) this.#timeline.cancel(this.#workEnd)
    this.#workEnd = undefined
    this.#planWindowEnd()
  }

  slowDown(factor: number): void {
    this.#account()
    const ratio = factor / this.#slowFactor
    this.#slowFactor = factor
    const working = this.#working
    if (working === undefined) return
    const { nowMs } = this.#timeline
    working.endMs = nowMs + (working.endMs - nowMs) * ratio
    this.#planWorkEnd(working)
  }

  read(): EngineReading {
    return {
      queuedCount: this.#waiting.length,
      runningCount: this.#members.size - this.#waiting.length,
      prefillTokensLeft: 0,
      decodeTokensLeft: 0,
      prefillTokensPerSecond: 0,
      decodeTokensPerSecond: 0,
      kvUsedRatio: undefined,
    }
  }

  glance(): EngineGlance {
    return this.read()
  }

  get totals(): EngineTotals {
    this.#account()
    return { ...this.#totals, prefillTokens: 0, decodeTokens: 0, cachedTokens: 0 }
  }

  predictEndMs(job: Job): number {
    const { nowMs } = this.#timeline
    const { batchMax, batchBaseMs, perUnitMs, windowMs } = this.#speed
    const freeAtMs = this.#working?.endMs ?? nowMs
    const aheadCount = this.#waiting.length
    const batchesAhead = Math.floor(aheadCount / batchMax)
    const isFilled = (aheadCount + 1) % batchMax === 0
    const [first] = this.#waiting
    const closesMs =
      isFilled || batchesAhead > 0 ? nowMs : Math.max(nowMs, (first?.atMs ?? nowMs) + windowMs)
    const workMs = (1 + batchesAhead) * batchBaseMs + perUnitMs * (job.units * (1 + aheadCount))
    return Math.max(freeAtMs, closesMs) + this.#slowFactor * workMs
  }

  /** Begins the next batch if it is full, or its window over, and nothing is worked on. */
  #closeIfDue(): void {
    if (this.#working !== undefined || this.#isTelling) return
    const [first] = this.#waiting
    const { batchMax, windowMs } = this.#speed
    const isFull = this.#waiting.length >= batchMax
    if (first !== undefined && (isFull || first.atMs + windowMs <= this.#timeline.nowMs)) {
      this.#begin(this.#waiting.splice(0, batchMax).map(({ member }) => member))
    }
    this.#planWindowEnd()
  }

  /** One event for the window that ends next, while nothing is worked on. */
  #planWindowEnd(): void {
    if (this.#windowEnd !== undefined) this.#timeline.cancel(this.#windowEnd)
    this.#windowEnd = undefined
    const [first] = this.#waiting
    if (first === undefined || this.#working !== undefined) return
    this.#windowEnd = this.#timeline.at(first.atMs + this.#speed.windowMs, () => {
      this.#windowEnd = undefined
      this.#closeIfDue()
    })
  }

  #begin(members: readonly Member<Job>[]): void {
    const { nowMs } = this.#timeline
    const { batchBaseMs, perUnitMs } = this.#speed
    const units = members.reduce((total, { job }) => total + job.units, 0)
    const workMs = this.#slowFactor * (batchBaseMs + perUnitMs * units)
    this.#working = { members, units, seenMs: nowMs, endMs: nowMs + workMs }
    this.#planWorkEnd(this.#working)
  }

  #planWorkEnd({ endMs }: Working<Job>): void {
    if (this.#workEnd !== undefined) this.#timeline.cancel(this.#workEnd)
    this.#workEnd = this.#timeline.at(endMs, () => {
      this.#workEnd = undefined
      this.#end()
    })
  }

  #end(): void {
    this.#account()
    const members = this.#working?.members ?? []
    this.#working = undefined
    this.#isTelling = true
    for (const { job } of members) {
      if (this.#members.has(job)) this.#listener.onFirstToken(job, 0)
      if (this.#members.delete(job)) this.#listener.onEnd(job)
    }
    this.#isTelling = false
    this.#closeIfDue()
  }

  /** Shares the work since it was last looked at over those it was done for. */
  #account(): void {
    const working = this.#working
    if (working === undefined) return
    const { nowMs } = this.#timeline
    const workMs = nowMs - working.seenMs
    working.seenMs = nowMs
    this.#totals.busyMs += workMs
    const { batchBaseMs, perUnitMs } = this.#speed
    const wholeMs = batchBaseMs + perUnitMs * working.units
    for (const member of working.members) {
      const ownMs = batchBaseMs / working.members.length + perUnitMs * member.job.units
      const partMs = (workMs * ownMs) / wholeMs
      member.serviceMs += partMs
      this.#totals.serviceMs += partMs
      if (member.isCancelled) this.#totals.wastedMs += partMs
    }
  }
}
