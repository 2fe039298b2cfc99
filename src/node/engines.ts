/**
 * The engines of this peer as one: what they serve together, how busy they are, and who takes
 * a request.
 */
import { hasCode, MeshError } from '../core/errors.ts'
import type { ModelFacts, ModelLoad, PeerLoad, Unready } from '../core/peer-state.ts'
import { PEER_STATE_LIMITS } from '../protocols/peer-state-codec.ts'
import { estimateTokens } from './answer-tokens.ts'
import { EngineNotices } from './engine-notices.ts'
import type { GpuSource } from './gpu-source.ts'
import { HotPrefixes } from './hot-prefixes.ts'
import type { Logger } from './log.ts'
import type {
  ModelAction,
  RequestCounts,
  Runtime,
  RuntimeAnswer,
  RuntimeLoad,
  RuntimeRequest,
} from './runtime.ts'
import type { Place, ServingQueues } from './serving-queues.ts'
import { defaultStanding } from './standing.ts'
import { tinyRequest } from './tiny-request.ts'
import { traceServe } from './tracing/trace-serve.ts'
import { NO_TRACER, type Tracer } from './tracing/tracer.ts'
import { WatchedChunks } from './watched-chunks.ts'

export interface EnginesDeps {
  readonly gpus: GpuSource
  readonly logger: Logger
  /** The list of models has changed. */
  readonly onModelsChanged: () => void
  /** Where requests wait for an engine. Default: nowhere, each engine has its own queue. */
  readonly queues?: ServingQueues | undefined
  /** Default: none collects. */
  readonly tracer?: Tracer | undefined
}

export class Engines {
  readonly #runtimes: readonly Runtime[]
  readonly #deps: EnginesDeps
  readonly #stopListening: (() => void)[]
  readonly #starting = new AbortController()
  readonly #hotPrefixes = new HotPrefixes()
  #isStopping = false
  #isDrained = false

