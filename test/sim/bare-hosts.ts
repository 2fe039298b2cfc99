/**
 * Hosts of the simulated world without peers on them: the network port, and notes of what it tells.
 */
import { EventLog } from '../../sim/event-log.ts'
import { GOSSIP_QUALITY, type GossipQuality } from '../../sim/network/gossip.ts'
import { Internet, type InternetHost } from '../../sim/network/internet.ts'
import { SimNetwork } from '../../sim/network/sim-network.ts'
import { Traffic } from '../../sim/network/traffic.ts'
import { Process } from '../../sim/process.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import type { LaneChannel } from '../../src/node/network.ts'

const PERFECT: GossipQuality = { ...GOSSIP_QUALITY, lossRatio: 0, duplicateRatio: 0 }

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

export class BareHosts {
  readonly time = new VirtualTime()
  readonly log = new EventLog()
  readonly internet: Internet
  readonly #gossip: GossipQuality
  readonly #hosts: BareHost[] = []
  #serial = 0

  constructor(gossip: GossipQuality = PERFECT, seed = 1) {
    this.#gossip = gossip
    this.internet = new Internet({ time: this.time, log: this.log, seed })
  }

  /** A host whose peer is named `a`, `b`, …, unless it is told otherwise. */
  add(peer = String.fromCharCode(97 + this.#hosts.length)): BareHost {
    const index = this.#hosts.length
    const host = new BareHost(index, peer, h => this.#start(h))
    this.#hosts.push(host)
    this.internet.add(host)
    return host
  }

  pass(durationMs: number): Promise<void> {
    return this.time.advance(durationMs)
  }

  #start(host: BareHost): SimNetwork {
    this.#serial += 1
    const { peer, events, channels, claims } = host
    return new SimNetwork({
      peer,
      hostIndex: host.index,
      address: host.address,
      process: new Process(this.#serial, this.time),
      traffic: host.traffic,
      internet: this.internet,
      instanceId: Uint8Array.of(this.#serial),
      gossip: this.#gossip,
      seed: this.#serial,
      wallMs: () => host.wallMs,
      claims: () => [Buffer.from(`claim of ${peer}`)],
      events: {
        connected: (other, greeting) => {
          host.rttMs = greeting.rttMs
          events.push(`connected ${other}: ${greeting.claims.map(text).join()}`)
        },
        disconnected: other => events.push(`disconnected ${other}`),
        laneOpened: (_peer, channel) => channels.push(channel),
        claimHeard: bytes => claims.push(text(bytes)),
        expelled: () => {},
      },
    })
  }
}

export class BareHost implements InternetHost {
  readonly index: number
  readonly peer: string
  readonly address: string
  readonly traffic = new Traffic()
  readonly events: string[] = []
  readonly channels: LaneChannel[] = []
  /** What gossip brought, in order. */
  readonly claims: string[] = []
  rttMs = 0
  wallMs = 0
  isOff = false
  readonly #start: (host: BareHost) => SimNetwork
  #network: SimNetwork
  #isUp = true

  constructor(index: number, peer: string, start: (host: BareHost) => SimNetwork) {
    this.index = index
    this.peer = peer
    this.address = `/ip4/10.0.0.${index}/tcp/4001`
    this.#start = start
    this.#network = start(this)
  }

  get network(): SimNetwork {
    return this.#network
  }

  get listening(): SimNetwork | undefined {
    return this.#isUp ? this.#network : undefined
  }

  crash(): void {
    this.#end(true)
  }

  vanish(): void {
    this.#end(false)
    this.isOff = true
  }

  restart(): void {
    this.isOff = false
    this.#isUp = true
    this.#network = this.#start(this)
  }

  #end(isTold: boolean): void {
    this.#isUp = false
    this.#network.process.end()
    this.#network.die(isTold)
  }
}
