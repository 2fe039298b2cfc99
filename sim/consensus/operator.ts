/**
 * A person who moves the leader's office about, and a clock that says how long nobody held it.
 */
import type { Random } from '../../src/core/random.ts'
import { exponential, pick } from '../chance.ts'
import type { World } from '../world.ts'
import { isRunning, leaderOf } from './health.ts'

/** How often it is looked whether somebody leads. */
const LOOK_MS = 50

export class Operator {
  readonly #world: World
  readonly #random: Random
  #isActive = false
  #transferCount = 0
  #leaderlessMs = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  /** Transfers that a leader has begun. */
  get transferCount(): number {
    return this.#transferCount
  }

  /** For how long nobody led in the highest term. */
  get leaderlessMs(): number {
    return this.#leaderlessMs
  }

  start(transfersPerMinute: number): void {
    this.#isActive = true
    this.#lookLater()
    if (transfersPerMinute > 0) this.#transferLater(60_000 / transfersPerMinute)
  }

  stop(): void {
    this.#isActive = false
  }

  #lookLater(): void {
    this.#world.time.after(LOOK_MS, () => {
      if (!this.#isActive) return
      if (leaderOf(this.#world) === undefined) this.#leaderlessMs += LOOK_MS
      this.#lookLater()
    })
  }

  #transferLater(meanMs: number): void {
    this.#world.time.after(exponential(this.#random, meanMs), () => {
      if (!this.#isActive) return
      this.#transfer()
      this.#transferLater(meanMs)
    })
  }

  /** From any host, to any voter that it knows. */
  #transfer(): void {
    const hosts = this.#world.hosts.filter(isRunning)
    if (hosts.length === 0) return
    pick(this.#random, hosts).act(({ agreement }) => {
      const { voters } = agreement.status().confState
      agreement.transferTo(pick(this.#random, voters)).then(
        () => {
          this.#transferCount += 1
        },
        // Nobody led, or it was not possible: the next one may be.
        () => undefined,
      )
    })
  }
}
