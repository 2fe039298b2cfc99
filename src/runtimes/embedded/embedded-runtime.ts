/**
 * The embedded engine: llama.cpp inside this process, behind the `Runtime` port.
 *
 *     request --> read and check --> plan (prompt tokens, limits) --> place in the batch, or queue,
 *       or 429 --> generate --> OpenAI's bytes
 *
 * Computing happens on llama.cpp's own threads; the event loop only sees finished tokens.
 */
import { assert } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'
import type { GpuLoad, ModelFacts } from '../../core/peer-state.ts'
import type { Clock } from '../../node/clock.ts'
import type { Logger } from '../../node/log.ts'
import type {
  Runtime,
  RuntimeAnswer,
  RuntimeControl,
  RuntimeLoad,
  RuntimeRequest,
} from '../../node/runtime.ts'
import { ModelActions } from '../engines/model-actions.ts'
import { ModelReadiness } from '../engines/model-readiness.ts'
import { jsonAnswer, orAborted, type Run, streamedAnswer, wholeAnswer } from './answer.ts'
import {
  type AnswerFormat,
  type AnswerHead,
  chatFormat,
  completionFormat,
} from './answer-format.ts'
import { embedAll, planEmbedding } from './embedding.ts'
import { type Engine, loadEngine, type SequenceSlot } from './engine.ts'
import { loadLibrary } from './llama-library.ts'
import { demoModelPath, inspectModelFile } from './model-file.ts'
import type { EmbeddedOptions } from './options.ts'
import { planChat, planCompletion, type Work } from './plan.ts'
import { readChat, readCompletion, readEmbedding } from './read-request.ts'
import { SlotPool } from './slot-pool.ts'
import { type Job, WorkMeter } from './work-meter.ts'

export interface EmbeddedDeps {
  readonly clock: Clock
  readonly logger: Logger
  /** Unpredictable, hexadecimal, at least 8 digits. */
  readonly newId: () => string
}

export function createEmbeddedRuntime(options: EmbeddedOptions, deps: EmbeddedDeps): Runtime {
  return new EmbeddedRuntime(options, deps)
}

/** A large model from a slow disk. */
const LOAD_TIMEOUT_MS = 600_000

/** How long a request waits for a model that was unloaded; as the other engines have it. */
const LOAD_WAIT_MAX_MS = 60_000

/** What a request needs once the model is loaded. */
interface Loaded {
  readonly engine: Engine
  readonly pool: SlotPool<SequenceSlot>
}

class EmbeddedRuntime implements Runtime {
  readonly name = 'embedded'
  readonly #options: EmbeddedOptions
  readonly #deps: EmbeddedDeps
  readonly #meter = new WorkMeter()
  readonly #listeners = new Set<() => void>()
  /** Fires when the runtime closes. */
  readonly #closing = new AbortController()
  /** Work that holds a place, or waits for one. */
  readonly #active = new Set<Promise<unknown>>()
  #description = 'llama.cpp, not loaded'
  readonly #readiness = new ModelReadiness(() => this.#actions.readinessChanged())
  readonly #actions: ModelActions
  #loaded: Loaded | undefined
  /** Of the model that is loaded, or was. */
  #facts: ModelFacts | undefined
  /** Requests that have not got to the meter yet. */
  #preparingCount = 0
  #gpuNames: readonly string[] = []
  #gpus: readonly GpuLoad[] = []
  #isReadingGpus = false

