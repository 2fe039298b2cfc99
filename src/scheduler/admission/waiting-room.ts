/**
 * Everyone who waits for one engine, by tenant and priority: who is next, and who goes if it is too
 * many.
 *
 * There is a line for each tenant and priority. Next is the head of the line that has the highest rank
 * by now (`priority.ts`); of those, whose tenant has had least (`tenant-counters.ts`); of those, who
 * came first. A line ages while none of it is served, not with how long its requests wait: else a
 * tenant that piles up requests would overtake the others by that alone.
 *
 * Who goes is found the other way round: the lowest priority, of the tenant that has most waiting
 * there, who came last. So one tenant that fills the room makes room for the others out of its own.
 * Whoever has nobody waiting gets one place, and keeps it while another has two: else what is low would
 * be kept out for as long as there is enough of what is higher.
 *
 * Only the ends of the lines are looked at: a choice takes as many steps as tenants wait.
 */
import { assert } from '../../core/assert.ts'
import { agedRank, PRIORITIES, type Priority, rankOf } from './priority.ts'
import type { Tokens } from './tenant-counters.ts'
import { WaitingLine } from './waiting-line.ts'

export interface Waiting extends Tokens {
  readonly id: string
  readonly tenant: string
  readonly priority: Priority
  readonly atMs: number
}

/** One priority of one tenant. */
interface Flow<Item> {
  readonly line: WaitingLine<Item>
  inputTokens: number
  outputTokens: number
  /** When the last of it was served. */
  servedAtMs: number
}

interface TenantRoom<Item> {
  /** By rank. */
  readonly flows: readonly Flow<Item>[]
  count: number
}

const CRITICAL_RANK = rankOf('critical')

export interface RoomRules {
  /** Only priorities above it. `undefined`: all. */
  readonly above?: Priority | undefined
  readonly ageingMs: number
  /** What a tenant has had. */
  readonly hadBy: (tenant: string) => number
}

interface Claim<Item> {
  readonly item: Item
  /** By now. */
  readonly rank: number
  /** What its tenant has had. */
  readonly had: number
}

interface Next<Item> {
  readonly item: Item
  readonly priority: Priority
}

export class WaitingRoom<Item extends Waiting> {
  readonly #tenants = new Map<string, TenantRoom<Item>>()
  #count = 0

  get count(): number {
    return this.#count
  }

  tenants(): IterableIterator<string> {
    return this.#tenants.keys()
  }

  has(tenant: string): boolean {
    return this.#tenants.has(tenant)
  }

  add(item: Item): void {
    const room = this.#tenants.get(item.tenant) ?? emptyRoom<Item>()
    this.#tenants.set(item.tenant, room)
    this.#change(room, item, 1)
    flowOf(room, item).line.push(item)
  }

  /** It is served. */
  take(item: Item, nowMs: number): void {
    const room = this.#tenants.get(item.tenant)
    if (room === undefined) return
    flowOf(room, item).servedAtMs = nowMs
    this.remove(item)
  }

  /** It waits no more. */
  remove(item: Item): void {
    const room = this.#tenants.get(item.tenant)
    if (room === undefined) return
    this.#change(room, item, -1)
    flowOf(room, item).line.remove(item)
    if (room.count === 0) this.#tenants.delete(item.tenant)
  }

  /** @returns it, and the priority that it has by now. `undefined`: nobody waits. */
  next(nowMs: number, { above, ageingMs, hadBy }: RoomRules): Next<Item> | undefined {
    const rankMin = above === undefined ? 0 : rankOf(above) + 1
    let best: Claim<Item> | undefined
    for (const [tenant, { flows }] of this.#tenants) {
      const had = hadBy(tenant)
      for (const [ownRank, { line, servedAtMs }] of flows.entries()) {
        const item = line.first
        if (item === undefined || ownRank < rankMin) continue
        const passedOverMs = nowMs - Math.max(item.atMs, servedAtMs)
        const rank = agedRank(ownRank, passedOverMs, ageingMs)
        const claim = { item, rank, had }
        if (best === undefined || isBetter(claim, best)) best = claim
      }
    }
    return best && { item: best.item, priority: PRIORITIES[best.rank] ?? best.item.priority }
  }

