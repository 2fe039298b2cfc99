/**
 * Who comes into the mesh and who must go, as one peer sees to it.
 *
 *     agreement: roster, tickets, deny-list
 *        |--> Doorkeeper      may this peer greet us?          asked by the network
 *        |--> AdmissionDesk   a stranger with a ticket         asked by the network
 *        |--> TicketOffice    a ticket for the next machine    asked by people
 *        '--> RosterWatch     this one is out: cut it off
 */
import type { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import type { Candidate, MemberContact, Welcome } from '../../protocols/join.ts'
import type { Clock } from '../clock.ts'
import type { OpenedAgreement } from '../consensus/open-agreement.ts'
import { type Entropy, newId } from '../entropy.ts'
import type { TicketOptions } from '../gateway.ts'
import type { MeshMemory } from '../storage/mesh-file.ts'
import { issueTicket } from '../ticket-office.ts'
import { AdmissionDesk } from './admission-desk.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { deniedError, notAMemberError } from './expulsion.ts'
import type { PolicyCopy } from './policy-copy.ts'
import { RosterWatch } from './roster-watch.ts'

/** What the network asks before it lets anybody in. */
export interface Door {
  /** Whether it belongs to the mesh, as far as we know now. */
  isMember(peer: PeerId): boolean
  /** @throws MeshError ERR_PEER_DENIED, ERR_NOT_A_MEMBER, ERR_NO_QUORUM. */
  recognise(peer: PeerId): Promise<void>
  /**
   * Puts a stranger that has proved its ticket on the roster.
   *
   * @throws MeshError ERR_TICKET_REJECTED, ERR_TICKET_EXPIRED, ERR_TICKET_USED_UP, ERR_PEER_DENIED,
   * ERR_CONFLICT if the roster is full, ERR_NO_QUORUM.
   */
  admit(peer: PeerId, candidate: Candidate): Promise<Welcome>
}

export interface AdmissionDeps {
  readonly self: PeerId
  readonly memory: MeshMemory
  readonly agreement: PolicyCopy
  readonly opened: Pick<OpenedAgreement, 'memory'>
  readonly clock: Clock
  readonly entropy: Entropy
  /** Where joiners can reach us. */
  readonly addresses: () => readonly string[]
  readonly contacts: () => readonly MemberContact[]
  /** A member is one no more: nothing is said to it, and nothing of it is passed on. */
  readonly onRemoved: (peer: PeerId, error: MeshError) => void
  /** We are a member no more. */
  readonly onExpelled: (error: MeshError) => void
}

export class Admission implements Door {
  readonly #deps: AdmissionDeps
  readonly #door: Doorkeeper
  readonly #desk: AdmissionDesk
  readonly #watch: RosterWatch

  constructor(deps: AdmissionDeps) {
    this.#deps = deps
    const { memory, opened, entropy } = deps
    const { rosterIndex } = memory
    const introduced = new Set(rosterIndex > 0 ? memory.peers.map(({ peer }) => peer) : [])
    this.#door = new Doorkeeper({ ...deps, log: opened.memory, rosterIndex, introduced })
    const newRequestId = () => newId(entropy)
    this.#desk = new AdmissionDesk({ ...deps, door: this.#door, newRequestId })
    this.#watch = new RosterWatch({ ...deps, rosterIndex, introduced })
  }

  isMember(peer: PeerId): boolean {
    return this.#door.isMember(peer)
  }

  recognise(peer: PeerId): Promise<void> {
    return this.#door.recognise(peer)
  }

  admit(peer: PeerId, candidate: Candidate): Promise<Welcome> {
    return this.#desk.admit(peer, candidate)
  }

  /** Whether it was cut off: nothing it says is passed on. */
  isBarred(peer: PeerId): boolean {
    return this.#watch.isBarred(peer)
  }

  /** @throws MeshError ERR_UNREACHABLE, ERR_NO_QUORUM, ERR_CONFLICT if too many are good. */
  invite(options: TicketOptions): Promise<string> {
    return issueTicket({ ...this.#deps, meshId: this.#deps.memory.meshId }, options)
  }

  /** @throws MeshError ERR_PEER_DENIED, ERR_NOT_A_MEMBER if we are out by our own copy. */
  checkSelf(): void {
    const { self, agreement, memory } = this.#deps
    const { views, state } = agreement
    if (state.appliedIndex === 0 || state.appliedIndex < memory.rosterIndex) return
    const denied = views.spec('denied', self)
    if (denied !== undefined) throw deniedError(self, denied.reason)
    if (views.role(self) === undefined) throw notAMemberError(self)
  }
}
