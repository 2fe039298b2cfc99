/**
 * Who decides: the next change of the voters, if one is due.
 *
 * The leader asks again and again, and makes one change at a time:
 *
 *     too few voters   add a learner --> it catches up --> promote (two at once from one voter)
 *     one is gone      add a learner --> it catches up --> swap it for the voter that is gone
 *     too many voters  remove one that is gone, else demote the least stable
 *     a stray learner  remove
 *
 * One voter decides alone, three survive the loss of one, five of two; two or four survive no
 * more than one or three do, so the number is odd but for the moment of a change. Peers that have
 * been alive for long come first, and those of zones that have no voter yet. A voter that is dead
 * is replaced after `replaceAfterMs`, one that left or was denied at once; if nobody can take its
 * place it stays, for it may return, unless it will not.
 */
import type { ConfChangeSingle, ConfState } from '../raft/membership/conf-change.ts'
import type { NodeId } from '../raft/node-id.ts'

/** A member of the mesh as the leader sees it. */
export interface Candidate {
  readonly node: NodeId
  readonly zone: string
  /** How long it has been alive without a break; `undefined`: it is not alive. */
  readonly aliveForMs: number | undefined
  /** How long it has been dead; `undefined`: it is not. */
  readonly deadForMs: number | undefined
  /** It left the mesh, is denied, or only observes: it must not vote. */
  readonly isExcluded: boolean
}

export interface VoterChoiceInput {
  readonly self: NodeId
  readonly confState: ConfState
  /** Every member of the roster; a node of the configuration that is missing here is gone. */
  readonly candidates: readonly Candidate[]
  /** Whether a learner's log is close behind ours. */
  readonly isCaughtUp: (node: NodeId) => boolean
}

export interface VoterChoiceOptions {
  readonly votersMax: 1 | 3 | 5
  readonly voterReplaceAfterMs: number
  readonly voterStableAfterMs: number
}

/** Members from which on that many voters are wanted. */
const MEMBERS_FOR_FIVE = 11
const MEMBERS_FOR_THREE = 3

/** Changes to propose together. Empty: all is as it should be, or nothing can be done now. */
export function chooseVoterChange(
  input: VoterChoiceInput,
  options: VoterChoiceOptions,
): readonly ConfChangeSingle[] {
  return new VoterChoice(input, options).next()
}

class VoterChoice {
  readonly #input: VoterChoiceInput
  readonly #options: VoterChoiceOptions
  readonly #byNode: ReadonlyMap<NodeId, Candidate>
  readonly #wanted: number

  constructor(input: VoterChoiceInput, options: VoterChoiceOptions) {
    this.#input = input
    this.#options = options
    this.#byNode = new Map(input.candidates.map(candidate => [candidate.node, candidate]))
    this.#wanted = this.#wantedCount()
  }

