/**
 * The members of earlier runs: dials each of them until it is met, and writes down whom we have
 * met, so that the next start finds the mesh again even after a crash.
 *
 *     mesh.json --> not met yet -- dial, again and again --> member --> mesh.json
 *
 * Once a peer is a member, keeping in touch is the business of membership.
 */
import { hasCode } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import type { Clock } from './clock.ts'
import type { Logger } from './log.ts'
import type { Network } from './network.ts'
import type { Disk } from './storage/disk.ts'
import { type KnownPeer, type MeshMemory, saveMesh } from './storage/mesh-file.ts'

/** How often it is looked whether there is something new to write down. */
const SAVE_INTERVAL_MS = 2_000

/** Wait before those who did not answer are dialled again; it doubles up to the longest. */
const REDIAL_MIN_MS = 5_000
const REDIAL_MAX_MS = 60_000

export interface KnownPeersDeps {
  readonly memory: MeshMemory
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
  readonly network: Pick<Network, 'dial'>
  /** Our incarnation, which the next start must exceed. */
  readonly incarnation: () => number
  /** Members now, and where they were last seen. */
  readonly members: () => readonly KnownPeer[]
  /** Called once if no peer of an earlier run answered the first dial. */
  readonly onAlone: (known: readonly KnownPeer[]) => void
}

export class KnownPeers {
  readonly #deps: KnownPeersDeps
  /** Not met in this run. */
  readonly #missed = new Map<PeerId, KnownPeer>()
  #saved = ''
  #saving: Promise<void> = Promise.resolve()
  #redialMs = REDIAL_MIN_MS
  #isClosed = false
  #cancelSave = () => {}
  #cancelRedial = () => {}

  constructor(deps: KnownPeersDeps) {
    this.#deps = deps
    for (const known of deps.memory.peers) this.#missed.set(known.peer, known)
  }

  /**
   * Begins to dial and to write down. Resolves when every peer has been dialled once.
   *
   * @throws MeshError ERR_IDENTITY_IN_USE if one of them knows a live process with our identity.
   */
  async start(): Promise<void> {
    this.#planSave()
    if (this.#missed.size > 0) await this.#dialFirst()
  }

  /** Writes down who is known now, if that is news. @throws MeshError ERR_STORAGE. */
  save(): Promise<void> {
    const write = async () => {
      const peers = this.#book()
      const text = JSON.stringify(peers)
      if (text === this.#saved) return
      const { disk, memory, incarnation } = this.#deps
      await saveMesh(disk, { ...memory, incarnation: incarnation(), peers })
      this.#saved = text
    }
    // One at a time, for all go to one file.
    this.#saving = this.#saving.then(write, write)
    return this.#saving
  }

  /** Writes down a last time. @throws MeshError ERR_STORAGE. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelSave()
    this.#cancelRedial()
    await this.save()
  }

  /** Those met come first: only so many are kept. */
  #book(): readonly KnownPeer[] {
    const members = this.#deps.members()
    for (const { peer } of members) this.#missed.delete(peer)
    return [...members, ...this.#missed.values()]
  }

  #planSave(): void {
    if (this.#isClosed) return
    const { clock, logger } = this.#deps
    this.#cancelSave = clock.wakeAt(clock.nowMs() + SAVE_INTERVAL_MS, () => {
      this.save()
        .catch((error: unknown) => {
          logger.warn('the addresses of the other peers were not written down', { error })
        })
        .finally(() => this.#planSave())
    })
  }

  async #dialFirst(): Promise<void> {
    const known = [...this.#missed.values()]
    const failures = await this.#dialAll(known)
    if (this.#isClosed) return
    const twin = failures.find(failure => hasCode(failure, 'ERR_IDENTITY_IN_USE'))
    if (twin !== undefined) throw twin
    if (failures.length === known.length && this.#deps.members().length === 0)
      this.#deps.onAlone(known)
    this.#planRedial()
  }

  #planRedial(): void {
    const { clock } = this.#deps
    this.#book()
    if (this.#isClosed || this.#missed.size === 0) return
    this.#cancelRedial = clock.wakeAt(clock.nowMs() + this.#redialMs, () => {
      this.#redialMs = Math.min(REDIAL_MAX_MS, this.#redialMs * 2)
      this.#book()
      void this.#dialAll([...this.#missed.values()]).then(() => this.#planRedial())
    })
  }

  /** @returns Why those did not answer that did not. Never rejects. */
  async #dialAll(known: readonly KnownPeer[]): Promise<readonly unknown[]> {
    const { network, logger } = this.#deps
    const results = await Promise.allSettled(
      known.map(({ peer, addresses }) => network.dial(peer, addresses)),
    )
    return results.flatMap((result, index) => {
      if (result.status === 'fulfilled') return []
      const error: unknown = result.reason
      logger.info('a known peer did not answer', { peer: known[index]?.peer, error })
      return [error]
    })
  }
}
