/**
 * One model at one node: the admission queue of production in front of a simulated engine.
 *
 *     arrive --> AdmissionQueue --release--> engine --> first token, end
 *                     '--refuse--> back to the ingress
 *
 * A model that is not in memory is loaded when the first request for it comes; what waits, waits.
 */

import { NEVER } from '../../src/core/machine.ts'
import type { ModelFacts, ModelLoad } from '../../src/core/peer-state.ts'
import {
  type AdmissionEffect,
  type AdmissionEvent,
  type AdmissionOptions,
  AdmissionQueue,
  type EngineState,
} from '../../src/scheduler/admission/admission-queue.ts'
import type { EngineListener, SimulatedEngine } from '../engines/engine.ts'
import type { Planned, Timeline } from '../kernel/timeline.ts'
import type { Attempt } from './attempt.ts'

export interface ModelServerInit {
  readonly timeline: Timeline
  readonly facts: ModelFacts
  readonly options: AdmissionOptions
  readonly createEngine: (listener: EngineListener<Attempt>) => SimulatedEngine<Attempt>
  /** Time to load it. */
  readonly loadMs: number
  readonly isCold: boolean
  /** The engine is asked directly, without a queue before it. */
  readonly isUnqueued: boolean
  readonly listener: ModelServerListener
}

export interface ModelServerListener {
  onReleased(attempt: Attempt): void
  onFirstToken(attempt: Attempt, cachedTokens: number): void
  onEnd(attempt: Attempt): void
  /** @param retryAfterMs `undefined`: not known. */
  onRefused(attempt: Attempt, reason: string, retryAfterMs: number | undefined): void
}

type Happening = AdmissionEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'engine'>
    : never
  : never

/** An engine as the queue before it sees it now: what takes long to count is counted if it is asked for. */
class QueuedEngine implements EngineState {
  readonly parallelMax: number
  readonly contextTokens: number
  readonly queuedCount: number
  readonly runningCount: number
  readonly prefillTokensLeft: number
  readonly prefillTokensPerSecond: number
  readonly decodeTokensPerSecond: number
  readonly kvUsedRatio: number | undefined
  readonly #engine: SimulatedEngine<Attempt>

  constructor(engine: SimulatedEngine<Attempt>, { parallelMax, contextTokens }: ModelFacts) {
    const glance = engine.glance()
    this.#engine = engine
    this.parallelMax = parallelMax
    this.contextTokens = contextTokens
    this.queuedCount = glance.queuedCount
    this.runningCount = glance.runningCount
    this.prefillTokensLeft = glance.prefillTokensLeft
    this.prefillTokensPerSecond = glance.prefillTokensPerSecond
    this.decodeTokensPerSecond = glance.decodeTokensPerSecond
    this.kvUsedRatio = glance.kvUsedRatio
  }

  get decodeTokensLeft(): number {
    return this.#engine.read().decodeTokensLeft
  }
}

export class ModelServer {
  readonly engine: SimulatedEngine<Attempt>
  readonly facts: ModelFacts
  readonly #init: ModelServerInit
  #queue: AdmissionQueue
  /** Those that wait for a turn. */
  readonly #waiting = new Map<string, Attempt>()
  /** Those that came while it was loaded. */
  readonly #held = new Set<Attempt>()
  /** When it is in memory; `NEVER`: nobody has asked for it. */
  #readyAtMs: number
  #wake: Planned | undefined
  #wakeAtMs = NEVER
  /** With the engine. */
  #runningCount = 0

  constructor(init: ModelServerInit) {
    this.#init = init
    this.#queue = new AdmissionQueue(init.options)
    this.#readyAtMs = init.isCold ? NEVER : 0
    const { listener } = init
    this.engine = init.createEngine({
      onFirstToken: (attempt, cachedTokens) => listener.onFirstToken(attempt, cachedTokens),
      onEnd: attempt => this.#end(attempt),
    })
    this.facts = {
      ...init.facts,
      parallelMax: this.engine.parallelMax,
      contextTokens: this.engine.contextTokens,
    }
  }

  get isBusy(): boolean {
    return this.#runningCount > 0
  }

  get isIdle(): boolean {
    return this.#runningCount + this.queuedCount === 0
  }

  get queuedCount(): number {
    return this.#waiting.size + this.#held.size
  }

  get runningCount(): number {
    return this.#runningCount
  }

