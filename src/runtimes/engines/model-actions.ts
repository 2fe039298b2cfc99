/**
 * Loads, unloads, warms, puts to sleep and wakes the models of one engine, and lets requests wait
 * for a model that is on its way.
 *
 *     request ──> ready? ── yes ──> engine
 *                   │ no
 *                   ├── cold, sleeping: load or wake it, if the engine lets us; else the engine may
 *                   │                   do so itself when it is asked for tokens
 *                   └── loading: wait for the end, or 503 with what is known of it
 *
 * One action on a model at a time. It has its own deadline and does not end with whoever asked for
 * it: others wait for it as well. A model that works for somebody is never taken away.
 *
 * To sleep goes the whole engine, and all of it wakes: while that lasts every model of it waits, and
 * afterwards all are as the one that was named.
 */
import { hasCode, MeshError } from '../../core/errors.ts'
import type { Unready } from '../../core/peer-state.ts'
import type { Clock } from '../../node/clock.ts'
import type { ModelAction, RuntimeControl } from '../../node/runtime.ts'
import type { ModelReadiness } from './model-readiness.ts'

export interface ModelActionsOptions {
  /** How long an action may take. */
  readonly loadTimeoutMs: number
  /** How long a request waits for a model. */
  readonly loadWaitMaxMs: number
}

export interface ModelAbilities {
  readonly actions: Readonly<
    Partial<Record<ModelAction, (model: string, signal: AbortSignal) => Promise<void>>>
  >
  readonly loras?: ((signal: AbortSignal) => Promise<readonly string[]>) | undefined
}

export interface ModelActionsDeps {
  readonly clock: Clock
  /** For people. */
  readonly engine: string
  /** What the engine can do now; the rest it cannot. */
  readonly abilities: () => ModelAbilities
  readonly readiness: ModelReadiness
  /** Requests on the model, ours and others'; of all models if none is named. */
  readonly busyCount: (model?: string) => number
  /** All that the engine lists. */
  readonly models: () => ReadonlySet<string>
  /** Models may have come or gone with it. */
  readonly onDone: (ended: EndedAction) => void
}

/** By model. `undefined`: it answers at once. */
type States = ReadonlyMap<string, Unready | undefined>

export interface EndedAction {
  readonly action: ModelAction
  readonly isDone: boolean
  /** The models that it was about, and as what it left them. */
  readonly left: States
}

/** When to come back for a model of which nobody knows how long it takes. */
const RETRY_AFTER_DEFAULT_MS = 5_000

interface Running {
  readonly action: ModelAction
  readonly done: Promise<void>
}

/** They take a model from the requests that run on it. */
const TAKING: readonly ModelAction[] = ['unload', 'sleep']

/** Each is about the whole engine, whichever of its models is named. */
const WHOLE: readonly ModelAction[] = ['sleep', 'wake']

/** Under it runs an action on the whole engine; no model has such a name. */
const ENGINE = ''

const WAYS: Readonly<Partial<Record<ModelAction, 'load' | 'wake'>>> = { load: 'load', wake: 'wake' }

/** As what a model is left by an action that did what it should. */
const LEFT: Readonly<Partial<Record<ModelAction, Unready['state']>>> = {
  unload: 'cold',
  sleep: 'sleeping',
}

export class ModelActions implements RuntimeControl {
  readonly #options: ModelActionsOptions
  readonly #deps: ModelActionsDeps
  readonly #running = new Map<string, Running>()
  readonly #closing = new AbortController()
  /** Whoever waits for a model to change its state. */
  readonly #waiting = new Set<() => void>()

  constructor(options: ModelActionsOptions, deps: ModelActionsDeps) {
    this.#options = options
    this.#deps = deps
  }

