/**
 * Recovery by hand, in the data folder of a peer that is stopped: it goes on alone in a new mesh
 * with the policy of the old one, or is made free to join another.
 *
 *     the new log whole, beside the old ── mesh.json names the new mesh ── the old log put aside
 *                                              |                     ── the new log in its place
 *                           before: nothing has happened;  after: the next start completes it
 */
import { access, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { MeshError } from '../core/errors.ts'
import type { MeshId, PeerId } from '../core/ids.ts'
import { openAgreement } from './consensus/open-agreement.ts'
import {
  deciderOf,
  type KeptAgreement,
  readAgreement,
  recoveredSnapshot,
} from './consensus/recovery.ts'
import { newId, systemEntropy } from './entropy.ts'
import { lockDataDir } from './storage/data-dir-lock.ts'
import { type Disk, openDisk } from './storage/disk.ts'
import { loadIdentity } from './storage/identity.ts'
import { logFolder } from './storage/log-folder.ts'
import { loadMesh, type MeshMemory, newMesh, saveMesh } from './storage/mesh-file.ts'
import { storageError } from './storage/storage-error.ts'
import { openNodeLogFiles } from './storage/wal/node-log-files.ts'

const entropy = systemEntropy

/** The data folder of a peer that does not run, for as long as `close` has not been called. */
export interface StoppedPeer {
  readonly self: PeerId
  readonly memory: MeshMemory
  /** @throws MeshError as `readAgreement` and `deciderOf`. */
  readKept(): Promise<KeptAgreement>
  /** @returns The id of the new mesh. @throws MeshError as `readKept`. */
  recover(wallMs: number): Promise<MeshId>
  /** Nothing is removed; `skein join` puts the log aside. */
  forgetOthers(): Promise<void>
  close(): Promise<void>
}

/** @throws MeshError ERR_STORAGE, ERR_DATA_DIR_LOCKED if it runs. */
export async function openStoppedPeer(dataDir: string): Promise<StoppedPeer> {
  await requirePeer(dataDir)
  const lock = await lockDataDir(dataDir)
  try {
    const disk = await openDisk(dataDir)
    await finishRecovery(dataDir, disk)
    const { peerId: self } = await loadIdentity(disk)
    const memory = await loadMesh(disk)
    if (memory === undefined) throw noPeer(dataDir)
    return stoppedPeer({ dataDir, disk, self, memory }, () => lock.release())
  } catch (error) {
    await lock.release()
    throw error
  }
}

interface Opened {
  readonly dataDir: string
  readonly disk: Disk
  readonly self: PeerId
  readonly memory: MeshMemory
}

function stoppedPeer(opened: Opened, close: () => Promise<void>): StoppedPeer {
  const { dataDir, disk, self, memory } = opened
  const readKept = async () => {
    const files = await openNodeLogFiles(logFolder(dataDir))
    const kept = await readAgreement(files, { peer: self, mesh: memory.meshId })
    deciderOf(kept.machine, self)
    return kept
  }
  return {
    self,
    memory,
    readKept,
    recover: async wallMs => await recover(opened, await readKept(), wallMs),
    forgetOthers: () => saveMesh(disk, { ...memory, peers: [] }),
    close,
  }
}

async function recover(
  { dataDir, disk, self, memory }: Opened,
  kept: KeptAgreement,
  wallMs: number,
): Promise<MeshId> {
  const begun = newMesh(entropy)
  const { meshId } = begun
  const founding = recoveredSnapshot(kept, {
    self,
    lostMesh: memory.meshId,
    requestId: newId(entropy),
    wallMs,
  })
  const files = await openNodeLogFiles(preparedFolder(dataDir, meshId))
  const { log } = await openAgreement({ self, meshId, files, founding })
  await log.close()
  await saveMesh(disk, { ...begun, incarnation: memory.incarnation })
  await finishRecovery(dataDir, disk)
  return meshId
}

/**
 * Completes a recovery that a crash has cut short. Each peer does that before it reads its log.
 *
 * @throws MeshError ERR_STORAGE.
 */
export async function finishRecovery(dataDir: string, disk: Disk): Promise<void> {
  const memory = await loadMesh(disk)
  if (memory === undefined) return
  const prepared = preparedFolder(dataDir, memory.meshId)
  if (!(await isThere(prepared))) return
  const folder = logFolder(dataDir)
  // A crash may have come between the two.
  if (await isThere(folder)) await move(folder, asideFolder(dataDir, memory.meshId))
  await move(prepared, folder)
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    throw storageError(`move ${from} to`, to, error)
  }
}

/** Where the log of the lost mesh goes, for whoever wants to look. */
export function asideFolder(dataDir: string, meshId: MeshId): string {
  return `${logFolder(dataDir)}-before-${meshId.slice(0, 8)}`
}

/** Of a log that is ready to take the place of the other once mesh.json names its mesh. */
function preparedFolder(dataDir: string, meshId: MeshId): string {
  return `${logFolder(dataDir)}-of-${meshId}`
}

/** A mistyped folder is not to be made. */
async function requirePeer(dataDir: string): Promise<void> {
  if (!(await isThere(join(dataDir, 'mesh.json')))) throw noPeer(dataDir)
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

function noPeer(dataDir: string): MeshError {
  return new MeshError(`expected the data folder of a peer at ${dataDir}, found none`, {
    code: 'ERR_STORAGE',
    hint: 'Name it with --data-dir FOLDER.',
  })
}
