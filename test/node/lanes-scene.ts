/**
 * Lanes to test: of one peer whose channels are made by hand, and between two with a connection.
 */
import { Lanes, type LanesDeps } from '../../src/node/lanes.ts'
import type { LaneChannel, LaneChannelListener } from '../../src/node/network.ts'
import type { LaneCall } from '../../src/protocols/lane.ts'
import { laneOptions } from '../../src/protocols/options.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { answerOf } from './fake-runtime.ts'
import { type MemoryNetwork, MemoryWorld } from './memory-network.ts'
import { silent } from './recorded-network.ts'
import { until } from './until.ts'

export const call: LaneCall = { method: 'echo', headers: {}, body: Buffer.from('question') }

const options = laneOptions.parse({})

/** A channel that keeps what it is told. */
export class FakeChannel implements LaneChannel {
  readonly isDialer: boolean
  listener: LaneChannelListener | undefined
  readonly sent: Uint8Array[] = []
  readonly aborted: Error[] = []
  /** Whether it is closed before anybody listens. */
  readonly #isDead: boolean

  constructor(isDialer = true, isDead = false) {
    this.isDialer = isDialer
    this.#isDead = isDead
  }

  send(bytes: Uint8Array): boolean {
    this.sent.push(bytes)
    return true
  }

  abort(error: Error): void {
    this.aborted.push(error)
  }

  attach(listener: LaneChannelListener): void {
    this.listener = listener
    if (this.#isDead) listener.onClose(undefined)
  }
}

export function lanesOf(deps: Partial<LanesDeps> = {}) {
  const clock = new ManualClock()
  const opened: string[] = []
  const lanes = new Lanes(
    {
      self: 'b',
      clock,
      logger: silent,
      connect: () => Promise.resolve(),
      open: async peer => {
        opened.push(peer)
        throw new Error('nobody there')
      },
      serve: async () => answerOf('answer'),
      trailer: () => Buffer.from('load'),
      onTrailer: () => {},
      onMessage: () => {},
      onLongMessage: () => {},
      onHeard: () => {},
      onLane: () => {},
      ...deps,
    },
    options,
  )
  return { lanes, clock, opened }
}

/** Two peers with a connection. */
export async function pair(serve: LanesDeps['serve'] = async () => answerOf('answer')) {
  const world = new MemoryWorld()
  const clock = new ManualClock()
  const trailers: string[] = []
  const [messages, lanesSeen]: [string[], string[]] = [[], []]
  const start = (self: string) => {
    let network: MemoryNetwork | undefined
    const lanes = new Lanes(
      {
        self,
        clock,
        logger: silent,
        connect: () => Promise.resolve(),
        open: peer => network?.openLane(peer) ?? Promise.reject(new Error('no network')),
        serve,
        trailer: () => Buffer.from(`load of ${self}`),
        onTrailer: (peer, bytes) => trailers.push(`${peer}: ${Buffer.from(bytes)}`),
        onMessage: (peer, bytes) => messages.push(`${peer} to ${self}: ${Buffer.from(bytes)}`),
        onLongMessage: () => {},
        onHeard: () => {},
        onLane: (peer, isOpen) => lanesSeen.push(`${self} to ${peer}: ${isOpen ? 'open' : 'gone'}`),
      },
      options,
    )
    network = world.start({
      peer: self,
      claims: () => [],
      events: {
        connected: peer => lanes.connected(peer),
        disconnected: peer => lanes.disconnected(peer),
        laneOpened: (peer, channel) => lanes.accept(peer, channel),
        claimHeard: () => {},
        expelled: () => {},
      },
    })
    return { lanes, network }
  }
  const [a, b] = [start('a'), start('b')]
  await b.network.dial('a')
  await until(() => a.lanes.peers().length === 1 && b.lanes.peers().length === 1)
  return { world, clock, trailers, messages, lanesSeen, a, b }
}