  actions(): readonly ModelAction[] {
    return Object.keys(this.#deps.abilities().actions) as ModelAction[]
  }

  async act(model: string, action: ModelAction, signal: AbortSignal): Promise<void> {
    for (let other = this.#inTheWay(model, action); other !== undefined; ) {
      await unlessAborted(settled(other.done), signal)
      other = this.#inTheWay(model, action)
    }
    signal.throwIfAborted()
    this.#closing.signal.throwIfAborted()
    await unlessAborted(this.#begin(model, action), signal)
  }

  async loras(signal: AbortSignal): Promise<readonly string[]> {
    const { loras } = this.#deps.abilities()
    if (loras === undefined) throw this.#unsupported('list LoRA adapters')
    return await loras(AbortSignal.any([signal, this.#closing.signal]))
  }

  /** Whether a request may go to the engine at once. Cheap. */
  isReady(model: string): boolean {
    const { readiness, clock } = this.#deps
    const running = this.#runningOn(model)?.action ?? 'warm'
    return running === 'warm' && readiness.of(model, clock.nowMs()) === undefined
  }

  /**
   * Resolves when the model can be asked for tokens.
   *
   * @throws MeshError ERR_MODEL_LOADING if that takes longer than a request waits.
   */
  async untilReady(model: string, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps
    const patience = new AbortController()
    const cancel = clock.wakeAt(clock.nowMs() + this.#options.loadWaitMaxMs, () =>
      patience.abort(this.#stillLoading(model)),
    )
    const either = AbortSignal.any([signal, patience.signal, this.#closing.signal])
    try {
      while (!this.isReady(model)) {
        const isDone = await this.#advance(model, either)
        if (isDone) return
      }
    } finally {
      cancel()
    }
  }

  /** A model has changed its state. */
  readinessChanged(): void {
    for (const look of [...this.#waiting]) look()
  }

  close(reason: MeshError): void {
    this.#closing.abort(reason)
  }

  /** @returns Whether there is nothing more to wait for. */
  async #advance(model: string, signal: AbortSignal): Promise<boolean> {
    const { readiness, clock } = this.#deps
    const unready = readiness.of(model, clock.nowMs())
    const action = unready?.state === 'sleeping' ? 'wake' : 'load'
    const other = this.#inTheWay(model, action)
    if (other !== undefined) {
      // Whatever it does, what is to be done then is another question: SGLang, woken twice, ends.
      await unlessAborted(settled(other.done), signal)
      return false
    }
    if (unready === undefined) return true
    const isTooLong = (unready.readyInMs ?? 0) > this.#options.loadWaitMaxMs
    if (unready.state === 'failed' || isTooLong) throw this.#stillLoading(model)
    if (unready.state === 'loading') {
      await this.#nextChange(signal)
      return false
    }
    if (!this.actions().includes(action)) return true
    await this.act(model, action, signal).catch((error: unknown) => {
      // It cannot after all, for example because it was started without.
      if (!hasCode(error, 'ERR_NOT_SUPPORTED')) throw error
    })
    return true
  }

  #runningOn(model: string): Running | undefined {
    return this.#running.get(ENGINE) ?? this.#running.get(model)
  }

  /** What must end before the action can begin. */
  #inTheWay(model: string, action: ModelAction): Running | undefined {
    if (!WHOLE.includes(action)) return this.#runningOn(model)
    const [any] = this.#running.values()
    return any
  }

  #begin(model: string, action: ModelAction): Promise<void> {
    const { abilities, models } = this.#deps
    const run = abilities().actions[action]
    if (run === undefined) throw this.#unsupported(`${action} a model`)
    // An adapter that is to be loaded is in no list yet.
    if (action !== 'load' && !models().has(model)) throw this.#unknown(model)
    if (TAKING.includes(action)) this.#refuseIfBusy(model, action)
    const before = this.#mark(model, action)
    const end = (isDone: boolean) => {
      this.#running.delete(key)
      this.#leave(model, action, { before, isDone })
    }
    const key = WHOLE.includes(action) ? ENGINE : model
    const done = this.#run(signal => run(model, signal)).then(
      () => end(true),
      (error: unknown) => {
        end(false)
        throw error
      },
    )
    this.#running.set(key, { action, done })
    return done
  }

  /** Says of the models that they are on their way. @returns What those in the list were. */
  #mark(model: string, action: ModelAction): States {
    const { readiness, clock, models } = this.#deps
    const nowMs = clock.nowMs()
    const listed = [...models()].filter(each => each === model || WHOLE.includes(action))
    const before = new Map(listed.map(each => [each, readiness.of(each, nowMs)]))
    const way = WAYS[action]
    for (const [each, unready] of before) {
      if (way !== undefined && unready !== undefined) readiness.begin(each, way, nowMs)
    }
    return before
  }

  #leave(model: string, action: ModelAction, left: { before: States; isDone: boolean }): void {
    const { readiness, clock, models, onDone } = this.#deps
    const { before, isDone } = left
    const state = LEFT[action]
    const done = state === undefined ? undefined : { state }
    const isWhole = WHOLE.includes(action)
    const ended = new Map([...before].map(([each, was]) => [each, isDone ? done : was]))
    if (isDone && isWhole) for (const each of models()) ended.set(each, done)
    for (const [each, unready] of ended) readiness.end(each, unready, clock.nowMs())
    // One that was loaded is in no list yet.
    if (isDone) ended.set(model, done)
    onDone({ action, isDone, left: ended })
  }

  async #run(act: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { clock } = this.#deps
    const { loadTimeoutMs } = this.#options
    const deadline = new AbortController()
    const cancel = clock.wakeAt(clock.nowMs() + loadTimeoutMs, () =>
      deadline.abort(
        new MeshError(`expected the engine to be done within ${loadTimeoutMs} ms`, {
          code: 'ERR_DEADLINE_EXCEEDED',
        }),
      ),
    )
    try {
      await act(AbortSignal.any([deadline.signal, this.#closing.signal]))
    } finally {
      cancel()
    }
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#waiting.delete(onChange)
        signal.removeEventListener('abort', onAbort)
        finish()
      }
      const onChange = () => settle(resolve)
      const onAbort = () => settle(() => reject(signal.reason))
      this.#waiting.add(onChange)
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
    })
  }

  #refuseIfBusy(model: string, action: ModelAction): void {
    // To sleep goes the whole engine.
    const count = action === 'sleep' ? this.#deps.busyCount() : this.#deps.busyCount(model)
    if (count === 0) return
    throw new MeshError(`expected no request on ${model} to ${action} it, found ${count}`, {
      code: 'ERR_MODEL_IN_USE',
      details: { model, requests: count },
      hint: '`skein drain` keeps new requests from a peer until those that run have ended.',
    })
  }

  #stillLoading(model: string): MeshError {
    const { readiness, clock, engine } = this.#deps
    const loading = readiness.of(model, clock.nowMs()) ?? { state: 'loading' }
    return new MeshError(`expected ${model} in memory, found it ${loading.state}`, {
      code: 'ERR_MODEL_LOADING',
      details: {
        model,
        engine,
        loading,
        retryAfterMs: Math.max(1_000, loading.readyInMs ?? RETRY_AFTER_DEFAULT_MS),
      },
    })
  }

  #unsupported(what: string): MeshError {
    const can = this.actions().join(', ') || 'nothing of the kind'
    return new MeshError(
      `expected an engine that can ${what}, found ${this.#deps.engine}: ${can}`,
      {
        code: 'ERR_NOT_SUPPORTED',
        details: { engine: this.#deps.engine, actions: this.actions() },
      },
    )
  }

  #unknown(model: string): MeshError {
    return new MeshError(`expected a model of ${this.#deps.engine}, found "${model}"`, {
      code: 'ERR_MODEL_NOT_FOUND',
    })
  }
}

function settled(promise: Promise<void>): Promise<void> {
  return promise.catch(() => {})
}

/** Ends the waiting, not what is waited for. */
export function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    const stop = () => signal.removeEventListener('abort', onAbort)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    promise.finally(stop).then(resolve, reject)
  })
}
