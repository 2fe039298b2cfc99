/**
 * The engine port: what the mesh asks of anything that makes tokens.
 *
 * A request reaches the engine as the client's own JSON bytes, and the answer leaves it as the
 * bytes the client shall see (one JSON object, or server-sent events). Nothing between client
 * and engine parses them, so every parameter an engine knows passes through.
 *
 * Adapters live in `src/runtimes`; each passes `test/compliance/runtime.ts`.
 */
import type { GpuLoad, ModelFacts, ModelLoad } from '../core/peer-state.ts'
import type { PromptPrefix } from '../core/prompt-prefix.ts'
import type { Standing } from './standing.ts'

export type Endpoint = 'chat/completions' | 'completions' | 'embeddings'

export interface RuntimeRequest {
  readonly endpoint: Endpoint
  /** The model's id as this runtime's `models()` lists it. */
  readonly model: string
  /** Whether the client asked for server-sent events. */
  readonly isStream: boolean
  /** The JSON body as the client sent it. */
  readonly body: Uint8Array
  /** Headers an engine may need, lower case: `traceparent`, `x-request-id`. Never credentials. */
  readonly headers: Readonly<Record<string, string>>
  /** How the prompt begins, for whoever looks for it in a cache. `undefined`: none can help. */
  readonly prefix?: PromptPrefix | undefined
  /** Where it stands in the queue in front of the engine. `undefined`: as any other. */
  readonly standing?: Standing | undefined
}

export interface RuntimeAnswer {
  readonly status: number
  /** Lower case; `content-type` at least. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * The body, in order. Pulled: a runtime makes at most a bounded amount ahead of its reader.
   * Throws a `MeshError` if the engine fails in the middle; returning early (`break`) or
   * aborting the signal stops the engine's work for this request.
   */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** How many wait and how many are worked on. */
export type RequestCounts = Pick<ModelLoad, 'queuedCount' | 'runningCount'>

export interface RuntimeLoad {
  readonly models: readonly ModelLoad[]
  readonly gpus: readonly GpuLoad[]
  /**
   * Of all models together, where they share what each of them tells. `undefined`: the sum of what
   * they tell.
   */
  readonly requests?: RequestCounts | undefined
}

/** What can be done to a model. `sleep` puts its weights aside, so that `wake` is quick. */
export const MODEL_ACTIONS = ['load', 'unload', 'warm', 'sleep', 'wake'] as const

export type ModelAction = (typeof MODEL_ACTIONS)[number]

export interface RuntimeControl {
  /** What the engine can do; the rest is refused. */
  actions(): readonly ModelAction[]

  /**
   * Resolves when the model is as asked. One action on a model at a time; a second waits for the
   * first. What begins goes on to its end: the signal only ends the waiting.
   *
   * @throws MeshError ERR_NOT_SUPPORTED, ERR_MODEL_NOT_FOUND, ERR_ENGINE, ERR_MODEL_IN_USE if it
   * would take the model from requests that run.
   */
  act(model: string, action: ModelAction, signal: AbortSignal): Promise<void>

  /** Names of the LoRA adapters it has in memory. @throws MeshError ERR_NOT_SUPPORTED, ERR_ENGINE. */
  loras(signal: AbortSignal): Promise<readonly string[]>
}

export interface Runtime {
  /** `embedded`, or the base URL of the engine. Unique within a peer. */
  readonly name: string

  /** One line for people: what it runs on, for example `llama.cpp on CPU, 1 thread`. */
  readonly description: string

  /** What it serves now. Cheap: reads the last known list. Empty until it is ready. */
  models(): readonly ModelFacts[]

  /** How busy it is now. Cheap and synchronous: called at every decision and every answer. */
  load(): RuntimeLoad

  /** Calls `listener` after `models()` changed. The returned function ends that. */
  onModelsChanged(listener: () => void): () => void

  /** Loads models or finds the engine. Resolves when `models()` is true for the first time. */
  start(signal: AbortSignal): Promise<void>

  /**
   * `chat/completions` and `completions`. Resolves with the head of the answer as soon as it is
   * certain.
   *
   * @throws MeshError before the head: ERR_INVALID_REQUEST, ERR_MODEL_NOT_FOUND, ERR_OVERLOADED
   * (with `details.retryAfterMs`), ERR_MODEL_LOADING (with that and `details.loading`), ERR_ENGINE,
   * ERR_DEADLINE_EXCEEDED.
   * @throws the signal's reason if it is aborted.
   */
  generate(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer>

  /** `embeddings`; otherwise as `generate`. */
  embed(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer>

  /** `undefined`: nothing can be done to its models. */
  readonly control?: RuntimeControl | undefined

  /** Times that it was asked for its metrics in vain. `undefined`: nobody asks. */
  readonly scrapeFailureCount?: number | undefined

  /** Since it last told its metrics, or was first asked for them. `undefined`: nobody asks. */
  readonly metricsAgeMs?: number | undefined

  /** Stops all work and frees what it holds. */
  close(): Promise<void>
}
