/**
 * Keeps a second process off a data folder.
 *
 * The lock is a local socket that the owner listens on. It vanishes with the process, however
 * that ends, so a crash never leaves a lock that a person must remove, and a reused process id
 * never looks like an owner; whoever connects is told the owner's process id, for the error.
 *
 * A socket file survives its process on Unix. Whoever finds one that nobody answers renames it
 * away before taking its place: of two starters that find it, one rename succeeds.
 */
import { createHash } from 'node:crypto'
import { realpath, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MeshError } from '../core/errors.ts'

/** Longest path of a Unix socket that every system takes. */
const SOCKET_PATH_MAX = 100

const ANSWER_TIMEOUT_MS = 1_000

/** Races lost before giving up. Each means that another process made progress. */
const ATTEMPTS_MAX = 5

export interface DataDirLock {
  release(): Promise<void>
}

/** @throws MeshError ERR_DATA_DIR_LOCKED naming the process that holds it. */
export async function lockDataDir(folder: string): Promise<DataDirLock> {
  const path = await socketPath(folder)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const server = await listen(path)
    if (server !== undefined) return { release: () => close(server) }
    const owner = await askOwner(path)
    if (owner !== undefined) throw lockedError(folder, owner)
    await removeStale(path)
  }
  throw lockedError(folder, 'several that start at once')
}

function lockedError(folder: string, owner: string): MeshError {
  return new MeshError(
    `expected the data folder ${folder} to be free, found process ${owner} using it`,
    {
      code: 'ERR_DATA_DIR_LOCKED',
      details: { folder, owner },
      hint: 'Stop that process, or give this one its own folder with --data-dir.',
    },
  )
}

async function socketPath(folder: string): Promise<string> {
  const real = await realpath(folder)
  const name = `skein-${createHash('sha256').update(real).digest('hex').slice(0, 24)}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  const inside = join(real, 'lock')
  return inside.length <= SOCKET_PATH_MAX ? inside : join(tmpdir(), `${name}.lock`)
}

/** `undefined`: something is there already. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => {
      socket.on('error', () => socket.destroy())
      socket.end(String(process.pid))
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else
        reject(
          new MeshError(`expected to lock ${path}, found: ${error.message}`, {
            code: 'ERR_STORAGE',
            cause: error,
          }),
        )
    })
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })
}

/** The owner's process id; `undefined`: nobody listens. */
function askOwner(path: string): Promise<string | undefined> {
  return new Promise(resolve => {
    let answer = ''
    const socket = connect(path)
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      // It accepts but does not answer: it lives, though not well.
      socket.destroy()
      resolve('that does not say its id')
    })
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('error', () => resolve(undefined))
    socket.on('end', () => resolve(answer === '' ? undefined : answer))
  })
}

async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`
  try {
    await rename(path, aside)
  } catch (error) {
    // Another starter was faster; the next attempt meets it.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  await rm(aside)
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()))
}
