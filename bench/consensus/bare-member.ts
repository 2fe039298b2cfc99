/**
 * One process of the bare contestant: no elections, no terms, no checksums, nothing but what
 * every replicated log must do at least.
 *
 *     node bare-member.ts follower FILE
 *     node bare-member.ts leader FILE PORT PORT
 *
 * All that arrived since the last sync is one batch: appended, synced in the thread pool, and, by
 * the leader, sent to both followers meanwhile. It answers a put when its own disk and that of one
 * follower have it. On stdout: a JSON line with `"event":"ready"` and the port.
 */
import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { encodeBareFrame, readBareFrames } from './bare-frames.ts'

interface Batch {
  readonly number: number
  readonly frames: readonly Buffer[]
  /** To whom what is answered once it is stored. */
  readonly answers: ReadonlyMap<Socket, readonly Buffer[]>
  storedCount: number
}

const NOTHING = new Uint8Array()
const MAJORITY = 2

class Follower {
  readonly #file: FileHandle
  readonly #leader: Socket
  #pending: { readonly number: number; readonly body: Buffer }[] = []
  #isSyncing = false

  constructor(file: FileHandle, leader: Socket) {
    this.#file = file
    this.#leader = leader
  }

  take(number: number, body: Buffer): void {
    this.#pending.push({ number, body: Buffer.from(body) })
    if (!this.#isSyncing) this.#sync().catch(fail)
  }

  async #sync(): Promise<void> {
    this.#isSyncing = true
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0)
      await append(
        this.#file,
        batch.map(({ body }) => body),
      )
      // The last says it for those before.
      this.#leader.write(encodeBareFrame(batch.at(-1)?.number ?? 0, NOTHING))
    }
    this.#isSyncing = false
  }
}

class Leader {
  readonly #file: FileHandle
  readonly #followers: readonly Socket[]
  readonly #unanswered: Batch[] = []
  #frames: Buffer[] = []
  #answers = new Map<Socket, Buffer[]>()
  #number = 0
  #isSyncing = false

  constructor(file: FileHandle, followers: readonly Socket[]) {
    this.#file = file
    this.#followers = followers
    for (const follower of followers) {
      let last = 0
      readBareFrames(follower, number => {
        this.#stored(each => each.number > last && each.number <= number)
        last = number
      })
    }
  }

  take(client: Socket, number: number, body: Buffer): void {
    this.#frames.push(encodeBareFrame(number, body))
    const answers = this.#answers.get(client) ?? []
    answers.push(encodeBareFrame(number, NOTHING))
    this.#answers.set(client, answers)
    if (this.#isSyncing) return
    this.#isSyncing = true
    // What else arrived in this turn belongs to the batch.
    setImmediate(() => this.#sync().catch(fail))
  }

  async #sync(): Promise<void> {
    while (this.#frames.length > 0) {
      this.#number += 1
      const fresh = { number: this.#number, storedCount: 0 }
      const batch: Batch = { ...fresh, frames: this.#frames, answers: this.#answers }
      this.#frames = []
      this.#answers = new Map()
      this.#unanswered.push(batch)
      const bytes = encodeBareFrame(batch.number, Buffer.concat(batch.frames))
      for (const follower of this.#followers) follower.write(bytes)
      await append(this.#file, batch.frames)
      this.#stored(each => each === batch)
    }
    this.#isSyncing = false
  }

  #stored(isOf: (batch: Batch) => boolean): void {
    for (const batch of this.#unanswered) if (isOf(batch)) batch.storedCount += 1
    // In order: what comes later is answered later.
    for (let [first] = this.#unanswered; first !== undefined; [first] = this.#unanswered) {
      if (first.storedCount < MAJORITY) return
      this.#unanswered.shift()
      for (const [client, answers] of first.answers) client.write(Buffer.concat(answers))
    }
  }
}

async function append(file: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  await file.appendFile(Buffer.concat(pieces))
  await file.datasync()
}

function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}

async function main([role, path, ...ports]: readonly string[]): Promise<void> {
  const file = await open(path ?? '', 'a')
  const followers = ports.map(port =>
    connect({ port: Number(port), host: '127.0.0.1', noDelay: true }),
  )
  await Promise.all(followers.map(follower => once(follower, 'connect')))
  const leader = new Leader(file, followers)
  const server = createServer({ noDelay: true }, socket => {
    const follower = new Follower(file, socket)
    socket.on('error', () => socket.destroy())
    readBareFrames(socket, (number, body) => {
      if (role === 'leader') leader.take(socket, number, body)
      else follower.take(number, body)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address() as AddressInfo
  console.log(JSON.stringify({ event: 'ready', port: address.port }))
}

process.on('disconnect', () => process.exit(1))
main(process.argv.slice(2)).catch(fail)
