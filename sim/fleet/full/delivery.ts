/**
 * How long it takes until others hear of a load that has changed: what the full level makes of
 * it, for the aggregate level to draw from.
 *
 *     change --wait: reports and pacing--> claim --travel: gossip--> another member
 *
 * A change has arrived with the first claim that was made after it, or a later one. Loads carry the
 * number of the change, so both moments are seen from outside.
 */
import type { PeerFacts, PeerLoad } from '../../../src/core/peer-state.ts'
import type { Profile } from '../../../src/membership/options.ts'
import type { PeerClaim } from '../../../src/membership/peer-claim.ts'
import type { SchedulerEvent } from '../../../src/scheduler/scheduler.ts'
import { exponential, forkRandom } from '../../chance.ts'
import { Timeline } from '../../kernel/timeline.ts'
import { FullGossip } from '../full-gossip.ts'
import type { DelayMs } from './mesh-network.ts'

const MODEL = 'measured'

/** Those who listen: more tell nothing new. */
const LISTENERS_MAX = 16

/** For the last claims to arrive. */
const LAST_CLAIMS_MS = 5_000

const SHARES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999] as const

export interface DeliveryInit {
  readonly memberCount: number
  readonly seed: number
  readonly durationMs: number
  /** Of each member's load; times between changes know nothing of each other. */
  readonly changesPerSecond: number
  readonly delayMs: DelayMs
  readonly profile?: Profile
}

export interface Quantiles {
  readonly count: number
  readonly mean: number
  /** Share of the times → none of them is longer. */
  readonly atMost: Readonly<Record<string, number>>
}

export interface DeliveryReport {
  readonly memberCount: number
  /** From a change to the claim that tells of it. */
  readonly waitMs: Quantiles
  /** From a claim to its arrival at one other member. */
  readonly travelMs: Quantiles
  /** From a change to the arrival of news of it at one other member. */
  readonly totalMs: Quantiles
  readonly claimsPerSecond: number
  /** Of pairs of a claim and a listener, those where it never came. */
  readonly missedRatio: number
}

export function measureDelivery(init: DeliveryInit): DeliveryReport {
  return new DeliveryRun(init).run()
}

class DeliveryRun {
  readonly #init: DeliveryInit
  readonly #timeline = new Timeline()
  readonly #random
  /** Member → when each of its changes was. */
  readonly #changesMs: number[][]
  /** Member → of its claims since the start, up to which change each tells, and when it was made. */
  readonly #claims: { readonly change: number; readonly atMs: number }[][]
  /** Member → listener → claims and changes heard. */
  readonly #heard: { claims: number; changes: number }[][]
  readonly #waits: number[] = []
  readonly #travels: number[] = []
  readonly #totals: number[] = []
  #claimCount = 0
  /** Of a claim and somebody who is to hear it. */
  #pairCount = 0