  constructor(options: EmbeddedOptions, deps: EmbeddedDeps) {
    this.#options = options
    this.#deps = deps
    this.#actions = new ModelActions(
      { loadTimeoutMs: LOAD_TIMEOUT_MS, loadWaitMaxMs: LOAD_WAIT_MAX_MS },
      {
        clock: deps.clock,
        engine: this.name,
        abilities: () => ({
          actions: {
            load: (_model, signal) => this.#load(signal),
            unload: () => this.#unload(),
          },
        }),
        readiness: this.#readiness,
        busyCount: () => this.#preparingCount + this.#meter.jobCount,
        models: () => new Set(this.models().map(({ id }) => id)),
        onDone: () => {},
      },
    )
  }

  get control(): RuntimeControl {
    return this.#actions
  }

  get description(): string {
    return this.#description
  }

  models(): readonly ModelFacts[] {
    return this.#facts === undefined ? [] : [this.#facts]
  }

  load(): RuntimeLoad {
    if (this.#facts === undefined) return { models: [], gpus: [] }
    const { id, contextTokens, parallelMax } = this.#facts
    const load = this.#meter.load(id, contextTokens * parallelMax)
    const unready = this.#readiness.of(id, this.#deps.clock.nowMs())
    const models = [unready === undefined ? load : { ...load, unready }]
    return { models, gpus: this.#loaded === undefined ? [] : this.#gpus }
  }

  onModelsChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#load(signal)
    for (const listener of this.#listeners) listener()
  }

  async #load(signal: AbortSignal): Promise<void> {
    if (this.#loaded !== undefined) return
    const either = AbortSignal.any([signal, this.#closing.signal])
    const file = await inspectModelFile(this.#options.modelPath ?? demoModelPath(), either)
    const library = await loadLibrary(this.#options, this.#deps.logger)
    try {
      const engine = await loadEngine(library, file, this.#options, either)
      either.throwIfAborted()
      this.#loaded = { engine, pool: new SlotPool(engine.slots, this.#options.queueMax) }
      this.#facts = engine.facts
    } catch (error) {
      await library.llama.dispose()
      throw error
    }
    this.#warnOfSmallContext()
    this.#description = library.description
    this.#gpuNames = library.gpuNames
    await this.#readGpus()
  }

  /** Nothing runs on it, and nothing begins until it is over. */
  async #unload(): Promise<void> {
    const loaded = this.#loaded
    this.#loaded = undefined
    await loaded?.engine.llama.dispose()
  }

  async generate(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return await this.#whileLoaded(request.model, signal, loaded =>
      this.#generate(request, loaded, signal),
    )
  }

  /** @param use Has its work in the meter when it resolves, if that is not over. */
  async #whileLoaded(
    model: string,
    signal: AbortSignal,
    use: (loaded: Loaded) => Promise<RuntimeAnswer>,
  ): Promise<RuntimeAnswer> {
    signal.throwIfAborted()
    this.#requireModel(model)
    // Once more after waiting: another may have had it unloaded meanwhile.
    while (!this.#actions.isReady(model)) await this.#actions.untilReady(model, signal)
    const loaded = this.#loaded
    assert(loaded !== undefined, 'a model that is ready is in memory')
    this.#preparingCount += 1
    try {
      return await use(loaded)
    } finally {
      this.#preparingCount -= 1
    }
  }

  async #generate(
    request: RuntimeRequest,
    loaded: Loaded,
    signal: AbortSignal,
  ): Promise<RuntimeAnswer> {
    const isChat = request.endpoint === 'chat/completions'
    const prepare = isChat ? prepareChat : prepareCompletion
    const { work, format } = await prepare(request.body, loaded.engine, this.#deps)
    const run: Run = (emit, runSignal) =>
      this.#inPlace(loaded, work, runSignal, (slot, job, placeSignal) =>
        work.run(
          emit,
          { slot, job, signal: placeSignal },
          { ...this.#deps, engine: loaded.engine, meter: this.#meter },
        ),
      )
    return request.isStream
      ? await streamedAnswer(run, format, signal)
      : await wholeAnswer(run, format, signal)
  }

  async embed(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return await this.#whileLoaded(request.model, signal, loaded =>
      this.#embed(request, loaded, signal),
    )
  }

  async #embed(
    request: RuntimeRequest,
    loaded: Loaded,
    signal: AbortSignal,
  ): Promise<RuntimeAnswer> {
    const { engine } = loaded
    const plan = planEmbedding(readEmbedding(request.body), engine)
    const size = { prompt: [], prefillTokens: plan.promptTokens, outputTokensMax: 0 }
    const embedded = this.#inPlace(loaded, size, signal, (_slot, job, placeSignal) =>
      embedAll(plan, { ...this.#deps, engine, meter: this.#meter, job, signal: placeSignal }),
    )
    return jsonAnswer(await orAborted(embedded, signal))
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    const reason = new MeshError('the embedded engine is stopping', { code: 'ERR_STOPPING' })
    this.#closing.abort(reason)
    this.#actions.close(reason)
    await Promise.allSettled(this.#active)
    if (this.#facts === undefined) return
    this.#facts = undefined
    await this.#unload()
    for (const listener of this.#listeners) listener()
  }

  /** The model or the memory may allow less than the options ask. */
  #warnOfSmallContext(): void {
    const wantedTokens = this.#options.contextTokens ?? 0
    const contextTokens = this.#loaded?.engine.contextTokens ?? 0
    if (contextTokens >= wantedTokens) return
    this.#deps.logger.warn('context is smaller than asked', { wantedTokens, contextTokens })
  }

  #requireModel(model: string): void {
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason
    if (this.#facts?.id === model) return
    const served = this.#facts?.id ?? 'none yet'
    throw new MeshError(`expected a model of the embedded engine (${served}), found ${model}`, {
      code: 'ERR_MODEL_NOT_FOUND',
      details: { model },
    })
  }

  /** Runs `use` in a place of the batch, waiting for one if need be. */
  async #inPlace<Result>(
    loaded: Loaded,
    size: Pick<Work, 'prompt' | 'outputTokensMax'> & { readonly prefillTokens?: number },
    signal: AbortSignal,
    use: (slot: SequenceSlot, job: Job, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    if (loaded.pool.isFull) throw this.#overloaded(loaded)
    const either = AbortSignal.any([signal, this.#closing.signal])
    const job = this.#meter.add(size.prefillTokens ?? size.prompt.length, size.outputTokensMax)
    const working = this.#withSlot(loaded.pool, size.prompt, either, async slot => {
      job.state = 'running'
      return await use(slot, job, either)
    }).finally(() => this.#meter.remove(job))
    const settled = working.catch(() => undefined)
    this.#active.add(settled)
    try {
      return await working
    } finally {
      this.#active.delete(settled)
      if (this.#gpuNames.length > 0) void this.#readGpus()
    }
  }

  async #withSlot<Result>(
    pool: SlotPool<SequenceSlot>,
    prompt: readonly number[],
    signal: AbortSignal,
    use: (slot: SequenceSlot) => Promise<Result>,
  ): Promise<Result> {
    const slot = await pool.acquire(prompt, signal)
    try {
      return await use(slot)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof MeshError) throw error
      // What a failed decode leaves in the cache is not known.
      await slot.sequence.clearHistory()
      throw new MeshError('expected llama.cpp to answer, found that it failed', {
        code: 'ERR_ENGINE',
        cause: error,
      })
    } finally {
      pool.release(slot)
    }
  }

  #overloaded({ pool }: Loaded): MeshError {
    const retryAfterMs = this.#meter.retryAfterMs()
    return new MeshError(
      `expected room in the queue of the embedded engine, found ${pool.queuedCount} waiting`,
      { code: 'ERR_OVERLOADED', details: { retryAfterMs, queuedCount: pool.queuedCount } },
    )
  }

  /** Brings `gpus` up to date. The library tells the memory of all GPUs as one sum. */
  async #readGpus(): Promise<void> {
    const llama = this.#loaded?.engine.llama
    if (llama === undefined || this.#gpuNames.length === 0 || this.#isReadingGpus) return
    this.#isReadingGpus = true
    try {
      const { total, used } = await llama.getVramState()
      this.#gpus = [
        {
          name: this.#gpuNames.join(', '),
          vramTotalBytes: total,
          vramUsedBytes: used,
          utilizationRatio: 0,
          isThrottled: false,
          isFaulty: false,
        },
      ]
    } catch (error) {
      this.#deps.logger.debug('reading GPU memory failed', { error })
    } finally {
      this.#isReadingGpus = false
    }
  }
}

interface Prepared {
  readonly work: Work
  readonly format: AnswerFormat
}

async function prepareChat(
  bytes: Uint8Array,
  engine: Engine,
  deps: EmbeddedDeps,
): Promise<Prepared> {
  const body = readChat(bytes)
  const withUsage = body.stream_options?.include_usage === true
  const format = chatFormat(headOf('chatcmpl-', engine, deps), withUsage)
  return { work: await planChat(body, engine, seedFrom(deps)), format }
}

async function prepareCompletion(
  bytes: Uint8Array,
  engine: Engine,
  deps: EmbeddedDeps,
): Promise<Prepared> {
  const body = readCompletion(bytes)
  const withUsage = body.stream_options?.include_usage === true
  const format = completionFormat(headOf('cmpl-', engine, deps), withUsage)
  return { work: planCompletion(body, engine, seedFrom(deps)), format }
}

function headOf(prefix: string, engine: Engine, { newId, clock }: EmbeddedDeps): AnswerHead {
  return {
    id: `${prefix}${newId()}`,
    created: Math.floor(clock.wallMs() / 1_000),
    model: engine.facts.id,
    system_fingerprint: engine.fingerprint,
  }
}

function seedFrom({ newId }: EmbeddedDeps): number {
  return Number.parseInt(newId().slice(0, 8), 16)
}
