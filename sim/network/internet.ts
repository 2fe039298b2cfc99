/**
 * What lies between the hosts: their addresses, and a link for each direction of each pair.
 *
 * Links are made when first used, so a thousand hosts that talk to few cost little. Faults act
 * here: cutting one direction or both, slowing, resetting connections, taking a host off the net.
 */
import { assert } from '../../src/core/assert.ts'
import { forkRandom } from '../chance.ts'
import type { EventLog } from '../event-log.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { LAN, Link, type LinkHost, type LinkQuality } from './link.ts'
import type { SimNetwork } from './sim-network.ts'

/** Hosts of one world. */
const HOSTS_MAX = 65_536

export interface InternetHost extends LinkHost {
  readonly address: string
  /** What listens there; `undefined`: nothing, and the kernel says so. */
  readonly listening: SimNetwork | undefined
}

export interface InternetDeps {
  readonly time: VirtualTime
  readonly log: EventLog
  readonly seed: number
  /** Of the direction between two hosts; LAN unless given. */
  readonly quality?: ((from: number, to: number) => LinkQuality) | undefined
}

export class Internet {
  readonly time: VirtualTime
  readonly log: EventLog
  readonly #seed: number
  readonly #quality: (from: number, to: number) => LinkQuality
  readonly #hosts: InternetHost[] = []
  readonly #byAddress = new Map<string, InternetHost>()
  /** `from * HOSTS_MAX + to` → link. */
  readonly #links = new Map<number, Link>()

  constructor({ time, log, seed, quality = () => LAN }: InternetDeps) {
    this.time = time
    this.log = log
    this.#seed = seed
    this.#quality = quality
  }

  get hostCount(): number {
    return this.#hosts.length
  }

  add(host: InternetHost): void {
    assert(this.#hosts.length < HOSTS_MAX, 'a world has room for its hosts')
    assert(host.index === this.#hosts.length, 'hosts are numbered as they are added')
    this.#hosts.push(host)
    this.#byAddress.set(host.address, host)
  }

  hostAt(address: string): InternetHost | undefined {
    return this.#byAddress.get(address)
  }

  link(from: number, to: number): Link {
    const key = from * HOSTS_MAX + to
    let link = this.#links.get(key)
    if (link === undefined) {
      const ends = { from: this.#host(from), to: this.#host(to) }
      link = new Link(ends, this.#quality(from, to), forkRandom(this.#seed, key))
      this.#links.set(key, link)
    }
    return link
  }

  /** Nothing passes in this direction until the returned function is called. */
  cut(from: number, to: number): () => void {
    const link = this.link(from, to)
    link.cut()
    return () => link.mend()
  }

  /** Every direction from one group to the other, and back if it is two-way. */
  partition(
    groups: readonly [readonly number[], readonly number[]],
    { isTwoWay }: { readonly isTwoWay: boolean },
  ): () => void {
    const [left, right] = groups
    const mends = left.flatMap(from => right.map(to => this.cut(from, to)))
    if (isTwoWay) mends.push(...right.flatMap(from => left.map(to => this.cut(from, to))))
    return () => {
      for (const mend of mends) mend()
    }
  }

  /** Changes both directions of a pair until the returned function is called. */
  degrade(a: number, b: number, quality: LinkQuality): () => void {
    const links = [this.link(a, b), this.link(b, a)]
    const before = links.map(link => link.quality)
    for (const link of links) link.quality = quality
    return () => {
      for (const [index, link] of links.entries()) link.quality = before[index] ?? LAN
    }
  }

  /** Ends all connections between two hosts; both sides see it. */
  reset(a: number, b: number): void {
    this.#host(a).listening?.resetConnectionsTo(b)
  }

  /** A host is back on the net: what was held for it may pass. */
  returned(host: number): void {
    for (const link of this.#links.values()) {
      if (link.from.index === host || link.to.index === host) link.changed()
    }
  }

  #host(index: number): InternetHost {
    const host = this.#hosts[index]
    assert(host !== undefined, 'a link joins two hosts')
    return host
  }
}