  next(): readonly ConfChangeSingle[] {
    const { confState } = this.#input
    if (confState.votersOutgoing.length > 0) return []
    const gone = confState.voters.filter(node => this.#isGone(node))
    const isShort = confState.voters.length - gone.length < this.#wanted
    return (isShort ? this.#fill(gone) : this.#shrink(gone)) ?? this.#dropStrayLearner()
  }

  /** Brings in voters for those that lack and those that are gone. */
  #fill(gone: readonly NodeId[]): readonly ConfChangeSingle[] | undefined {
    const { voters, learners } = this.#input.confState
    const lackCount = this.#wanted - (voters.length - gone.length)
    const staying = learners.filter(node => this.#maySucceed(node))
    const ready = staying.filter(this.#input.isCaughtUp)
    // From one voter to two would be a step back: two or none.
    const isEnough = ready.length >= Math.min(lackCount, voters.length === 1 ? 2 : 1)
    if (isEnough && ready.length > 0) {
      const promoted = ready.slice(0, lackCount)
      const removed = gone.slice(0, promoted.length)
      return [...promoted.map(node => add(node)), ...removed.map(node => remove(node))]
    }
    const [best] = this.#successors()
    const isCalledUp = staying.length >= lackCount
    if (best !== undefined && !isCalledUp) return [{ type: 'add-learner', nodeId: best }]
    // Whoever left for good counts against the majority as long as it stays.
    const lost = gone.find(node => this.#isGoneForGood(node))
    return staying.length === 0 && lost !== undefined ? [remove(lost)] : undefined
  }

  /** Lets go of whom nobody needs any more. */
  #shrink(gone: readonly NodeId[]): readonly ConfChangeSingle[] | undefined {
    const { self } = this.#input
    const { voters } = this.#input.confState
    if (gone.length > 0) return gone.map(node => remove(node))
    const surplus = voters.length - this.#wanted
    if (surplus <= 0) return undefined
    const leaving = voters
      .filter(node => node !== self)
      .toSorted((a, b) => this.#aliveForMs(a) - this.#aliveForMs(b))
      .slice(0, surplus)
    return leaving.map(node => remove(node))
  }

  #dropStrayLearner(): readonly ConfChangeSingle[] {
    const { voters, learners } = this.#input.confState
    const gone = voters.filter(node => this.#isGone(node))
    const isNeeded = voters.length - gone.length < this.#wanted
    const stray = learners.find(node => !isNeeded || !this.#maySucceed(node))
    return stray === undefined ? [] : [remove(stray)]
  }

  #wantedCount(): number {
    const members = this.#input.candidates.filter(({ isExcluded, deadForMs }) => {
      return !isExcluded && (deadForMs ?? 0) < this.#options.voterReplaceAfterMs
    })
    const fitting = fittingCount(members.length)
    // Those who vote now and merely do not answer are not sent away for being few.
    const staying = this.#input.confState.voters.filter(node => !this.#isGoneForGood(node))
    return Math.min(Math.max(fitting, oddAtMost(staying.length)), this.#options.votersMax)
  }

  /** Members that could vote and do not take part yet, the best first. */
  #successors(): readonly NodeId[] {
    const { voters, learners } = this.#input.confState
    const zones = voters
      .filter(node => !this.#isGone(node))
      .map(node => this.#byNode.get(node)?.zone)
    const crowd = (zone: string) => zones.filter(other => other === zone).length
    return this.#input.candidates
      .filter(({ node }) => !(voters.includes(node) || learners.includes(node)))
      .filter(({ node }) => this.#maySucceed(node))
      .toSorted(
        (a, b) =>
          crowd(a.zone) - crowd(b.zone) ||
          (b.aliveForMs ?? 0) - (a.aliveForMs ?? 0) ||
          a.node - b.node,
      )
      .map(({ node }) => node)
  }

  #maySucceed(node: NodeId): boolean {
    const candidate = this.#byNode.get(node)
    if (candidate === undefined || candidate.isExcluded) return false
    return (candidate.aliveForMs ?? -1) >= this.#options.voterStableAfterMs
  }

  #isGone(node: NodeId): boolean {
    const deadForMs = this.#byNode.get(node)?.deadForMs ?? 0
    return this.#isGoneForGood(node) || deadForMs >= this.#options.voterReplaceAfterMs
  }

  #isGoneForGood(node: NodeId): boolean {
    return this.#byNode.get(node)?.isExcluded ?? true
  }

  #aliveForMs(node: NodeId): number {
    return this.#byNode.get(node)?.aliveForMs ?? -1
  }
}

function fittingCount(memberCount: number): number {
  if (memberCount >= MEMBERS_FOR_FIVE) return 5
  return memberCount >= MEMBERS_FOR_THREE ? 3 : 1
}

function oddAtMost(count: number): number {
  return count % 2 === 0 ? count - 1 : count
}

const add = (nodeId: NodeId): ConfChangeSingle => ({ type: 'add-node', nodeId })

const remove = (nodeId: NodeId): ConfChangeSingle => ({ type: 'remove-node', nodeId })
