/**
 * Gossip without its messages: a report of a node arrives at each ingress after a time that is drawn, or
 * never: from the range of the scenario, or as many hops over the links as the full level was measured
 * to take.
 *
 *     node changes --paced as production paces--> report --hops, loss--> each ingress
 *
 * Pacing is that of `src/membership` and `src/node/load-reports.ts`: a change is told within 50 ms, one
 * node tells at most every so often, and in a large mesh seldomer, since all nodes together have
 * their share. Of two reports of one node the older never replaces the newer. What the full level
 * does besides, probes and comparisons, shows here only as certainty that what is known still holds.
 */
import type { Random } from '../../src/core/random.ts'
import { membershipOptions } from '../../src/membership/options.ts'
import { between, isHit } from '../chance.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { Signals } from '../scenario/scenario.ts'
import type { Gossip, GossipDeps } from './gossip.ts'
import type { Links } from './links.ts'

/** As `src/node/load-reports.ts`. */
const TOLD_WITHIN_MS = 50

const PRODUCTION = membershipOptions.parse({})

/** Of a claim with its signature. */
export const CLAIM_BYTES = 600

/**
 * Neighbours that a claim reaches with each hop. Gossip keeps four to twelve; the first copy that
 * arrives counts, so it comes to the most of them (`test/sim/fleet/travel.test.ts`).
 */
const NEIGHBOURS = 12

/** In a mesh in which everyone is connected to everyone, one; else by how many each hop reaches. */
export function drawnHops(random: Random, memberCount: number): number {
  if (memberCount <= PRODUCTION.fullMeshMax) return 1
  const drawn = random.next()
  let reached = 0
  for (let hops = 1, newcomers = NEIGHBOURS; ; hops += 1, newcomers *= NEIGHBOURS - 1) {
    reached += newcomers
    if (drawn < 1 - Math.exp(-reached / memberCount) || reached > HOPS_ENOUGH * memberCount) {
      return hops
    }
  }
}

/** By then a claim has reached all but one of twenty thousand. */
const HOPS_ENOUGH = 10

export interface AggregateGossipInit {
  readonly timeline: Timeline
  readonly links: Links
  readonly signals: Signals
  /** Until the others know that a node is gone. */
  readonly detectMs: number
  readonly random: Random
}

interface Author {
  isDown: boolean
  /** Counts its reports. */
  version: number
  lastAtMs: number
  isDue: boolean
}

export class AggregateGossip implements Gossip {
  readonly stepCount = 0
  readonly #init: AggregateGossipInit
  readonly #deps: GossipDeps
  readonly #intervalMs: number
  readonly #authors: Author[]
  /** Of each ingress: the version of each node that it has. */
  readonly #known: Int32Array[]
  #parted: ReadonlySet<number> = new Set()

