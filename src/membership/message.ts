/**
 * What failure detectors say to each other, from peer to peer.
 *
 *     ping ---------------------------> ack             are you there?
 *     ping-request --> helper: ping --> ack, or nack    can you reach it? I cannot
 *     digest -> entries -> delta -> delta               what do you know that I do not?
 *     release --> the other closes, if it can           our connection is one too many
 *     news                                              for what rides along
 *
 * Every message also carries news (`rumours.ts`): claims, named here and attached in their signed
 * form by whoever sends the message, and accusations. And it tells the sender's own newest claim,
 * so that whoever has that one knows that it still holds.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, section 3; nack: Dadgar, Phillips, Currey,
 * "Lifeguard", 2017, section IV.A; digest: van Renesse et al., "Efficient Reconciliation", 2008.
 */
import type { PeerId } from '../core/ids.ts'
import type { Coordinate } from './vivaldi.ts'

/** What one member says of another: that it doubts it, or that it is dead. */
export interface Accusation {
  readonly peer: PeerId
  readonly status: 'suspect' | 'dead'
  /** Of the accused, as the accuser knew it. The accused refutes with a higher one. */
  readonly incarnation: number
  readonly accuser: PeerId
}

/** The newest claim of a peer that somebody knows. */
export interface Head {
  readonly incarnation: number
  readonly version: number
}

/** One line of a digest: what the sender knows of a member. */
export interface DigestEntry extends Head {
  readonly peer: PeerId
  readonly status: 'alive' | 'suspect' | 'dead' | 'left'
}

export type MessageBody =
  | { readonly type: 'ping'; readonly sequence: number }
  /** To a ping, or on behalf of the target of a ping-request. */
  | { readonly type: 'ack'; readonly sequence: number }
  | { readonly type: 'ping-request'; readonly sequence: number; readonly target: PeerId }
  /** The target of a ping-request has not answered us either. */
  | { readonly type: 'nack'; readonly sequence: number }
  /** One hash for each bucket of members. */
  | { readonly type: 'digest'; readonly hashes: readonly number[] }
  /** All members of the buckets that differ, as the sender knows them. */
  | {
      readonly type: 'entries'
      readonly buckets: readonly number[]
      readonly entries: readonly DigestEntry[]
    }
  /** The claims that ride along are news to you; send me the newest of the wanted. */
  | { readonly type: 'delta'; readonly wanted: readonly PeerId[] }
  | { readonly type: 'release' }
  /** Only for what rides along, which shall not wait for the next probe. */
  | { readonly type: 'news' }

export interface Message {
  readonly body: MessageBody
  /** The sender's own newest claim. */
  readonly head: Head
  /** Where the sender is in the space of round trips. */
  readonly coordinate: Coordinate | undefined
  /** Peers whose newest claims ride along. */
  readonly claims: readonly PeerId[]
  readonly accusations: readonly Accusation[]
}

/** What one message carries at most; more is cut by who sends and refused by who receives. */
export const MESSAGE_LIMITS = {
  claimsMax: 512,
  accusationsMax: 64,
  bucketsMax: 64,
  entriesMax: 512,
  wantedMax: 512,
} as const
