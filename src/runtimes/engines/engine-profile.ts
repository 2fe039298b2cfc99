/**
 * What is known of one kind of engine: how to tell it from others, what it says of itself, and
 * what can be done to it. One file for each kind stands beside this one; the adapter that drives
 * them all, and the meter that makes rates of their counters, know none of them by name.
 *
 *     discovery --> detect        adapter --> listModels, control
 *                                 meter   --> metrics (scraped) + what we see of our own requests
 *
 * A profile asks the engine through `Ask` and holds nothing between two questions.
 */
import type { Capability, Unready } from '../../core/peer-state.ts'
import type { EngineKind } from '../../node/engine-kind.ts'
import type { ModelAction } from '../../node/runtime.ts'
import type { Translate } from './translation.ts'

export interface EngineQuestion {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** From the root of the engine's address, for example `/metrics`. */
  readonly path: string
  /**
   * Added to the port of the engine's address, for engines that manage and measure themselves on
   * ports of their own: 2 for the metrics of Triton, which serves at 8000 and tells at 8002.
   */
  readonly portOffset?: number
  /** Sent as JSON. */
  readonly json?: unknown
}

export interface EngineReply {
  readonly status: number
  /** Lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Bounded by whoever asks. */
  readonly text: string
}

/** @throws MeshError ERR_ENGINE if nothing comes back. Any status is an answer. */
export type Ask = (question: EngineQuestion, signal: AbortSignal) => Promise<EngineReply>

/** A model as the engine lists it. What is left out, it does not say. */
export interface ListedModel {
  readonly id: string
  readonly ownedBy?: string | undefined
  readonly capabilities?: readonly Capability[] | undefined
  readonly contextTokens?: number | undefined
  readonly parallelMax?: number | undefined
  readonly quantization?: string | undefined
  readonly weightsBytes?: number | undefined
  readonly digest?: string | undefined
  readonly unready?: Unready | undefined
}

/** Cumulative, as Prometheus histograms are: how many took at most `untilMs`. */
export interface HistogramBucket {
  /** `Infinity` for the last. */
  readonly untilMs: number
  readonly count: number
}

/**
 * What the engine says of one model at one moment, in the normal form. Counters only grow; one that
 * does not is a restart, and the meter begins anew. What is left out, it does not say.
 */
export interface EngineReading {
  readonly queuedCount?: number | undefined
  readonly runningCount?: number | undefined
  /** Prompt tokens of requests that wait. */
  readonly waitingTokens?: number | undefined
  readonly kvUsedRatio?: number | undefined
  readonly batchFillRatio?: number | undefined
  /** Of the present, where the engine computes it itself. */
  readonly prefixHitRatio?: number | undefined
  readonly prefillTokensPerSecond?: number | undefined
  readonly decodeTokensPerSecond?: number | undefined
  readonly counters?: EngineCounters | undefined
  readonly unready?: Unready | undefined
}

/** Totals since the engine started. */
export interface EngineCounters {
  readonly promptTokens?: number | undefined
  readonly outputTokens?: number | undefined
  /** Looked up in the prefix cache, and found there; tokens or blocks, both in the same unit. */
  readonly prefixLookups?: number | undefined
  readonly prefixHits?: number | undefined
  /** Sum of all times, in ms, and their number: until the first token, and between two. */
  readonly prefillMs?: number | undefined
  readonly prefillCount?: number | undefined
  readonly decodeStepMs?: number | undefined
  readonly decodeStepCount?: number | undefined
  /** From request to end of answer. */
  readonly latency?: readonly HistogramBucket[] | undefined
}

/** By model id. A reading under `''` is of the whole engine, whichever model. */
export type EngineReadings = ReadonlyMap<string, EngineReading>

/** A text to be counted by the tokenizer of a model. */
export interface CountedText {
  readonly model: string
  readonly text: string
}

export interface EngineControl {
  /** What it does with a model; what is missing here, it cannot do. */
  readonly actions: Readonly<
    Partial<Record<ModelAction, (ask: Ask, model: string, signal: AbortSignal) => Promise<void>>>
  >
  /** Whether it sleeps its lists tell; of another, what it was last ordered to do is all we know. */
  readonly isSleepTold?: boolean | undefined
  /** Names of LoRA adapters that it has in memory. */
  readonly loras?: ((ask: Ask, signal: AbortSignal) => Promise<readonly string[]>) | undefined
}

export interface EngineProfile {
  readonly kind: EngineKind
  /** For people, for example `vLLM`. */
  readonly label: string
  /** Where it listens unless told otherwise, as its documentation says. `undefined`: anywhere. */
  readonly port: number | undefined
  /** Version of the engine whose documentation this was written from. */
  readonly writtenFor: string
  /** A question whose answer tells this kind from all others. */
  readonly detect: {
    readonly path: string
    readonly matches: (reply: EngineReply) => boolean
  }
  /** Where its OpenAI API lives, for example `/v1`. `undefined`: it has none. */
  readonly openaiPath: string | undefined
  /** How it answers OpenAI's endpoints without that API. `undefined`: it cannot. */
  readonly translate?: Translate | undefined
  /**
   * @param named Models that the options name, for an engine that lists none itself.
   * @throws MeshError ERR_ENGINE if the answer is not what the engine documents.
   */
  readonly listModels: (
    ask: Ask,
    signal: AbortSignal,
    named?: readonly string[],
  ) => Promise<readonly ListedModel[]>
  /** Its own list is all that is to be had here: what only its OpenAI list names is passed over. */
  readonly isListComplete?: boolean | undefined
  /** @throws MeshError ERR_ENGINE if it does not answer for itself. */
  readonly checkHealth: (ask: Ask, signal: AbortSignal) => Promise<void>
  /** `undefined`: it has none. */
  readonly readMetrics?: ((ask: Ask, signal: AbortSignal) => Promise<EngineReadings>) | undefined
  readonly control?: EngineControl | undefined
  /**
   * How many tokens the model's own tokenizer makes of a text, without those that begin and end a
   * prompt. `undefined`: it offers no tokenizer.
   *
   * @throws MeshError ERR_ENGINE if the answer is not what the engine documents.
   */
  readonly countTokens?:
    | ((ask: Ask, counted: CountedText, signal: AbortSignal) => Promise<number>)
    | undefined
}
