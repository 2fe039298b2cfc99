/**
 * The configuration in force, the leader's progress for each of its members, and the votes of a
 * running election: all that "how many of us" is asked of.
 *
 * Bounded by the members: there is progress for exactly those the configuration names, and a vote
 * is kept only of one of them.
 */
import type { ConfState } from '../membership/conf-change.ts'
import { NO_NODE, type NodeId } from '../node-id.ts'
import { isVoter, jointCommittedIndex, jointIds, jointVoteResult } from '../quorum/joint.ts'
import type { VoteResult } from '../quorum/majority.ts'
import { type Configuration, EMPTY_CONFIGURATION, isJoint } from './configuration.ts'
import { type InflightLimits, Inflights } from './inflights.ts'
import { Progress, type ProgressInit } from './progress.ts'

/** A configuration with the progress of everyone in it. */
export interface TrackedConfiguration {
  readonly configuration: Configuration
  readonly progress: ReadonlyMap<NodeId, Progress>
}

export interface VoteTally {
  readonly grantedCount: number
  readonly rejectedCount: number
  readonly result: VoteResult
}

export class ProgressTracker implements TrackedConfiguration {
  readonly #limits: InflightLimits
  readonly #votes = new Map<NodeId, boolean>()
  #configuration: Configuration = EMPTY_CONFIGURATION
  /** In order of ids. */
  #progress: ReadonlyMap<NodeId, Progress> = new Map()

  constructor(limits: InflightLimits) {
    this.#limits = limits
  }

  get configuration(): Configuration {
    return this.#configuration
  }

  get progress(): ReadonlyMap<NodeId, Progress> {
    return this.#progress
  }

  get votes(): ReadonlyMap<NodeId, boolean> {
    return this.#votes
  }

  /** Puts another configuration in force. */
  adopt({ configuration, progress }: TrackedConfiguration): void {
    this.#configuration = configuration
    this.#progress = new Map([...progress].sort(([a], [b]) => a - b))
  }

  /** A progress with an in-flight window of this tracker's size; `adopt` makes it count. */
  createProgress(init: Omit<ProgressInit, 'inflights'>): Progress {
    return new Progress({ ...init, inflights: new Inflights(this.#limits) })
  }

  /** Starts over for every member, as a node does that changes its role or term. */
  resetProgress(init: (id: NodeId) => Pick<ProgressInit, 'matchIndex' | 'nextIndex'>): void {
    const fresh = [...this.#progress].map(([id, { isLearner }]) => {
      return [id, this.createProgress({ ...init(id), isLearner })] as const
    })
    this.#progress = new Map(fresh)
  }

  /** Every member in order of ids. */
  visit(visitor: (id: NodeId, progress: Progress) => void): void {
    for (const [id, progress] of this.#progress) visitor(id, progress)
  }

  get voterIds(): NodeId[] {
    return jointIds(this.#configuration.voters)
  }

  get learnerIds(): NodeId[] {
    return ascending(this.#configuration.learners)
  }

  /** There is one voter, and no change that could bring others. */
  get isSingleton(): boolean {
    return this.#configuration.voters.incoming.size === 1 && !isJoint(this.#configuration)
  }

  /** The highest index that the voters have acknowledged. `Infinity` if there are none. */
  committed(): number {
    return jointCommittedIndex(this.#configuration.voters, id => this.#progress.get(id)?.matchIndex)
  }

  /**
   * Whether enough voters were heard since their marks were last cleared.
   *
   * @param missing Counts as one that was not heard.
   */
  isQuorumActive(missing: NodeId = NO_NODE): boolean {
    const active = new Map<NodeId, boolean>()
    for (const [id, progress] of this.#progress) {
      if (!progress.isLearner) active.set(id, progress.isRecentlyActive && id !== missing)
    }
    return jointVoteResult(this.#configuration.voters, active) === 'won'
  }

  resetVotes(): void {
    this.#votes.clear()
  }

  /** Notes a vote. The first of a node counts, and only a member's. */
  recordVote(id: NodeId, isGranted: boolean): void {
    if (this.#progress.has(id) && !this.#votes.has(id)) this.#votes.set(id, isGranted)
  }

  /** Counts votes of those who are voters now. */
  tallyVotes(): VoteTally {
    const { voters } = this.#configuration
    let grantedCount = 0
    let rejectedCount = 0
    for (const [id, isGranted] of this.#votes) {
      if (!isVoter(voters, id)) continue
      if (isGranted) grantedCount++
      else rejectedCount++
    }
    return { grantedCount, rejectedCount, result: jointVoteResult(voters, this.#votes) }
  }

  confState(): ConfState {
    const { voters, learners, learnersNext, isAutoLeave } = this.#configuration
    return {
      voters: ascending(voters.incoming),
      votersOutgoing: ascending(voters.outgoing),
      learners: ascending(learners),
      learnersNext: ascending(learnersNext),
      isAutoLeave,
    }
  }
}

function ascending(ids: ReadonlySet<NodeId>): NodeId[] {
  return [...ids].sort((a, b) => a - b)
}
