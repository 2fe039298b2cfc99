/**
 * A fleet on virtual time: nodes, ingresses, gossip and links put together, and requests sent through
 * them.
 *
 *     workload --> ingress --> postbox --> node --> engine
 *                     ^          |           |
 *                     '--gossip--+-----------'
 */
import { Scheduler, type SchedulerEvent } from '../../src/scheduler/scheduler.ts'
import { forkRandom } from '../chance.ts'
import { Timeline } from '../kernel/timeline.ts'
import type { ResolvedFleet } from '../scenario/resolve.ts'
import type { Contestant, Scenario } from '../scenario/scenario.ts'
import type { SimRequest, Workload } from '../workload/request.ts'
import type { Attempt } from './attempt.ts'
import { ClairvoyantIngress } from './clairvoyant.ts'
import { schedulerOptionsOf, signalsOf } from './contestant-options.ts'
import { createGossip } from './create-gossip.ts'
import { createNodes } from './create-nodes.ts'
import { FaultInjector } from './fault-injector.ts'
import type { FleetNode } from './fleet-node.ts'
import type { Gossip } from './gossip.ts'
import { Ingress, type IngressDeps, type RequestTaker } from './ingress.ts'
import { Links } from './links.ts'
import { nodeIndex } from './node-name.ts'
import { Postbox } from './postbox.ts'
import type { Recorder } from './recorder.ts'

/** What chance is used for: each has its own numbers, so that one more draw here changes nothing there. */
const PURPOSE = { links: 101, gossip: 102, faults: 103, ingress: 1_000, view: 10_000 } as const

export interface FleetInit {
  readonly scenario: Scenario
  readonly contestant: Contestant
  readonly seed: number
  readonly fleet: ResolvedFleet
  readonly workload: Workload
  readonly recorder: Recorder
}

export class Fleet {
  readonly timeline = new Timeline()
  readonly nodes: readonly FleetNode[]
  readonly #init: FleetInit
  readonly #takers: readonly RequestTaker[]
  readonly #links: Links
  readonly #postbox: Postbox
  readonly #gossip: Gossip
  /** Node → attempts of which the ingress knows no end. */
  readonly #open: Set<Attempt>[]
  /** Ingress → the version of each node that it has seen, if it sees all. */
  readonly #seen: Int32Array[]
  /** Of nodes. */
  readonly #views = new Map<number, Scheduler>()
  #viewStepCount = 0
  #lastEndMs = 0

