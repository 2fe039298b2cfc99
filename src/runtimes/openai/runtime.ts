/**
 * The adapter for any engine that speaks the OpenAI API over HTTP: vLLM, llama-server, SGLang, LM
 * Studio, TGI, Ollama and others, known by base URL alone. What is special about a kind of engine
 * stands in its profile.
 *
 *     ready? -> gate (parallelMax, then queueMax) -> exchange over a pooled connection -> judged
 *     beside it, at their own pace: the models (and which kind it is), and the metrics
 *
 * The body goes out and the answer comes back as the bytes they are. A stream that the engine
 * ends without `[DONE]` is passed on as it ended: only a broken connection is an error.
 */
import { MeshError } from '../../core/errors.ts'
import type { ModelFacts } from '../../core/peer-state.ts'
import type { Clock } from '../../node/clock.ts'
import type { Logger } from '../../node/log.ts'
import type {
  Runtime,
  RuntimeAnswer,
  RuntimeControl,
  RuntimeLoad,
  RuntimeRequest,
} from '../../node/runtime.ts'
import { unlessAborted } from '../engines/model-actions.ts'
import type { Translation } from '../engines/translation.ts'
import { type EngineAddress, engineAddress } from './base-url.ts'
import { readCredential } from './credential.ts'
import { DecayedMean } from './decayed-rate.ts'
import { EngineClient, type OpenExchange, readBody } from './engine-client.ts'
import { EngineState } from './engine-state.ts'
import type { ExchangeLimits } from './exchange.ts'
import { Gate } from './gate.ts'
import { answerHeaders, contentTypeOf, headerOf, requestHeaders } from './headers.ts'
import { LoadMeter, type RequestMeter } from './load-meter.ts'
import type { OpenaiOptions } from './options.ts'
import { refusalError } from './refusal.ts'

/** One connection beyond the answers, for one that is just being given up. */
const CONNECTIONS_EXTRA = 1

/** Of an error message. */
const REFUSAL_MAX_BYTES = 65_536

const RETRY_AFTER_MIN_MS = 1_000
const RETRY_AFTER_MAX_MS = 60_000

export interface OpenaiRuntimeDeps {
  readonly clock: Clock
  readonly log: Logger
}

/** One request in the words of the engine, and how its answer is put into those of OpenAI. */
type EngineCall = Pick<Translation, 'path' | 'body'> & {
  /** `undefined`: it is passed on as it is. */
  readonly answer?: Translation['answer'] | undefined
}

export function createOpenaiRuntime(options: OpenaiOptions, deps: OpenaiRuntimeDeps): Runtime {
  return new OpenaiRuntime(options, deps)
}

class OpenaiRuntime implements Runtime {
  readonly #options: OpenaiOptions
  readonly #deps: OpenaiRuntimeDeps
  readonly #address: EngineAddress
  readonly #client: EngineClient
  readonly #engine: EngineState
  readonly #gate: Gate
  readonly #meter = new LoadMeter()
  readonly #serviceMs = new DecayedMean()
  readonly #limits: ExchangeLimits
  readonly #listeners = new Set<() => void>()
  #loadingCount = 0
  #credential: string | undefined
  #closed: Promise<void> | undefined

