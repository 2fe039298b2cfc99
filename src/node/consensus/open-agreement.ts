/**
 * Brings back what this peer knew of the agreement: reads the log of its disk, and puts the newest
 * snapshot and the entries behind it where the replica finds them.
 *
 * A peer that founds a mesh begins with a state that names it alone; one that joins begins with
 * nothing and is told everything.
 */
import { hash } from 'node:crypto'
import { encodeCommand } from '../../consensus/policy/command.ts'
import { policyFormat } from '../../consensus/policy/format.ts'
import { FOUNDER_NODE_ID } from '../../consensus/policy/kinds/roster.ts'
import { MemoryStorage } from '../../consensus/raft/log/memory-storage.ts'
import type { Snapshot } from '../../consensus/raft/log/storage.ts'
import { assert } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'
import type { MeshId, PeerId } from '../../core/ids.ts'
import { decodeSnapshot, encodeSnapshot } from '../../protocols/consensus-codec.ts'
import { segmentSequences } from '../storage/wal/file-names.ts'
import type { LogFiles } from '../storage/wal/log-files.ts'
import { type LogRepair, openWriteAheadLog } from '../storage/wal/open-log.ts'
import { readLog } from '../storage/wal/read-log.ts'
import type { WriteAheadLog } from '../storage/wal/write-ahead-log.ts'
import { PolicyMachine } from './policy-machine.ts'

/** The founding is the first entry of the log, of the first term. */
const FOUNDING_INDEX = 1
const FOUNDING_TERM = 1

export interface OpenAgreementInit {
  readonly self: PeerId
  readonly meshId: MeshId
  readonly files: LogFiles
  /** What a log that is new begins with. `undefined`: others will tell. */
  readonly founding: Snapshot | undefined
  /** Whether this peer has been a member: a log that is not there was lost. */
  readonly mustExist?: boolean
  /** Of a new file of the log. */
  readonly segmentBytes?: number
}

export interface OpenedAgreement {
  readonly machine: PolicyMachine
  readonly memory: MemoryStorage
  readonly log: WriteAheadLog
  /** Of the snapshot on the disk; 0: there is none. */
  readonly savedIndex: number
  readonly repair: LogRepair | undefined
  /** Told when the disk fails; set by whoever uses it. */
  onFatal: (error: unknown) => void
}

export const digest = (text: string): string => hash('sha256', text)

/** The state of a mesh that one peer begins. */
export function foundingSnapshot({
  self,
  requestId,
  wallMs,
}: {
  readonly self: PeerId
  readonly requestId: string
  readonly wallMs: number
}): Snapshot {
  const machine = new PolicyMachine({ digest })
  const operation = { type: 'found-mesh', peer: self } as const
  const text = encodeCommand(
    { requestId, author: `peer:${self}`, atMs: Math.floor(wallMs), operation },
    policyFormat,
  )
  const { result } = machine.apply(FOUNDING_INDEX, new TextEncoder().encode(text))
  assert(result?.status === 'applied', 'an empty mesh can be founded')
  return snapshotOf(machine, { index: FOUNDING_INDEX, term: FOUNDING_TERM })
}

/** Of a machine whose founder alone decides. */
export function snapshotOf(
  machine: PolicyMachine,
  { index, term }: { readonly index: number; readonly term: number },
): Snapshot {
  const nobody = { learners: [], votersOutgoing: [], learnersNext: [] }
  const confState = { voters: [FOUNDER_NODE_ID], ...nobody, isAutoLeave: false }
  return { data: machine.snapshot(), metadata: { index, term, confState } }
}

/** @throws MeshError ERR_LOG_DAMAGED, also if it must exist and does not, ERR_STORAGE. */
export async function openAgreement(init: OpenAgreementInit): Promise<OpenedAgreement> {
  const { self, meshId, files, founding, segmentBytes, mustExist = false } = init
  if (mustExist) await requireLog(files)
  let tell = (_error: unknown) => {}
  const owner = { peer: self, mesh: meshId }
  const onFatal = (error: unknown) => tell(error)
  const options = segmentBytes === undefined ? {} : { segmentBytes }
  const { log, recovered } = await openWriteAheadLog({ files, owner, onFatal, options })
  const memory = new MemoryStorage()
  const { snapshot: kept, hardState, entries, repair } = recovered
  const snapshot = kept === undefined ? founding : decodeSnapshot(kept.data, kept)
  let commit = hardState.commit
  if (snapshot !== undefined) {
    memory.applySnapshot(snapshot)
    commit = Math.max(commit, snapshot.metadata.index)
    if (kept === undefined) await keepFounding(log, snapshot)
  }
  memory.append(entries)
  const term = Math.max(hardState.term, snapshot?.metadata.term ?? 0)
  memory.setHardState({ ...hardState, term, commit })
  return {
    machine: new PolicyMachine({ digest }),
    memory,
    log,
    savedIndex: snapshot?.metadata.index ?? 0,
    repair,
    set onFatal(listener: (error: unknown) => void) {
      tell = listener
    },
  }
}

/** Whether there is a log of that mesh. @throws MeshError ERR_LOG_DAMAGED, ERR_STORAGE. */
export async function hasAgreement(files: LogFiles, meshId: MeshId): Promise<boolean> {
  const read = await readLog(files)
  return read?.owner.mesh === meshId
}

/** Who has voted, and forgot, would undo what it helped to agree on. */
async function requireLog(files: LogFiles): Promise<void> {
  if (segmentSequences(await files.list()).length > 0) return
  throw new MeshError(`expected the log of a member in ${files.folder}, found none`, {
    code: 'ERR_LOG_DAMAGED',
    details: { path: files.folder },
    hint: 'Give the peer an empty data folder, join the mesh again, and `skein peers deny` its old self. Put no older copy there: it has forgotten what others count on.',
  })
}

async function keepFounding(log: WriteAheadLog, snapshot: Snapshot): Promise<void> {
  const { index, term } = snapshot.metadata
  await log.saveSnapshot({
    snapshot: { index, term, data: encodeSnapshot(snapshot) },
    hardState: { term, vote: 0, commit: index },
    keepFromIndex: index + 1,
  })
}
