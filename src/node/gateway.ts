/**
 * The mesh as the ingress sees it: dispatch a request, look at peers, models and decisions.
 *
 * The HTTP edge knows nothing of libp2p, gossip or the scheduler beyond what stands here.
 */
import type { DecisionId, MeshId, PeerId } from '../core/ids.ts'
import type { ModelFacts, PeerFacts, PeerLoad, Unready } from '../core/peer-state.ts'
import type { Priority } from '../scheduler/admission/priority.ts'
import type { DecisionRecord } from '../scheduler/decision.ts'
import type { MeshEvents } from './event-log.ts'
import type { GpuDetail } from './gpu-source.ts'
import type { ModelControl } from './model-control.ts'
import type { PolicyControl } from './policy/policy-port.ts'
import type { ServedDesk } from './recording/served-desk.ts'
import type { RuntimeAnswer, RuntimeRequest } from './runtime.ts'
import type { SchedulingPort } from './scheduling-desk.ts'
import type { RequestTrace } from './tracing/request-trace.ts'

/** Who asks, as far as quotas count. */
export interface Caller {
  /** Name of the API key. */
  readonly key: string
  readonly tenant?: string | undefined
}

export interface MeshRequest extends RuntimeRequest {
  /** `undefined`: whoever asked has no key of the policy. */
  readonly caller?: Caller | undefined
  /** How urgent it is. Default: normal. */
  readonly priority?: Priority | undefined
  /** Whose share of a busy engine is larger, relative to others. Default: 1. */
  readonly weight?: number | undefined
  /** When the answer must have begun, in ms of the clock. `undefined`: whenever. */
  readonly beginByMs?: number | undefined
  /** About how many prompt tokens the body holds; the ingress estimates, it does not tokenise. */
  readonly inputTokens: number
  /** Of those, the ones of text in other scripts than ASCII. */
  readonly wideTokens?: number | undefined
  /** The client's own bound on the answer; `undefined` if it set none. */
  readonly outputTokensMax: number | undefined
  /**
   * Told when a decision was made, and again with each peer that is tried, so that whoever gives
   * up before there is an answer can name both.
   */
  readonly onDecided?: (decisionId: DecisionId, peer: PeerId | undefined) => void
}

export interface MeshAnswer extends RuntimeAnswer {
  /** Which model answers: the one that was asked for, or what stands behind that name. */
  readonly model: string
  /** The larger model in whose place a variant answers. `undefined`: it is what was meant. */
  readonly insteadOf?: string | undefined
  /** Who serves it. */
  readonly peer: PeerId
  readonly decisionId: DecisionId
  /** Time from `dispatch` until the choice of the peer was made, in ms. */
  readonly decisionMs: number
}

export type NodeStatus = 'alive' | 'suspect' | 'dead' | 'left'

/** How bytes get there: nowhere, since it is us; over a connection of ours; not at all. */
export type NodePath = 'self' | 'direct' | 'none'

/** One peer as this node sees it. */
export interface NodeView {
  readonly peer: PeerId
  readonly isSelf: boolean
  readonly status: NodeStatus
  /** Which life of the peer this is: higher after every start, and when it refutes a suspicion. */
  readonly incarnation: number
  readonly facts: PeerFacts | undefined
  readonly load: PeerLoad
  /** How long ago `load` was heard, in ms. 0 for ourselves. */
  readonly ageMs: number
  /** Round trip, measured or else estimated. `undefined`: not known. */
  readonly rttMs: number | undefined
  /** Whether a connection is open. `true` for ourselves. */
  readonly isConnected: boolean
  readonly path: NodePath
  /** All that is known of its GPUs. `undefined`: it is another peer, whose `load` has to do. */
  readonly gpus?: readonly GpuDetail[] | undefined
}

/** One model as the mesh offers it: the union over all peers that are alive. */
export interface ModelView {
  readonly id: string
  readonly facts: ModelFacts
  readonly peers: readonly PeerId[]
  /** Of them, those where it cannot answer at once, and why. Absent: everywhere it can. */
  readonly unready?: readonly UnreadyAt[] | undefined
}

export interface UnreadyAt extends Unready {
  readonly peer: PeerId
}

export interface TicketOptions {
  /** How long it may be used. Default: a day. */
  readonly validForMs?: number | undefined
  /** Peers that may join with it. Default: 32. */
  readonly uses?: number | undefined
  /** What they become: an observer follows the policy and never votes. Default: a member. */
  readonly role?: 'member' | 'observer' | undefined
}

export interface Readiness {
  readonly isReady: boolean
  /** Why not, one sentence each. Empty when ready. */
  readonly problems: readonly string[]
}

export interface RequestTraces {
  /** `undefined`: it did not come in here, or is too old to be kept. */
  get(id: DecisionId): RequestTrace | undefined
  /** Newest first, at most `limit`. */
  recent(limit: number): readonly RequestTrace[]
}

export interface Gateway {
  readonly self: PeerId
  readonly meshId: MeshId
  readonly version: string
  /** What happened in the mesh, as this peer saw it. */
  readonly events: MeshEvents
  /** For programs that send requests themselves. */
  readonly scheduling: SchedulingPort
  /** What happened to the latest requests that this peer took in. */
  readonly traces: RequestTraces
  /** What was served of late, of this peer and of others. */
  readonly served: Pick<ServedDesk, 'read'>
  /** What the mesh has agreed on. */
  readonly policy: PolicyControl
  /** What is done to models, here and at other peers. */
  readonly control: Pick<ModelControl, 'act' | 'loras'>

  /**
   * Follows aliases and keeps quotas as the policy says, chooses a peer and returns the head of its
   * answer. Tries other peers, and the alias's fallbacks, as long as nothing of an answer has
   * arrived.
   *
   * The request counts as open until the chunks are read to their end, are returned early, or the
   * signal fires: whoever drops an answer unread must abort the signal.
   *
   * @throws MeshError ERR_MODEL_NOT_FOUND, ERR_OVERLOADED and ERR_QUOTA_EXCEEDED (both with
   * `details.retryAfterMs`), ERR_NO_CAPACITY, ERR_PEER_LOST, ERR_ENGINE, ERR_DEADLINE_EXCEEDED,
   * ERR_STOPPING; every one carries `details.decisionId` if a decision was made.
   */
  dispatch(request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer>

  nodes(): readonly NodeView[]
  /** Sorted by id. */
  models(): readonly ModelView[]
  /** `undefined`: never made here, or too old to be kept. */
  decision(id: DecisionId): DecisionRecord | undefined
  /** Newest first, at most `limit`. */
  decisions(limit: number): readonly DecisionRecord[]
  /**
   * A fresh ticket for machines that shall join.
   *
   * @throws MeshError ERR_UNREACHABLE, ERR_NO_QUORUM, ERR_CONFLICT if too many are good.
   */
  invite(options: TicketOptions): Promise<string>
  readiness(): Readiness
}
