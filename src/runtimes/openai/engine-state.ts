/**
 * What is known of one engine, apart from the requests it works on for us: its kind, its models
 * and whether they are ready, how busy it says it is, and what can be done to it.
 *
 *     ModelWatch ──> EngineModels ──> facts, ModelReadiness ──┐
 *     MetricsWatch ──> EngineMeter ───────────────────────────┴──> load, ModelActions
 *     TokenDensities ──> facts
 */
import { MeshError } from '../../core/errors.ts'
import type { ModelFacts, ModelLoad, Unready } from '../../core/peer-state.ts'
import type { Clock } from '../../node/clock.ts'
import type { Logger } from '../../node/log.ts'
import type { RequestCounts, RuntimeRequest } from '../../node/runtime.ts'
import { EngineMeter } from '../engines/engine-meter.ts'
import type {
  Ask,
  EngineControl,
  EngineProfile,
  EngineReadings,
} from '../engines/engine-profile.ts'
import { type EndedAction, type ModelAbilities, ModelActions } from '../engines/model-actions.ts'
import { ModelReadiness } from '../engines/model-readiness.ts'
import type { Translation } from '../engines/translation.ts'
import type { EngineAddress } from './base-url.ts'
import { EngineAsk } from './engine-ask.ts'
import { EngineModels } from './engine-models.ts'
import { MetricsWatch } from './metrics-watch.ts'
import { ModelWatch } from './model-watch.ts'
import type { OpenaiOptions } from './options.ts'
import { TokenDensities } from './token-densities.ts'

/** A provider has no models that come and go by the second, and counts who asks. */
const CLOUD_REFRESH_MIN_MS = 60_000

const SLEEPING: Unready = { state: 'sleeping' }

export interface EngineStateDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly address: EngineAddress
  /** What we see of our own requests. */
  readonly ownLoad: () => readonly ModelLoad[]
  readonly onModelsChanged: () => void
}

export class EngineState {
  readonly actions: ModelActions
  readonly #deps: EngineStateDeps
  readonly #asks: EngineAsk
  readonly #models: EngineModels
  readonly #watch: ModelWatch
  readonly #metrics: MetricsWatch
  readonly #meter: EngineMeter
  readonly #readiness: ModelReadiness
  readonly #densities: TokenDensities
  readonly #metricsAgeMaxMs: number
  /** What the last list and the last metrics say; the latter are newer. */
  #listedUnready: ReadonlyMap<string, Unready> = new Map()
  /** We have put it to sleep, and it has not said since whether it sleeps. */
  #isPutToSleep = false
  /** Actions that have ended: what a look began before says nothing of. */
  #endedCount = 0
  #readings: EngineReadings = new Map()
  #readAtMs = Number.NEGATIVE_INFINITY
  #ownBefore: readonly ModelLoad[] = []
  #ids: ReadonlySet<string> = new Set()
  /** As the list says, with what was measured of them. */
  #facts: readonly ModelFacts[] = []
  /** Whoever asks a price may count every question. */
  readonly #mayMeasure: boolean

