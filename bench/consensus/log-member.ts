/**
 * One process of the contestant `log`: what a peer of ours does to agree on a change, and nothing
 * else. Its agreement, codec, policy, log on disk and their options are those of every peer.
 *
 *     node log-member.ts PLACE FOLDER
 *
 * Members send each other their messages by plain TCP, without lanes and encryption. The first one
 * leads, and takes puts as the bare contestant does: each becomes a change that is proposed in this
 * process. On stdout: JSON lines `"ready"` with its ports, and `"voting"` once all three vote. The
 * parent tells all of them the ports for members, by place.
 */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { z } from 'zod'
import { foundingOf } from '../../sim/founding.ts'
import { consensusOptions } from '../../src/consensus/replica/options.ts'
import { systemClock } from '../../src/node/clock.ts'
import { Agreement } from '../../src/node/consensus/agreement.ts'
import { openAgreement } from '../../src/node/consensus/open-agreement.ts'
import { newId, newSeed, systemEntropy } from '../../src/node/entropy.ts'
import { createLogger } from '../../src/node/log.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { openNodeLogFiles } from '../../src/node/storage/wal/node-log-files.ts'
import { encodeBareFrame, readBareFrames } from './bare-frames.ts'

const PEERS = ['peer-0', 'peer-1', 'peer-2']
const MESH = '00112233445566778899aabbccddeeff'

/** What stands before it is the key. */
const VALUE_BYTES = 256

/** As many as the clients of `skein` have. */
const NAMES_PER_CLIENT = 16

const POLL_MS = 20

const told = z.object({ memberPorts: z.array(z.int()) })

const print = (line: Readonly<Record<string, unknown>>) => console.log(JSON.stringify(line))

/** Sends what is given to it in one turn together. */
class TurnWriter {
  readonly #socket: Socket
  #frames: Buffer[] = []

  constructor(socket: Socket) {
    this.#socket = socket
  }

  write(number: number, body: Uint8Array): void {
    if (this.#frames.length === 0) setImmediate(() => this.#flush())
    this.#frames.push(encodeBareFrame(number, body))
  }

  #flush(): void {
    const frames = this.#frames
    this.#frames = []
    this.#socket.write(Buffer.concat(frames))
  }
}

async function openMember(place: number, folder: string, others: Map<string, TurnWriter>) {
  const self = PEERS[place] ?? ''
  const clock = systemClock
  const opened = await openAgreement({
    ...{ self, meshId: MESH, founding: foundingOf(PEERS) },
    files: await openNodeLogFiles(folder),
  })
  return new Agreement(
    {
      ...{ self, zone: '', clock, metrics: createMetrics(), seed: newSeed(systemEntropy) },
      logger: createLogger('silent', { write: () => {}, wallMs: clock.wallMs }),
      newRequestId: () => newId(systemEntropy),
      post: (to, message) => {
        const writer = others.get(to)
        writer?.write(place, message)
        return writer !== undefined
      },
      onEvent: () => {},
      onFatal: fail,
    },
    opened,
    consensusOptions.parse({ voterStableAfterMs: 0 }),
  )
}

/** Answers each put once its change is agreed on and applied here. */
function serve(agreement: Agreement, socket: Socket): void {
  const writer = new TurnWriter(socket)
  const counts = new Map<number, number>()
  readBareFrames(socket, (client, body) => {
    const count = counts.get(client) ?? 0
    counts.set(client, count + 1)
    const name = `c${client}-${count % NAMES_PER_CLIENT}`
    const labels = { value: body.subarray(-VALUE_BYTES).toString('latin1') }
    const put = { type: 'put', kind: 'tenants', name, schemaVersion: 1, spec: {}, labels } as const
    agreement.change(put, { author: 'local' }).then(outcome => {
      if (outcome.status === 'applied') writer.write(client, new Uint8Array())
      else fail(new Error(`expected a change, found ${outcome.reason}`))
    }, fail)
  })
}

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer({ noDelay: true }, socket => {
    socket.on('error', () => socket.destroy())
    onSocket(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}

async function main([place = '', folder = '']: readonly string[]): Promise<void> {
  const others = new Map<string, TurnWriter>()
  const agreement = await openMember(Number(place), folder, others)
  const port = await listen(socket => serve(agreement, socket))
  const memberPort = await listen(socket =>
    readBareFrames(socket, (from, message) =>
      agreement.messageReceived(PEERS[from] ?? '', message),
    ),
  )
  process.once('message', message => {
    for (const [at, otherPort] of told.parse(message).memberPorts.entries()) {
      const peer = PEERS[at] ?? ''
      if (at === Number(place)) continue
      const socket = connect({ port: otherPort, host: '127.0.0.1', noDelay: true })
      socket.on('error', fail).once('connect', () => {
        others.set(peer, new TurnWriter(socket))
        agreement.memberSeen({ peer, isAlive: true, zone: '' })
      })
    }
  })
  print({ event: 'ready', port, memberPort })
  const poll = setInterval(() => {
    const { role, confState } = agreement.status()
    if (role !== 'leader' || confState.voters.length < PEERS.length) return
    clearInterval(poll)
    print({ event: 'voting' })
  }, POLL_MS)
}

process.on('disconnect', () => process.exit(1))
main(process.argv.slice(2)).catch(fail)