  constructor(options: OpenaiOptions, deps: OpenaiRuntimeDeps) {
    this.#options = options
    this.#deps = deps
    this.#address = engineAddress(options.baseUrl)
    const { connectTimeoutMs, parallelMax } = options
    const connections = parallelMax + CONNECTIONS_EXTRA
    const { origin } = this.#address
    this.#client = new EngineClient({ origin, connections, connectTimeoutMs }, deps.clock)
    this.#gate = new Gate(options)
    this.#limits = {
      bufferMaxBytes: options.bufferMaxBytes,
      firstByteTimeoutMs: options.headersTimeoutMs,
      chunkTimeoutMs: options.chunkTimeoutMs,
    }
    this.#engine = new EngineState(options, {
      ...deps,
      address: this.#address,
      ownLoad: () => this.#meter.load(),
      onModelsChanged: () => this.#onChanged(),
    })
  }

  get name(): string {
    return this.#address.name
  }

  get description(): string {
    const engine = `${this.#engine.profile.label} at ${this.name}`
    const { lastError } = this.#engine
    if (lastError !== undefined) {
      const reason = lastError instanceof Error ? lastError.message : String(lastError)
      return `${engine}, not answering: ${reason}`
    }
    const count = this.#engine.models.length
    return `${engine}, ${count} ${count === 1 ? 'model' : 'models'}`
  }

  models(): readonly ModelFacts[] {
    return this.#engine.models
  }

  load(): RuntimeLoad {
    return { models: this.#engine.load(), gpus: [], requests: this.#engine.requests() }
  }

  get control(): RuntimeControl {
    return this.#engine.actions
  }

  get scrapeFailureCount(): number {
    return this.#engine.scrapeFailureCount
  }

  get metricsAgeMs(): number | undefined {
    return this.#engine.metricsAgeMs
  }

  onModelsChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Looks for the engine once. If it is not there, that is an error, yet the looking goes on: it
   * serves from when it is up.
   */
  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { apiKeyPath } = this.#options
    if (apiKeyPath !== undefined) {
      this.#credential = await readCredential(apiKeyPath)
      this.#engine.credential = this.#credential
    }
    await unlessAborted(this.#engine.look(), signal)
    if (this.#closed !== undefined) throw stopping()
    if (this.#engine.lastError !== undefined) throw this.#engine.lastError
  }

  generate(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return this.#answer(request, signal)
  }

  embed(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return this.#answer(request, signal)
  }

  close(): Promise<void> {
    if (this.#closed === undefined) {
      const reason = stopping()
      this.#gate.clear(reason)
      this.#closed = Promise.all([this.#engine.close(reason), this.#client.close(reason)]).then(
        () => {},
      )
    }
    return this.#closed
  }

  async #answer(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    signal.throwIfAborted()
    if (this.#closed !== undefined) throw stopping()
    if (!this.#engine.hasModel(request.model)) throw this.#unknownModel(request.model)
    const direct = this.#directCall(request)

    const meter = this.#meter.begin(request.model, {
      bodyBytes: request.body.length,
      isStream: request.isStream,
      nowMs: () => this.#deps.clock.nowMs(),
    })
    let call = direct
    try {
      await this.#untilReady(request.model, signal)
      call ??= await this.#engine.translate(request, signal)
      if (call === undefined) throw this.#cannotTranslate()
      await this.#enter(signal)
    } catch (error) {
      meter.end(false)
      throw error
    }
    const { headers } = request
    const opened = await this.#send({ ...call, headers }, meter, signal)
    return this.#judge({ ...request, answer: call.answer }, opened)
  }

  /**
   * As the client sent it. `undefined`: it must be translated first.
   *
   * @throws MeshError ERR_NOT_SUPPORTED if the engine has no OpenAI API, nor does as if it had.
   */
  #directCall({ endpoint, body }: RuntimeRequest): EngineCall | undefined {
    const { openaiPath, profile } = this.#engine
    if (openaiPath !== undefined) return { path: `${openaiPath}/${endpoint}`, body }
    if (profile.translate === undefined) throw this.#cannotTranslate()
    return undefined
  }

  #cannotTranslate(): MeshError {
    const { label } = this.#engine.profile
    return new MeshError(`expected an engine that answers OpenAI's endpoints, found ${label}`, {
      code: 'ERR_NOT_SUPPORTED',
      details: { engine: this.name },
    })
  }

  async #untilReady(model: string, signal: AbortSignal): Promise<void> {
    const { actions } = this.#engine
    if (actions.isReady(model)) return
    if (this.#loadingCount >= this.#options.queueMax) throw this.#overloaded()
    this.#loadingCount += 1
    try {
      await actions.untilReady(model, signal)
    } finally {
      this.#loadingCount -= 1
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#gate.tryEnter()) return
    if (this.#gate.isFull) throw this.#overloaded()
    await this.#gate.wait(signal)
  }

  async #send(
    { path, headers, body }: EngineCall & Pick<RuntimeRequest, 'headers'>,
    meter: RequestMeter,
    signal: AbortSignal,
  ): Promise<OpenExchange> {
    const { clock } = this.#deps
    const startMs = clock.nowMs()
    meter.start()
    const engineRequest = {
      method: 'POST' as const,
      path: `${this.#address.rootPath}${path}`,
      headers: requestHeaders(headers, this.#credential),
      body,
    }
    const observer = {
      onHead: (status: number) => meter.onHead(status),
      onChunk: (chunk: Uint8Array) => meter.onChunk(chunk),
      onPause: () => meter.onPause(),
      onRelease: (isWhole: boolean) => {
        meter.end(isWhole)
        if (isWhole) this.#serviceMs.add(clock.nowMs() - startMs)
        this.#gate.leave()
      },
    }
    try {
      return await this.#client.open(engineRequest, this.#limits, signal, observer)
    } catch (error) {
      if (error instanceof MeshError && error.code === 'ERR_ENGINE') this.#engine.lookSoon()
      throw error
    }
  }

  /** Decides by the head whether this is an answer. Its body stays unread if it is. */
  async #judge(
    { isStream, answer }: Pick<RuntimeRequest, 'isStream'> & Pick<EngineCall, 'answer'>,
    { head, exchange }: OpenExchange,
  ): Promise<RuntimeAnswer> {
    const { status } = head
    const headers = answerHeaders(head.headers)
    if (status >= 200 && status < 300) {
      if (answer !== undefined) return await answer(exchange)
      const type = contentTypeOf(head.headers)
      const isExpected = type === 'application/json' || (isStream && type === 'text/event-stream')
      if (isExpected) return { status, headers, chunks: exchange }
      await exchange.return()
      throw notAnAnswer(type, isStream)
    }

    const body = await readBody(exchange, REFUSAL_MAX_BYTES)
    const refusal = {
      status,
      retryAfter: headerOf(head.headers, 'retry-after'),
      text: body === undefined ? undefined : new TextDecoder().decode(body),
    }
    // Its models may have changed, or it is about to go.
    if (status === 404 || status >= 500) this.#engine.lookSoon()
    const error = refusalError(refusal, this.#deps.clock.wallMs())
    if (error !== undefined) throw error
    return { status, headers, chunks: once(body ?? new Uint8Array()) }
  }

  #onChanged(): void {
    this.#meter.track(new Set(this.#engine.models.map(model => model.id)))
    for (const listener of this.#listeners) listener()
  }

  #unknownModel(model: string): MeshError {
    return new MeshError(`expected a model of ${this.name}, found ${JSON.stringify(model)}`, {
      code: 'ERR_MODEL_NOT_FOUND',
      details: { model: model.slice(0, 256), engine: this.name },
    })
  }

  #overloaded(): MeshError {
    const { parallelMax, queueMax } = this.#options
    const queueMs = ((this.#serviceMs.value ?? 0) * (this.#gate.waitingCount + 1)) / parallelMax
    const bounded = Math.min(RETRY_AFTER_MAX_MS, Math.max(RETRY_AFTER_MIN_MS, Math.ceil(queueMs)))
    return new MeshError(`expected at most ${queueMax} requests waiting for ${this.name}`, {
      code: 'ERR_OVERLOADED',
      details: { retryAfterMs: bounded, engine: this.name },
    })
  }
}

function stopping(): MeshError {
  return new MeshError('the engine adapter is stopping', { code: 'ERR_STOPPING' })
}

function notAnAnswer(type: string, isStream: boolean): MeshError {
  const expected = isStream ? 'text/event-stream' : 'application/json'
  return new MeshError(`expected ${expected} from the engine, found ${type}`, {
    code: 'ERR_ENGINE',
    details: { upstream: { contentType: type } },
    hint: 'Check that the base URL is that of an OpenAI-compatible API.',
  })
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body
}
