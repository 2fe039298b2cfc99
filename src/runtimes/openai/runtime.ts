/**
 * The adapter for any engine that speaks the OpenAI API over HTTP: vLLM, llama-server, SGLang, LM
 * Studio, TGI, Ollama and others, known by base URL alone.
 *
 *     gate (parallelMax, then queueMax) -> exchange over a pooled connection -> judged by its head
 *
 * The body goes out and the answer comes back as the bytes they are. A stream that the engine
 * ends without `[DONE]` is passed on as it ended: only a broken connection is an error.
 */
import { readFile } from 'node:fs/promises'
import { MeshError } from '../../core/errors.ts'
import type { ModelFacts } from '../../core/peer-state.ts'
import type { Clock } from '../../node/clock.ts'
import type { Logger } from '../../node/log.ts'
import type { Runtime, RuntimeAnswer, RuntimeLoad, RuntimeRequest } from '../../node/runtime.ts'
import { type EngineAddress, engineAddress } from './base-url.ts'
import { DecayedMean } from './decayed-rate.ts'
import { EngineClient, type OpenExchange, readBody } from './engine-client.ts'
import type { ExchangeLimits } from './exchange.ts'
import { Gate } from './gate.ts'
import { answerHeaders, contentTypeOf, headerOf, requestHeaders } from './headers.ts'
import { jsonOrUndefined } from './json.ts'
import { LoadMeter, type RequestMeter } from './load-meter.ts'
import { readModelList } from './model-list.ts'
import { ModelWatch } from './model-watch.ts'
import type { OpenaiOptions } from './options.ts'
import { refusalError } from './refusal.ts'

/** Of a list of models; a thousand with all their details fit. */
const LIST_MAX_BYTES = 4_194_304

/** Of an error message. */
const REFUSAL_MAX_BYTES = 65_536

const RETRY_AFTER_MIN_MS = 1_000
const RETRY_AFTER_MAX_MS = 60_000

export interface OpenaiRuntimeDeps {
  readonly clock: Clock
  readonly log: Logger
}

export function createOpenaiRuntime(options: OpenaiOptions, deps: OpenaiRuntimeDeps): Runtime {
  return new OpenaiRuntime(options, deps)
}

class OpenaiRuntime implements Runtime {
  readonly #options: OpenaiOptions
  readonly #deps: OpenaiRuntimeDeps
  readonly #address: EngineAddress
  readonly #client: EngineClient
  readonly #watch: ModelWatch
  readonly #gate: Gate
  readonly #meter = new LoadMeter()
  readonly #serviceMs = new DecayedMean()
  readonly #limits: ExchangeLimits
  readonly #listeners = new Set<() => void>()
  #ids: ReadonlySet<string> = new Set()
  #credential: string | undefined
  #closed: Promise<void> | undefined

