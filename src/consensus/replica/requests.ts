/**
 * What somebody here wants of the leader, wherever the leader is.
 *
 *     waiting --send--> leader --log--> applied here --> answered
 *        ^                |
 *        '---- refused, silent, or another leader: sent again
 *
 * A proposal is answered when its command is applied by this replica, so who then reads here reads
 * what was written. It may be sent more often than once, to several leaders; the state machine
 * applies a request once. A read waits until this replica has applied what the leader had
 * committed when it was asked.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import type { ReplicaEffect, RequestFailure, RequestOutcome } from './events.ts'
import type { ConsensusMessage, Refusal } from './message.ts'

/** Requests that may wait; more are refused as too many. */
export const REQUESTS_MAX = 10_000

/** Longer than a leader takes to agree on anything while it is well. */
const RESEND_MS = 500

/** A leader that was named by another may not know of its office yet. */
const REFUSED_RESEND_MS = 50

export type RequestMessage = Extract<ConsensusMessage, { type: 'propose' | 'operate' | 'read' }>

interface Request {
  readonly message: RequestMessage
  readonly deadlineMs: number
  /** How often it was sent without being refused: each may have been proposed. */
  unrefusedCount: number
  resendAtMs: number
  /** For a read: what must have been applied. */
  readIndex: number | undefined
}

export interface RequestsDeps<Result> {
  /** Hands the message to the leader, which may be ourselves. */
  readonly ask: (message: RequestMessage) => void
  readonly emit: (effect: ReplicaEffect<Result>) => void
  /** Who decides, as far as is known now. */
  readonly leader: () => PeerId | undefined
  /** Who decided last, if nobody does now. */
  readonly lastLeader: () => PeerId | undefined
  readonly timeoutMs: number
}

export class Requests<Result> {
  readonly #deps: RequestsDeps<Result>
  /** In the order of their deadlines, since all have the same time. */
  readonly #waiting = new Map<string, Request>()
  /** Reads that know their index. */
  readonly #reading = new Set<string>()
  /** No request is to be sent again before. */
  #resendAtMs = NEVER

  constructor(deps: RequestsDeps<Result>) {
    this.#deps = deps
  }

  get count(): number {
    return this.#waiting.size
  }

  get wakeAtMs(): number {
    const [oldest] = this.#waiting.values()
    return Math.min(oldest?.deadlineMs ?? NEVER, this.#resendAtMs)
  }

  add(message: RequestMessage, nowMs: number): void {
    const { requestId } = message
    if (this.#waiting.size >= REQUESTS_MAX) {
      this.#answer(requestId, this.#failure('busy'))
      return
    }
    const deadlineMs = nowMs + this.#deps.timeoutMs
    const request = {
      ...{ message, deadlineMs, unrefusedCount: 0 },
      ...{ resendAtMs: NEVER, readIndex: undefined },
    }
    this.#waiting.set(requestId, request)
    this.#send(request, nowMs)
  }

  /** Sends again what was not answered, and gives up what has waited too long. */
  tick(nowMs: number): void {
    for (const [requestId, { deadlineMs }] of this.#waiting) {
      if (deadlineMs > nowMs) break
      this.#finish(requestId, this.#failure('no-quorum'))
    }
    if (nowMs < this.#resendAtMs) return
    this.#resendAtMs = NEVER
    for (const request of this.#waiting.values()) {
      if (request.resendAtMs <= nowMs) this.#send(request, nowMs)
      else this.#resendBy(request.resendAtMs)
    }
  }

  /** Another leader decides now: it has heard of nothing. */
  leaderChanged(nowMs: number): void {
    if (this.#deps.leader() === undefined) return
    for (const request of this.#waiting.values()) this.#send(request, nowMs)
  }

  /** A command of the log has been applied. */
  applied(requestId: string, result: Result): void {
    if (this.#waiting.get(requestId)?.message.type === 'propose') {
      this.#finish(requestId, { type: 'applied', result })
    }
  }

  /** The leader has begun what it was asked to do. */
  operated(requestId: string): void {
    if (this.#waiting.get(requestId)?.message.type === 'operate') {
      this.#finish(requestId, { type: 'done' })
    }
  }

  /** What must have been applied for the read. */
  readAt(requestId: string, index: number, appliedIndex: number): void {
    const request = this.#waiting.get(requestId)
    if (request === undefined || request.message.type !== 'read') return
    // An answer to a message sent again may be younger; any index told since we asked will do.
    request.readIndex ??= index
    request.resendAtMs = NEVER
    this.#reading.add(requestId)
    this.appliedTo(appliedIndex)
  }

  /** Everything up to the index has been applied. */
  appliedTo(index: number): void {
    for (const requestId of this.#reading) {
      const readIndex = this.#waiting.get(requestId)?.readIndex
      if (readIndex === undefined || readIndex > index) continue
      this.#finish(requestId, { type: 'done' })
    }
  }

  refused(requestId: string, reason: Refusal, nowMs: number): void {
    const request = this.#waiting.get(requestId)
    if (request === undefined || request.readIndex !== undefined) return
    request.unrefusedCount -= 1
    if (reason !== 'not-leader' && reason !== 'transferring') {
      // What another leader was sent before may still be done.
      this.#finish(requestId, this.#failure(request.unrefusedCount > 0 ? 'no-quorum' : reason))
      return
    }
    request.resendAtMs = nowMs + REFUSED_RESEND_MS
    this.#resendBy(request.resendAtMs)
  }

  #send(request: Request, nowMs: number): void {
    if (request.readIndex !== undefined) return
    if (this.#deps.leader() === undefined) {
      // Sent once there is a leader.
      request.resendAtMs = NEVER
      return
    }
    request.resendAtMs = nowMs + RESEND_MS
    this.#resendBy(request.resendAtMs)
    request.unrefusedCount += 1
    this.#deps.ask(request.message)
  }

  #resendBy(atMs: number): void {
    this.#resendAtMs = Math.min(this.#resendAtMs, atMs)
  }

  #finish(requestId: string, outcome: RequestOutcome<Result>): void {
    this.#reading.delete(requestId)
    if (this.#waiting.delete(requestId)) this.#answer(requestId, outcome)
  }

  #answer(requestId: string, outcome: RequestOutcome<Result>): void {
    this.#deps.emit({ type: 'answered', requestId, outcome })
  }

  #failure(reason: RequestFailure): RequestOutcome<Result> {
    return { type: 'failed', reason, leader: this.#deps.leader() ?? this.#deps.lastLeader() }
  }
}
