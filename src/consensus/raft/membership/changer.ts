/**
 * The steps from one configuration to the next: a change of at most one voter, into a joint
 * configuration, and out of it.
 *
 * Each returns the next configuration with the progress of its members, and leaves what it was
 * given as it is. Members that stay keep their progress; new ones start as probes at the end of
 * the log. Nothing becomes a learner while it votes: see `progress/configuration.ts`.
 *
 * A change that cannot be made is a broken invariant, and its message says which rule it breaks:
 * the leader proposes only what can be applied, so a committed change that cannot is our own bug.
 *
 * Source: Ongaro and Ousterhout 2014, section 6, and the rules of etcd-io/raft.
 */
import { assert } from '../../../core/assert.ts'
import { NO_NODE, type NodeId } from '../node-id.ts'
import { type Configuration, isJoint } from '../progress/configuration.ts'
import type { Progress } from '../progress/progress.ts'
import type { ProgressTracker, TrackedConfiguration } from '../progress/progress-tracker.ts'
import type { ConfChangeSingle } from './conf-change.ts'

/** Changes without a joint configuration. At most one voter may come or go. */
export function simple(
  tracker: ProgressTracker,
  changes: readonly ConfChangeSingle[],
  { lastIndex }: { readonly lastIndex: number },
): TrackedConfiguration {
  const before = tracker.configuration
  assert(!isJoint(before), "can't apply simple config change in joint config")
  const draft = new Draft(tracker, { lastIndex, outgoing: new Set() })
  draft.apply(changes)
  assert(
    differenceCount(before.voters.incoming, draft.incoming) <= 1,
    'more than one voter changed without entering joint config',
  )
  return draft.finish({ isAutoLeave: false })
}

/** Goes into a joint configuration of today's voters and those that the changes lead to. */
export function enterJoint(
  tracker: ProgressTracker,
  changes: readonly ConfChangeSingle[],
  { lastIndex, isAutoLeave }: { readonly lastIndex: number; readonly isAutoLeave: boolean },
): TrackedConfiguration {
  const before = tracker.configuration
  assert(!isJoint(before), 'config is already joint')
  assert(before.voters.incoming.size > 0, "can't make a zero-voter config joint")
  const draft = new Draft(tracker, { lastIndex, outgoing: before.voters.incoming })
  draft.apply(changes)
  return draft.finish({ isAutoLeave })
}

/** Goes from a joint configuration to its incoming half. */
export function leaveJoint({ configuration, progress }: ProgressTracker): TrackedConfiguration {
  assert(isJoint(configuration), "can't leave a non-joint config")
  const { voters, learners, learnersNext } = configuration
  const after: Configuration = {
    voters: { incoming: voters.incoming, outgoing: new Set() },
    isAutoLeave: false,
    learners: new Set([...learners, ...learnersNext]),
    learnersNext: new Set(),
  }
  const kept = [...progress]
    .filter(([id]) => after.voters.incoming.has(id) || after.learners.has(id))
    .map(([id, each]) => [id, learnersNext.has(id) ? each.withLearner(true) : each] as const)
  return checked({ configuration: after, progress: new Map(kept) })
}

/** The next configuration while changes are applied one by one. */
class Draft {
  readonly incoming: Set<NodeId>
  readonly #outgoing: ReadonlySet<NodeId>
  readonly #learners: Set<NodeId>
  readonly #learnersNext: Set<NodeId>
  readonly #progress: Map<NodeId, Progress>
  readonly #createProgress: (isLearner: boolean) => Progress

