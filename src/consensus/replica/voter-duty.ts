/**
 * The leader's duty to see that the right peers vote: remembers since when each member has been
 * alive or dead, and proposes the next change if one is due.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import { NO_DATA } from '../raft/log/entry.ts'
import type { ConfChangeV2, ConfState } from '../raft/membership/conf-change.ts'
import type { NodeId } from '../raft/node-id.ts'
import type { Directory } from './directory.ts'
import type { MemberSeen } from './events.ts'
import type { ConsensusOptions } from './options.ts'
import { type Candidate, chooseVoterChange } from './voter-choice.ts'

/** How often a leader looks. Changes are rare, and each takes several round trips. */
const LOOK_INTERVAL_MS = 500

interface Seen {
  readonly isAlive: boolean
  readonly sinceMs: number
  readonly zone: string
}

export interface VoterDutyDeps {
  readonly self: PeerId
  readonly ownZone: () => string
  readonly directory: Directory
  readonly startMs: number
}

export interface LeaderView {
  readonly node: NodeId
  readonly confState: ConfState
  readonly isCaughtUp: (node: NodeId) => boolean
}

export class VoterDuty {
  readonly #deps: VoterDutyDeps
  readonly #options: ConsensusOptions
  /** Other peer → as the failure detector sees it. */
  readonly #seen = new Map<PeerId, Seen>()
  #lookAtMs = NEVER

  constructor(deps: VoterDutyDeps, options: ConsensusOptions) {
    this.#deps = deps
    this.#options = options
  }

  get wakeAtMs(): number {
    return this.#lookAtMs
  }

  get aliveCount(): number {
    return this.alive().length
  }

  memberSeen({ peer, isAlive, zone }: MemberSeen, nowMs: number): void {
    const before = this.#seen.get(peer)
    const sinceMs = before?.isAlive === isAlive ? before.sinceMs : nowMs
    this.#seen.set(peer, { isAlive, sinceMs, zone })
  }

  forgotten(peer: PeerId): void {
    this.#seen.delete(peer)
  }

  /** Other peers that are alive. */
  alive(): readonly PeerId[] {
    return [...this.#seen].flatMap(([peer, { isAlive }]) => (isAlive ? [peer] : []))
  }

  isAlive(peer: PeerId): boolean {
    return this.#seen.get(peer)?.isAlive ?? false
  }

  begin(nowMs: number): void {
    this.#lookAtMs = nowMs + LOOK_INTERVAL_MS
  }

  end(): void {
    this.#lookAtMs = NEVER
  }

  /** @returns The change to propose; `undefined`: none is due. */
  look(view: LeaderView, nowMs: number): ConfChangeV2 | undefined {
    if (nowMs < this.#lookAtMs) return undefined
    this.#lookAtMs = nowMs + LOOK_INTERVAL_MS
    const { node: self, confState, isCaughtUp } = view
    const candidates = this.#candidates(nowMs)
    const changes = chooseVoterChange({ self, confState, candidates, isCaughtUp }, this.#options)
    if (changes.length === 0) return undefined
    return { transition: 'auto', changes, context: NO_DATA }
  }

  #candidates(nowMs: number): readonly Candidate[] {
    const { self, directory, startMs, ownZone } = this.#deps
    return directory.members().map(({ peer, node, mayVote }) => {
      if (peer === self) {
        const aliveForMs = nowMs - startMs
        return { node, zone: ownZone(), aliveForMs, deadForMs: undefined, isExcluded: !mayVote }
      }
      // Nobody has told of it since we started: it has been gone at least that long.
      const seen = this.#seen.get(peer) ?? { isAlive: false, sinceMs: startMs, zone: '' }
      const forMs = nowMs - seen.sinceMs
      return {
        node,
        zone: seen.zone,
        aliveForMs: seen.isAlive ? forMs : undefined,
        deadForMs: seen.isAlive ? undefined : forMs,
        isExcluded: !mayVote,
      }
    })
  }
}
