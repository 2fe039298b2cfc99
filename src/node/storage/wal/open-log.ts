/**
 * Opens the log of a peer: reads all of it, repairs a torn end, and only then lets it go on.
 *
 *     read and judge everything ── refuse, with nothing changed
 *              └─ torn end: kept in ….broken ── cut off ── synced ── log
 */
import type { Entry } from '../../../consensus/raft/log/entry.ts'
import type { HardState } from '../../../consensus/raft/log/storage.ts'
import { MeshError } from '../../../core/errors.ts'
import { chooseSnapshot } from './choose-snapshot.ts'
import { BROKEN_SUFFIX } from './file-names.ts'
import { type LogFiles, UNFINISHED_SUFFIX } from './log-files.ts'
import { type LogRead, readLog } from './read-log.ts'
import { type HeadRecord, type LogOwner, NO_HARD_STATE } from './record.ts'
import { SegmentWriter } from './segment-writer.ts'
import type { LogSnapshot } from './snapshot-file.ts'
import { WAL_DEFAULTS, type WalDeps, type WalOptions, WriteAheadLog } from './write-ahead-log.ts'

export interface OpenLogDeps extends Omit<WalDeps, 'options'> {
  readonly owner: LogOwner
  readonly options?: Partial<WalOptions>
}

/** What a peer knew when its last run ended. */
export interface RecoveredLog {
  /** Whether there was no log before. */
  readonly isNew: boolean
  readonly hardState: HardState
  readonly snapshot: LogSnapshot | undefined
  /** Those after the snapshot, of consecutive indexes. */
  readonly entries: readonly Entry[]
  /** What was torn off the end: a write cut short by a crash, never acknowledged. */
  readonly repair: LogRepair | undefined
}

export interface LogRepair {
  readonly name: string
  readonly offset: number
  /** The segment as it was found. */
  readonly copy: string
}

export interface OpenedLog {
  readonly log: WriteAheadLog
  readonly recovered: RecoveredLog
}

/**
 * @throws MeshError ERR_LOG_DAMAGED with file and offset, ERR_STORAGE also if the log is that of
 * another peer, another mesh or a later version.
 */
export async function openWriteAheadLog(deps: OpenLogDeps): Promise<OpenedLog> {
  const options = { ...WAL_DEFAULTS, ...deps.options }
  const read = await readLog(deps.files)
  if (read === undefined) return await newLog(deps, options)
  requireOwner(deps, read.owner)
  const { snapshot, entries } = await chooseSnapshot(deps.files, read.replay)
  const repair = await keepTorn(deps.files, read)
  const writer = await SegmentWriter.resume(deps.files, read.tail, options.segmentBytes)
  await removeUnfinished(deps.files)
  const { segments, replay, owner } = read
  const { hardState, marks, lastIndex } = replay
  const start = { owner, writer, segments, hardState, marks, lastIndex }
  const recovered = {
    isNew: false,
    hardState: knowingCommit(hardState, snapshot),
    snapshot,
    entries,
    repair,
  }
  return { log: new WriteAheadLog({ ...deps, options }, start), recovered }
}

async function newLog(deps: OpenLogDeps, options: WalOptions): Promise<OpenedLog> {
  const { files, owner } = deps
  await removeUnfinished(files)
  const hardState = NO_HARD_STATE
  const head: HeadRecord = { type: 'head', sequence: 1, owner, hardState, marks: [] }
  const sizeBytes = options.segmentBytes
  const segment = { head, previousChecksum: 0, sizeBytes, recordMaxBytes: 0 }
  const writer = await SegmentWriter.create(files, segment)
  const segments = [{ sequence: 1, lastIndexMax: 0 }]
  const start = { owner, writer, segments, hardState, marks: [], lastIndex: 0 }
  const recovered = { isNew: true, hardState, snapshot: undefined, entries: [], repair: undefined }
  return { log: new WriteAheadLog({ ...deps, options }, start), recovered }
}

function requireOwner({ files, owner }: OpenLogDeps, found: LogOwner): void {
  if (found.peer === owner.peer && found.mesh === owner.mesh) return
  throw new MeshError(
    `expected the log of peer ${owner.peer} in mesh ${owner.mesh} in ${files.folder}, ` +
      `found that of peer ${found.peer} in mesh ${found.mesh}`,
    {
      code: 'ERR_STORAGE',
      details: { expected: owner, found },
      hint: 'Give each peer a data folder of its own, and an empty one to a new peer.',
    },
  )
}

/** Nothing is thrown away that somebody could want to look at. */
async function keepTorn(files: LogFiles, { tail }: LogRead): Promise<LogRepair | undefined> {
  if (!tail.isTorn) return undefined
  const { name, offset, bytes } = tail
  const copy = name + BROKEN_SUFFIX
  await files.create(copy, [bytes])
  return { name, offset, copy }
}

async function removeUnfinished(files: LogFiles): Promise<void> {
  for (const name of await files.list()) {
    if (name.endsWith(UNFINISHED_SUFFIX)) await files.remove(name)
  }
}

/** What a snapshot holds was committed, whether or not a hard state said so in time. */
function knowingCommit(hardState: HardState, snapshot: LogSnapshot | undefined): HardState {
  return { ...hardState, commit: Math.max(hardState.commit, snapshot?.index ?? 0) }
}
