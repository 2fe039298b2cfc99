/**
 * What a leader does for whoever asks, here or elsewhere: takes proposals, confirms reads, hands
 * its office over. Who does not lead says so, and who does as far as it knows.
 */
import type { PeerId } from '../../core/ids.ts'
import type { ConfChangeV2 } from '../raft/membership/conf-change.ts'
import type { NodeId } from '../raft/node-id.ts'
import type { ReadState } from '../raft/raft.ts'
import type { RawNode } from '../raft/raw-node.ts'
import type { StepResult } from '../raft/step-result.ts'
import type { ConsensusMessage, Operation, Refusal } from './message.ts'
import type { RequestMessage } from './requests.ts'

/** A learner this close behind has the log but for what is under way. */
const CAUGHT_UP_ENTRIES = 64

/** How a read is named to Raft: by one number. */
const CONTEXT_BYTES = 8

/** Proposals that are remembered until they are applied; those beyond may stand in the log twice. */
const PROPOSED_MAX = 65_536

export type Reply = Extract<ConsensusMessage, { type: 'refuse' | 'read-index' | 'operated' }>

export interface LeaderDeskDeps {
  readonly self: PeerId
  readonly raw: () => RawNode | undefined
  readonly leader: () => PeerId | undefined
  /** Whether a command may stand in the log. */
  readonly accepts: (command: Uint8Array) => boolean
  /** What to propose for a person who wants other voters. `undefined`: that cannot be now. */
  readonly voterChange: (wish: 'promote' | 'demote', node: NodeId) => ConfChangeV2 | undefined
  readonly send: (to: PeerId, message: ConsensusMessage) => void
  /** Answers a request of our own. */
  readonly reply: (message: Reply) => void
}

type Propose = Extract<ConsensusMessage, { type: 'propose' }>

interface Asker {
  readonly peer: PeerId
  readonly requestId: string
}

export class LeaderDesk {
  readonly #deps: LeaderDeskDeps
  /** Number of a read that Raft is to confirm → who asked. Raft answers each or forgets all. */
  readonly #reads = new Map<number, Asker>()
  #readCount = 0
  /** Requests that we have put into the log and not applied: as long as we lead they stay in it. */
  readonly #proposed = new Set<string>()

  constructor(deps: LeaderDeskDeps) {
    this.#deps = deps
  }

  serve(peer: PeerId, message: RequestMessage): void {
    const asker = { peer, requestId: message.requestId }
    const raw = this.#deps.raw()
    if (raw?.role !== 'leader') {
      this.#refuse(asker, 'not-leader')
      return
    }
    const result = this.#perform(raw, asker, message)
    if (result !== 'ok') this.#refuse(asker, refusalOf(result))
    else if (message.type === 'operate') this.#answer(asker, 'operated')
  }

  /** Everything up to its index must be applied before the read is answered. */
  readConfirmed({ context, index }: ReadState): void {
    const number = numberOf(context)
    const asker = this.#reads.get(number)
    this.#reads.delete(number)
    if (asker !== undefined) this.#answer(asker, 'read-index', index)
  }

  /** What is sent again from now on the state knows. */
  applied(requestId: string): void {
    this.#proposed.delete(requestId)
  }

  /** We do not lead any more: Raft has forgotten the reads, and may lose proposals. */
  forget(): void {
    this.#reads.clear()
    this.#proposed.clear()
  }

  isCaughtUp(node: NodeId): boolean {
    const raw = this.#deps.raw()
    const matchIndex = raw?.status().progress.get(node)?.matchIndex
    return (
      raw !== undefined &&
      (matchIndex ?? Number.NEGATIVE_INFINITY) + CAUGHT_UP_ENTRIES >= raw.commitIndex
    )
  }

  #perform(raw: RawNode, asker: Asker, message: RequestMessage): StepResult {
    switch (message.type) {
      case 'propose':
        return this.#propose(raw, message)
      case 'operate':
        return this.#operate(raw, message.operation)
      case 'read': {
        this.#readCount += 1
        this.#reads.set(this.#readCount, asker)
        const result = raw.readIndex(contextOf(this.#readCount))
        if (result !== 'ok') this.#reads.delete(this.#readCount)
        return result
      }
    }
  }

  /** Whoever waits asks again: what is slow to be agreed on must not be made slower by that. */
  #propose(raw: RawNode, { requestId, command }: Propose): StepResult {
    if (this.#proposed.has(requestId)) return 'ok'
    const result = this.#deps.accepts(command) ? raw.propose(command) : 'malformed'
    if (result === 'ok' && this.#proposed.size < PROPOSED_MAX) this.#proposed.add(requestId)
    return result
  }

  #operate(raw: RawNode, { type, node }: Operation): StepResult {
    if (type === 'transfer') return raw.transferLeader(node)
    const change = this.#deps.voterChange(type, node)
    return change === undefined ? 'invalid-conf-change' : raw.proposeConfChange(change)
  }

  #refuse({ peer, requestId }: Asker, reason: Refusal): void {
    this.#tell(peer, { type: 'refuse', requestId, reason, leader: this.#deps.leader() })
  }

  #answer({ peer, requestId }: Asker, type: 'operated' | 'read-index', index = 0): void {
    this.#tell(peer, type === 'operated' ? { type, requestId } : { type, requestId, index })
  }

  #tell(peer: PeerId, message: Reply): void {
    if (peer === this.#deps.self) this.#deps.reply(message)
    else this.#deps.send(peer, message)
  }
}

function refusalOf(result: StepResult): Refusal {
  switch (result) {
    case 'no-leader':
    case 'forwarding-disabled':
    case 'not-a-member':
      return 'not-leader'
    case 'too-much-uncommitted':
    case 'too-many-reads':
      return 'busy'
    case 'transferring':
      return 'transferring'
    default:
      return 'not-possible'
  }
}

function contextOf(number: number): Uint8Array {
  const bytes = new Uint8Array(CONTEXT_BYTES)
  new DataView(bytes.buffer).setFloat64(0, number)
  return bytes
}

function numberOf(context: Uint8Array): number {
  return new DataView(context.buffer, context.byteOffset, context.byteLength).getFloat64(0)
}
