/**
 * What the scheduler hears, and what it wants done.
 */
import type { ErrorCode } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import type { PeerLoad } from '../core/peer-state.ts'
import type { PromptPrefix } from '../core/prompt-prefix.ts'
import type { Priority } from './admission/priority.ts'
import type { CircuitChange } from './breaker-table.ts'
import type { DecisionOutcome } from './decision.ts'
import type { PeerChange, PeerStatus } from './peer-entry.ts'
import type { SchedulingPolicy } from './policy.ts'
import type { Refusal } from './refusal.ts'

/** One request to be placed. */
export interface ScheduleRequest {
  readonly id: DecisionId
  /** The model's id; matches exactly. */
  readonly model: string
  /**
   * As its bytes have it; corrected by what the model's tokenizer makes of a byte, and by what
   * engines counted in earlier prompts.
   */
  readonly inputTokens: number
  /** Of `inputTokens`, those of text in other scripts than ASCII. */
  readonly wideTokens?: number | undefined
  /** `undefined`: no cache can help. */
  readonly prefix?: PromptPrefix | undefined
  /** Whose request it is. `undefined`: nobody's in particular. */
  readonly tenant?: string | undefined
  /** How urgent it is. Default: normal. */
  readonly priority?: Priority | undefined
  /** The only peer that will do. `undefined`: any. */
  readonly target?: PeerId | undefined
  /** Somebody else sends it: it counts as work at its peer until it ends, and its head is not seen. */
  readonly isHeld?: boolean | undefined
  /** The client's own bound on the answer; `undefined` if it set none. */
  readonly outputTokensMax?: number | undefined
  /** Wall clock, ms since 1970, for the record. */
  readonly atWallMs: number
}

interface PeerChanged extends PeerChange {
  readonly type: 'peer-changed'
  readonly status: PeerStatus
}

export interface AttemptFailed {
  readonly type: 'attempt-failed'
  readonly id: DecisionId
  readonly peer: PeerId
  readonly errorCode: ErrorCode
  /** Whether another peer may do better. Never true once part of an answer has been sent on. */
  readonly isRetryable: boolean
  /** The error's own words; what the caller is told if no other attempt is made. */
  readonly message?: string | undefined
  /** When the peer said to come back. */
  readonly retryAfterMs?: number | undefined
}

/** The head of the answer is here. */
export interface AttemptAnswered {
  readonly type: 'attempt-answered'
  readonly id: DecisionId
  readonly peer: PeerId
  /** The engine says in it that the request is at fault: that shows nothing about the peer. */
  readonly isRefusal?: boolean | undefined
}

export interface RequestEnded {
  readonly type: 'request-ended'
  readonly id: DecisionId
  readonly outcome: Exclude<DecisionOutcome, 'pending'>
  /** Length of the answer, if it is known and complete. */
  readonly outputTokens?: number | undefined
  /** Tokens of the prompt, if the engine has counted them. */
  readonly inputTokens?: number | undefined
}

export type SchedulerEvent =
  /** Gossip or the connection says something new. A load is as old as `loadAtMs`, else new. */
  | PeerChanged
  | { readonly type: 'peer-forgotten'; readonly peer: PeerId }
  /** What we know of the peer still holds: it said so. */
  | { readonly type: 'peer-confirmed'; readonly peer: PeerId; readonly rttMs?: number | undefined }
  /** What we know of all peers still holds, as far as the mesh knows. */
  | { readonly type: 'peers-confirmed' }
  /** A fresh load came straight from the peer, or from our own engines. */
  | { readonly type: 'load-reported'; readonly peer: PeerId; readonly load: PeerLoad }
  /** The mesh has agreed on something else about where requests run. */
  | { readonly type: 'policy-changed'; readonly policy: SchedulingPolicy }
  | { readonly type: 'request-arrived'; readonly request: ScheduleRequest }
  | AttemptFailed
  | AttemptAnswered
  /** The request was sent as long ago as its dispatch said, and nothing of an answer is here. */
  | { readonly type: 'hedge-due'; readonly id: DecisionId }
  | RequestEnded
  | { readonly type: 'tick' }

export interface Dispatch {
  readonly type: 'dispatch'
  readonly id: DecisionId
  readonly peer: PeerId
  /** The peer is to refuse it if its prompts take longer to read. `undefined`: it is to take it. */
  readonly readWaitMaxMs?: number
  /** If no answer begins for so long, `hedge-due` is to be told. `undefined`: never. */
  readonly hedgeAfterMs?: number
}

export type SchedulerEffect =
  | Dispatch
  /** Ends the request; nothing more follows for this id. */
  | ({ readonly type: 'refuse'; readonly id: DecisionId } & Refusal)
  /** Another attempt of the request has answered, or made it pointless: end this one. */
  | { readonly type: 'cancel'; readonly id: DecisionId; readonly peer: PeerId }
  /** A breaker has opened or closed. */
  | ({ readonly type: 'circuit-changed' } & CircuitChange)
