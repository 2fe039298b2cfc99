/**
 * Where in the data folder the log of the agreement is, and where that of a mesh goes that its only
 * peer gave up to join another.
 */
import { access, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { MeshId } from '../../core/ids.ts'
import { storageError } from './storage-error.ts'

export function logFolder(dataDir: string): string {
  return join(dataDir, 'consensus')
}

/** Keeps the log under another name, for whoever wants to look. @throws MeshError ERR_STORAGE. */
export async function putLogAside(dataDir: string, meshId: MeshId, nowMs: number): Promise<void> {
  const folder = logFolder(dataDir)
  if (!(await isThere(folder))) return
  const aside = `${folder}-${meshId.slice(0, 8)}-${Math.floor(nowMs)}`
  try {
    await rename(folder, aside)
  } catch (error) {
    throw storageError('put the log of another mesh aside as', aside, error)
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
