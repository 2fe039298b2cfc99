/**
 * Makes the faults of a scenario happen: those that are planned, and slow-downs by chance.
 *
 * Which nodes a fault strikes depends on the seed alone, so that all contestants suffer the same.
 */
import type { Random } from '../../src/core/random.ts'
import { exponential, shuffled } from '../chance.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { Faults, PlannedFault } from '../scenario/faults.ts'
import type { FleetNode } from './fleet-node.ts'

export interface FaultDeps {
  readonly timeline: Timeline
  readonly nodes: readonly FleetNode[]
  readonly random: Random
  readonly crash: (node: FleetNode) => void
  readonly restart: (node: FleetNode) => void
  readonly partition: (cells: ReadonlySet<number>) => void
  /** No fault begins after it. */
  readonly untilMs: number
}

type Striking = Exclude<PlannedFault, { type: 'partition' }>

export class FaultInjector {
  readonly #deps: FaultDeps
  /** Nodes that join later: they are not there at first. */
  readonly absent: ReadonlySet<number>
  readonly #joining = new Map<Striking, readonly FleetNode[]>()
  /** Node → the factors of all that slows it now. */
  readonly #slowness = new Map<number, number[]>()

  constructor(faults: Faults, deps: FaultDeps) {
    this.#deps = deps
    const absent = new Set<number>()
    for (const fault of faults.planned) {
      if (fault.type !== 'join') continue
      const nodes = this.#struck(fault, absent)
      this.#joining.set(fault, nodes)
      for (const { index } of nodes) absent.add(index)
    }
    this.absent = absent
    for (const fault of faults.planned) this.#plan(fault)
    if (faults.slowdowns !== undefined) this.#planSlowdowns(faults.slowdowns)
  }

  #plan(fault: PlannedFault): void {
    const { timeline, partition } = this.#deps
    if (fault.type === 'partition') {
      timeline.at(fault.atMs, () => partition(new Set(fault.cells)))
      timeline.at(fault.atMs + fault.forMs, () => partition(new Set()))
      return
    }
    const nodes = this.#joining.get(fault) ?? this.#struck(fault, this.absent)
    timeline.at(fault.atMs, () => {
      for (const node of nodes) this.#strike(fault, node)
    })
  }

  #strike(fault: Striking, node: FleetNode): void {
    const { timeline, crash, restart } = this.#deps
    if (fault.type === 'join') {
      restart(node)
      return
    }
    if (fault.type === 'slow') {
      this.#slow(node, fault.factor, fault.forMs)
      return
    }
    const { forMs } = fault
    if (fault.type === 'crash') {
      crash(node)
      if (forMs !== undefined) timeline.after(forMs, () => restart(node))
    } else {
      node.drain(true)
      if (forMs !== undefined) timeline.after(forMs, () => node.drain(false))
    }
  }

  #planSlowdowns({
    meanIntervalMs,
    meanDurationMs,
    factor,
  }: NonNullable<Faults['slowdowns']>): void {
    const { nodes, timeline, random, untilMs } = this.#deps
    for (const node of nodes) {
      // All times are drawn at once: no event between them changes what is drawn.
      let atMs = exponential(random, meanIntervalMs)
      while (atMs < untilMs) {
        const forMs = exponential(random, meanDurationMs)
        timeline.at(atMs, () => this.#slow(node, factor, forMs))
        atMs += forMs + exponential(random, meanIntervalMs)
      }
    }
  }

  #slow(node: FleetNode, factor: number, forMs: number): void {
    const factors = this.#slowness.get(node.index) ?? []
    this.#slowness.set(node.index, factors)
    factors.push(factor)
    node.slowDown(Math.max(1, ...factors))
    this.#deps.timeline.after(forMs, () => {
      factors.splice(factors.indexOf(factor), 1)
      node.slowDown(Math.max(1, ...factors))
    })
  }

  #struck({ count, cell }: Striking, taken: ReadonlySet<number>): readonly FleetNode[] {
    const { nodes, random } = this.#deps
    const there = nodes.filter(
      node => (cell === undefined || node.cell === cell) && !taken.has(node.index),
    )
    return shuffled(random, there).slice(0, count)
  }
}
