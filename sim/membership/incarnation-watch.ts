/**
 * Watches incarnations: only a member itself raises its own, and no node goes back to an earlier
 * one while it runs.
 *
 * Looks at every node's whole view every few seconds, not after each event: to ask all would cost more
 * than the world itself, and a wrong incarnation does not go away by itself.
 */
import type { PeerId } from '../../src/core/ids.ts'
import type { Peer } from '../../src/node/peer.ts'
import type { World } from '../world.ts'
import { upHosts } from './agreement.ts'

const LOOK_INTERVAL_MS = 5_000

export class IncarnationWatch {
  readonly #world: World
  /** Process → peer → what it saw last. */
  readonly #seen = new WeakMap<Peer, Map<PeerId, number>>()

  constructor(world: World) {
    this.#world = world
    this.#lookLater()
  }

  #lookLater(): void {
    this.#world.time.after(LOOK_INTERVAL_MS, () => {
      this.#look()
      this.#lookLater()
    })
  }

  #look(): void {
    for (const { index, peer } of upHosts(this.#world)) {
      if (peer !== undefined) this.#lookAt(index, peer)
    }
  }

  #lookAt(index: number, by: Peer): void {
    const before = this.#seen.get(by) ?? new Map<PeerId, number>()
    this.#seen.set(by, before)
    for (const { peer, incarnation } of by.nodes()) {
      const host = this.#world.hostOf(peer)
      const about = `n${host?.index}`
      const own = host?.incarnationMax ?? 0
      if (incarnation > own) {
        this.#fail(`n${index} knows ${about} by ${incarnation}, which had no more than ${own}`)
      }
      const last = before.get(peer) ?? 0
      if (incarnation < last) {
        this.#fail(`n${index} knew ${about} by ${last} and now by ${incarnation}`)
      }
      before.set(peer, incarnation)
    }
  }

  #fail(found: string): void {
    this.#world.fail(new Error(`expected incarnations that only their owner raises: ${found}`))
  }
}
