/**
 * The bound: a greedy choice by one who sees every engine as it is now and knows how long every answer
 * will be. It takes the node at which the request would end first if nothing else came.
 *
 * No mesh can have it. It is not the best there is either: what is good for one request may be bad for
 * the next, so that other rules sometimes beat it in the tail. Nothing is turned away, and a
 * request waits inside the engine.
 */
import type { SimRequest } from '../workload/request.ts'
import { Attempt, Flight } from './attempt.ts'
import type { FleetNode } from './fleet-node.ts'
import type { IngressDeps, RequestTaker } from './ingress.ts'
import type { Links } from './links.ts'

export interface ClairvoyantDeps extends IngressDeps {
  readonly links: Links
  readonly nodes: readonly FleetNode[]
  /** Node → what is on its way there, from whichever ingress. */
  readonly underway: Map<number, Set<Attempt>>
}

export class ClairvoyantIngress implements RequestTaker {
  readonly peer: string
  readonly cell: number
  readonly stepCount = 0
  readonly #deps: ClairvoyantDeps

  constructor(init: { readonly peer: string; readonly cell: number }, deps: ClairvoyantDeps) {
    this.peer = init.peer
    this.cell = init.cell
    this.#deps = deps
  }

  /** It sees for itself. */
  hear(): void {}

  arrive(request: SimRequest): void {
    this.#send(new Flight(request))
  }

  firstToken(attempt: Attempt): void {
    attempt.flight.firstTokenAtMs ??= this.#deps.timeline.nowMs
  }

  ended(attempt: Attempt): void {
    this.#end(attempt.flight, 'completed', '')
  }

  failed(attempt: Attempt): void {
    const { flight } = attempt
    if (attempt.isAbandoned || flight.ending !== undefined) return
    attempt.isAbandoned = true
    if (flight.firstTokenAtMs !== undefined) this.#end(flight, 'failed', 'peer-lost')
    else this.#send(flight)
  }

  #send(flight: Flight): void {
    const { timeline, links, nodes, onDispatched, send, underway } = this.#deps
    const probe = this.#attemptAt(-1, flight)
    const tried = new Set(flight.attempts.map(({ node }) => node))
    let best: FleetNode | undefined
    let bestMs = Number.POSITIVE_INFINITY
    for (const node of nodes) {
      const engine = node.servers.get(flight.request.model)?.engine
      if (engine === undefined || node.isDown || node.isDraining || tried.has(node.index)) continue
      if (links.isCut(this.cell, node.cell)) continue
      const netMs = links.rttMs(this.cell, node.cell)
      const endMs = engine.predictEndMs(probe) + netMs + this.#underwayMs(node)
      if (endMs >= bestMs) continue
      bestMs = endMs
      best = node
    }
    if (best === undefined) {
      this.#end(flight, 'failed', 'nobody-left')
      return
    }
    const attempt = this.#attemptAt(best.index, flight)
    flight.attempts.push(attempt)
    const there = underway.get(best.index) ?? new Set()
    underway.set(best.index, there.add(attempt))
    timeline.after(links.rttMs(this.cell, best.cell), () => there.delete(attempt))
    onDispatched(attempt)
    send(attempt)
  }

  /** What is on its way reads its prompt first. */
  #underwayMs(node: FleetNode): number {
    let ms = 0
    for (const attempt of this.#deps.underway.get(node.index) ?? []) {
      const perSecond = node.serverOf(attempt)?.engine.read().prefillTokensPerSecond ?? 0
      if (perSecond > 0) ms += (1_000 * attempt.inputTokens) / perSecond
    }
    return ms
  }

  #attemptAt(node: number, flight: Flight): Attempt {
    return new Attempt(flight, {
      ...{ node, sentAtMs: this.#deps.timeline.nowMs, isHedge: false },
      outputTokensExpected: flight.request.outputTokens,
    })
  }

  #end(flight: Flight, ending: 'completed' | 'failed', reason: string): void {
    if (flight.ending !== undefined) return
    flight.ending = ending
    this.#deps.onEnd(flight, ending, reason)
  }
}
