/**
 * What the membership machine is told, and what it wants done.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { MemberStatus } from './member.ts'
import type { Message } from './message.ts'
import type { PeerClaim } from './peer-claim.ts'

export type MembershipEvent =
  /** A claim, whose author has been verified, arrived from anywhere. */
  | {
      readonly type: 'claim-heard'
      readonly claim: PeerClaim
      /** It is news to pass on, not what a greeting or a comparison brought to us alone. */
      readonly isRumour?: boolean | undefined
    }
  /** A message; the claims that came with it have been told before. */
  | { readonly type: 'message-received'; readonly from: PeerId; readonly message: Message }
  /** Something else came from the peer itself. */
  | { readonly type: 'peer-heard'; readonly peer: PeerId }
  /** @param rttMs Measured by the greeting. */
  | { readonly type: 'connected'; readonly peer: PeerId; readonly rttMs: number }
  /** The last connection to the peer is gone. */
  | { readonly type: 'connection-lost'; readonly peer: PeerId }
  /** Whether messages can be sent to a connected peer has changed. */
  | { readonly type: 'reachable-changed'; readonly peer: PeerId; readonly isReachable: boolean }
  /** @param isRefused Its machine answered that nobody listens there. */
  | { readonly type: 'dial-failed'; readonly peer: PeerId; readonly isRefused: boolean }
  /** What we offer, or how busy we are, has changed. What is left out has not. */
  | {
      readonly type: 'self-changed'
      readonly facts?: PeerFacts | undefined
      readonly load?: PeerLoad | undefined
    }
  /** It does not belong to the mesh any more, and nothing is to be heard of it. */
  | { readonly type: 'peer-expelled'; readonly peer: PeerId }
  /** We go, and tell the others. Nothing is said or dialled after it. */
  | { readonly type: 'leave' }
  | { readonly type: 'tick' }

export type MembershipEffect =
  /** Tell everyone. */
  | { readonly type: 'publish'; readonly claim: PeerClaim }
  /** Lost if it cannot be sent now. */
  | { readonly type: 'send'; readonly to: PeerId; readonly message: Message }
  /** Answered by `connected` or `dial-failed`. */
  | { readonly type: 'dial'; readonly peer: PeerId; readonly addresses: readonly string[] }
  /** The connection is not needed; it may stay if it is in use. */
  | { readonly type: 'disconnect'; readonly peer: PeerId }
  | { readonly type: 'status-changed'; readonly peer: PeerId; readonly status: MemberStatus }
  | {
      readonly type: 'state-changed'
      readonly peer: PeerId
      readonly facts: PeerFacts | undefined
      readonly load: PeerLoad
      /** When `load` was heard, in monotonic ms. */
      readonly heardAtMs: number
    }
  /** The peer says that its newest claim is the one we have. */
  | { readonly type: 'state-confirmed'; readonly peer: PeerId }
  /** We know all that another member knows. */
  | { readonly type: 'synced'; readonly with: PeerId }
  | { readonly type: 'peer-forgotten'; readonly peer: PeerId }
