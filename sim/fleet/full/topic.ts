/**
 * The gossip topic: a claim goes over all connections of its author, and whoever hears it first
 * passes it on to a few neighbours. Copies of what is known are dropped, as gossipsub does by ids.
 *
 * A claim on its way is a wave: a small heap of copies under way, of which the next to arrive
 * first at its receiver is the only event on the timeline. So a claim costs one event per receiver.
 *
 * As in `sim/network/gossip.ts` neighbours are agreed at once, and a lost copy stays lost: here,
 * only those that were sent where nothing passes or whose connection ended.
 *
 * Source: libp2p/specs gossipsub v1.1; parameters of src/node/gossip-options.ts.
 */
import { assert } from '../../../src/core/assert.ts'
import type { Random } from '../../../src/core/random.ts'
import type { PeerClaim } from '../../../src/membership/peer-claim.ts'
import { gossipOptions } from '../../../src/node/gossip-options.ts'
import { shuffled } from '../../chance.ts'
import type { Timeline } from '../../kernel/timeline.ts'
import type { ConnectionEnd, Seat } from './connection-end.ts'

const { degree, degreeMin, degreeMax, heartbeatIntervalMs } = gossipOptions.parse({})

const NOBODY = Number.POSITIVE_INFINITY
const REACHED = Number.NEGATIVE_INFINITY

export interface TopicDeps {
  readonly timeline: Timeline
  readonly random: Random
  readonly memberCount: number
  /** When a copy that is sent now arrives; `undefined`: it does not. */
  readonly transit: (end: ConnectionEnd) => number | undefined
}

export class Topic {
  readonly #deps: TopicDeps
  /** Waves that are over, for their memory. */
  readonly #spare: Wave[] = []

  constructor(deps: TopicDeps) {
    this.#deps = deps
  }

  publish(author: Seat, claim: PeerClaim): void {
    if (author.ends.size === 0) return
    const wave = this.#spare.pop() ?? this.#newWave()
    wave.begin(author, claim)
  }

  opened(end: ConnectionEnd): void {
    const { owner, other } = end
    if (owner.neighbours.length < degree || other.owner.neighbours.length < degree) graft(end)
  }

  closed(end: ConnectionEnd): void {
    drop(end.owner.neighbours, end)
    drop(end.other.owner.neighbours, end.other)
  }

  #newWave(): Wave {
    return new Wave(this.#deps, {
      received: seat => this.#heartbeat(seat),
      ended: wave => this.#spare.push(wave),
    })
  }

  /** Repairs the neighbourhood, at most as often as gossipsub does. */
  #heartbeat(seat: Seat): void {
    const { nowMs } = this.#deps.timeline
    if (nowMs < seat.heartbeatAtMs) return
    seat.heartbeatAtMs = nowMs + heartbeatIntervalMs
    if (seat.neighbours.length < degreeMin && seat.neighbours.length < seat.ends.size) {
      for (const end of shuffled(this.#deps.random, [...seat.ends.values()])) {
        if (seat.neighbours.length < degree) graft(end)
      }
    }
    if (seat.neighbours.length <= degreeMax) return
    for (const end of shuffled(this.#deps.random, seat.neighbours).slice(degree)) this.closed(end)
  }
}

/** Neither side takes more than it may have. */
function graft(end: ConnectionEnd): void {
  const { owner, other } = end
  if (!end.isOpen || !other.isOpen || owner.neighbours.includes(end)) return
  if (owner.neighbours.length >= degreeMax || other.owner.neighbours.length >= degreeMax) return
  owner.neighbours.push(end)
  other.owner.neighbours.push(other)
}

function drop(neighbours: ConnectionEnd[], end: ConnectionEnd): void {
  const index = neighbours.indexOf(end)
  if (index >= 0) neighbours.splice(index, 1)
}

interface WaveHooks {
  readonly received: (seat: Seat) => void
  readonly ended: (wave: Wave) => void
}

/** One claim on its way to everyone. */
class Wave {
  readonly #deps: TopicDeps
  readonly #hooks: WaveHooks
  #claim: PeerClaim | undefined
  /** Member → when the first copy on its way to it arrives. */
  readonly #firstMs: Float64Array
  /** A binary heap of copies: when each arrives, and the receiver's end of its connection. */
  readonly #times: number[] = []
  readonly #ends: ConnectionEnd[] = []

  constructor(deps: TopicDeps, hooks: WaveHooks) {
    this.#deps = deps
    this.#hooks = hooks
    this.#firstMs = new Float64Array(deps.memberCount)
  }

  begin(author: Seat, claim: PeerClaim): void {
    this.#claim = claim
    this.#firstMs.fill(NOBODY)
    this.#firstMs[author.member] = REACHED
    for (const end of author.ends.values()) this.#push(end)
    this.#planNext()
  }

  /** The copy at the top has arrived. */
  readonly #arrive = (): void => {
    const end = this.#ends[0]
    assert(end !== undefined && this.#claim !== undefined, 'a wave that moves has a copy')
    this.#pop()
    const { owner } = end
    if (end.isOpen) {
      this.#firstMs[owner.member] = REACHED
      this.#hooks.received(owner)
      for (const neighbour of owner.neighbours) if (neighbour !== end) this.#push(neighbour)
      owner.events.claimHeard(this.#claim)
    } else this.#firstMs[owner.member] = NOBODY
    this.#planNext()
  }

  #planNext(): void {
    while (this.#ends.length > 0) {
      const atMs = this.#times[0] as number
      const member = (this.#ends[0] as ConnectionEnd).owner.member
      // Another copy was or will be there sooner.
      if ((this.#firstMs[member] as number) >= atMs) {
        this.#deps.timeline.at(atMs, this.#arrive)
        return
      }
      this.#pop()
    }
    this.#claim = undefined
    this.#hooks.ended(this)
  }

  #push(end: ConnectionEnd): void {
    const { other } = end
    const { member } = other.owner
    if (this.#firstMs[member] === REACHED) return
    const atMs = this.#deps.transit(end)
    if (atMs === undefined || atMs >= (this.#firstMs[member] as number)) return
    this.#firstMs[member] = atMs
    let index = this.#times.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      if ((this.#times[parent] as number) <= atMs) break
      this.#move(parent, index)
      index = parent
    }
    this.#times[index] = atMs
    this.#ends[index] = other
  }

  #pop(): void {
    const atMs = this.#times.pop() as number
    const end = this.#ends.pop() as ConnectionEnd
    const size = this.#times.length
    if (size === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= size) break
      const isRightSooner =
        child + 1 < size && (this.#times[child + 1] as number) < (this.#times[child] as number)
      if (isRightSooner) child += 1
      if ((this.#times[child] as number) >= atMs) break
      this.#move(child, index)
      index = child
    }
    this.#times[index] = atMs
    this.#ends[index] = end
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as number
    this.#ends[to] = this.#ends[from] as ConnectionEnd
  }
}
