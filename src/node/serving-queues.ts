/**
 * The queues in front of this peer's engines, one for each model of each: drives the machine of
 * `src/scheduler/admission` with the clock and what the engines say.
 *
 *     enter --> wait for a turn --> place --> the engine works --> leave
 *                    '--> ERR_OVERLOADED with the reason and the peer's real state
 */
import { MeshError } from '../core/errors.ts'
import { NEVER } from '../core/machine.ts'
import type { ModelFacts, ModelLoad } from '../core/peer-state.ts'
import {
  type AdmissionEffect,
  type AdmissionEvent,
  type AdmissionOptions,
  AdmissionQueue,
  type EngineState,
} from '../scheduler/admission/admission-queue.ts'
import type { Tokens } from '../scheduler/admission/tenant-counters.ts'
import type { Clock } from './clock.ts'
import type { Runtime } from './runtime.ts'
import type { Standing } from './standing.ts'

/** Models that have a queue. Beyond it, those of idle ones are forgotten. */
const QUEUES_MAX = 1_024

export interface ServingQueuesInit {
  readonly clock: Clock
  readonly options: AdmissionOptions
}

/** The model at the engine that serves it. */
export interface Served {
  readonly runtime: Pick<Runtime, 'name' | 'models' | 'load'>
  readonly model: string
}

/** A turn at an engine. */
export interface Place {
  /** Gives it to the next. @param used What the request was in the end; `undefined`: not known. */
  leave(used: Tokens | undefined): void
}

interface Queue {
  readonly served: Served
  readonly machine: AdmissionQueue
  readonly waiters: Map<string, Waiter>
  cancelWake: () => void
}

interface Waiter {
  readonly start: () => void
  readonly refuse: (error: unknown) => void
}

type Refuse = Extract<AdmissionEffect, { type: 'refuse' }>

type Happening = AdmissionEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'engine'>
    : never
  : never

export class ServingQueues {
  readonly #init: ServingQueuesInit
  /** Engine and model → its queue, the one made first first. */
  readonly #queues = new Map<string, Queue>()
  #requestCount = 0

  constructor(init: ServingQueuesInit) {
    this.#init = init
  }

  /** Models that have a queue. */
  get count(): number {
    return this.#queues.size
  }

  /** Requests that wait for an engine. */
  get waitingCount(): number {
    let count = 0
    for (const { machine } of this.#queues.values()) count += machine.waitingCount
    return count
  }

  /** The load of a model, with those that wait for it here. */
  withWaiting(engine: string, load: ModelLoad): ModelLoad {
    const machine = this.#queues.get(keyOf(engine, load.model))?.machine
    if (machine === undefined || machine.waitingCount === 0) return load
    const { inputTokens, outputTokens } = machine.waitingTokens
    return {
      ...load,
      queuedCount: load.queuedCount + machine.waitingCount,
      prefillTokensLeft: load.prefillTokensLeft + inputTokens,
      decodeTokensLeft: load.decodeTokensLeft + outputTokens,
    }
  }

  /**
   * Resolves when it is the request's turn.
   *
   * @throws MeshError ERR_OVERLOADED with `details.reason`, and `details.retryAfterMs` if it is known.
   * @throws the signal's reason if it is aborted; then the request waits no more.
   */
  enter(
    served: Served,
    request: { readonly standing: Standing; readonly isStream: boolean },
    signal: AbortSignal,
  ): Promise<Place> {
    const { standing, isStream } = request
    const { beginWithinMs = NEVER } = standing
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const queue = this.#queueOf(served)
      this.#requestCount += 1
      const id = String(this.#requestCount)
      const onAbort = () => {
        queue.waiters.delete(id)
        reject(signal.reason)
        this.#step(queue, { type: 'request-cancelled', id })
      }
      queue.waiters.set(id, {
        start: () => {
          signal.removeEventListener('abort', onAbort)
          resolve({ leave: used => this.#step(queue, { type: 'request-ended', id, used }) })
        },
        refuse: error => {
          signal.removeEventListener('abort', onAbort)
          reject(error)
        },
      })
      const beginByMs = this.#init.clock.nowMs() + beginWithinMs
      const arrived = { ...standing, id, isStream, beginByMs }
      this.#step(queue, { type: 'request-arrived', request: arrived })
      // Most have their turn by now.
      if (queue.waiters.has(id)) signal.addEventListener('abort', onAbort)
    })
  }

  /** Sends all that wait away: there will be no turn for them here. */
  turnAway(error: MeshError): void {
    for (const queue of this.#queues.values()) {
      for (const [id, waiter] of queue.waiters) {
        queue.waiters.delete(id)
        this.#step(queue, { type: 'request-cancelled', id })
        waiter.refuse(error)
      }
    }
  }

  #step(queue: Queue, happening: Happening): void {
    const { clock } = this.#init
    const engine = engineState(queue.served)
    const effects = queue.machine.step({ ...happening, engine }, clock.nowMs())
    this.#armWake(queue)
    for (const effect of effects) {
      const waiter = queue.waiters.get(effect.id)
      queue.waiters.delete(effect.id)
      if (effect.type === 'release') waiter?.start()
      else waiter?.refuse(refusal(effect, queue.served, queue.machine.waitingCount))
    }
  }

  #armWake(queue: Queue): void {
    const { wakeAtMs } = queue.machine
    queue.cancelWake()
    if (wakeAtMs === NEVER) return
    queue.cancelWake = this.#init.clock.wakeAt(wakeAtMs, () => this.#step(queue, { type: 'tick' }))
  }

