/**
 * The record of one scheduling decision: all that is needed to say why a request went where it
 * went, and to make the same choice again.
 */
import type { DecisionId, PeerId } from '../core/ids.ts'
import type { ScoreWeights } from './score-weights.ts'

/** Why a candidate was not considered at all. */
export type Exclusion =
  | 'not-alive'
  | 'draining'
  /** The model is pinned to other peers. */
  | 'not-placed'
  /** The routing of the model allows no peer of the mesh. */
  | 'policy-forbids'
  | 'model-missing'
  /** The peer could not load it. */
  | 'model-failed'
  /** Another peer was asked for by name. */
  | 'not-targeted'
  | 'state-stale'
  | 'gpu-faulty'
  | 'headroom-too-small'
  | 'queue-full'
  | 'already-tried'
  /** A copy of a request is only sent where it begins at once. */
  | 'would-wait'
  /** Its breaker is open, or lets nobody but the requests through that it is tried with. */
  | 'breaker-open'

/** The terms of design §8, in tokens and milliseconds. */
export interface ScoreTerms {
  readonly workLeftMs: number
  /** Of it, prompts that are still to be read. */
  readonly prefillLeftMs: number
  readonly parallelism: number
  /** Until it can start there. */
  readonly waitMs: number
  /** Of `serviceMs`, reading the part of the prompt that is not in its cache. */
  readonly readMs: number
  readonly serviceMs: number
  readonly netMs: number
  readonly coldMs: number
  readonly etaMs: number
  /** 0 to 1. */
  readonly headroomRatio: number
  /** Of the prompt, expected in the peer's prefix cache and so not in `serviceMs`. */
  readonly cachedTokens?: number | undefined
  /** Requests there, ours included: what `waitMs` is made of, and what some strategies go by. */
  readonly requestCount?: number | undefined
  /** By which the score is divided. `undefined`: 1. */
  readonly shareRatio?: number | undefined
  /** What a provider asks, in US dollars. `undefined`: nothing. */
  readonly costDollars?: number | undefined
  /** Of what that is the free share. */
  readonly headroomOf: 'kv-cache' | 'vram' | 'nothing'
  /** `etaMs / min(1, headroomRatio / knee)`. Lowest wins. */
  readonly score: number
}

export interface Candidate {
  readonly peer: PeerId
  /** Age of the load this was computed from, in ms. */
  readonly stateAgeMs: number
  /** Our own picks that the load does not show yet. */
  readonly reservedCount: number
  /** Set if it was excluded; then there are no terms. */
  readonly exclusion?: Exclusion | undefined
  /** Set if it was sampled and scored. Neither set: eligible, but not in the sample. */
  readonly terms?: ScoreTerms | undefined
  /** Its place, from 0, among the homes of the prompt that are not saturated. `undefined`: none. */
  readonly home?: number | undefined
}

/** By what the scores of one choice were made and compared, beside the strategy. */
export interface ChoiceRule {
  readonly kvKneeRatio: number
  readonly vramKneeRatio: number
  readonly stickyPatience: number
  /** Of the routing policy. `undefined`: the score is the time. */
  readonly weights?: ScoreWeights | undefined
  /** The cheapest won, whatever the strategy. */
  readonly isByCost?: true | undefined
}

/** How it ended. `pending` until known. */
export type DecisionOutcome = 'pending' | 'answered' | 'failed' | 'cancelled'

/** Why a request that failed was not sent to another peer. */
export type RetryDenial =
  /** No other peer could do better, or part of an answer was sent already. */
  | 'not-retryable'
  | 'attempts-used'
  /** Nobody else is eligible. */
  | 'nobody-left'
  /** Too many peers said that they take nothing now. */
  | 'bounces-used'
  /** Too many requests failed of late. */
  | 'budget-spent'

export interface DecisionAttempt {
  readonly peer: PeerId
  /** Code of the error that ended the attempt. `undefined`: it answered, or still runs. */
  readonly errorCode?: string | undefined
  /** From the choice to the head of the answer or the failure, in ms. */
  readonly durationMs?: number | undefined
  /** It was sent there too, since the peer asked before was silent for long. */
  readonly isHedge?: boolean | undefined
  /** It was ended, since another peer was first or the request turned out to be at fault. */
  readonly isCancelled?: boolean | undefined
  /** What the peer scored when it was chosen for this attempt. */
  readonly terms?: ScoreTerms | undefined
}

export interface DecisionRecord {
  readonly id: DecisionId
  /** Wall clock, ms since 1970. */
  readonly atWallMs: number
  readonly ingress: PeerId
  readonly model: string
  readonly inputTokens: number
  readonly outputTokensExpected: number
  readonly strategy: string
  /** Of the latest choice. `undefined`: nobody was chosen. */
  readonly rule?: ChoiceRule | undefined
  /**
   * The peers that were looked at for the latest choice, sorted by score, then those not sampled,
   * then excluded.
   */
  readonly candidates: readonly Candidate[]
  /** How many more were looked at than `candidates` lists. */
  readonly candidatesOmittedCount?: number | undefined
  /** How many that serve the model were neither sampled nor looked at. */
  readonly notLookedAtCount?: number | undefined
  /** How many peers do not serve the model. They are candidates only if nobody serves it. */
  readonly withoutModelCount?: number | undefined
  /** The latest choice. `undefined`: no candidate was eligible. */
  readonly chosen: PeerId | undefined
  /** Every peer the request was sent to, in order. */
  readonly attempts: readonly DecisionAttempt[]
  readonly outcome: DecisionOutcome
  /** Set if it failed at a peer: why that was the last one. */
  readonly retryDenial?: RetryDenial | undefined
}
