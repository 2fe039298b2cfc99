/**
 * Follows the roster and the deny-list, and says who is out of the mesh from now on.
 *
 * The log that a peer reads after a start, or after it joined again, may tell of removals that were
 * undone later. So a removal counts only if the newest state that we have says the same, and our
 * own only if it came after we were admitted last.
 */
import type { PolicyChange } from '../../consensus/policy/outcome.ts'
import type { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import { deniedError, notAMemberError } from './expulsion.ts'
import type { PolicyCopy } from './policy-copy.ts'

/** As many as a roster holds. */
const REMOVED_MAX = 2_048

export interface RosterWatchDeps {
  readonly self: PeerId
  readonly agreement: PolicyCopy
  /** The index at which we were admitted, or later; 0 if we began the mesh. */
  readonly rosterIndex: number
  readonly introduced: ReadonlySet<PeerId>
  readonly onRemoved: (peer: PeerId, error: MeshError) => void
  /** We are out ourselves. */
  readonly onExpelled: (error: MeshError) => void
}

export class RosterWatch {
  readonly #deps: RosterWatchDeps
  /** Those who belonged to the mesh when we last looked. */
  #members: Set<PeerId>
  /** Members once that are none now, in the order they went. */
  readonly #removed = new Set<PeerId>()

  constructor(deps: RosterWatchDeps) {
    this.#deps = deps
    this.#members = new Set([...deps.introduced, ...this.#roster()])
    deps.agreement.watch(changes => {
      if (changes === undefined) this.#compareAll()
      else for (const change of changes) this.#changed(change)
    })
  }

  /** Whether it was removed, or is denied: nothing it says is passed on. */
  isBarred(peer: PeerId): boolean {
    return this.#removed.has(peer) || this.#deps.agreement.views.isDenied(peer)
  }

  #roster(): readonly PeerId[] {
    return this.#deps.agreement.views.list('roster').map(({ name }) => name)
  }

  #changed({ kind, name, resource, revision }: PolicyChange): void {
    if (kind === 'roster' && resource !== undefined) {
      this.#members.add(name)
      this.#removed.delete(name)
    }
    const isGone = kind === 'roster' && resource === undefined
    const isDenied = kind === 'denied' && resource !== undefined
    if (isGone || isDenied) this.#remove(name, revision)
  }

  /** The state was replaced as a whole. */
  #compareAll(): void {
    const { agreement, rosterIndex } = this.#deps
    const { appliedIndex } = agreement.state
    if (appliedIndex < rosterIndex) return
    const before = this.#members
    this.#members = new Set(this.#roster())
    for (const peer of this.#members) this.#removed.delete(peer)
    for (const peer of before) if (!this.#members.has(peer)) this.#remove(peer, appliedIndex)
  }

  #remove(peer: PeerId, atIndex: number): void {
    const { self, agreement, rosterIndex, onRemoved, onExpelled } = this.#deps
    const { views } = agreement
    if (views.role(peer) !== undefined) return
    const denied = views.spec('denied', peer)
    const error = denied === undefined ? notAMemberError(peer) : deniedError(peer, denied.reason)
    if (peer === self) {
      if (atIndex >= rosterIndex) onExpelled(error)
      return
    }
    // Denying someone changes two resources; it goes once.
    if (this.#removed.has(peer)) return
    this.#members.delete(peer)
    this.#removed.add(peer)
    for (const oldest of this.#removed) {
      if (this.#removed.size <= REMOVED_MAX) break
      this.#removed.delete(oldest)
    }
    onRemoved(peer, error)
  }
}
