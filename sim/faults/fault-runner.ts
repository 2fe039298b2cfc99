/**
 * Makes a plan of faults happen in a world, and mends everything at the end.
 */
import { Random } from '../../src/core/random.ts'
import { between, pick, shuffled } from '../chance.ts'
import type { SimHost } from '../sim-host.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault-plan.ts'

/** Hosts that must stay up, or a mesh could not be told from a new one. */
const UP_MIN = 2

/** A slow link: what it is at worst. */
const SLOW_DELAY_MAX_MS = 400
const SLOW_BYTES_PER_SECOND = 50_000

/** A disk that others write to as well, or that is about to fail. */
const SLOW_DISK_FACTOR_MAX = 200

/** How far a wall clock is set wrong at worst: some of those are not let in by the others. */
const SKEW_MAX_MS = 900_000

export class FaultRunner {
  readonly #world: World
  /** What is broken now, each with what mends it. */
  readonly #mends = new Set<() => void>()
  #struckCount = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Faults that found something to strike. */
  get struckCount(): number {
    return this.#struckCount
  }

  /** Plans all of them; they strike as time passes. */
  plan(faults: readonly Fault[]): void {
    for (const fault of faults) this.#world.time.at(fault.atMs, () => this.strike(fault))
  }

  strike(fault: Fault): void {
    const random = new Random(fault.seed)
    if (this.#strike(fault, random)) this.#struckCount += 1
  }

  /** Ends all that lasts. Who is down stays down: the others must see it so. */
  mend(): void {
    for (const mend of [...this.#mends]) mend()
  }

  #strike(fault: Fault, random: Random): boolean {
    switch (fault.kind) {
      case 'crash':
        return this.#one(random, this.#expendable(), host => host.crash())
      case 'vanish':
        return this.#one(random, this.#expendable(), host => host.vanish())
      case 'leave':
        return this.#one(random, this.#expendable(), host => this.#world.leave(host))
      case 'restart':
        return this.#one(random, this.#down(), host => this.#world.launch(host))
      case 'join':
        return this.#join(random)
      case 'pause':
        return this.#one(random, this.#up(), host => host.pause(fault.durationMs))
      case 'clock':
        return this.#one(random, this.#up(), host => {
          const { clockFault } = host
          const byMs = between(random, -SKEW_MAX_MS, SKEW_MAX_MS)
          // By a difference, for another fault may set the same clock before this one ends.
          clockFault.wallSkewMs += byMs
          this.#last(fault, () => {
            clockFault.wallSkewMs -= byMs
          })
        })
      case 'power':
        return this.#failPower(fault)
      case 'slow-disk':
        return this.#one(random, this.#up(), ({ logDisk }) => {
          // Of two such faults the later one counts, and the first that ends ends both.
          logDisk.slowFactor = between(random, 2, SLOW_DISK_FACTOR_MAX)
          this.#last(fault, () => {
            logDisk.slowFactor = 1
          })
        })
      case 'broken-disk':
        return this.#one(random, this.#expendable(), ({ logDisk }) => {
          logDisk.isBroken = true
          this.#last(fault, () => {
            logDisk.isBroken = false
          })
        })
      default:
        return this.#strikeNetwork(fault, random)
    }
  }

  /** Of all at once; whoever was up is started again when it is back. */
  #failPower(fault: Fault): boolean {
    const hit = this.#world.hosts.filter(({ state }) => state === 'up')
    for (const host of hit) host.crash()
    return this.#last(fault, () => {
      for (const host of hit) if (host.state === 'down') this.#world.launch(host)
    })
  }

  #strikeNetwork(fault: Fault, random: Random): boolean {
    const { internet, hosts } = this.#world
    if (fault.kind === 'partition') {
      const order = shuffled(
        random,
        hosts.map(({ index }) => index),
      )
      const size = 1 + random.nextIndex(Math.max(1, order.length - 1))
      const groups = [order.slice(0, size), order.slice(size)] as const
      return this.#last(fault, internet.partition(groups, { isTwoWay: true }))
    }
    const [a, b] = shuffled(random, this.#up())
    if (a === undefined || b === undefined) return false
    if (fault.kind === 'cut') {
      const groups = [[a.index], [b.index]] as const
      return this.#last(fault, internet.partition(groups, { isTwoWay: true }))
    }
    if (fault.kind === 'one-way') return this.#last(fault, internet.cut(a.index, b.index))
    if (fault.kind === 'reset') {
      internet.reset(a.index, b.index)
      return true
    }
    const delayMeanMs = between(random, 10, SLOW_DELAY_MAX_MS)
    const slow = {
      delayMinMs: delayMeanMs / 2,
      delayMeanMs,
      bandwidthBytesPerSecond: SLOW_BYTES_PER_SECOND,
      lossRatio: between(random, 0, 0.05),
    }
    return this.#last(fault, internet.degrade(a.index, b.index, slow))
  }

  /** A new host that knows some of those that are up. */
  #join(random: Random): boolean {
    const contact = this.#up()[0]
    if (contact === undefined) return false
    const contacts = shuffled(random, this.#up()).slice(0, 2)
    const { hosts } = this.#world
    this.#world.addHost(contacts, [`model-${hosts.length}`]).then(
      host => this.#world.launch(host),
      (error: unknown) => this.#world.fail(error),
    )
    return true
  }

  #one(random: Random, hosts: readonly SimHost[], strike: (host: SimHost) => void): boolean {
    if (hosts.length === 0) return false
    strike(pick(random, hosts))
    return true
  }

  /** A fault that ends by itself, or when all is mended. */
  #last(fault: Fault, mend: () => void): boolean {
    const once = () => {
      if (this.#mends.delete(once)) mend()
    }
    this.#mends.add(once)
    this.#world.time.after(fault.durationMs, once)
    return true
  }

  #up(): readonly SimHost[] {
    return this.#world.hosts.filter(({ state, peer }) => state === 'up' && peer !== undefined)
  }

  #down(): readonly SimHost[] {
    return this.#world.hosts.filter(({ state }) => state === 'down' || state === 'vanished')
  }

  /** Those up that may go without leaving too few. */
  #expendable(): readonly SimHost[] {
    const up = this.#up()
    return up.length > UP_MIN ? up : []
  }
}
