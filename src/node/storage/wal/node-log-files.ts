/**
 * The port of the log on a real disk: every call runs in the thread pool, none on the event loop.
 *
 * A new file is written aside, synced, renamed, and then its folder is synced. Files get their
 * final length when they are made: a sync then has no new length to record, which makes it a
 * third faster (ext4). The space itself is not taken in advance; that gained nothing measurable
 * and cost 14 ms for each segment.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { storageError } from '../storage-error.ts'
import { type LogFile, type LogFiles, UNFINISHED_SUFFIX } from './log-files.ts'

/**
 * On Linux a write with `O_DSYNC` is durable when it returns, as after `fdatasync`, and takes one
 * trip to the thread pool instead of two. macOS has the flag, but it does not reach the platter.
 */
const HAS_SYNCED_WRITES = process.platform === 'linux'
const WRITE_FLAGS = HAS_SYNCED_WRITES ? constants.O_RDWR | constants.O_DSYNC : constants.O_RDWR

/** What the log holds is nobody else's business. */
const MODE = 0o600

/** Makes the folder if it is not there. @throws MeshError ERR_STORAGE. */
export async function openNodeLogFiles(folder: string): Promise<LogFiles> {
  await told('make the folder', folder, () => makeFolder(folder))
  const pathOf = (name: string) => join(folder, name)
  return {
    folder,
    list: () => told('list', folder, () => readdir(folder)),
    read: name => told('read', pathOf(name), () => readFile(pathOf(name))),
    create: (name, content, sizeBytes) =>
      told('write', pathOf(name), async () => {
        const aside = pathOf(name) + UNFINISHED_SUFFIX
        await writeWhole(aside, content, sizeBytes)
        await rename(aside, pathOf(name))
        await syncFolder(folder)
      }),
    open: name =>
      told(
        'open',
        pathOf(name),
        async () => new NodeLogFile(pathOf(name), await open(pathOf(name), WRITE_FLAGS)),
      ),
    remove: name =>
      told('remove', pathOf(name), async () => {
        await rm(pathOf(name), { force: true })
        await syncFolder(folder)
      }),
  }
}

class NodeLogFile implements LogFile {
  readonly #path: string
  readonly #handle: FileHandle
  /** Whether something was done that no write has made durable. */
  #isDirty = !HAS_SYNCED_WRITES

  constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  write(bytes: Uint8Array, offset: number): Promise<void> {
    return told('write', this.#path, () => writeAll(this.#handle, bytes, offset))
  }

  async sync(): Promise<void> {
    if (!this.#isDirty) return
    await told('sync', this.#path, () => this.#handle.datasync())
    this.#isDirty = !HAS_SYNCED_WRITES
  }

  truncate(sizeBytes: number): Promise<void> {
    this.#isDirty = true
    return told('change the length of', this.#path, () => this.#handle.truncate(sizeBytes))
  }

  close(): Promise<void> {
    return told('close', this.#path, () => this.#handle.close())
  }
}

async function writeWhole(
  path: string,
  content: Iterable<Uint8Array>,
  sizeBytes: number | undefined,
): Promise<void> {
  const handle = await open(path, 'w', MODE)
  try {
    let offset = 0
    for (const part of content) {
      await writeAll(handle, part, offset)
      offset += part.length
    }
    if (sizeBytes !== undefined && sizeBytes > offset) await handle.truncate(sizeBytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The system may take less than it was given. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let writtenBytes = 0
  while (writtenBytes < bytes.length) {
    const leftBytes = bytes.length - writtenBytes
    const at = offset + writtenBytes
    writtenBytes += (await handle.write(bytes, writtenBytes, leftBytes, at)).bytesWritten
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function told<Value>(
  action: string,
  path: string,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw storageError(action, path, error)
  }
}
