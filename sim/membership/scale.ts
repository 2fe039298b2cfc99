/**
 * What a mesh costs and how fast news travels in it, by its size.
 *
 * Traffic is what one node sends in a quiet mesh, by the model of `network/traffic.ts`. News is a
 * changed list of models, and the time until 99.9 % of the nodes show it.
 *
 * Source of the formula for gossip rounds: the convergence simulator of hashicorp/serf; the
 * fraction reached after x rounds is 1 / (1 + (N + 1) e^(-fanout x)).
 */
import { pick } from '../chance.ts'
import type { SimHost } from '../sim-host.ts'
import { World } from '../world.ts'
import { upHosts } from './agreement.ts'

/** Time between two joins: an operator's script that starts many. */
const JOIN_INTERVAL_MS = 30

/** Time a large mesh has to form and to calm down. */
const FORM_MAX_MS = 120_000
const SETTLE_MS = 90_000

/** Nodes asked whether everyone is there: to ask all of a thousand is dear. */
const SAMPLE_COUNT = 8

const REACHED_RATIO = 0.999

/** How often it is looked who has heard, and how long at most. */
const LOOK_MS = 50
const SPREAD_MAX_MS = 60_000

/** The LAN profile of memberlist, for which the formula is stated. */
const FORMULA_FANOUT = 3
const FORMULA_ROUND_MS = 200

export interface ScaleInit {
  readonly seed: number
  readonly peerCount: number
  /** How long traffic is counted. */
  readonly durationMs?: number
  /** Facts changed, one after another. */
  readonly changeCount?: number
}

export interface ScaleReport {
  readonly peerCount: number
  /** Whether everyone saw everyone alive in time. */
  readonly hasFormed: boolean
  readonly connectionsPerNode: number
  readonly sentBytesPerSecond: number
  readonly sentBytesPerSecondMax: number
  readonly sentMessagesPerSecond: number
  /** Of each change, in order of time. */
  readonly spreadMs: readonly number[]
  /** What the formula says of 99.9 %. */
  readonly formulaMs: number
  readonly suspicions: number
  readonly eventCount: number
}

export async function measureScale(init: ScaleInit): Promise<ScaleReport> {
  const { seed, peerCount, durationMs = 60_000, changeCount = 5 } = init
  const world = new World({ seed })
  let suspicions = 0
  world.watch(({ status }) => {
    if (status === 'suspect') suspicions += 1
  })
  await joinAll(world, peerCount)
  const hasFormed = await world.passUntil(() => isWhole(world), FORM_MAX_MS, 1_000)
  await world.pass(SETTLE_MS)
  suspicions = 0
  const traffic = await countTraffic(world, durationMs)
  const quietSuspicions = suspicions
  const spreadMs: number[] = []
  for (let number = 0; number < changeCount; number += 1) {
    spreadMs.push(await spread(world, pick(world.random, upHosts(world)), `fresh-${number}`))
  }
  return {
    peerCount,
    hasFormed,
    ...traffic,
    spreadMs: spreadMs.toSorted((a, b) => a - b),
    formulaMs: formulaMs(peerCount),
    suspicions: quietSuspicions,
    eventCount: world.time.eventCount,
  }
}

/** Each knows one that came before it, by chance. */
async function joinAll(world: World, peerCount: number): Promise<void> {
  while (world.hosts.length < peerCount) {
    const contacts = world.hosts.length === 0 ? [] : [pick(world.random, world.hosts)]
    await world.start(await world.addHost(contacts, [`model-${world.hosts.length}`]))
    await world.pass(JOIN_INTERVAL_MS)
  }
}

function isWhole(world: World): boolean {
  const count = world.hosts.length
  const stride = Math.max(1, Math.floor(count / SAMPLE_COUNT))
  return world.hosts
    .filter((_, index) => index % stride === 0)
    .every(host => host.nodes().filter(({ status }) => status === 'alive').length === count)
}

async function countTraffic(world: World, durationMs: number) {
  const before = world.hosts.map(({ traffic }) => traffic.totals())
  await world.pass(durationMs)
  const seconds = durationMs / 1_000
  const rates = world.hosts.map(({ traffic }, index) => {
    const now = traffic.totals()
    return {
      bytes: (now.wireBytesSent - (before[index]?.wireBytesSent ?? 0)) / seconds,
      messages: (now.messagesSent - (before[index]?.messagesSent ?? 0)) / seconds,
    }
  })
  const mean = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0) / values.length
  return {
    connectionsPerNode: mean(world.hosts.map(host => host.listening?.connected.length ?? 0)),
    sentBytesPerSecond: mean(rates.map(({ bytes }) => bytes)),
    sentBytesPerSecondMax: Math.max(...rates.map(({ bytes }) => bytes)),
    sentMessagesPerSecond: mean(rates.map(({ messages }) => messages)),
  }
}

/** @returns How long until nearly all have heard; `SPREAD_MAX_MS` if they have not by then. */
async function spread(world: World, author: SimHost, model: string): Promise<number> {
  const startMs = world.nowMs
  let deaf = upHosts(world).filter(host => host !== author)
  const deafMax = Math.floor(deaf.length * (1 - REACHED_RATIO))
  author.engine?.serve(model)
  await world.passUntil(
    () => {
      deaf = deaf.filter(host => !knows(host, author, model))
      return deaf.length <= deafMax
    },
    SPREAD_MAX_MS,
    LOOK_MS,
  )
  return world.nowMs - startMs
}

function knows(host: SimHost, author: SimHost, model: string): boolean {
  const view = host.nodes().find(({ peer }) => peer === author.peerId)
  return view?.facts?.models.some(({ id }) => id === model) ?? false
}

function formulaMs(peerCount: number): number {
  const unreached = 1 / REACHED_RATIO - 1
  const rounds = Math.log((peerCount + 1) / unreached) / FORMULA_FANOUT
  return rounds * FORMULA_ROUND_MS
}