  constructor(init: AggregateGossipInit, deps: GossipDeps) {
    this.#init = init
    this.#deps = deps
    const { members, nodeCount } = deps
    const { publishMinIntervalMs, claimsPerSecondMax } = PRODUCTION
    const pacedMs = Math.max(publishMinIntervalMs, (1_000 * members.length) / claimsPerSecondMax)
    this.#intervalMs = init.signals.updateIntervalMs ?? pacedMs
    this.#authors = Array.from({ length: nodeCount }, () => ({
      ...{ isDown: false, version: 0, lastAtMs: Number.NEGATIVE_INFINITY, isDue: false },
    }))
    const ingressCount = members.length - nodeCount
    this.#known = Array.from({ length: ingressCount }, () => new Int32Array(nodeCount))
  }

  start(absent: ReadonlySet<number>): void {
    const { members, nodeCount, tell } = this.#deps
    for (let node = 0; node < nodeCount; node += 1) {
      const author = this.#authorOf(node)
      author.isDown = absent.has(node)
      const member = members[node]
      if (author.isDown || member === undefined) continue
      const { peer, facts } = member
      const load = member.load()
      for (let ingress = nodeCount; ingress < members.length; ingress += 1) {
        const rttMs = this.#rttMs(node, ingress)
        tell(ingress, { type: 'peer-changed', peer, status: 'alive', facts, load, rttMs })
      }
    }
    for (let ingress = nodeCount; ingress < members.length; ingress += 1) this.#confirm(ingress)
  }

  changed(member: number): void {
    const author = this.#authors[member]
    if (author === undefined || author.isDue || author.isDown) return
    const { timeline } = this.#init
    author.isDue = true
    const withinMs = this.#intervalMs === 0 ? 0 : TOLD_WITHIN_MS
    const atMs = Math.max(timeline.nowMs + withinMs, author.lastAtMs + this.#intervalMs)
    timeline.at(atMs, () => {
      author.isDue = false
      if (!author.isDown) this.#report(member, author)
    })
  }

  crash(member: number): void {
    const author = this.#authors[member]
    if (author === undefined) return
    author.isDown = true
    author.version += 1
    const { detectMs, timeline } = this.#init
    timeline.after(detectMs, () => {
      if (author.isDown) this.#spreadStatus(member, 'dead')
    })
  }

  join(member: number): void {
    const author = this.#authors[member]
    if (author === undefined) return
    author.isDown = false
    this.#report(member, author, true)
  }

  partition(cells: ReadonlySet<number>): void {
    const before = this.#parted
    this.#parted = cells
    const { timeline, detectMs } = this.#init
    if (cells.size === 0) {
      for (const [node, author] of this.#authors.entries()) {
        if (!author.isDown) this.#report(node, author, true)
      }
      return
    }
    if (before.size > 0) return
    timeline.after(detectMs, () => {
      if (this.#parted !== cells) return
      for (const node of this.#authors.keys()) this.#loseSight(node)
    })
  }

  /** Those on the other side take it for dead. */
  #loseSight(node: number): void {
    const { members, nodeCount, tell } = this.#deps
    const peer = members[node]?.peer
    if (peer === undefined) return
    for (let ingress = nodeCount; ingress < members.length; ingress += 1) {
      if (this.#isCut(node, ingress)) tell(ingress, { type: 'peer-changed', peer, status: 'dead' })
    }
  }

  #authorOf(node: number): Author {
    return this.#authors[node] as Author
  }

  #report(node: number, author: Author, isAnnounced = false): void {
    const { members, nodeCount } = this.#deps
    const member = members[node]
    if (member === undefined) return
    const { timeline, signals, random } = this.#init
    author.version += 1
    author.lastAtMs = timeline.nowMs
    const { version } = author
    const { peer, facts } = member
    const news = { peer, facts, load: member.load(), isAnnounced, version }
    for (let ingress = nodeCount; ingress < members.length; ingress += 1) {
      if (!isAnnounced && isHit(random, signals.lossRatio)) continue
      const delayMs = this.#travelMs(node, ingress)
      timeline.after(delayMs, () => this.#deliver(node, ingress, news))
    }
  }

  #deliver(
    node: number,
    ingress: number,
    news: {
      readonly peer: string
      readonly facts: GossipDeps['members'][number]['facts']
      readonly load: ReturnType<GossipDeps['members'][number]['load']>
      readonly version: number
      readonly isAnnounced: boolean
    },
  ): void {
    const { nodeCount, tell } = this.#deps
    const known = this.#known[ingress - nodeCount] as Int32Array
    if ((known[node] as number) >= news.version || this.#isCut(node, ingress)) return
    known[node] = news.version
    const { peer, load, facts, isAnnounced } = news
    const loadAtMs = this.#init.timeline.nowMs
    // One that was taken for dead must say that it is not, as a refutation does.
    if (isAnnounced) {
      const rttMs = this.#rttMs(node, ingress)
      tell(ingress, { type: 'peer-changed', peer, status: 'alive', facts, load, loadAtMs, rttMs })
    } else {
      tell(ingress, { type: 'peer-changed', peer, status: 'alive', load, loadAtMs })
    }
  }

  /** Between the bounds of the scenario, or hop by hop. */
  #travelMs(node: number, ingress: number): number {
    const { members } = this.#deps
    const { links, random, signals } = this.#init
    const { delayMinMs, delayMaxMs } = signals
    if (delayMinMs !== undefined || delayMaxMs !== undefined) {
      const [min = 0, max = min] = [delayMinMs, delayMaxMs]
      return between(random, Math.min(min, max), max)
    }
    const [from, to] = [members[node]?.cell ?? 0, members[ingress]?.cell ?? 0]
    let travelMs = 0
    for (let hops = drawnHops(random, members.length); hops > 0; hops -= 1) {
      travelMs += links.delayMs(from, to, CLAIM_BYTES)
    }
    return travelMs
  }

  #spreadStatus(node: number, status: 'dead'): void {
    const { members, nodeCount, tell } = this.#deps
    const peer = members[node]?.peer
    if (peer === undefined) return
    for (let ingress = nodeCount; ingress < members.length; ingress += 1) {
      tell(ingress, { type: 'peer-changed', peer, status })
    }
  }

  /** By comparison with others an ingress learns that what it knows is the newest. */
  #confirm(ingress: number): void {
    const { timeline, signals } = this.#init
    this.#deps.tell(ingress, { type: 'peers-confirmed' })
    timeline.after(signals.refreshMs, () => this.#confirm(ingress))
  }

  #rttMs(node: number, ingress: number): number {
    const { members } = this.#deps
    return this.#init.links.rttMs(members[node]?.cell ?? 0, members[ingress]?.cell ?? 0)
  }

  #isCut(node: number, ingress: number): boolean {
    const { members } = this.#deps
    return this.#init.links.isCut(members[node]?.cell ?? 0, members[ingress]?.cell ?? 0)
  }
}
