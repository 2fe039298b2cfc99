/**
 * Who is who: Raft knows nodes by numbers, the network knows peers by their keys.
 *
 * The roster, which is part of the replicated state, binds one to the other for good: a number is
 * never given twice.
 */
import type { PeerId } from '../../core/ids.ts'
import type { NodeId } from '../raft/node-id.ts'

export interface RosterMember {
  readonly peer: PeerId
  readonly node: NodeId
  /** It may be made a voter. */
  readonly mayVote: boolean
}

export interface Directory {
  nodeOf(peer: PeerId): NodeId | undefined
  peerOf(node: NodeId): PeerId | undefined
  members(): readonly RosterMember[]
  /** What the mesh has agreed on about its voters. `undefined`: nothing, each peer has options. */
  voterSettings(): VoterSettings | undefined
}

export interface VoterSettings {
  readonly countMax: 1 | 3 | 5
  /** Otherwise voters are chosen by persons. */
  readonly isAutomatic: boolean
  readonly replaceAfterMs: number
}
