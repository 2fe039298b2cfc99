/**
 * A fleet at the full level, and what each member's scheduler was told.
 */

import { exponential } from '../../../sim/chance.ts'
import { FullGossip, type FullGossipInit } from '../../../sim/fleet/full-gossip.ts'
import { Timeline } from '../../../sim/kernel/timeline.ts'
import type { PeerLoad } from '../../../src/core/peer-state.ts'
import type { SchedulerEvent } from '../../../src/scheduler/scheduler.ts'

export interface SceneInit extends Partial<Omit<FullGossipInit, 'timeline'>> {
  readonly memberCount: number
  readonly absent?: readonly number[]
  /** Members of cell 1; all others are in cell 0. */
  readonly inCell1?: readonly number[]
}

type PeerChanged = Extract<SchedulerEvent, { type: 'peer-changed' }>

interface Told {
  readonly atMs: number
  readonly member: number
  readonly event: SchedulerEvent
}

export class Scene {
  readonly timeline = new Timeline()
  readonly gossip: FullGossip
  readonly told: Told[] = []
  /** Member → how much it has to do. */
  readonly counts: number[]
  readonly #memberCount: number
  /** Member → peer → status. */
  readonly #statuses: Map<string, string>[]
  /** Member → peer → what was told of its state. */
  readonly #changes: Map<string, PeerChanged[]>[]

  constructor({ memberCount, absent = [], inCell1 = [], ...init }: SceneInit) {
    this.#memberCount = memberCount
    this.counts = new Array(memberCount).fill(0)
    this.#statuses = Array.from({ length: memberCount }, () => new Map())
    this.#changes = Array.from({ length: memberCount }, () => new Map())
    const members = Array.from({ length: memberCount }, (_, member) => ({
      peer: peerOf(member),
      cell: inCell1.includes(member) ? 1 : 0,
      facts: {
        version: '1',
        name: '',
        zone: '',
        labels: {},
        // Some say none, and can be dialled all the same.
        addresses: member % 2 === 0 ? [] : [`/dns4/${peerOf(member)}/tcp/4001`],
        models: [],
      },
      load: () => loadOf(this.counts[member] ?? 0),
    }))
    const tell = (member: number, event: SchedulerEvent) => this.#hear(member, event)
    this.gossip = new FullGossip(
      { members, nodeCount: memberCount, tell },
      {
        timeline: this.timeline,
        seed: 1,
        delayMs: (_from, _to, random) => 0.15 + exponential(random, 0.35),
        ...init,
      },
    )
    this.gossip.start(new Set(absent))
  }

  /** How `member` sees `other`. `undefined`: it has never heard of it. */
  status(member: number, other: number): string | undefined {
    return this.#statuses[member]?.get(peerOf(other))
  }

  /** What `member` was told of the state of `other`. */
  toldTo(member: number, other: number): PeerChanged[] {
    return this.#changes[member]?.get(peerOf(other)) ?? []
  }

  /** Those of `members` who see `other` otherwise. */
  disagreeing(members: readonly number[], other: number, status: string | undefined): number[] {
    return members.filter(member => member !== other && this.status(member, other) !== status)
  }

  /** Pairs of `members` that do not see each other alive. */
  strangers(members: readonly number[]): string[] {
    return members.flatMap(other =>
      this.disagreeing(members, other, 'alive').map(member => `${member} of ${other}`),
    )
  }

  all(except: readonly number[] = []): number[] {
    const members = Array.from({ length: this.#memberCount }, (_, member) => member)
    return members.filter(member => !except.includes(member))
  }

  pass(durationMs: number): void {
    this.timeline.run(this.timeline.nowMs + durationMs)
  }

  /** Passes time until it is so. @returns How long that took; `undefined`: it never was. */
  passUntil(isSo: () => boolean, maxMs: number, lookMs = 100): number | undefined {
    const startMs = this.timeline.nowMs
    while (!isSo()) {
      if (this.timeline.nowMs - startMs >= maxMs) return undefined
      this.pass(lookMs)
    }
    return this.timeline.nowMs - startMs
  }

  /** Its load has changed. */
  work(member: number): void {
    this.counts[member] = (this.counts[member] ?? 0) + 1
    this.gossip.changed(member)
  }

  /** Peers of which somebody was told that they are so, whoever that was. */
  everCalled(status: string): string[] {
    const named = this.told.flatMap(({ event }) =>
      event.type === 'peer-changed' && event.status === status ? [event.peer] : [],
    )
    return [...new Set(named)].toSorted()
  }

  #hear(member: number, event: SchedulerEvent): void {
    this.told.push({ atMs: this.timeline.nowMs, member, event })
    if (event.type === 'peer-changed') {
      this.#statuses[member]?.set(event.peer, event.status)
      const changes = this.#changes[member]
      const known = changes?.get(event.peer)
      if (known === undefined) changes?.set(event.peer, [event])
      else known.push(event)
    }
    if (event.type === 'peer-forgotten') this.#statuses[member]?.delete(event.peer)
  }
}

export const peerOf = (member: number) => `peer-${String(member).padStart(4, '0')}`

export const countOf = (load: PeerLoad) => load.models[0]?.runningCount ?? 0

function loadOf(runningCount: number): PeerLoad {
  const none = { queuedCount: 0, prefillTokensLeft: 0, decodeTokensLeft: 0 }
  const rates = { prefillTokensPerSecond: 1, decodeTokensPerSecond: 1 }
  return { models: [{ model: 'm', runningCount, ...none, ...rates }], gpus: [], isDraining: false }
}