  /**
   * Who makes room for a newcomer. `undefined`: nobody, the newcomer has less of a claim than all
   * that wait.
   */
  victimOf(newcomer: Pick<Item, 'tenant' | 'priority'>): Item | undefined {
    const ownRank = rankOf(newcomer.priority)
    const own = this.#tenants.get(newcomer.tenant)
    const rankMax = own === undefined ? Math.max(ownRank, CRITICAL_RANK - 1) : ownRank
    for (let rank = 0; rank <= rankMax; rank += 1) {
      const line = this.#fullestLine(rank, 2)
      if (line === undefined) continue
      const ownLength = own?.flows[rank]?.line.length ?? 0
      if (rank < ownRank || own === undefined || ownLength + 1 < line.length) return line.last
    }
    // Whoever has two waiting takes nobody's only place.
    for (let rank = 0; rank < ownRank && (own?.count ?? 0) < 2; rank += 1) {
      const line = this.#fullestLine(rank, 1)
      if (line !== undefined) return line.last
    }
    return undefined
  }

  /**
   * The work that will be done before a newcomer: all of higher priority, and of its own as much of
   * each tenant as it has itself by then.
   */
  workAhead(newcomer: Item, msOf: (tokens: Tokens) => number): number {
    const ownRank = rankOf(newcomer.priority)
    const ownFlow = this.#tenants.get(newcomer.tenant)?.flows[ownRank]
    const ownMs = ownFlow === undefined ? 0 : msOf(ownFlow)
    const fairMs = ownMs + msOf(newcomer)
    let aheadMs = ownMs
    for (const [tenant, { flows }] of this.#tenants) {
      for (const [rank, flow] of flows.entries()) {
        if (rank > ownRank) aheadMs += msOf(flow)
        else if (rank === ownRank && tenant !== newcomer.tenant) {
          aheadMs += Math.min(fairMs, msOf(flow))
        }
      }
    }
    return aheadMs
  }

  /** All that wait. */
  total(): Tokens {
    const total = { inputTokens: 0, outputTokens: 0 }
    for (const { flows } of this.#tenants.values()) {
      for (const { inputTokens, outputTokens } of flows) {
        total.inputTokens += inputTokens
        total.outputTokens += outputTokens
      }
    }
    return total
  }

  /** Of tenants with so many waiting in all. `undefined`: there is none of that rank. */
  #fullestLine(rank: number, countMin: number): WaitingLine<Item> | undefined {
    let fullest: WaitingLine<Item> | undefined
    for (const { flows, count } of this.#tenants.values()) {
      const line = flows[rank]?.line
      if (line === undefined || count < countMin) continue
      if (line.length > (fullest?.length ?? 0)) fullest = line
    }
    return fullest
  }

  #change(room: TenantRoom<Item>, item: Item, count: 1 | -1): void {
    const flow = flowOf(room, item)
    flow.inputTokens += count * item.inputTokens
    flow.outputTokens += count * item.outputTokens
    room.count += count
    this.#count += count
  }
}

function isBetter(one: Claim<Waiting>, other: Claim<Waiting>): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank
  return one.had === other.had ? one.item.atMs < other.item.atMs : one.had < other.had
}

function emptyRoom<Item>(): TenantRoom<Item> {
  const flows = PRIORITIES.map(() => ({
    line: new WaitingLine<Item>(),
    ...{ inputTokens: 0, outputTokens: 0, servedAtMs: Number.NEGATIVE_INFINITY },
  }))
  return { flows, count: 0 }
}

function flowOf<Item extends Waiting>({ flows }: TenantRoom<Item>, { priority }: Item): Flow<Item> {
  const flow = flows[rankOf(priority)]
  assert(flow !== undefined, 'there is a flow for each priority')
  return flow
}
