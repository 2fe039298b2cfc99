/**
 * What is left of an agreement on the disk of one peer, and the state with which that peer can go
 * on alone when the majority of the voters is lost.
 *
 *     log of the lost mesh ── read, applied ──> state ── as a snapshot ──> log of a new mesh
 *
 * A peer that decides alone breaks the one rule that keeps two histories apart. So what begins is
 * another mesh: it has another id, and whoever still has the old one is refused by it. Old voters
 * that come back may agree with one another, but never with it, and nothing is overwritten.
 *
 * All entries of the log are taken over, also those that this peer does not know to be agreed on:
 * some of them may have been, and acknowledged; of the others nobody was told that they would not
 * be. HashiCorp's Raft does the same when it is recovered by hand.
 */
import { encodeCommand } from '../../consensus/policy/command.ts'
import { policyFormat } from '../../consensus/policy/format.ts'
import type { Entry } from '../../consensus/raft/log/entry.ts'
import { isConfChange } from '../../consensus/raft/log/entry.ts'
import { EMPTY_CONF_STATE, type Snapshot } from '../../consensus/raft/log/storage.ts'
import type { ConfState } from '../../consensus/raft/membership/conf-change.ts'
import type { NodeId } from '../../consensus/raft/node-id.ts'
import { configurationAfter } from '../../consensus/replica/configuration-after.ts'
import { changeOf } from '../../consensus/replica/raft-part.ts'
import { assert } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'
import type { MeshId, PeerId } from '../../core/ids.ts'
import { confChangeCodec, decodeSnapshot } from '../../protocols/consensus-codec.ts'
import { chooseSnapshot } from '../storage/wal/choose-snapshot.ts'
import type { LogFiles } from '../storage/wal/log-files.ts'
import { readLog } from '../storage/wal/read-log.ts'
import { digest } from './open-agreement.ts'
import { PolicyMachine } from './policy-machine.ts'

/** So that whoever remembers a revision or term of the lost mesh never finds another by it. */
const INDEX_GAP = 1_000_000
const TERM_GAP = 1_000

export interface Voter {
  readonly node: NodeId
  /** `undefined`: the roster does not name it any more. */
  readonly peer: PeerId | undefined
}

export interface KeptAgreement {
  readonly machine: PolicyMachine
  readonly term: number
  /** Up to here this peer knows that the mesh agreed. */
  readonly commitIndex: number
  readonly lastIndex: number
  readonly voters: readonly Voter[]
}

/**
 * Changes nothing.
 *
 * @throws MeshError ERR_STORAGE, also if there is no log or it is that of another peer or mesh,
 * ERR_LOG_DAMAGED, ERR_VERSION.
 */
export async function readAgreement(
  files: LogFiles,
  owner: { readonly peer: PeerId; readonly mesh: MeshId },
): Promise<KeptAgreement> {
  const read = await readLog(files)
  if (read === undefined) throw unusable(files, 'none')
  const { peer, mesh } = read.owner
  if (peer !== owner.peer || mesh !== owner.mesh) {
    throw unusable(files, `that of peer ${peer} in mesh ${mesh}`)
  }
  const { hardState, lastIndex } = read.replay
  const { snapshot: kept, entries } = await chooseSnapshot(files, read.replay)
  const machine = new PolicyMachine({ digest })
  let confState = EMPTY_CONF_STATE
  let term = hardState.term
  if (kept !== undefined) {
    const { data, metadata } = decodeSnapshot(kept.data, kept)
    machine.restore(data)
    confState = metadata.confState
    term = Math.max(term, metadata.term)
  }
  for (const entry of entries) confState = apply(machine, entry, confState)
  const voters = confState.voters.map(node => ({ node, peer: machine.peerOf(node) }))
  const commitIndex = Math.max(hardState.commit, kept?.index ?? 0)
  return { machine, term, commitIndex, lastIndex, voters }
}

/** @throws MeshError ERR_VERSION. @returns The configuration after the entry. */
function apply(machine: PolicyMachine, entry: Entry, confState: ConfState): ConfState {
  if (isConfChange(entry)) {
    return configurationAfter(confState, changeOf(confChangeCodec, entry))
  }
  if (entry.data.length === 0) return confState
  const { result } = machine.apply(entry.index, entry.data)
  if (result !== undefined) return confState
  throw new MeshError(
    `expected entries that this version can judge, found one of a later version at ${entry.index}`,
    { code: 'ERR_VERSION', hint: 'Use the version of Skein that this peer ran.' },
  )
}

/**
 * The state in which the new mesh begins: that of the old, with this peer as its only voter. The
 * audit trail says where it comes from; invitations to the old mesh that have expired go.
 *
 * @throws MeshError ERR_NOT_FOUND, ERR_INVALID_REQUEST if this peer may not decide.
 */
export function recoveredSnapshot(
  { machine, term, lastIndex, commitIndex }: KeptAgreement,
  init: {
    readonly self: PeerId
    readonly lostMesh: MeshId
    readonly requestId: string
    readonly wallMs: number
  },
): Snapshot {
  const node = deciderOf(machine, init.self)
  const index = Math.max(lastIndex, commitIndex) + INDEX_GAP
  const operation = { type: 'purge-expired', kinds: ['tickets'] } as const
  const author = `recovery:${init.lostMesh}`
  const atMs = Math.floor(init.wallMs)
  const text = encodeCommand({ requestId: init.requestId, author, atMs, operation }, policyFormat)
  const { result } = machine.apply(index, new TextEncoder().encode(text))
  assert(result?.status === 'applied', 'what has expired can be removed')
  const nobody = { learners: [], votersOutgoing: [], learnersNext: [] }
  const confState = { voters: [node], ...nobody, isAutoLeave: false }
  return { data: machine.snapshot(), metadata: { index, term: term + TERM_GAP, confState } }
}

/** @throws MeshError ERR_NOT_FOUND, ERR_INVALID_REQUEST. */
export function deciderOf(machine: PolicyMachine, self: PeerId): NodeId {
  const member = machine.members().find(({ peer }) => peer === self)
  if (member === undefined) {
    throw new MeshError(`expected ${self} in the roster as this peer knows it, found it is not`, {
      code: 'ERR_NOT_FOUND',
      hint: 'It was cut off, or never heard that it was admitted. Recover another peer.',
    })
  }
  if (member.mayVote) return member.node
  throw new MeshError(`expected a member, found ${self} to be an observer`, {
    code: 'ERR_INVALID_REQUEST',
    hint: 'Recover another peer.',
  })
}

function unusable({ folder }: LogFiles, found: string): MeshError {
  return new MeshError(`expected the log of this peer and mesh in ${folder}, found ${found}`, {
    code: 'ERR_STORAGE',
    hint: 'Was the peer ever started with this data folder?',
  })
}
