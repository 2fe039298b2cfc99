/**
 * Looks at all replicas after every event, and ends the run when one of Raft's promises is broken.
 *
 *     event --> hosts that handled something --> view --> rules: office, log, life, configuration
 *
 * Only what a host handled can have changed it, so a look costs one view in most events. Each rule
 * keeps what it has seen of all hosts, dead ones too, for promises outlive those who made them.
 *
 * Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014,
 * figure 3; the list of invariants of openraft's simulation.
 */
import type { SimHost } from '../sim-host.ts'
import type { World } from '../world.ts'
import { nameOf, type ReplicaView, viewOf } from './replica-view.ts'
import { ConfigurationRule } from './rules/configuration-rule.ts'
import { LifeRule } from './rules/life-rule.ts'
import { LogRule } from './rules/log-rule.ts'
import { OfficeRule } from './rules/office-rule.ts'
import { StateRule } from './rules/state-rule.ts'

/** What others showed before the event. A host that is down is shown as it was last. */
export interface Others {
  readonly all: () => Iterable<ReplicaView>
  readonly isRunning: (view: ReplicaView) => boolean
}

export interface Rule {
  /** @returns What is broken. @param before Of the same process; `undefined`: it is new. */
  check(view: ReplicaView, before: ReplicaView | undefined, others: Others): string | undefined
}

/** A promise of consensus that was not kept. */
export class SafetyBroken extends Error {
  override readonly name = 'SafetyBroken'
}

export class SafetyWatch {
  readonly #world: World
  readonly #log = new LogRule()
  readonly #office = new OfficeRule(this.#log)
  readonly #rules: readonly Rule[] = [
    new LifeRule(),
    this.#log,
    this.#office,
    new StateRule(),
    new ConfigurationRule(this.#log),
  ]
  /** Host → life and turns at the last look. */
  readonly #looked = new Map<SimHost, { readonly life: number; readonly turnCount: number }>()
  /** Host → as it was at the last look. */
  readonly #views = new Map<SimHost, ReplicaView>()
  readonly #others: Others = {
    all: () => this.#views.values(),
    isRunning: ({ host, life }) => host.life === life,
  }

  constructor(world: World) {
    this.#world = world
    world.time.checkAlways(() => this.#look())
  }

  /** Terms in which somebody led. */
  get electionCount(): number {
    return this.#office.electionCount
  }

  /** The highest index that anybody knows to be committed. */
  get committedIndex(): number {
    return this.#log.committedIndex
  }

  #look(): void {
    for (const host of this.#world.hosts) {
      const { life, turnCount } = host
      if (life === undefined) continue
      const looked = this.#looked.get(host)
      if (looked?.life === life && looked.turnCount === turnCount) continue
      this.#looked.set(host, { life, turnCount })
      const view = viewOf(host)
      if (view !== undefined) this.#check(view)
    }
  }

  #check(view: ReplicaView): void {
    const last = this.#views.get(view.host)
    this.#views.set(view.host, view)
    const before = last?.life === view.life ? last : undefined
    for (const rule of this.#rules) {
      const found = rule.check(view, before, this.#others)
      if (found !== undefined) throw new SafetyBroken(`${found}, at ${nameOf(view)}`)
    }
  }
}
