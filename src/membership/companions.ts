/**
 * The members as the prober sees them: whom to probe, who can help, who can be told news.
 */
import type { PeerId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import type { Connections } from './connections.ts'
import { isPresent } from './member.ts'
import type { MemberTable } from './member-table.ts'
import type { ProbeScope } from './prober.ts'
import type { RoundTrip } from './round-trip.ts'

export class Companions implements ProbeScope {
  readonly #self: PeerId
  readonly #table: MemberTable
  readonly #connections: Connections
  readonly #random: Random

  constructor(
    self: PeerId,
    {
      table,
      connections,
      random,
    }: { table: MemberTable; connections: Connections; random: Random },
  ) {
    this.#self = self
    this.#table = table
    this.#connections = connections
    this.#random = random
  }

  targets(): readonly PeerId[] {
    return Array.from(this.#table.values(), ({ peer }) => peer).filter(peer => this.isTarget(peer))
  }

  /** In a large mesh those who are connected to a member look after it. */
  isTarget(peer: PeerId): boolean {
    const member = this.#table.get(peer)
    if (member === undefined || !isPresent(member)) return false
    return (
      member.status === 'suspect' ||
      this.#connections.isConnected(peer) ||
      this.#connections.isFullMesh(this.#table.meshSize)
    )
  }

  /**
   * The next in the ring of ids that nobody doubts. In a large mesh, where not everyone sees
   * everyone, nobody: the neighbours of a member are few, and look after it often.
   */
  ward(): PeerId | undefined {
    if (!this.#connections.isFullMesh(this.#table.meshSize)) return undefined
    let next: PeerId | undefined
    let first: PeerId | undefined
    for (const { peer, status } of this.#table.values()) {
      if (status !== 'alive') continue
      if (first === undefined || peer < first) first = peer
      if (peer > this.#self && (next === undefined || peer < next)) next = peer
    }
    return next ?? first
  }

  isReachable(peer: PeerId): boolean {
    return this.#connections.isReachable(peer)
  }

  helpers(target: PeerId, count: number): readonly PeerId[] {
    return this.some(count, peer => peer !== target)
  }

  heardAtMs(peer: PeerId): number {
    return this.#table.get(peer)?.heardAtMs ?? Number.NEGATIVE_INFINITY
  }

  roundTrip(peer: PeerId): RoundTrip | undefined {
    return this.#table.get(peer)?.roundTrip
  }

  /** Some members that are alive and can be sent a message, chosen by chance. */
  some(count: number, isWanted: (peer: PeerId) => boolean = () => true): PeerId[] {
    const left = [...this.#connections.reachable()].filter(
      peer => this.#table.get(peer)?.status === 'alive' && isWanted(peer),
    )
    const taken: PeerId[] = []
    while (taken.length < count && left.length > 0) {
      taken.push(...left.splice(this.#random.nextIndex(left.length), 1))
    }
    return taken
  }
}
