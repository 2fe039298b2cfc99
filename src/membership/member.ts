/**
 * One other member, as this peer sees it.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { KnownClaim, PeerClaim } from './peer-claim.ts'
import type { RoundTrip } from './round-trip.ts'
import type { Suspicion } from './suspicion.ts'
import type { Coordinate } from './vivaldi.ts'

export type MemberStatus = 'alive' | 'suspect' | 'dead' | 'left'

export interface Member {
  readonly peer: PeerId
  /** Of `peer`, for comparisons (`anti-entropy.ts`). */
  readonly peerHash: number
  known: KnownClaim
  status: MemberStatus
  /** Which life `status` speaks of. At least that of the claim; higher if we only heard of it. */
  incarnation: number
  /** Exactly while suspect. */
  suspicion: Suspicion | undefined
  /** When a member that is dead or has left is forgotten; `NEVER` for the others. */
  forgetAtMs: number
  /** When anything came from it directly; `-Infinity`: never. */
  heardAtMs: number
  /** When it did not answer a ping of ours on behalf of another; `-Infinity`: never. */
  unansweredAtMs: number
  /** When its newest claim was heard, or confirmed by itself. */
  stateHeardAtMs: number
  /** When it was last told of our doubt. */
  toldAtMs: number
  /** Since when it is known that a newer claim of it exists; `undefined`: none is. */
  missedSinceMs: number | undefined
  roundTrip: RoundTrip | undefined
  coordinate: Coordinate | undefined
}

/** What others may see of it. */
export interface MemberView {
  readonly peer: PeerId
  readonly status: MemberStatus
  readonly incarnation: number
  readonly facts: PeerFacts | undefined
  readonly load: PeerLoad
  /** When `load` was heard, or confirmed by the member itself, in monotonic ms. */
  readonly heardAtMs: number
  readonly isConnected: boolean
  /** Measured, else told from coordinates; `undefined`: neither is known. */
  readonly rttMs: number | undefined
  /** Its newest claim, with the newest facts known. */
  readonly claim: PeerClaim
}

/** Whether it takes part in probes: nobody has buried it and it has not gone. */
export function isPresent({ status }: Pick<Member, 'status'>): boolean {
  return status === 'alive' || status === 'suspect'
}
