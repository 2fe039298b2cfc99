/**
 * The leader's duty to see that the right peers vote: remembers since when each member has been
 * alive or dead, and proposes the next change if one is due.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import { NO_DATA } from '../raft/log/entry.ts'
import type { ConfChangeSingle, ConfChangeV2, ConfState } from '../raft/membership/conf-change.ts'
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
  /** Nodes that a person wants to vote, and that have to catch up first. */
  readonly #wished = new Set<NodeId>()
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
    this.#wished.clear()
  }

  /** @returns The change to propose; `undefined`: none is due. */
  look(view: LeaderView, nowMs: number): ConfChangeV2 | undefined {
    if (nowMs < this.#lookAtMs) return undefined
    this.#lookAtMs = nowMs + LOOK_INTERVAL_MS
    const changes = this.#isAutomatic ? this.#choose(view, nowMs) : this.#grant(view)
    return changes.length === 0 ? undefined : changeOf(changes)
  }

  /**
   * A person wants the node to vote, or not to.
   *
   * @returns What to propose now. `undefined`: the mesh chooses its voters itself, or it is so
   * already, or nobody would be left.
   */
  wish(wish: 'promote' | 'demote', node: NodeId, confState: ConfState): ConfChangeV2 | undefined {
    const member = this.#deps.directory.members().find(each => each.node === node)
    const isVoter = confState.voters.includes(node)
    if (this.#isAutomatic || isVoter === (wish === 'promote')) return undefined
    if (wish === 'demote') {
      this.#wished.delete(node)
      return confState.voters.length > 1
        ? changeOf([{ type: 'remove-node', nodeId: node }])
        : undefined
    }
    if (member === undefined || !member.mayVote) return undefined
    this.#wished.add(node)
    // As a learner it changes nothing that was not so before; the next look makes it a voter.
    return changeOf([{ type: 'add-learner', nodeId: node }])
  }

  get #isAutomatic(): boolean {
    return this.#deps.directory.voterSettings()?.isAutomatic ?? true
  }

  #choose({ node: self, confState, isCaughtUp }: LeaderView, nowMs: number) {
    const candidates = this.#candidates(nowMs)
    const settings = this.#deps.directory.voterSettings()
    return chooseVoterChange(
      { self, confState, candidates, isCaughtUp },
      {
        voterStableAfterMs: this.#options.voterStableAfterMs,
        votersMax: settings?.countMax ?? this.#options.votersMax,
        voterReplaceAfterMs: settings?.replaceAfterMs ?? this.#options.voterReplaceAfterMs,
      },
    )
  }

  #grant({ confState, isCaughtUp }: LeaderView): readonly ConfChangeSingle[] {
    for (const node of this.#wished) {
      if (confState.voters.includes(node)) this.#wished.delete(node)
    }
    const ready = [...this.#wished].find(
      node => confState.learners.includes(node) && isCaughtUp(node),
    )
    return ready === undefined ? [] : [{ type: 'add-node', nodeId: ready }]
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

function changeOf(changes: readonly ConfChangeSingle[]): ConfChangeV2 {
  return { transition: 'auto', changes, context: NO_DATA }
}