  constructor(options: OpenaiOptions, deps: OpenaiRuntimeDeps) {
    this.#options = options
    this.#deps = deps
    this.#address = engineAddress(options.baseUrl)
    this.#client = new EngineClient(options, { clock: deps.clock, address: this.#address })
    this.#gate = new Gate(options)
    this.#limits = {
      bufferMaxBytes: options.bufferMaxBytes,
      firstByteTimeoutMs: options.headersTimeoutMs,
      chunkTimeoutMs: options.chunkTimeoutMs,
    }
    this.#watch = new ModelWatch(options, {
      clock: deps.clock,
      log: deps.log,
      fetchModels: signal => this.#fetchModels(signal),
      onChanged: () => this.#onChanged(),
    })
  }

  get name(): string {
    return this.#address.name
  }

  get description(): string {
    const engine = `OpenAI-compatible engine at ${this.name}`
    const { lastError } = this.#watch
    if (lastError !== undefined) {
      const reason = lastError instanceof Error ? lastError.message : String(lastError)
      return `${engine}, not answering: ${reason}`
    }
    const count = this.#ids.size
    return `${engine}, ${count} ${count === 1 ? 'model' : 'models'}`
  }

  models(): readonly ModelFacts[] {
    return this.#watch.models
  }

  load(): RuntimeLoad {
    return { models: this.#meter.load(), gpus: [] }
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
    if (apiKeyPath !== undefined) this.#credential = await readCredential(apiKeyPath)
    await unlessAborted(this.#watch.look(), signal)
    if (this.#closed !== undefined) throw stopping()
    if (this.#watch.lastError !== undefined) throw this.#watch.lastError
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
      this.#watch.close(reason)
      this.#gate.clear(reason)
      this.#closed = this.#client.close(reason)
    }
    return this.#closed
  }

  async #answer(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    signal.throwIfAborted()
    if (this.#closed !== undefined) throw stopping()
    if (!this.#ids.has(request.model)) throw this.#unknownModel(request.model)

    const meter = this.#meter.begin(request.model, {
      bodyBytes: request.body.length,
      isStream: request.isStream,
      nowMs: () => this.#deps.clock.nowMs(),
    })
    try {
      await this.#enter(signal)
    } catch (error) {
      meter.end(false)
      throw error
    }
    return this.#judge(request, await this.#send(request, meter, signal))
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#gate.tryEnter()) return
    if (this.#gate.isFull) throw this.#overloaded()
    await this.#gate.wait(signal)
  }

  async #send(
    request: RuntimeRequest,
    meter: RequestMeter,
    signal: AbortSignal,
  ): Promise<OpenExchange> {
    const { clock } = this.#deps
    const startMs = clock.nowMs()
    meter.start()
    const engineRequest = {
      method: 'POST' as const,
      path: `/${request.endpoint}`,
      headers: requestHeaders(request.headers, this.#credential),
      body: request.body,
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
      if (error instanceof MeshError && error.code === 'ERR_ENGINE') this.#watch.lookSoon()
      throw error
    }
  }

  /** Decides by the head whether this is an answer. Its body stays unread if it is. */
  async #judge(request: RuntimeRequest, { head, exchange }: OpenExchange): Promise<RuntimeAnswer> {
    const { status } = head
    const headers = answerHeaders(head.headers)
    if (status >= 200 && status < 300) {
      const type = contentTypeOf(head.headers)
      const isExpected =
        type === 'application/json' || (request.isStream && type === 'text/event-stream')
      if (isExpected) return { status, headers, chunks: exchange }
      await exchange.return()
      throw notAnAnswer(type, request.isStream)
    }

    const body = await readBody(exchange, REFUSAL_MAX_BYTES)
    const refusal = {
      status,
      retryAfter: headerOf(head.headers, 'retry-after'),
      text: body === undefined ? undefined : new TextDecoder().decode(body),
    }
    // Its models may have changed, or it is about to go.
    if (status === 404 || status >= 500) this.#watch.lookSoon()
    const error = refusalError(refusal, this.#deps.clock.wallMs())
    if (error !== undefined) throw error
    return { status, headers, chunks: once(body ?? new Uint8Array()) }
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly ModelFacts[]> {
    const { refreshTimeoutMs, bufferMaxBytes, embeddingModels, parallelMax } = this.#options
    const limits = {
      bufferMaxBytes,
      firstByteTimeoutMs: refreshTimeoutMs,
      chunkTimeoutMs: refreshTimeoutMs,
    }
    const request = {
      method: 'GET' as const,
      path: '/models',
      headers: requestHeaders({}, this.#credential),
    }
    const { head, exchange } = await this.#client.open(request, limits, signal)
    const body = await readBody(exchange, LIST_MAX_BYTES)
    const text = body === undefined ? undefined : new TextDecoder().decode(body)
    if (head.status !== 200) {
      const retryAfter = headerOf(head.headers, 'retry-after')
      const refusal = { status: head.status, retryAfter, text }
      throw refusalError(refusal, this.#deps.clock.wallMs()) ?? noList(`status ${head.status}`)
    }
    const known = { engine: this.name, embeddingModels, parallelMax }
    const models = readModelList(jsonOrUndefined(text), known)
    if (models === undefined) throw noList(contentTypeOf(head.headers))
    return models
  }

  #onChanged(): void {
    this.#ids = new Set(this.#watch.models.map(model => model.id))
    this.#meter.track(this.#ids)
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

function noList(found: string): MeshError {
  return new MeshError(`expected an OpenAI list of models at /models, found ${found}`, {
    code: 'ERR_ENGINE',
    hint: 'Check that the base URL is that of an OpenAI-compatible API.',
  })
}

async function readCredential(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MeshError(`expected a readable file with the engine's API key at ${path}`, {
      code: 'ERR_CONFIG',
      cause,
    })
  })
  const credential = text.trim()
  if (/^[\x21-\x7e]+$/.test(credential)) return credential
  throw new MeshError(`expected one API key of visible ASCII characters in ${path}`, {
    code: 'ERR_CONFIG',
  })
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body
}

function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    const settled = () => signal.removeEventListener('abort', onAbort)
    signal.addEventListener('abort', onAbort)
    promise.finally(settled).then(resolve, reject)
  })
}
