/**
 * Admits strangers: whoever has proved a ticket is put on the roster, if the mesh agrees.
 *
 *     candidate --> what would come of it, by our copy --refused--> catch up, ask once more
 *                      |                                                 '--refused--> told why
 *                      '--> admit-peer, agreed on --> welcome
 *
 * So nothing is written into the log for a stranger that has no good ticket. That the ticket is
 * good for one more peer the state machine decides, wherever its last use is tried twice at once.
 */
import { encodeCommand, type Operation } from '../../consensus/policy/command.ts'
import type { Outcome } from '../../consensus/policy/outcome.ts'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import type { Candidate, MemberContact, Welcome } from '../../protocols/join.ts'
import type { Clock } from '../clock.ts'
import { refusalError } from '../policy/refusal-error.ts'
import { type Doorkeeper, withinTime } from './doorkeeper.ts'
import type { PolicyCopy } from './policy-copy.ts'

/** Longer than an election; with what the joiner needs itself, joining stays within 10 s. */
const ADMISSION_TIMEOUT_MS = 3_500

export interface AdmissionDeskDeps {
  readonly self: PeerId
  readonly agreement: PolicyCopy
  readonly door: Pick<Doorkeeper, 'makeSure'>
  readonly clock: Clock
  readonly newRequestId: () => string
  /** Members and where they were last seen, the best first. */
  readonly contacts: () => readonly MemberContact[]
}

type Refused = Extract<Outcome, { status: 'refused' }>

export class AdmissionDesk {
  readonly #deps: AdmissionDeskDeps

  constructor(deps: AdmissionDeskDeps) {
    this.#deps = deps
  }

  /**
   * Resolves when the peer is on the roster, here too.
   *
   * @throws MeshError ERR_TICKET_REJECTED, ERR_TICKET_EXPIRED, ERR_TICKET_USED_UP, ERR_PEER_DENIED,
   * ERR_CONFLICT (the roster is full, or a voter has lost its log), ERR_NO_QUORUM.
   */
  admit(peer: PeerId, candidate: Candidate): Promise<Welcome> {
    return withinTime(this.#admit(peer, candidate), this.#deps.clock, ADMISSION_TIMEOUT_MS)
  }

  async #admit(peer: PeerId, { ticketId, ticketHash, hasLog }: Candidate): Promise<Welcome> {
    const { agreement } = this.#deps
    const ticket = hex(ticketId)
    const operation = { type: 'admit-peer', peer, ticket, ticketHash: hex(ticketHash) } as const
    const expected = await this.#foresee(operation)
    if (expected.status === 'refused') throw refusalError(expected)
    if (!hasLog) await this.#requireNoVoter(peer)
    // It may be on the roster already: it missed our answer, or finds its way back with a ticket.
    if (expected.status !== 'applied' || expected.changes.length > 0) {
      const outcome = await agreement.change(operation, { author: this.#author })
      if (outcome.status === 'refused') throw refusalError(outcome)
    }
    return this.#welcome(peer)
  }

  /**
   * A voter that has lost its log has forgotten what it acknowledged and whom it voted for, and would
   * undo it. Under a new number it may begin anew.
   *
   * @throws MeshError ERR_CONFLICT, ERR_NO_QUORUM.
   */
  async #requireNoVoter(peer: PeerId): Promise<void> {
    const { agreement, door } = this.#deps
    if (agreement.views.role(peer) === undefined) return
    await door.makeSure()
    if (!agreement.isVoter(peer)) return
    throw new MeshError('expected a voter to come back with its log, found one that has lost it', {
      code: 'ERR_CONFLICT',
      details: { peer },
      hint: `Take it off the roster, then join again: \`skein policy delete roster ${peer}\` on a member.`,
    })
  }

  get #author(): string {
    return `peer:${this.#deps.self}`
  }

  /** What the mesh would say. A refusal is one by a copy that is up to date, if that can be had. */
  async #foresee(operation: Operation): Promise<Outcome> {
    const first = this.#preview(operation)
    if (first.status !== 'refused') return first
    try {
      await this.#deps.door.makeSure()
    } catch (error) {
      // What we do not know others may; what we know to be wrong is not made better by them.
      if (isLackOfNews(first)) throw error
      return first
    }
    return this.#preview(operation)
  }

  #preview(operation: Operation): Outcome {
    const { agreement, clock, newRequestId } = this.#deps
    const { state } = agreement
    const atMs = Math.floor(clock.wallMs())
    const command = { requestId: newRequestId(), author: this.#author, atMs, operation }
    return state.preview(encodeCommand(command, state.format))
  }

  #welcome(newcomer: PeerId): Welcome {
    const { self, agreement, contacts } = this.#deps
    const { views, state } = agreement
    const members = contacts().filter(
      ({ peer }) => peer !== newcomer && peer !== self && views.role(peer) !== undefined,
    )
    return { rosterIndex: state.appliedIndex, members }
  }
}

function isLackOfNews({ code }: Refused): boolean {
  return code === 'ticket-unknown'
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