  arrive(attempt: Attempt): void {
    attempt.state = 'waiting'
    attempt.arrivedAtMs = this.#init.timeline.nowMs
    if (this.#readyAtMs === NEVER) this.#load()
    if (!this.#isReady) this.#held.add(attempt)
    else if (this.#init.isUnqueued) this.#release(attempt)
    else this.#enter(attempt)
  }

  /** Nobody wants it any more. */
  cancel(attempt: Attempt): void {
    if (this.#held.delete(attempt)) {
      attempt.state = 'ended'
    } else if (attempt.state === 'waiting') {
      this.#waiting.delete(attempt.id)
      attempt.state = 'ended'
      this.#step({ type: 'request-cancelled', id: attempt.id })
    } else if (attempt.state === 'running') {
      attempt.state = 'ended'
      this.#runningCount -= 1
      this.engine.cancel(attempt)
      this.#step({ type: 'request-ended', id: attempt.id })
    }
  }

  /** The process is gone, with all it had. */
  stop(): void {
    this.engine.stop()
    this.#queue = new AdmissionQueue(this.#init.options)
    this.#waiting.clear()
    this.#held.clear()
    this.#runningCount = 0
    this.#armWake()
    this.#readyAtMs = this.#init.isCold ? NEVER : 0
  }

  load(hotPrefixes: readonly number[] | undefined): ModelLoad {
    const reading = this.engine.read()
    const { inputTokens, outputTokens } = this.#queue.waitingTokens
    const { nowMs } = this.#init.timeline
    const readyInMs = this.#readyAtMs === NEVER ? this.#init.loadMs : this.#readyAtMs - nowMs
    return {
      model: this.facts.id,
      queuedCount: reading.queuedCount + this.queuedCount,
      runningCount: reading.runningCount,
      prefillTokensLeft: reading.prefillTokensLeft + inputTokens,
      decodeTokensLeft: reading.decodeTokensLeft + outputTokens,
      prefillTokensPerSecond: reading.prefillTokensPerSecond,
      decodeTokensPerSecond: reading.decodeTokensPerSecond,
      kvUsedRatio: reading.kvUsedRatio,
      hotPrefixes,
      unready:
        readyInMs <= 0
          ? undefined
          : { state: this.#readyAtMs === NEVER ? 'cold' : 'loading', readyInMs },
    }
  }

  get #isReady(): boolean {
    return this.#readyAtMs <= this.#init.timeline.nowMs
  }

  #load(): void {
    const { timeline, loadMs } = this.#init
    this.#readyAtMs = timeline.nowMs + loadMs
    const readyAtMs = this.#readyAtMs
    timeline.at(readyAtMs, () => {
      // It was stopped in between.
      if (this.#readyAtMs !== readyAtMs) return
      const held = [...this.#held]
      this.#held.clear()
      for (const attempt of held) {
        if (this.#init.isUnqueued) this.#release(attempt)
        else this.#enter(attempt)
      }
    })
  }

  #enter(attempt: Attempt): void {
    const { timeline } = this.#init
    const { request } = attempt.flight
    const { priority, tenant, beginWithinMs } = request
    this.#waiting.set(attempt.id, attempt)
    const isStream = request.kind === 'llm'
    const spentMs = timeline.nowMs - request.atMs
    this.#step({
      type: 'request-arrived',
      request: {
        ...{ id: attempt.id, tenant, priority, weight: 1, isStream },
        inputTokens: request.inputTokens,
        outputTokens: attempt.outputTokensExpected,
        readWaitMaxMs: attempt.readWaitMaxMs,
        beginByMs: beginWithinMs === undefined ? NEVER : timeline.nowMs + beginWithinMs - spentMs,
      },
    })
  }

  #end(attempt: Attempt): void {
    attempt.state = 'ended'
    this.#runningCount -= 1
    const { inputTokens, outputTokens } = attempt
    this.#step({ type: 'request-ended', id: attempt.id, used: { inputTokens, outputTokens } })
    this.#init.listener.onEnd(attempt)
  }

  #step(happening: Happening): void {
    const { timeline, listener } = this.#init
    const engine = new QueuedEngine(this.engine, this.facts)
    const effects = this.#queue.step({ ...happening, engine }, timeline.nowMs)
    this.#armWake()
    for (const effect of effects) this.#perform(effect, listener)
  }

  #perform(effect: AdmissionEffect, listener: ModelServerListener): void {
    const attempt = this.#waiting.get(effect.id)
    if (attempt === undefined) return
    this.#waiting.delete(effect.id)
    if (effect.type === 'release') {
      this.#release(attempt)
      return
    }
    attempt.state = 'ended'
    listener.onRefused(attempt, effect.reason, effect.waitMs)
  }

  #release(attempt: Attempt): void {
    attempt.state = 'running'
    attempt.releasedAtMs = this.#init.timeline.nowMs
    this.#runningCount += 1
    this.#init.listener.onReleased(attempt)
    this.engine.submit(attempt)
  }

  #armWake(): void {
    const { timeline } = this.#init
    const { wakeAtMs } = this.#queue
    if (wakeAtMs === this.#wakeAtMs) return
    if (this.#wake !== undefined) timeline.cancel(this.#wake)
    this.#wakeAtMs = wakeAtMs
    this.#wake = undefined
    if (wakeAtMs === NEVER) return
    this.#wake = timeline.at(wakeAtMs, () => {
      this.#wake = undefined
      this.#wakeAtMs = NEVER
      this.#step({ type: 'tick' })
    })
  }
}
