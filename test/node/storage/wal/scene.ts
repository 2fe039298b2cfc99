/**
 * Logs to test with: entries by index, a log opened over some files, and what it says after that.
 */
import type { Entry } from '../../../../src/consensus/raft/log/entry.ts'
import { MeshError } from '../../../../src/core/errors.ts'
import type { LogFiles } from '../../../../src/node/storage/wal/log-files.ts'
import {
  type OpenedLog,
  openWriteAheadLog,
  type RecoveredLog,
} from '../../../../src/node/storage/wal/open-log.ts'
import type { WalOptions } from '../../../../src/node/storage/wal/write-ahead-log.ts'

export const OWNER = { peer: 'peer-a', mesh: 'mesh-1' }

export const FIRST_SEGMENT = '0000000000000001.wal'
export const SECOND_SEGMENT = '0000000000000002.wal'

export function entry(index: number, { term = 1, text = `entry ${index}` } = {}): Entry {
  return { term, index, type: 'normal', data: new TextEncoder().encode(text) }
}

/** Those from the first index to the last. */
export function entries(first: number, last: number, term = 1): Entry[] {
  return Array.from({ length: last - first + 1 }, (_, place) => entry(first + place, { term }))
}

export function openLog(
  files: LogFiles,
  options: Partial<WalOptions> = {},
  onFatal: (error: unknown) => void = () => {},
): Promise<OpenedLog> {
  return openWriteAheadLog({ files, owner: OWNER, options, onFatal })
}

/** What a peer that starts now would know. */
export async function recover(files: LogFiles, options: Partial<WalOptions> = {}) {
  const { log, recovered } = await openLog(files, options)
  await log.close()
  return recovered
}

/** `2: entry 2` and so on. */
export function texts({ entries: found }: Pick<RecoveredLog, 'entries'>): string[] {
  return found.map(({ index, data }) => `${index}: ${new TextDecoder().decode(data)}`)
}

export const indexes = ({ entries: found }: Pick<RecoveredLog, 'entries'>) =>
  found.map(({ index }) => index)

/** The error that says the log cannot be used; `undefined`: it can. */
export async function refusal(files: LogFiles): Promise<MeshError | undefined> {
  try {
    await recover(files)
    return undefined
  } catch (error) {
    if (error instanceof MeshError) return error
    throw error
  }
}
