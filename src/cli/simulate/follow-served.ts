/**
 * Follows what every ingress of a mesh has served, by asking one peer: page after page of each, and a
 * note of whatever could not be had.
 *
 * Peers' wall clocks differ. Each page says what the clock of its peer was, and the one that came
 * back fastest says best by how much it is off; times are told by our own clock.
 */
import { MeshError } from '../../core/errors.ts'
import {
  SERVED_LIMITS,
  type ServedPage,
  type ServedRequest,
  servedPage,
} from '../../node/recording/served-requests.ts'
import type { Client } from '../client.ts'
import type { Io } from '../io.ts'
import { nodeList } from '../wire.ts'

/** As much as half an hour at 250 requests a second. */
const REQUESTS_MAX = 500_000

/** Of one peer in one round: what it keeps, and what may come meanwhile. */
const PAGES_MAX = 32

export interface FollowedRequest extends ServedRequest {
  /** Who took it in. */
  readonly ingress: string
}

/** What could not be had. */
export interface Gap {
  readonly peer: string
  readonly reason: string
  /** Requests. `null`: nobody knows. */
  readonly count: number | null
}

interface Ingress {
  readonly peer: string
  next: string | undefined
  missedCount: number
  /** Times nobody knows how many are missing. */
  unknownCount: number
  /** When we began, and by now. */
  unservedBefore: number | undefined
  unservedCount: number
  oldestOpenAtMs: number | undefined
  openCount: number
  roundTripMs: number
  /** Its clock, less ours. */
  clockOffsetMs: number
  failure: string | undefined
  readonly requests: ServedRequest[]
}

export interface FollowDeps {
  readonly client: Pick<Client, 'get'>
  readonly io: Pick<Io, 'nowMs' | 'wallMs'>
  /** For hashes; nobody else has it. */
  readonly salt: string
}

export class ServedFollower {
  readonly #deps: FollowDeps
  readonly #ingresses = new Map<string, Ingress>()
  #requestCount = 0
  #isFull = false

  constructor(deps: FollowDeps) {
    this.#deps = deps
  }

  get requestCount(): number {
    return this.#requestCount
  }

  /** Peers that were followed. */
  get ingressCount(): number {
    return this.#ingresses.size
  }

  /** So many are kept, and no more. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Asks everybody for what is new. @throws MeshError if the asked peer itself does not answer. */
  async poll(): Promise<void> {
    const { client } = this.#deps
    const { nodes } = await client.get('/mesh/v1/nodes', nodeList)
    const alive = nodes.filter(({ status }) => status === 'alive')
    await Promise.all(alive.map(({ peer }) => this.#read(this.#ingressOf(peer))))
  }

  /** Whether no request is open any more that came before. @param wallMs By our clock. */
  hasAllBefore(wallMs: number): boolean {
    return [...this.#ingresses.values()].every(
      ({ oldestOpenAtMs }) => oldestOpenAtMs === undefined || oldestOpenAtMs >= wallMs,
    )
  }

  /** Those that came between two moments of our clock, in their order. */
  requests(fromWallMs: number, toWallMs: number): readonly FollowedRequest[] {
    return [...this.#ingresses.values()]
      .flatMap(({ peer, requests, clockOffsetMs }) =>
        requests.map(each => ({
          ...each,
          atWallMs: each.atWallMs - clockOffsetMs,
          ingress: peer,
        })),
      )
      .filter(({ atWallMs }) => atWallMs >= fromWallMs && atWallMs < toWallMs)
      .sort((a, b) => a.atWallMs - b.atWallMs)
  }

  /** What is missing in them. */
  gaps(toWallMs: number): readonly Gap[] {
    const full = this.#isFull
      ? [{ peer: 'all', reason: `only ${REQUESTS_MAX} requests are kept`, count: null }]
      : []
    return [...full, ...[...this.#ingresses.values()].flatMap(each => gapsOf(each, toWallMs))]
  }

  #ingressOf(peer: string): Ingress {
    const known = this.#ingresses.get(peer)
    if (known !== undefined) return known
    const ingress: Ingress = {
      ...{ peer, next: undefined, missedCount: 0, unknownCount: 0, unservedCount: 0, openCount: 0 },
      ...{ unservedBefore: undefined, oldestOpenAtMs: undefined, failure: undefined },
      ...{ roundTripMs: Number.POSITIVE_INFINITY, clockOffsetMs: 0, requests: [] },
    }
    this.#ingresses.set(peer, ingress)
    return ingress
  }

  async #read(ingress: Ingress): Promise<void> {
    try {
      for (let left = PAGES_MAX; left > 0; left -= 1) {
        const page = await this.#page(ingress)
        if (page.requests.length < SERVED_LIMITS.max) break
      }
      ingress.failure = undefined
    } catch (error) {
      if (!(error instanceof MeshError)) throw error
      ingress.failure = `${error.code}: ${error.message}`
    }
  }

  async #page(ingress: Ingress): Promise<ServedPage> {
    const { client, io, salt } = this.#deps
    const query = new URLSearchParams({ peer: ingress.peer, limit: `${SERVED_LIMITS.max}`, salt })
    if (ingress.next !== undefined) query.set('after', ingress.next)
    const startMs = io.nowMs()
    const startWallMs = io.wallMs()
    const page = await client.get(`/mesh/v1/served?${query}`, servedPage)
    const roundTripMs = io.nowMs() - startMs
    if (roundTripMs < ingress.roundTripMs) {
      ingress.roundTripMs = roundTripMs
      ingress.clockOffsetMs = page.nowWallMs - (startWallMs + roundTripMs / 2)
    }
    this.#take(ingress, page)
    return page
  }

  #take(ingress: Ingress, page: ServedPage): void {
    const { missedCount, unservedCount, oldestOpenAtWallMs, openCount, next, requests } = page
    if (missedCount === null) ingress.unknownCount += 1
    else ingress.missedCount += missedCount
    // A peer that has started again counts from nothing.
    if (missedCount === null || ingress.unservedBefore === undefined) {
      ingress.unservedBefore = missedCount === null ? 0 : unservedCount
    }
    ingress.unservedCount = unservedCount
    ingress.openCount = openCount
    ingress.oldestOpenAtMs =
      oldestOpenAtWallMs === undefined ? undefined : oldestOpenAtWallMs - ingress.clockOffsetMs
    ingress.next = next
    const room = REQUESTS_MAX - this.#requestCount
    if (requests.length > room) this.#isFull = true
    ingress.requests.push(...requests.slice(0, room))
    this.#requestCount += Math.min(room, requests.length)
  }
}

function gapsOf(ingress: Ingress, toWallMs: number): readonly Gap[] {
  const { peer, missedCount, unknownCount, failure, oldestOpenAtMs, openCount } = ingress
  const unserved = ingress.unservedCount - (ingress.unservedBefore ?? 0)
  const isOpen = oldestOpenAtMs !== undefined && oldestOpenAtMs < toWallMs
  const gaps: readonly (Gap | undefined)[] = [
    missedCount > 0
      ? { peer, reason: 'more came than the peer keeps', count: missedCount }
      : undefined,
    unknownCount > 0 ? { peer, reason: 'the peer has started again', count: null } : undefined,
    failure === undefined ? undefined : { peer, reason: failure.slice(0, 1_024), count: null },
    unserved > 0 ? { peer, reason: 'failed or cancelled', count: unserved } : undefined,
    isOpen ? { peer, reason: 'still running at the end', count: openCount } : undefined,
  ]
  return gaps.flatMap(each => each ?? [])
}