  constructor(runtimes: readonly Runtime[], deps: EnginesDeps) {
    this.#runtimes = runtimes
    this.#deps = deps
    const notices = new EngineNotices(runtimes, deps.logger)
    this.#stopListening = runtimes.map(runtime =>
      runtime.onModelsChanged(() => {
        notices.look()
        deps.onModelsChanged()
      }),
    )
  }

  /**
   * Starts all. One that fails is reported and left out; it does not keep the peer from serving
   * with the others, or as an ingress.
   *
   * @returns The failures.
   */
  async start(): Promise<readonly Error[]> {
    const results = await Promise.allSettled(
      this.#runtimes.map(runtime => runtime.start(this.#starting.signal)),
    )
    return results.flatMap((result, index) => {
      if (result.status === 'fulfilled') return []
      const error: unknown = result.reason
      // Whoever started us is told in words; this is for whoever reads logs.
      this.#deps.logger.info('an engine did not start', {
        engine: this.#runtimes[index]?.name,
        error,
      })
      return error instanceof Error ? [error] : [new Error(String(error))]
    })
  }

  /** One line each. */
  descriptions(): readonly string[] {
    return this.#runtimes.map(runtime => runtime.description)
  }

  /**
   * Sorted by id. Of two engines with one model, the one named first serves it. No more than a
   * peer may tell the others: they would take it for none of ours.
   */
  models(): readonly ModelFacts[] {
    const models = this.#runtimes.flatMap(runtime => runtime.models())
    return firstOfEach(models, model => model.id).toSorted((a, b) => a.id.localeCompare(b.id))
  }

  /** Of two engines with one model, the one that serves it tells how busy it is. */
  load(): PeerLoad {
    const loads = this.#runtimes.map(runtime => this.#loadOf(runtime))
    const gpus = this.#deps.gpus.read()
    return {
      models: firstOfEach(
        loads.flatMap(load => load.models),
        load => load.model,
      ).map(load => this.#withPrefixes(load)),
      gpus: gpus.length > 0 ? gpus : loads.flatMap(load => load.gpus),
      isDraining: this.#isStopping || this.#isDrained,
    }
  }

  /** Of all models together, each request counted once, though models may share what they tell. */
  requests(): RequestCounts {
    const counts = this.#runtimes.map(runtime => {
      const { models, requests } = runtime.load()
      return requests ?? sumOf(models)
    })
    const { queuedCount, runningCount } = sumOf(counts)
    return { queuedCount: queuedCount + (this.#deps.queues?.waitingCount ?? 0), runningCount }
  }

  /** From now on new requests are refused. */
  drain(): void {
    this.#isStopping = true
    this.#deps.queues?.turnAway(stopping())
  }

  /** Whether the mesh wants this peer to take no new requests. */
  setDrained(isDrained: boolean): void {
    this.#isDrained = isDrained
    if (isDrained) this.#deps.queues?.turnAway(drained())
  }

  /**
   * Waits for a turn at the engine and asks it.
   *
   * @throws MeshError ERR_MODEL_NOT_FOUND, ERR_STOPPING, ERR_OVERLOADED, and what the runtime throws.
   */
  async serve(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    if (this.#isStopping) throw stopping()
    if (this.#isDrained) throw drained()
    const runtime = this.#serverOf(request.model)
    if (runtime === undefined) throw this.#unknownModel(request.model)
    const { queues } = this.#deps
    if (queues === undefined) return await this.#ask(runtime, request, signal)
    const { model, isStream, standing = defaultStanding(request.body) } = request
    const place = await queues.enter({ runtime, model }, { standing, isStream }, signal)
    return await this.#askInTurn(runtime, { ...request, standing }, { place, signal })
  }

  /** Times that engines were asked for their metrics in vain. */
  get scrapeFailureCount(): number {
    return this.#runtimes.reduce((sum, { scrapeFailureCount = 0 }) => sum + scrapeFailureCount, 0)
  }

  /** Of the engine whose metrics are the oldest, whether they still count or not. */
  get metricsAgeMs(): number {
    return Math.max(0, ...this.#runtimes.map(({ metricsAgeMs = 0 }) => metricsAgeMs))
  }

  /**
   * As `RuntimeControl.act`; any engine can warm a model, by making one token of it.
   *
   * @returns What is left of the model. `undefined`: it answers at once.
   */
  async act(model: string, action: ModelAction, signal: AbortSignal): Promise<Unready | undefined> {
    if (this.#isStopping) throw stopping()
    const can = ({ control }: Runtime) => control?.actions().includes(action) ?? false
    // An adapter that is to be loaded is in no list yet.
    const loader = action === 'load' ? this.#runtimes.find(can) : undefined
    const runtime = this.#serverOf(model) ?? loader
    if (runtime === undefined) throw this.#unknownModel(model)
    if (can(runtime)) await runtime.control?.act(model, action, signal)
    else if (action === 'warm') await this.#makeToken(runtime, model, signal)
    else throw unsupported(runtime, model, action)
    this.#deps.onModelsChanged()
    return runtime.load().models.find(load => load.model === model)?.unready
  }

  /**
   * Names of the LoRA adapters that the engine of the model has in memory.
   *
   * @throws MeshError ERR_MODEL_NOT_FOUND, ERR_NOT_SUPPORTED, ERR_ENGINE.
   */
  async loras(model: string, signal: AbortSignal): Promise<readonly string[]> {
    const runtime = this.#serverOf(model)
    if (runtime === undefined) throw this.#unknownModel(model)
    if (runtime.control !== undefined) return await runtime.control.loras(signal)
    throw new MeshError(`expected an engine with LoRA adapters, found ${runtime.name}`, {
      code: 'ERR_NOT_SUPPORTED',
    })
  }

  async close(): Promise<void> {
    this.#starting.abort(stopping())
    for (const stop of this.#stopListening) stop()
    const results = await Promise.allSettled(this.#runtimes.map(runtime => runtime.close()))
    for (const result of results) {
      if (result.status === 'rejected' && !hasCode(result.reason, 'ERR_STOPPING')) {
        this.#deps.logger.warn('an engine did not close', { error: result.reason })
      }
    }
  }

  /** A model that is not in memory has no cache. An engine that tells its own knows better. */
  #withPrefixes(load: ModelLoad): ModelLoad {
    if (load.unready !== undefined) this.#hotPrefixes.forget(load.model)
    const hotPrefixes = load.hotPrefixes ?? this.#hotPrefixes.of(load.model)
    return hotPrefixes === undefined ? load : { ...load, hotPrefixes }
  }

  async #askInTurn(
    runtime: Runtime,
    request: RuntimeRequest,
    { place, signal }: { readonly place: Place; readonly signal: AbortSignal },
  ): Promise<RuntimeAnswer> {
    try {
      // Its turn may have come at the moment it was given up.
      signal.throwIfAborted()
      const answer = await this.#ask(runtime, request, signal)
      const inputTokens = request.standing?.inputTokens ?? 0
      const chunks = WatchedChunks.of(answer.chunks, signal, {
        onEnd: (_, size) =>
          place.leave({ inputTokens, outputTokens: estimateTokens(request, size) ?? 0 }),
      })
      return { ...answer, chunks }
    } catch (error) {
      place.leave(undefined)
      throw error
    }
  }

  async #ask(
    runtime: Runtime,
    request: RuntimeRequest,
    signal: AbortSignal,
  ): Promise<RuntimeAnswer> {
    const { tracer = NO_TRACER } = this.#deps
    const answer = await (tracer === NO_TRACER
      ? askRuntime(runtime, request, signal)
      : traceServe(request, signal, {
          engine: runtime.name,
          tracer,
          serve: (traced, until) => askRuntime(runtime, traced, until),
        }))
    // What an engine refuses, it has not read.
    const { model, prefix } = request
    if (prefix !== undefined) this.#hotPrefixes.served(model, prefix)
    return answer
  }

  /** With those that wait for it here. */
  #loadOf(runtime: Runtime): RuntimeLoad {
    const { queues } = this.#deps
    const load = runtime.load()
    if (queues === undefined || queues.waitingCount === 0) return load
    return { ...load, models: load.models.map(each => queues.withWaiting(runtime.name, each)) }
  }

  #serverOf(model: string): Runtime | undefined {
    return this.#runtimes.find(runtime => runtime.models().some(({ id }) => id === model))
  }

  async #makeToken(runtime: Runtime, model: string, signal: AbortSignal): Promise<void> {
    const facts = runtime.models().find(({ id }) => id === model)
    if (facts === undefined) throw this.#unknownModel(model)
    const request = tinyRequest(model, facts)
    const { status, chunks } = await (request.endpoint === 'embeddings'
      ? runtime.embed(request, signal)
      : runtime.generate(request, signal))
    for await (const _ of chunks);
    if (status < 400) return
    throw new MeshError(`expected one token of ${model}, found status ${status}`, {
      code: 'ERR_ENGINE',
    })
  }

  #unknownModel(model: string): MeshError {
    const known = this.models().map(({ id }) => id)
    return new MeshError(
      `expected a model that this peer serves (${known.slice(0, 20).join(', ') || 'none'}), found "${model}"`,
      { code: 'ERR_MODEL_NOT_FOUND' },
    )
  }
}

