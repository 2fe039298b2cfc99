/**
 * How what nodes say of themselves reaches those who decide: the two levels of the simulation, behind one
 * interface.
 *
 *     full        every member runs the production membership machine; messages, connections and
 *                 claims travel over links with delays
 *     aggregate   a report arrives at each ingress after a time drawn from a distribution; the dead
 *                 are noticed after a time of the scenario
 *
 * Members are numbered: nodes from 0, then ingresses.
 */
import type { PeerFacts, PeerLoad } from '../../src/core/peer-state.ts'
import type { SchedulerEvent } from '../../src/scheduler/scheduler.ts'

export interface GossipMember {
  readonly peer: string
  readonly cell: number
  readonly facts: PeerFacts
  /** What it would say of itself now. */
  readonly load: () => PeerLoad
}

export interface GossipDeps {
  readonly members: readonly GossipMember[]
  /** Of those, nodes; the rest are ingresses. */
  readonly nodeCount: number
  /** A member hears something that its scheduler is to know. */
  readonly tell: (member: number, event: SchedulerEvent) => void
}

export interface Gossip {
  /** Everyone alive knows everyone alive. Called once, before anything else. */
  start(absent: ReadonlySet<number>): void
  /** How busy a member is has changed. */
  changed(member: number): void
  /** Its process ends without a word. */
  crash(member: number): void
  /** It is there, new or again. */
  join(member: number): void
  /** What is in one of the sets and what is in another do not reach each other. Empty: all do. */
  partition(cells: ReadonlySet<number>): void
  /** Machine steps that were run, beside what the timeline counts. */
  readonly stepCount: number
}
