/**
 * What a peer tells the others about itself. The words that engines, gossip, scheduler and the
 * admin pages share.
 *
 * *Facts* change seldom (a model is added, a label set); *load* changes with every request. Both
 * travel by gossip, and load also at the end of every answer.
 */

import type { TokenDensity } from './token-density.ts'

export type Capability =
  | 'chat'
  | 'completion'
  | 'embedding'
  | 'tools'
  | 'json-schema'
  | 'logprobs'
  | 'vision'

/** One model that an engine of the peer serves. */
export interface ModelFacts {
  /** The name clients ask for. Unique within a peer. */
  readonly id: string
  /** Which engine serves it: `embedded`, or the engine's base URL. */
  readonly engine: string
  /** Who made it, as `/v1/models` reports it. */
  readonly ownedBy: string
  readonly capabilities: readonly Capability[]
  /** Longest prompt and answer together. 0: the engine does not say. */
  readonly contextTokens: number
  /** Requests the engine works on at once before it queues. 0: the engine does not say. */
  readonly parallelMax: number
  /** Hash of the weights, so that equal names with other weights can be told apart. */
  readonly digest?: string | undefined
  /** As the model file names it, for example `Q8_0`. */
  readonly quantization?: string | undefined
  /** Of memory that its weights take. `undefined`: not known. */
  readonly weightsBytes?: number | undefined
  /** How its own tokenizer counts. `undefined`: the engine has not told. */
  readonly tokenDensity?: TokenDensity | undefined
  /** What a person must know before relying on it, for example that it is a toy. */
  readonly caution?: string | undefined
  /** `uuid`s of the GPUs it runs on. `undefined`: not known. */
  readonly gpus?: readonly string[] | undefined
  /** It runs elsewhere, at a price; the peer only passes requests on. `undefined`: it runs here. */
  readonly price?: TokenPrice | undefined
}

/** What a provider asks for a million tokens, in US dollars. */
export interface TokenPrice {
  readonly inputPerMillion: number
  readonly outputPerMillion: number
}

/** Why a model that is listed cannot answer at once. */
export interface Unready {
  /** `cold`: not in memory. `sleeping`: its weights are put aside. `failed`: loading it failed. */
  readonly state: 'cold' | 'loading' | 'sleeping' | 'failed'
  /** Of loading, 0 to 1. `undefined`: not known. */
  readonly progressRatio?: number | undefined
  /** Until it can answer, if it is loaded now. `undefined`: not known. */
  readonly readyInMs?: number | undefined
}

/** How busy a peer is with one model. Rates are measured, 0 until the first measurement. */
export interface ModelLoad {
  readonly model: string
  /** Admitted, not yet with the engine. */
  readonly queuedCount: number
  /** With the engine. */
  readonly runningCount: number
  /** Uncached prompt tokens of queued and running requests that are still to be read. */
  readonly prefillTokensLeft: number
  /** Expected answer tokens of queued and running requests that are still to be made. */
  readonly decodeTokensLeft: number
  readonly prefillTokensPerSecond: number
  /** Of one stream at the present batch size. */
  readonly decodeTokensPerSecond: number
  /** Share of the KV cache in use, 0 to 1. `undefined`: the engine does not say. */
  readonly kvUsedRatio?: number | undefined
  /** Requests that the engine works on at once, of those it could, 0 to 1. */
  readonly batchFillRatio?: number | undefined
  /** Share of prompt tokens that were found in the prefix cache, 0 to 1. */
  readonly prefixHitRatio?: number | undefined
  /** From request to end of answer, of late, 95 of 100. */
  readonly latencyP95Ms?: number | undefined
  /** `undefined`: it answers at once. */
  readonly unready?: Unready | undefined
  /**
   * Hashes (unsigned, 32 bits) of prompt prefixes that are in the cache now, the longest used last.
   * `undefined`: not known.
   */
  readonly hotPrefixes?: readonly number[] | undefined
  /** How old what the engine says of itself was when this was told. `undefined`: it is of now. */
  readonly metricsAgeMs?: number | undefined
}

export interface GpuLoad {
  readonly name: string
  /** What `ModelFacts.gpus` calls it. `undefined`: the driver does not say. */
  readonly uuid?: string | undefined
  readonly vramTotalBytes: number
  readonly vramUsedBytes: number
  /** 0 to 1. */
  readonly utilizationRatio: number
  /** It runs slower than it could, because of heat or power. */
  readonly isThrottled: boolean
  /** It must not be used, see `faults`. */
  readonly isFaulty: boolean
  /** Why it must not be used: too hot, memory errors, fallen off the bus. `undefined`: it may. */
  readonly faults?: readonly string[] | undefined
  /** Share of the time in which its memory was read or written, 0 to 1. */
  readonly memoryUtilizationRatio?: number | undefined
  /** Whole degrees and watts. `undefined`, here and above: the driver does not say. */
  readonly temperatureCelsius?: number | undefined
  readonly powerWatts?: number | undefined
}

export interface PeerFacts {
  /** Version of this package. */
  readonly version: string
  /** Name for people; the host's name unless set. */
  readonly name: string
  /** Failure domain, for example a site. Empty if not set. */
  readonly zone: string
  readonly labels: Readonly<Record<string, string>>
  /** Multiaddrs that others can dial. */
  readonly addresses: readonly string[]
  readonly models: readonly ModelFacts[]
}

export interface PeerLoad {
  readonly models: readonly ModelLoad[]
  readonly gpus: readonly GpuLoad[]
  /** It finishes what it has and takes nothing new. */
  readonly isDraining: boolean
}

export const NO_LOAD: PeerLoad = { models: [], gpus: [], isDraining: false }
