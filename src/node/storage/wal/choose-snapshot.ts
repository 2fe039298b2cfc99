/**
 * Which snapshot a peer starts from: the newest that is whole and that the log says counts.
 *
 * Without its newest one a peer starts only if an older one, or none, and the log after it say the
 * same. A file that the log does not mention was made just before a crash, and is passed over.
 */
import type { Entry } from '../../../consensus/raft/log/entry.ts'
import { segmentName, snapshotName } from './file-names.ts'
import { logDamage } from './log-damage.ts'
import type { LogFiles } from './log-files.ts'
import type { SnapshotMark } from './record.ts'
import type { Replay } from './replay.ts'
import { decodeSnapshot, type LogSnapshot } from './snapshot-file.ts'

export interface ChosenSnapshot {
  /** `undefined`: all entries from the first are there. */
  readonly snapshot: LogSnapshot | undefined
  /** Those after it. */
  readonly entries: readonly Entry[]
}

/** @throws MeshError ERR_LOG_DAMAGED. */
export async function chooseSnapshot(files: LogFiles, replay: Replay): Promise<ChosenSnapshot> {
  const names = new Set(await files.list())
  const newestFirst = replay.marks.toReversed()
  for (const mark of newestFirst) {
    const entries = replay.entriesAfter(mark.index)
    if (entries === undefined) break
    const snapshot = await readSnapshot(files, names, mark)
    if (snapshot !== undefined) return { snapshot, entries }
  }
  const entries = replay.entriesAfter(0)
  if (entries !== undefined) return { snapshot: undefined, entries }
  const [newest] = newestFirst
  if (newest === undefined) throw logDamage({ files, name: segmentName(1) }, 'no such file')
  const name = snapshotName(newest)
  throw logDamage({ files, name }, names.has(name) ? 'a damaged snapshot' : 'no such file')
}

/** `undefined`: it is not there, or damaged. */
export async function readSnapshot(
  files: LogFiles,
  names: ReadonlySet<string>,
  mark: SnapshotMark,
): Promise<LogSnapshot | undefined> {
  const name = snapshotName(mark)
  return names.has(name) ? decodeSnapshot(await files.read(name), mark) : undefined
}