  constructor(options: OpenaiOptions, deps: EngineStateDeps) {
    this.#deps = deps
    const { clock, log, address } = deps
    const { connectTimeoutMs, refreshTimeoutMs, metricsTimeoutMs, loadTimeoutMs } = options
    this.#asks = new EngineAsk({ address, connectTimeoutMs }, clock)
    const askWithin =
      (timeoutMs: number): Ask =>
      (question, signal) =>
        this.#asks.ask(question, timeoutMs, signal)
    const wallMs = () => clock.wallMs()
    const ask = askWithin(refreshTimeoutMs)
    this.#models = new EngineModels(options, { address, ask, wallMs, log })
    this.#metricsAgeMaxMs = options.metricsAgeMaxMs
    this.#meter = new EngineMeter(options.metricsAgeMaxMs)
    this.#readiness = new ModelReadiness(() => this.actions.readinessChanged())
    this.#mayMeasure = options.price === undefined
    this.#densities = this.#createDensities(ask)
    this.#watch = this.#createWatch(options)
    const askMetrics = askWithin(metricsTimeoutMs)
    this.#metrics = new MetricsWatch(options.metricsIntervalMs, {
      clock,
      log,
      read: async signal => (await this.profile.readMetrics?.(askMetrics, signal)) ?? new Map(),
      onAsk: () => {
        this.#ownBefore = deps.ownLoad()
      },
      onRead: readings => this.#read(readings),
    })
    this.actions = new ModelActions(options, {
      clock,
      engine: address.name,
      abilities: () => abilitiesOf(this.profile.control, askWithin(loadTimeoutMs)),
      readiness: this.#readiness,
      busyCount: model => this.#busyCount(model),
      models: () => this.#ids,
      onDone: ended => this.#actionEnded(ended),
    })
  }

  set credential(credential: string) {
    this.#asks.credential = credential
  }

  /** Of an OpenAI-compatible engine until it is known. */
  get profile(): EngineProfile {
    return this.#models.profile
  }

  /** Before every path of its OpenAI API. `undefined`: it has none. */
  get openaiPath(): string | undefined {
    return this.#models.openaiPath
  }

  /** What to ask an engine that has no OpenAI API. `undefined`: it has one, or cannot do as if. */
  translate(request: RuntimeRequest, signal: AbortSignal): Promise<Translation | undefined> {
    return this.#models.translate(request, signal)
  }

  get models(): readonly ModelFacts[] {
    return this.#facts
  }

  /** Of the last look at its models. */
  get lastError(): unknown {
    return this.#watch.lastError
  }

  get scrapeFailureCount(): number {
    return this.#metrics.failureCount
  }

  /** Of what it last told, whether that still counts or not. */
  get metricsAgeMs(): number | undefined {
    return this.#metrics.ageMs
  }

  hasModel(model: string): boolean {
    return this.#ids.has(model)
  }

  load(): readonly ModelLoad[] {
    const nowMs = this.#deps.clock.nowMs()
    return this.#meter.load(this.#deps.ownLoad(), nowMs).map(load => {
      const unready = this.#readiness.of(load.model, nowMs)
      return unready === undefined ? load : { ...load, unready }
    })
  }

  /** Of all models together. */
  requests(): RequestCounts {
    return this.#meter.counts(this.#deps.ownLoad(), this.#deps.clock.nowMs())
  }

  look(): Promise<void> {
    return this.#watch.look()
  }

  lookSoon(): void {
    this.#watch.lookSoon()
  }

  async close(reason: MeshError): Promise<void> {
    this.#densities.close(reason)
    this.#watch.close(reason)
    this.#metrics.close(reason)
    this.actions.close(reason)
    await this.#asks.close(reason)
  }

  #createWatch(options: OpenaiOptions): ModelWatch {
    const { clock, log } = this.#deps
    const refreshMinMs = options.kind === 'cloud' ? CLOUD_REFRESH_MIN_MS : 0
    const refreshIntervalMs = Math.max(refreshMinMs, options.refreshIntervalMs)
    return new ModelWatch(
      { ...options, refreshIntervalMs },
      {
        clock,
        log,
        fetchModels: signal => this.#fetchModels(signal),
        onChanged: () => this.#modelsChanged(),
        isRestless: () => this.#readiness.isLoading,
        onLost: () => {
          this.#metrics.pause()
          this.#models.forget()
          this.#densities.forget()
          this.#readings = new Map()
          this.#isPutToSleep = false
        },
      },
    )
  }

  #createDensities(ask: Ask): TokenDensities {
    const { clock, log } = this.#deps
    return new TokenDensities({
      clock,
      log,
      count: async (counted, signal) => {
        const { countTokens, label } = this.profile
        if (countTokens !== undefined) return await countTokens(ask, counted, signal)
        throw new MeshError(`expected an engine with a tokenizer, found ${label}`, {
          code: 'ERR_NOT_SUPPORTED',
        })
      },
      isReady: model => this.actions.isReady(model),
      onMeasured: () => this.#tell(),
    })
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly ModelFacts[]> {
    const endedCount = this.#endedCount
    const { facts, unready } = await this.#models.look(signal)
    this.#listedUnready = unready
    const isSleepTold = this.profile.control?.isSleepTold === true
    if (isSleepTold && endedCount === this.#endedCount) this.#isPutToSleep = false
    for (const { id } of facts) this.#noteReadiness(id)
    const isCounting = this.#mayMeasure && this.profile.countTokens !== undefined
    this.#densities.see(isCounting ? facts : [])
    return facts
  }

  #actionEnded({ action, isDone, left }: EndedAction): void {
    this.#endedCount += 1
    this.#listedUnready = withStates(this.#listedUnready, left)
    if (isDone && action === 'sleep') this.#isPutToSleep = true
    if (isDone && action === 'wake') this.#isPutToSleep = false
    // An adapter that was loaded into an engine that sleeps is not ready either.
    if (this.#isPutToSleep) for (const id of this.#ids) this.#noteReadiness(id)
    this.#watch.lookSoon()
  }

  #modelsChanged(): void {
    const { models } = this.#watch
    const isFound = this.#ids.size === 0 && models.length > 0
    this.#ids = new Set(models.map(model => model.id))
    this.#readiness.track(this.#ids)
    this.#tell()
    if (isFound && this.profile.readMetrics !== undefined) this.#metrics.start()
  }

  #tell(): void {
    this.#facts = this.#densities.added(this.#watch.models)
    this.#deps.onModelsChanged()
  }

  #read(readings: EngineReadings): void {
    const { clock, ownLoad } = this.#deps
    const own = { before: this.#ownBefore, after: ownLoad() }
    this.#meter.add(readings, own, clock.nowMs())
    this.#readings = readings
    this.#readAtMs = clock.nowMs()
    for (const id of this.#ids) this.#noteReadiness(id)
    if (this.#readiness.isLoading) this.#watch.lookSoon()
  }

  #noteReadiness(id: string): void {
    const nowMs = this.#deps.clock.nowMs()
    const isFresh = nowMs - this.#readAtMs <= this.#metricsAgeMaxMs
    const reading = isFresh ? (this.#readings.get(id) ?? this.#readings.get('')) : undefined
    const said = reading?.unready ?? this.#listedUnready.get(id)
    this.#readiness.note(id, said ?? (this.#isPutToSleep ? SLEEPING : undefined), nowMs)
  }

  #busyCount(model?: string): number {
    const counts =
      model === undefined ? this.requests() : this.load().find(load => load.model === model)
    return counts === undefined ? 0 : counts.queuedCount + counts.runningCount
  }
}

function withStates(
  states: ReadonlyMap<string, Unready>,
  changed: ReadonlyMap<string, Unready | undefined>,
): ReadonlyMap<string, Unready> {
  const all = [...states, ...changed]
  return new Map(
    all.flatMap(([id]) => {
      const unready = changed.has(id) ? changed.get(id) : states.get(id)
      return unready === undefined ? [] : [[id, unready]]
    }),
  )
}

const NO_ABILITIES: ModelAbilities = { actions: {} }

function abilitiesOf(control: EngineControl | undefined, ask: Ask): ModelAbilities {
  if (control === undefined) return NO_ABILITIES
  const { actions, loras } = control
  const bound = Object.entries(actions).map(([action, act]) => [
    action,
    (model: string, signal: AbortSignal) => act(ask, model, signal),
  ])
  return {
    actions: Object.fromEntries(bound),
    loras: loras === undefined ? undefined : signal => loras(ask, signal),
  }
}