  constructor(
    tracker: ProgressTracker,
    { lastIndex, outgoing }: { lastIndex: number; outgoing: ReadonlySet<NodeId> },
  ) {
    const { voters, learners, learnersNext } = tracker.configuration
    this.incoming = new Set(voters.incoming)
    this.#outgoing = outgoing
    this.#learners = new Set(learners)
    this.#learnersNext = new Set(learnersNext)
    this.#progress = new Map(tracker.progress)
    // Active, though nothing came from it yet: a check of the quorum in the time before its first
    // answer must not depose the leader that added it.
    this.#createProgress = isLearner =>
      tracker.createProgress({
        nextIndex: Math.max(lastIndex, 1),
        isLearner,
        isRecentlyActive: true,
      })
  }

  apply(changes: readonly ConfChangeSingle[]): void {
    for (const { type, nodeId } of changes) {
      // A change that its proposer has taken back stays in the log without a node.
      if (nodeId === NO_NODE) continue
      if (type === 'add-node') this.#makeVoter(nodeId)
      else if (type === 'add-learner') this.#makeLearner(nodeId)
      else if (type === 'remove-node') this.#remove(nodeId)
    }
    assert(this.incoming.size > 0, 'removed all voters')
  }

  finish({ isAutoLeave }: { isAutoLeave: boolean }): TrackedConfiguration {
    const configuration: Configuration = {
      voters: { incoming: this.incoming, outgoing: this.#outgoing },
      isAutoLeave,
      learners: this.#learners,
      learnersNext: this.#learnersNext,
    }
    return checked({ configuration, progress: this.#progress })
  }

  #makeVoter(id: NodeId): void {
    const known = this.#progress.get(id) ?? this.#createProgress(false)
    this.#progress.set(id, known.isLearner ? known.withLearner(false) : known)
    this.#learners.delete(id)
    this.#learnersNext.delete(id)
    this.incoming.add(id)
  }

  #makeLearner(id: NodeId): void {
    const known = this.#progress.get(id) ?? this.#createProgress(true)
    if (this.#learners.has(id)) return
    this.incoming.delete(id)
    const isOutgoing = this.#outgoing.has(id)
    if (isOutgoing) this.#learnersNext.add(id)
    else this.#learners.add(id)
    this.#progress.set(id, isOutgoing || known.isLearner ? known : known.withLearner(true))
  }

  #remove(id: NodeId): void {
    this.incoming.delete(id)
    this.#learners.delete(id)
    this.#learnersNext.delete(id)
    // The outgoing half still needs its answers.
    if (!this.#outgoing.has(id)) this.#progress.delete(id)
  }
}

/** How many are in only one of the two sets. */
function differenceCount(a: ReadonlySet<NodeId>, b: ReadonlySet<NodeId>): number {
  const onlyIn = (one: ReadonlySet<NodeId>, other: ReadonlySet<NodeId>) =>
    [...one].filter(id => !other.has(id)).length
  return onlyIn(a, b) + onlyIn(b, a)
}

/** The same, after everything that must hold of a configuration was seen to hold. */
export function checked(tracked: TrackedConfiguration): TrackedConfiguration {
  const { configuration, progress } = tracked
  const { voters, learners, learnersNext, isAutoLeave } = configuration
  const members = [...voters.incoming, ...voters.outgoing, ...learners, ...learnersNext]
  for (const id of members) assert(progress.has(id), `no progress for ${id}`)
  assert(new Set(members).size === progress.size, 'progress is kept of members only')
  for (const id of learnersNext) {
    assert(voters.outgoing.has(id), `learner-to-be ${id} is no outgoing voter`)
    assert(!voters.incoming.has(id), `learner-to-be ${id} is an incoming voter`)
    assert(!progress.get(id)?.isLearner, `learner-to-be ${id} is already marked as learner`)
  }
  for (const id of learners) {
    assert(!voters.outgoing.has(id), `learner ${id} is an outgoing voter`)
    assert(!voters.incoming.has(id), `learner ${id} is an incoming voter`)
    assert(progress.get(id)?.isLearner === true, `learner ${id} is not marked as learner`)
  }
  if (!isJoint(configuration)) {
    assert(!isAutoLeave, 'only a joint configuration is left by itself')
  }
  return tracked
}