  constructor(init: DeliveryInit) {
    this.#init = init
    this.#random = forkRandom(init.seed, 0)
    const each = <Item>(make: () => Item) => Array.from({ length: init.memberCount }, make)
    this.#changesMs = each(() => [])
    this.#claims = each(() => [])
    this.#heard = each(() =>
      Array.from({ length: this.#listenerCount }, () => ({ claims: 0, changes: 0 })),
    )
  }

  get #listenerCount(): number {
    return Math.min(LISTENERS_MAX, this.#init.memberCount)
  }

  run(): DeliveryReport {
    const { memberCount, seed, durationMs, delayMs, profile } = this.#init
    const gossip = new FullGossip(
      {
        members: Array.from({ length: memberCount }, (_, member) => ({
          peer: peerOf(member),
          cell: 0,
          facts: factsOf(member),
          load: () => loadOf(this.#changesMs[member]?.length ?? 0),
        })),
        nodeCount: memberCount,
        tell: (listener, event) => this.#hear(listener, event),
      },
      {
        timeline: this.#timeline,
        seed,
        delayMs,
        ...(profile === undefined ? {} : { profile }),
        isTold: member => member < this.#listenerCount,
        onPublish: (member, claim) => this.#publish(member, claim),
      },
    )
    gossip.start(new Set())
    for (let member = 0; member < memberCount; member += 1) this.#changeLater(gossip, member)
    this.#timeline.run(durationMs + LAST_CLAIMS_MS)
    return {
      memberCount,
      waitMs: quantiles(this.#waits),
      travelMs: quantiles(this.#travels),
      totalMs: quantiles(this.#totals),
      claimsPerSecond: (this.#claimCount * 1_000) / durationMs,
      missedRatio: 1 - this.#travels.length / Math.max(1, this.#pairCount),
    }
  }

  #changeLater(gossip: FullGossip, member: number): void {
    const meanMs = 1_000 / this.#init.changesPerSecond
    this.#timeline.after(exponential(this.#random, meanMs), () => {
      this.#changesMs[member]?.push(this.#timeline.nowMs)
      gossip.changed(member)
      this.#changeLater(gossip, member)
    })
  }

  #publish(member: number, { load }: PeerClaim): void {
    const change = changeOf(load)
    const claims = this.#claims[member] ?? []
    const atMs = this.#timeline.nowMs
    const told = claims.at(-1)?.change ?? 0
    if (change === told) return
    claims.push({ change, atMs })
    if (atMs > this.#init.durationMs) return
    this.#claimCount += 1
    this.#pairCount += this.#listenerCount - (member < this.#listenerCount ? 1 : 0)
    for (const changedAtMs of this.#changesMs[member]?.slice(told, change) ?? []) {
      this.#waits.push(atMs - changedAtMs)
    }
  }

  #hear(listener: number, event: SchedulerEvent): void {
    if (event.type !== 'peer-changed' || event.load === undefined) return
    const member = memberOf(event.peer)
    const heard = this.#heard[member]?.[listener]
    const change = changeOf(event.load)
    if (member === listener || heard === undefined || change <= heard.changes) return
    const { nowMs } = this.#timeline
    for (const changedAtMs of this.#changesMs[member]?.slice(heard.changes, change) ?? []) {
      this.#totals.push(nowMs - changedAtMs)
    }
    const claims = this.#claims[member] ?? []
    while ((claims[heard.claims]?.change ?? Number.POSITIVE_INFINITY) < change) heard.claims += 1
    const madeAtMs = claims[heard.claims]?.atMs ?? nowMs
    heard.claims += 1
    heard.changes = change
    if (madeAtMs > this.#init.durationMs) return
    this.#travels.push(nowMs - madeAtMs)
  }
}

const peerOf = (member: number) => `peer-${String(member).padStart(6, '0')}`

const memberOf = (peer: string) => Number(peer.slice('peer-'.length))

function factsOf(member: number): PeerFacts {
  const addresses = [`/dns4/${peerOf(member)}/tcp/4001`]
  return { version: '', name: peerOf(member), zone: '', labels: {}, addresses, models: [] }
}

function loadOf(change: number): PeerLoad {
  const idle = { queuedCount: 0, prefillTokensLeft: 0, decodeTokensLeft: 0 }
  const rates = { prefillTokensPerSecond: 0, decodeTokensPerSecond: 0 }
  const model = { model: MODEL, runningCount: change, ...idle, ...rates }
  return { models: [model], gpus: [], isDraining: false }
}

const changeOf = ({ models }: PeerLoad) => models[0]?.runningCount ?? 0

function quantiles(times: readonly number[]): Quantiles {
  const sorted = Float64Array.from(times).sort()
  const count = sorted.length
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0
  const mean = sorted.reduce((sum, time) => sum + time, 0) / Math.max(1, count)
  return { count, mean, atMost: Object.fromEntries(SHARES.map(share => [share, at(share)])) }
}
