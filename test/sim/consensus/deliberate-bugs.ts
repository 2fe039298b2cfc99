/**
 * Bugs that implementations of Raft have had, put into ours from outside while a scenario runs, to
 * see that its checkers find them.
 */
import type { ConsensusScenarioName } from '../../../sim/consensus/scenarios.ts'
import type { World } from '../../../sim/world.ts'
import { RaftLog } from '../../../src/consensus/raft/log/raft-log.ts'
import type {
  ConfChange,
  ConfChangeV2,
} from '../../../src/consensus/raft/membership/conf-change.ts'
import { NO_NODE } from '../../../src/consensus/raft/node-id.ts'
import { Raft } from '../../../src/consensus/raft/raft.ts'
import { RawNode } from '../../../src/consensus/raft/raw-node.ts'

export interface DeliberateBug {
  /** Puts it into the code. The returned function takes it out again. */
  readonly plant?: () => () => void
  /** Puts it into a world that has formed. */
  readonly prepare?: (world: World) => void
  /** Where it shows soonest. */
  readonly scenario: ConsensusScenarioName
  /** What the checkers say of it. */
  readonly symptom: RegExp
}

/** Replaces a method until the returned function is called. */
function replace<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  replacement: (original: Owner[Name]) => Owner[Name],
): () => void {
  const original = owner[name]
  owner[name] = replacement(original)
  return () => {
    owner[name] = original
  }
}

const votesTwice: DeliberateBug = {
  plant: () =>
    replace(
      Raft.prototype,
      'send',
      send =>
        function (this: Raft, init) {
          const isRefusal = init.type === 'MsgVoteResp' && init.isRejected === true
          const hasVoted = this.vote !== NO_NODE && this.vote !== init.to
          if (!(isRefusal && hasVoted)) return send.call(this, init)
          this.vote = init.to
          return send.call(this, { ...init, isRejected: false })
        },
    ),
  scenario: 'distant',
  symptom: /expected one vote in term|alone to lead in term/,
}

const countsOldTerms: DeliberateBug = {
  plant: () =>
    replace(
      RaftLog.prototype,
      'maybeCommit',
      () =>
        function (this: RaftLog, { index }) {
          if (index <= this.commitIndex) return false
          this.commitTo(index)
          return true
        },
    ),
  scenario: 'distant',
  symptom: /to count copies of its own entries only/,
}

const skipsSync: DeliberateBug = {
  prepare: world => {
    for (const { logDisk } of world.hosts) logDisk.isLying = true
  },
  scenario: 'crashes',
  symptom: /to be remembered/,
}

const appliesEarly: DeliberateBug = {
  plant: () =>
    replace(
      RaftLog.prototype,
      'maybeAppend',
      maybeAppend =>
        function (this: RaftLog, slice) {
          const outcome = maybeAppend.call(this, slice)
          if (outcome === 'appended') this.commitTo(this.lastIndex)
          return outcome
        },
    ),
  scenario: 'crashes',
  symptom: /expected committed entry \d+ at a majority/,
}

const losesChange: DeliberateBug = {
  plant: () =>
    replace(
      RawNode.prototype,
      'applyConfChange',
      apply =>
        function (this: RawNode, change: ConfChange | ConfChangeV2) {
          const isLost = 'changes' in change && change.changes.length > 0 && this.status().id === 3
          const nothing = [{ type: 'update-node', nodeId: NO_NODE } as const]
          return apply.call(this, isLost ? { ...change, changes: nothing } : change)
        },
    ),
  scenario: 'crashes',
  symptom: /expected one configuration after entry/,
}

export const DELIBERATE_BUGS: Readonly<Record<string, DeliberateBug>> = {
  'votes twice in a term': votesTwice,
  'commits by counting copies of an old entry': countsOldTerms,
  'does not wait for the disk': skipsSync,
  'applies what is not committed': appliesEarly,
  'loses a change of the configuration': losesChange,
}