  constructor(init: FleetInit) {
    const { scenario, contestant, seed, fleet, recorder } = init
    this.#init = init
    const { timeline } = this
    this.#links = new Links(
      scenario.network,
      fleet.cells.map(({ coordinates }) => coordinates),
      forkRandom(seed, PURPOSE.links),
    )
    const options = schedulerOptionsOf(scenario, contestant, this.#memberCount)
    this.nodes = createNodes(fleet, {
      ...{ timeline, options, isUnqueued: contestant.strategy === 'clairvoyant' },
      listener: {
        onFirstToken: (attempt, cachedTokens) => {
          recorder.prefilled(attempt, cachedTokens)
          this.#postbox.firstToken(attempt)
        },
        onEnd: attempt => this.#postbox.ended(attempt),
        onRefused: (attempt, reason, retryAfterMs) =>
          this.#postbox.refused(attempt, {
            ...{ errorCode: 'ERR_OVERLOADED', isRetryable: true, reason, retryAfterMs },
          }),
        onChanged: node => this.#gossip.changed(node.index),
      },
    })
    this.#open = this.nodes.map(() => new Set())
    const isTelling = contestant.strategy !== 'clairvoyant'
    this.#postbox = new Postbox({
      ...{ timeline, links: this.#links, nodes: this.nodes, isTelling },
      ingressOf: request => this.#takerOf(request),
    })
    this.#takers = this.#createTakers(options)
    this.#seen = this.#takers.map(() => new Int32Array(this.nodes.length).fill(-1))
    this.#gossip = this.#createGossip()
  }

  get eventCount(): number {
    const steps = this.#takers.reduce((sum, { stepCount }) => sum + stepCount, 0)
    return this.timeline.eventCount + this.#gossip.stepCount + this.#viewStepCount + steps
  }

  /** When the last request ended. */
  get lastEndMs(): number {
    return this.#lastEndMs
  }

  /** Requests at all nodes now. */
  occupancy(): { readonly queued: number; readonly running: number } {
    let queued = 0
    let running = 0
    for (const node of this.nodes) {
      queued += node.queuedCount
      running += node.runningCount
    }
    return { queued, running }
  }

  /** Plans the faults and the first request; everyone knows everyone. */
  start(): void {
    const { scenario, seed } = this.#init
    const { timeline, nodes } = this
    const faults = new FaultInjector(scenario.faults, {
      ...{ timeline, nodes, random: forkRandom(seed, PURPOSE.faults) },
      crash: node => this.#crash(node),
      restart: node => this.#restart(node),
      partition: cells => this.#partition(cells),
      untilMs: scenario.durationMs,
    })
    for (const index of faults.absent) this.#nodeAt(index).crash()
    this.#gossip.start(faults.absent)
    this.#planArrival()
  }

  #planArrival(): void {
    const request = this.#init.workload.next()
    if (request === undefined) return
    this.timeline.at(request.atMs, () => {
      this.#init.recorder.arrived(request)
      if (this.#init.contestant.isFresh) this.#refresh(request.ingress)
      this.#takerOf(request).arrive(request)
      this.#planArrival()
    })
  }

  /** The ingress sees every node as it is. */
  #refresh(ingress: number): void {
    const seen = this.#seen[ingress] as Int32Array
    const taker = this.#takers[ingress] as RequestTaker
    for (const node of this.nodes) {
      if (seen[node.index] === node.version || node.isDown) continue
      seen[node.index] = node.version
      taker.hear({ type: 'load-reported', peer: node.peer, load: node.load() })
    }
  }

  #createTakers(options: ReturnType<typeof schedulerOptionsOf>): readonly RequestTaker[] {
    const { scenario, contestant, seed, fleet } = this.#init
    const isAnswerTelling = signalsOf(scenario, contestant).isOnAnswers && !contestant.isFresh
    const underway = new Map<number, Set<Attempt>>()
    return Array.from({ length: scenario.ingresses.count }, (_, index) => {
      const place = { peer: `ingress-${index}`, cell: index % fleet.cells.length }
      if (contestant.strategy === 'clairvoyant') {
        const sees = { links: this.#links, nodes: this.nodes, underway }
        return new ClairvoyantIngress(place, { ...this.#ingressDeps(), ...sees })
      }
      const random = forkRandom(seed, PURPOSE.ingress + index)
      const { isForgetful } = contestant
      const init = { ...place, options, random, isAnswerTelling, isForgetful }
      return new Ingress(init, this.#ingressDeps())
    })
  }

  #ingressDeps(): IngressDeps {
    const { recorder } = this.#init
    const { timeline } = this
    return {
      timeline,
      send: attempt => this.#postbox.send(attempt),
      cancel: attempt => this.#postbox.cancel(attempt),
      onDispatched: attempt => {
        this.#open[attempt.node]?.add(attempt)
        recorder.dispatched(attempt, timeline.nowMs)
      },
      onNote: note => recorder.noted(note),
      onEnd: (flight, ending, reason) => {
        for (const attempt of flight.attempts) this.#open[attempt.node]?.delete(attempt)
        this.#lastEndMs = timeline.nowMs
        recorder.ended(flight, ending, { reason, nowMs: timeline.nowMs })
      },
    }
  }

  #createGossip(): Gossip {
    const { scenario, contestant, seed } = this.#init
    return createGossip({
      ...{ scenario, contestant, seed, purpose: PURPOSE.gossip },
      ...{ timeline: this.timeline, links: this.#links, nodes: this.nodes },
      ingresses: this.#takers,
      tell: (member, event) => this.#hear(member, event),
    })
  }

  /** At the full level every node has a view too, as in production. Nobody asks it. */
  #hear(member: number, event: SchedulerEvent): void {
    const taker = this.#takers[member - this.nodes.length]
    if (taker === undefined) {
      this.#viewStepCount += 1
      this.#viewOf(member).step(event, this.timeline.nowMs)
      return
    }
    taker.hear(this.#init.contestant.isFresh ? this.#freshened(event) : event)
    if (event.type !== 'peer-changed' || event.status !== 'dead') return
    const node = this.nodes[nodeIndex(event.peer)]
    if (node !== undefined) this.#giveUp(node, taker)
  }

  /** Whoever sees everything as it is sees it so, however old the news. */
  #freshened(event: SchedulerEvent): SchedulerEvent {
    if (event.type !== 'peer-changed' || event.load === undefined) return event
    const node = this.nodes[nodeIndex(event.peer)]
    if (node === undefined || node.isDown) return event
    return { ...event, load: node.load(), loadAtMs: this.timeline.nowMs }
  }

  #viewOf(node: number): Scheduler {
    const known = this.#views.get(node)
    if (known !== undefined) return known
    const { scenario, contestant, seed } = this.#init
    const options = schedulerOptionsOf(scenario, contestant, this.#memberCount)
    const random = forkRandom(seed, PURPOSE.view + node)
    const created = new Scheduler(this.#nodeAt(node).peer, options, random)
    this.#views.set(node, created)
    return created
  }

  /** The connections of an ingress to a node have ended, and with them what ran over them. */
  #giveUp(node: FleetNode, taker: RequestTaker): void {
    const isCut = this.#links.isCut(taker.cell, node.cell)
    for (const attempt of [...(this.#open[node.index] ?? [])]) {
      if (this.#takerOf(attempt.flight.request) !== taker) continue
      if (!(attempt.isLost || node.isDown || isCut)) continue
      this.#open[node.index]?.delete(attempt)
      if (!node.isDown) node.cancel(attempt)
      this.#postbox.lost(attempt)
    }
  }

  #crash(node: FleetNode): void {
    for (const attempt of node.crash()) attempt.isLost = true
    this.#gossip.crash(node.index)
  }

  /** Whoever still waits for what it had is told at the next word over the old connection. */
  #restart(node: FleetNode): void {
    node.restart()
    this.#gossip.join(node.index)
    for (const attempt of [...(this.#open[node.index] ?? [])]) {
      if (!attempt.isLost) continue
      this.#open[node.index]?.delete(attempt)
      this.#postbox.lost(attempt)
    }
  }

  #partition(cells: ReadonlySet<number>): void {
    this.#links.partition(cells)
    this.#gossip.partition(cells)
    if (cells.size === 0) this.#postbox.mended()
  }

  get #memberCount(): number {
    return this.#init.fleet.nodes.length + this.#init.scenario.ingresses.count
  }

  #nodeAt(index: number): FleetNode {
    return this.nodes[index] as FleetNode
  }

  #takerOf({ ingress }: SimRequest): RequestTaker {
    return this.#takers[ingress] as RequestTaker
  }
}
