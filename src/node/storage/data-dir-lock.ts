/**
 * Keeps a second process off a data folder.
 *
 * Whoever wants the folder listens on a local socket of its own in it, then looks at all others:
 *
 * - nobody answers: left by a crash, and removed. Names are never used twice, so what is dead
 *   stays dead, and no starter can remove the socket of a live one by mistake;
 * - it answers that it owns the folder: we give up, and can name its process id;
 * - it has not decided yet, like us: the lower name goes first. The higher one gives up, the
 *   lower one waits for its answer, for it may have looked before we were there.
 *
 * All listen before they look, so of two at least one sees the other; waiting goes only from
 * lower to higher names, so it ends. A lock vanishes with its process, however that ends.
 *
 * Source: the idea is Lamport's bakery ("A new solution of Dijkstra's concurrent programming
 * problem", CACM 1974), with sockets for the numbers, since the system clears those away.
 */
import { createHash } from 'node:crypto'
import { access, mkdir, readdir, realpath, rm, rmdir } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MeshError } from '../../core/errors.ts'
import { newId, systemEntropy } from '../entropy.ts'
import { storageError } from './storage-error.ts'

/** Longest path of a Unix socket that every system takes. */
const SOCKET_PATH_MAX = 100

const PREFIX = 'lock-'

/** Of folders for sockets whose data folder has too long a path. */
const NEARBY_PREFIX = 'skein-lock-'

/** A process that accepts but does not answer for so long is alive, though not well. */
const ANSWER_TIMEOUT_MS = 2_000

const UNKNOWN_OWNER = 'that does not say its id'

export interface DataDirLock {
  release(): Promise<void>
}

/** @throws MeshError ERR_DATA_DIR_LOCKED naming the process that holds it, ERR_STORAGE. */
export async function lockDataDir(folder: string): Promise<DataDirLock> {
  if (process.platform === 'win32') return await lockByPipe(folder)
  const sockets = await socketFolder(folder)
  const name = PREFIX + newId(systemEntropy).slice(0, 16)
  const claim = await Claim.open(join(sockets, name))
  try {
    const owner = await findOwner(sockets, name)
    if (owner !== undefined) throw lockedError(folder, owner)
    // Gone if another starter saw it between bind and listen; then nobody can see us.
    await access(join(sockets, name)).catch(() => {
      throw lockedError(folder, UNKNOWN_OWNER)
    })
  } catch (error) {
    await claim.release()
    throw error
  }
  claim.decide()
  return { release: () => releaseIn(sockets, claim) }
}

/** A folder that only held sockets goes with the last of them. */
async function releaseIn(sockets: string, claim: Claim): Promise<void> {
  await claim.release()
  if (!sockets.startsWith(join(tmpdir(), NEARBY_PREFIX))) return
  await rmdir(sockets).catch((error: NodeJS.ErrnoException) => {
    // Somebody else is starting there, or was faster.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error
  })
}

/** A socket that answers with our process id once we own the folder. */
class Claim implements DataDirLock {
  readonly #server: Server
  readonly #asking = new Set<Socket>()
  #isOwner = false

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', socket => this.#answer(socket))
    server.unref()
  }

  /** @throws MeshError ERR_STORAGE. */
  static open(path: string): Promise<Claim> {
    return new Promise((resolve, reject) => {
      const server = createServer()
      server.once('error', cause => {
        const isTaken = 'code' in cause && cause.code === 'EADDRINUSE'
        reject(isTaken ? lockedError(path, UNKNOWN_OWNER) : storageError('lock', path, cause))
      })
      server.listen(path, () => resolve(new Claim(server)))
    })
  }

  decide(): void {
    this.#isOwner = true
    for (const socket of this.#asking) socket.end(String(process.pid))
    this.#asking.clear()
  }

  release(): Promise<void> {
    for (const socket of this.#asking) socket.destroy()
    return new Promise(resolve => this.#server.close(() => resolve()))
  }

  #answer(socket: Socket): void {
    socket.unref()
    // Whoever asks may be killed meanwhile; that is its own affair.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#asking.delete(socket))
    if (this.#isOwner) socket.end(String(process.pid))
    else this.#asking.add(socket)
  }
}

/** The process id of whoever goes before us; `undefined`: nobody does. */
async function findOwner(sockets: string, ours: string): Promise<string | undefined> {
  const names = (await readdir(sockets)).filter(name => name.startsWith(PREFIX) && name !== ours)
  for (const name of names) {
    const answer = await ask(join(sockets, name), { mayWait: name > ours })
    if (answer === 'dead') await rm(join(sockets, name), { force: true })
    else if (answer !== 'gave up') return answer
  }
  return undefined
}

/** `mayWait`: wait for its decision; otherwise its being alive is enough to go before us. */
function ask(path: string, { mayWait }: { readonly mayWait: boolean }): Promise<string> {
  return new Promise(resolve => {
    let answer = ''
    const socket = connect(path)
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      resolve(UNKNOWN_OWNER)
      socket.destroy()
    })
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('error', () => resolve('dead'))
    socket.on('close', () => resolve(answer === '' ? 'gave up' : answer))
    if (!mayWait) {
      // An owner answers at once; one that has not decided would wait for us.
      socket.on('connect', () =>
        setTimeout(() => {
          resolve(answer === '' ? UNKNOWN_OWNER : answer)
          socket.destroy()
        }, 100),
      )
    }
  })
}

/** Where the sockets of a data folder are: in it, or nearby if its path is too long. */
async function socketFolder(folder: string): Promise<string> {
  const real = await realpath(folder)
  if (real.length + PREFIX.length + 18 <= SOCKET_PATH_MAX) return real
  const nearby = join(tmpdir(), NEARBY_PREFIX + digest(real))
  await mkdir(nearby, { recursive: true, mode: 0o700 })
  return nearby
}

/** A named pipe goes with its process, so there is nothing to tidy. */
async function lockByPipe(folder: string): Promise<DataDirLock> {
  const claim = await Claim.open(`\\\\.\\pipe\\skein-${digest(await realpath(folder))}`)
  claim.decide()
  return claim
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)

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
