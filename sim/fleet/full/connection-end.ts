/**
 * What a member has of the network: its connections, each as its own side sees it, and those of
 * them over which gossip is passed on.
 */
import { assert } from '../../../src/core/assert.ts'
import type { Message } from '../../../src/membership/message.ts'
import type { PeerClaim } from '../../../src/membership/peer-claim.ts'

/** Whoever holds connections; all others are named by their numbers. */
export interface SeatEvents {
  /** Whether its id is lower: then it opens the stream for messages. */
  isBefore(other: number): boolean
  /** For a greeting. */
  claims(): readonly PeerClaim[]
  connected(other: number, greeting: Greeting): void
  disconnected(other: number): void
  reachableChanged(other: number, isReachable: boolean): void
  messageReceived(from: number, letter: Letter): void
  claimHeard(claim: PeerClaim): void
  dialFailed(other: number, isRefused: boolean): void
}

export interface Greeting {
  readonly rttMs: number
  readonly claims: readonly PeerClaim[]
}

/** A message and the claims that it names. */
export interface Letter {
  readonly message: Message
  readonly claims: readonly PeerClaim[]
}

/** One life of one member. */
export class Seat {
  readonly member: number
  readonly events: SeatEvents
  readonly ends = new Map<number, ConnectionEnd>()
  /** To whom it passes gossip on. */
  readonly neighbours: ConnectionEnd[] = []
  readonly dialled = new Set<number>()
  /** When its neighbourhood is looked at next. */
  heartbeatAtMs = 0
  isGone = false

  constructor(member: number, events: SeatEvents) {
    this.member = member
    this.events = events
  }
}

export class ConnectionEnd {
  readonly owner: Seat
  #other: ConnectionEnd | undefined
  isOpen = true
  /** Whether messages can be sent. */
  isReachable = false
  /** When what the owner sent last is there: nothing overtakes it. */
  arrivesMs = 0
  /** What waits while nothing passes. */
  held: (() => void)[] = []
  heldSinceMs = 0

  private constructor(owner: Seat) {
    this.owner = owner
  }

  /** Both ends of a new connection; that of the first is returned. */
  static connect(dialer: Seat, listener: Seat): ConnectionEnd {
    const ours = new ConnectionEnd(dialer)
    const theirs = new ConnectionEnd(listener)
    ours.#other = theirs
    theirs.#other = ours
    return ours
  }

  get other(): ConnectionEnd {
    assert(this.#other !== undefined, 'a connection has two ends')
    return this.#other
  }
}
