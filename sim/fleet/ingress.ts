/**
 * A peer that takes requests: the production scheduler with a view of its own, and what
 * `src/node/router.ts` does around it, on virtual time.
 *
 *     arrival --> scheduler --dispatch--> postbox --> node
 *                     ^---- refused, lost: attempt-failed; first token; end, with the node's load
 */
import type { ErrorCode } from '../../src/core/errors.ts'
import type { PeerLoad } from '../../src/core/peer-state.ts'
import type { Random } from '../../src/core/random.ts'
import type { SchedulerOptions } from '../../src/scheduler/options.ts'
import {
  Scheduler,
  type SchedulerEffect,
  type SchedulerEvent,
} from '../../src/scheduler/scheduler.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { SimRequest } from '../workload/request.ts'
import { Attempt, type Ending, Flight } from './attempt.ts'
import { nodeIndex, nodeName } from './node-name.ts'

/** Whoever takes requests and chooses. */
export interface RequestTaker {
  readonly peer: string
  readonly cell: number
  /** Machine steps that were run. */
  readonly stepCount: number
  hear(event: SchedulerEvent): void
  arrive(request: SimRequest): void
  firstToken(attempt: Attempt): void
  /** @param load Of the node, as it was when it sent the end. */
  ended(attempt: Attempt, load: PeerLoad): void
  failed(attempt: Attempt, failure: Failure, load?: PeerLoad): void
}

export interface IngressDeps {
  readonly timeline: Timeline
  /** Sends it to its node. */
  readonly send: (attempt: Attempt) => void
  /** Tells its node that nobody wants it. */
  readonly cancel: (attempt: Attempt) => void
  /** The request has ended; nothing follows. */
  readonly onEnd: (flight: Flight, ending: Ending, reason: string) => void
  readonly onDispatched: (attempt: Attempt) => void
  /** Beside dispatches: bounces, retries and hedges are counted here. */
  readonly onNote: (note: IngressNote) => void
}

export type IngressNote = 'bounce' | 'retry' | 'hedge' | 'hedge-won'

export interface IngressInit {
  readonly peer: string
  readonly cell: number
  readonly options: SchedulerOptions
  readonly random: Random
  readonly isAnswerTelling: boolean
  /** What it has sent counts for nothing until the node tells of it. */
  readonly isForgetful: boolean
}

export interface Failure {
  readonly errorCode: ErrorCode
  readonly isRetryable: boolean
  readonly reason: string
  readonly retryAfterMs?: number | undefined
}

export class Ingress implements RequestTaker {
  readonly peer: string
  readonly cell: number
  readonly scheduler: Scheduler
  readonly #init: IngressInit
  readonly #deps: IngressDeps
  #stepCount = 0
  /** Node → what it told last. Kept by whoever forgets. */
  readonly #told = new Map<string, PeerLoad>()

  constructor(init: IngressInit, deps: IngressDeps) {
    this.peer = init.peer
    this.cell = init.cell
    this.#init = init
    this.#deps = deps
    this.scheduler = new Scheduler(init.peer, init.options, init.random)
  }

  /** Of its scheduler. */
  get stepCount(): number {
    return this.#stepCount
  }

  hear(event: SchedulerEvent): void {
    this.#step(event)
    if (this.#init.isForgetful && event.type === 'peer-changed' && event.load !== undefined) {
      this.#told.set(event.peer, event.load)
    }
  }

  arrive(request: SimRequest): void {
    const flight = new Flight(request)
    const { model, inputTokens, prefix, outputTokensMax, priority, atMs } = request
    const tenant = request.tenant === '' ? undefined : request.tenant
    const asked = {
      ...{ id: flight.id, model, inputTokens, prefix, outputTokensMax, tenant, priority },
      atWallMs: atMs,
    }
    this.#perform(this.#step({ type: 'request-arrived', request: asked }), flight)
    this.#watchDeadline(flight)
  }

  firstToken(attempt: Attempt): void {
    const { flight } = attempt
    if (attempt.isAbandoned || flight.ending !== undefined) return
    if (flight.firstTokenAtMs !== undefined) return
    flight.firstTokenAtMs = this.#deps.timeline.nowMs
    if (attempt.isHedge) this.#deps.onNote('hedge-won')
    this.#perform(this.#step({ type: 'attempt-answered', ...this.#named(attempt) }), flight)
  }

  ended(attempt: Attempt, load: PeerLoad): void {
    this.#learn(attempt, load)
    const { flight } = attempt
    if (attempt.isAbandoned || flight.ending !== undefined) return
    const { inputTokens, outputTokens, kind } = flight.request
    const counted = kind === 'llm' ? { inputTokens, outputTokens } : {}
    const { id } = this.#named(attempt)
    this.#step({ type: 'request-ended', id, outcome: 'answered', ...counted })
    this.#end(flight, 'completed', '')
  }