  #queueOf(served: Served): Queue {
    const key = keyOf(served.runtime.name, served.model)
    const known = this.#queues.get(key)
    if (known !== undefined) return known
    if (this.#queues.size >= QUEUES_MAX) this.#forgetIdle()
    const machine = new AdmissionQueue(this.#init.options)
    const queue: Queue = { served, machine, waiters: new Map(), cancelWake: () => {} }
    this.#queues.set(key, queue)
    return queue
  }

  #forgetIdle(): void {
    for (const [key, { machine }] of this.#queues) {
      if (machine.waitingCount + machine.runningCount === 0) this.#queues.delete(key)
    }
  }
}

/** The length keeps apart what only together reads alike: both may have spaces in them. */
function keyOf(engine: string, model: string): string {
  return `${engine.length} ${engine} ${model}`
}

const NO_FACTS: Pick<ModelFacts, 'parallelMax' | 'contextTokens'> = {
  ...{ parallelMax: 0, contextTokens: 0 },
}

const NO_LOAD: Omit<EngineState, 'parallelMax' | 'contextTokens'> = {
  ...{ queuedCount: 0, runningCount: 0, prefillTokensLeft: 0, decodeTokensLeft: 0 },
  ...{ prefillTokensPerSecond: 0, decodeTokensPerSecond: 0 },
}

function engineState({ runtime, model }: Served): EngineState {
  const facts = runtime.models().find(({ id }) => id === model) ?? NO_FACTS
  const load = runtime.load().models.find(each => each.model === model) ?? NO_LOAD
  return { ...load, parallelMax: facts.parallelMax, contextTokens: facts.contextTokens }
}

function refusal({ reason, waitMs }: Refuse, { model }: Served, waitingCount: number): MeshError {
  const name = JSON.stringify(model)
  const words = {
    'queue-full': `expected a place in the queue for ${name}, found ${waitingCount} requests in it`,
    displaced: `expected a turn at ${name}, found the queue full and others with more of a claim`,
    deadline: `expected an answer of ${name} to begin in time, found too much work before it`,
    busier: `expected less to be read before one more request of ${name}, found more`,
    memory: `expected memory for one more request of ${name}, found too little free`,
  }
  const afterMs = waitMs === undefined ? {} : { retryAfterMs: Math.ceil(waitMs) }
  return new MeshError(words[reason], { code: 'ERR_OVERLOADED', details: { reason, ...afterMs } })
}
