/**
 * Watches what nodes tell of each other while faults strike: nobody who runs is called dead without
 * an excuse, and nobody is said to have left who never did.
 */
import type { SimHost, StatusSeen } from '../sim-host.ts'
import type { World } from '../world.ts'

export interface FalseDeath {
  readonly atMs: number
  readonly by: SimHost
  readonly about: SimHost
}

export class DeathWatch {
  readonly #world: World
  readonly #falseDeaths: FalseDeath[] = []
  #falseSuspicionCount = 0
  #deathCount = 0
  #isStrict = false

  constructor(world: World) {
    this.#world = world
    world.watch(seen => this.#seen(seen))
  }

  /** Nodes that ran and were called dead. */
  get falseDeaths(): readonly FalseDeath[] {
    return this.#falseDeaths
  }

  /** Times a node that ran was called suspect. */
  get falseSuspicionCount(): number {
    return this.#falseSuspicionCount
  }

  /** Times a node was called dead, rightly or not. */
  get deathCount(): number {
    return this.#deathCount
  }

  /** From now on a false death ends the run. */
  forbidFalseDeaths(): void {
    this.#isStrict = true
  }

  #seen({ by, peer, status }: StatusSeen): void {
    const about = this.#world.hostOf(peer)
    if (about === undefined) {
      this.#world.fail(new Error(`n${by.index} tells of ${peer}, who never was`))
      return
    }
    if (status === 'left' && !about.hasLeft) {
      this.#world.fail(new Error(`n${by.index} says n${about.index} left, who never did`))
    }
    if (status === 'dead') this.#dead(by, about)
    if (status === 'suspect' && about.state === 'up') this.#falseSuspicionCount += 1
  }

  #dead(by: SimHost, about: SimHost): void {
    this.#deathCount += 1
    if (about.state !== 'up') return
    this.#falseDeaths.push({ atMs: this.#world.nowMs, by, about })
    if (!this.#isStrict) return
    this.#world.fail(
      new Error(`expected n${about.index} to be alive, who is up: n${by.index} calls it dead`),
    )
  }
}