  failed(attempt: Attempt, failure: Failure, load?: PeerLoad): void {
    if (load !== undefined) this.#learn(attempt, load)
    const { flight } = attempt
    if (attempt.isAbandoned || flight.ending !== undefined) return
    attempt.isAbandoned = true
    const { reason, ...rest } = failure
    const isRetryable = rest.isRetryable && flight.firstTokenAtMs === undefined
    const named = this.#named(attempt)
    const effects = this.#step({ type: 'attempt-failed', ...named, ...rest, isRetryable })
    const next = effects.some(({ type }) => type === 'dispatch')
    if (next) this.#deps.onNote(rest.errorCode === 'ERR_OVERLOADED' ? 'bounce' : 'retry')
    this.#perform(effects, flight, reason)
  }

  #named({ flight, node }: Attempt) {
    return { id: flight.id, peer: nodeName(node) }
  }

  #learn({ node }: Attempt, load: PeerLoad): void {
    if (!this.#init.isAnswerTelling) return
    const peer = nodeName(node)
    this.#step({ type: 'load-reported', peer, load })
    if (this.#init.isForgetful) this.#told.set(peer, load)
  }

  #step(event: SchedulerEvent): readonly SchedulerEffect[] {
    this.#stepCount += 1
    return this.scheduler.step(event, this.#deps.timeline.nowMs)
  }

  /** @param reason Why the last attempt failed, if one did. */
  #perform(effects: readonly SchedulerEffect[], flight: Flight, reason?: string): void {
    for (const effect of effects) {
      if (effect.type === 'dispatch') this.#dispatch(effect, flight)
      else if (effect.type === 'cancel') this.#cancelAt(effect.peer, flight)
      else if (effect.type === 'refuse') {
        this.#end(flight, endingOf(effect.code), reason ?? effect.code)
      }
    }
  }

  #dispatch(
    { peer, hedgeAfterMs, readWaitMaxMs }: Extract<SchedulerEffect, { type: 'dispatch' }>,
    flight: Flight,
    isHedge = false,
  ): void {
    const { timeline, send, onDispatched } = this.#deps
    const { id } = flight
    const [first] = flight.attempts
    const expected =
      first?.outputTokensExpected ?? this.scheduler.decision(id)?.outputTokensExpected
    const attempt = new Attempt(flight, {
      ...{ node: nodeIndex(peer), sentAtMs: timeline.nowMs, isHedge, readWaitMaxMs },
      outputTokensExpected: expected ?? 0,
    })
    flight.attempts.push(attempt)
    if (this.#init.isForgetful) this.#forget(peer)
    onDispatched(attempt)
    send(attempt)
    if (hedgeAfterMs === undefined) return
    timeline.after(hedgeAfterMs, () => {
      if (flight.ending !== undefined || flight.firstTokenAtMs !== undefined) return
      for (const effect of this.#step({ type: 'hedge-due', id })) {
        if (effect.type !== 'dispatch') continue
        this.#deps.onNote('hedge')
        this.#dispatch(effect, flight, true)
      }
    })
  }

  /** As if the node had told again what it told last, in no time: then nothing of ours is missing. */
  #forget(peer: string): void {
    const load = this.#told.get(peer)
    if (load === undefined) return
    this.#step({ type: 'peer-confirmed', peer, rttMs: 0 })
    this.#step({ type: 'load-reported', peer, load })
  }

  #cancelAt(peer: string, flight: Flight): void {
    const node = nodeIndex(peer)
    for (const attempt of flight.attempts) {
      if (attempt.node === node && !attempt.isAbandoned) this.#abandon(attempt)
    }
  }

  #abandon(attempt: Attempt): void {
    attempt.isAbandoned = true
    this.#deps.cancel(attempt)
  }

  /** Whoever waits no longer than that is told so, and the work for it ends. */
  #watchDeadline(flight: Flight): void {
    const { beginWithinMs, atMs } = flight.request
    if (beginWithinMs === undefined || flight.ending !== undefined) return
    this.#deps.timeline.at(atMs + beginWithinMs, () => {
      if (flight.ending !== undefined || flight.firstTokenAtMs !== undefined) return
      const running = flight.attempts.filter(each => !each.isAbandoned)
      for (const attempt of running) {
        const failure = { errorCode: 'ERR_DEADLINE_EXCEEDED', isRetryable: false } as const
        this.#step({ type: 'attempt-failed', ...this.#named(attempt), ...failure })
        this.#abandon(attempt)
      }
      this.#step({ type: 'request-ended', id: flight.id, outcome: 'failed' })
      this.#end(flight, 'rejected', 'deadline')
    })
  }

  #end(flight: Flight, ending: Ending, reason: string): void {
    flight.ending = ending
    this.#deps.onEnd(flight, ending, reason)
  }
}

/** Turned away is one thing, lost another. */
function endingOf(code: ErrorCode): Ending {
  const isTurnedAway = code === 'ERR_OVERLOADED' || code === 'ERR_NO_CAPACITY'
  return isTurnedAway || code === 'ERR_DEADLINE_EXCEEDED' ? 'rejected' : 'failed'
}