function askRuntime(runtime: Runtime, request: RuntimeRequest, signal: AbortSignal) {
  const { endpoint } = request
  return endpoint === 'embeddings'
    ? runtime.embed(request, signal)
    : runtime.generate(request, signal)
}

function firstOfEach<Value>(
  values: readonly Value[],
  idOf: (value: Value) => string,
): readonly Value[] {
  if (values.length < 2) return values
  const first = new Map<string, Value>()
  for (const value of values) {
    if (first.size >= PEER_STATE_LIMITS.modelsMax) break
    if (!first.has(idOf(value))) first.set(idOf(value), value)
  }
  return [...first.values()]
}

function sumOf(counts: readonly RequestCounts[]): RequestCounts {
  return {
    queuedCount: counts.reduce((sum, { queuedCount }) => sum + queuedCount, 0),
    runningCount: counts.reduce((sum, { runningCount }) => sum + runningCount, 0),
  }
}

/** What to do about an engine that cannot. */
const HINTS: Readonly<Partial<Record<ModelAction, string>>> = {
  load: 'Have it warmed: an engine that loads models when asked for a token does so then.',
  unload: 'Unload it at the engine itself; `skein drain` keeps requests from the peer meanwhile.',
  sleep: 'Have it unloaded, if the engine can do that.',
}

function unsupported({ name, control }: Runtime, model: string, action: ModelAction): MeshError {
  const can = control?.actions().join(', ') || 'none of load, unload, sleep and wake'
  return new MeshError(`expected an engine that can ${action} ${model}, found ${name}: ${can}`, {
    code: 'ERR_NOT_SUPPORTED',
    hint: HINTS[action],
  })
}

function stopping(): MeshError {
  return new MeshError('expected a peer that takes requests, found one that is stopping', {
    code: 'ERR_STOPPING',
  })
}

/** To be tried elsewhere: whoever sent it has not heard of the drain yet. */
function drained(): MeshError {
  return new MeshError('expected a peer that takes requests, found one that is drained', {
    code: 'ERR_STOPPING',
    hint: 'Another peer serves it; `skein undrain` lets this one serve again.',
  })
}
