/**
 * The disk port: a flat folder of small files that are replaced whole.
 *
 * A write is atomic and durable when it returns: a temporary file, fsync, rename, fsync of the
 * folder. So a crash leaves the old file or the new one, never half of one. Files are readable
 * by their owner alone, since most of them hold secrets.
 */
import { access, chmod, constants, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from './make-folder.ts'
import { storageError } from './storage-error.ts'

export interface Disk {
  /** `undefined`: there is no such file. @throws MeshError ERR_STORAGE. */
  read(name: string): Promise<Uint8Array | undefined>
  /** @throws MeshError ERR_STORAGE. */
  write(name: string, bytes: Uint8Array): Promise<void>
}

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/**
 * Opens the folder, making it (mode 0700) if it is not there.
 *
 * @throws MeshError ERR_STORAGE, also if we may not read or write in it.
 */
export async function openDisk(folder: string): Promise<Disk> {
  try {
    await makeFolder(folder)
  } catch (error) {
    throw storageError('make the data folder', folder, error)
  }
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw storageError('read and write in the data folder', folder, error)
  }

  return {
    async read(name) {
      const path = join(folder, name)
      try {
        return await readFile(path)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw storageError('read', path, error)
      }
    },

    async write(name, bytes) {
      const path = join(folder, name)
      try {
        await writeDurably(`${path}.new`, bytes)
        await rename(`${path}.new`, path)
        await syncFolder(folder)
      } catch (error) {
        throw storageError('write', path, error)
      }
    },
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  // A file left over from a crash keeps the mode it had.
  await chmod(path, 0o600)
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
