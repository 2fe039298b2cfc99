/**
 * Why the leader did not do what a person asked of it.
 *
 * The leader alone decides and says no more than that it cannot; the reason follows from what is
 * agreed on, of which every peer has a copy. Where nothing in it speaks against the operation,
 * something else is under way.
 */
import type { ConfState } from '../../consensus/raft/membership/conf-change.ts'
import type { RosterMember, VoterSettings } from '../../consensus/replica/directory.ts'
import type { Operation } from '../../consensus/replica/message.ts'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'

/** What is agreed on here. */
export interface Standing {
  readonly confState: Pick<ConfState, 'voters'>
  /** `undefined`: their defaults. */
  readonly settings: Pick<VoterSettings, 'isAutomatic'> | undefined
  readonly members: readonly RosterMember[]
  readonly leader: PeerId | undefined
}

type Fault = readonly [message: string, hint: string]

export function operationFault(operation: Operation, standing: Standing): MeshError {
  const [message, hint] = faultOf(operation, standing)
  return new MeshError(message, { code: 'ERR_INVALID_REQUEST', details: { param: 'peer' }, hint })
}

function faultOf({ type, node }: Operation, standing: Standing): Fault {
  const { confState, settings, members, leader } = standing
  const member = members.find(each => each.node === node)
  const isVoter = confState.voters.includes(node)
  const name = member?.peer ?? `node ${node}`
  if (type !== 'transfer' && (settings?.isAutomatic ?? true)) {
    return [
      `expected voters that persons choose, found that the mesh chooses them itself`,
      'Apply `settings/voters` with `isAutomatic: false` first; from then on the mesh replaces no voter by itself.',
    ]
  }
  // Whoever was cut off a moment ago may still vote, and can be demoted.
  if (member === undefined && !isVoter) {
    return [
      `expected a peer of the roster, found ${name}`,
      '`skein peers list` shows who belongs to the mesh.',
    ]
  }
  switch (type) {
    case 'transfer':
      return transferFault({ name, isVoter, isLeader: name === leader })
    case 'promote':
      return promoteFault({ name, isVoter, isObserver: member?.mayVote === false })
    case 'demote':
      return demoteFault({ name, isVoter, voterCount: confState.voters.length })
  }
}

interface Asked {
  readonly name: string
  readonly isVoter: boolean
}

function transferFault({ name, isVoter, isLeader }: Asked & { readonly isLeader: boolean }): Fault {
  if (isLeader) {
    return [
      `expected another peer than the leader, found ${name}, which leads already`,
      'Nothing is to be done.',
    ]
  }
  if (!isVoter) return [`expected a voter, found ${name}, which does not vote`, WHO_VOTES]
  return [
    `expected a leader that can hand over now, found one that hands over to ${name} already`,
    AGAIN,
  ]
}

function promoteFault({
  name,
  isVoter,
  isObserver,
}: Asked & { readonly isObserver: boolean }): Fault {
  if (isVoter) {
    return [
      `expected a peer that does not vote, found ${name}, which votes already`,
      'Nothing is to be done.',
    ]
  }
  if (isObserver) {
    return [
      `expected a peer that may vote, found ${name}, which only observes`,
      'Observers never vote: their role was said when they were invited. Choose a member.',
    ]
  }
  return CHANGING
}

function demoteFault({
  name,
  isVoter,
  voterCount,
}: Asked & { readonly voterCount: number }): Fault {
  if (!isVoter) {
    return [
      `expected a voter, found ${name}, which does not vote already`,
      'Nothing is to be done.',
    ]
  }
  if (voterCount === 1) {
    return [
      `expected a voter besides ${name}, found that it is the last one`,
      'Promote another peer first, and wait until `skein raft status` shows it as a voter.',
    ]
  }
  return CHANGING
}

const WHO_VOTES = '`skein raft status` shows who votes.'
const AGAIN = 'Try again in a moment; `skein raft status` shows how far it is.'

const CHANGING: Fault = [
  'expected voters that are not being changed, found another change under way',
  AGAIN,
]
