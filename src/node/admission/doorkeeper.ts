/**
 * Decides who belongs to the mesh: those whom our copy of the roster names.
 *
 *     on the roster ------------------------------------------> comes in
 *     not yet, or denied --> catch up, look again --> comes in, or is told that it may not
 *
 * A peer that was admitted elsewhere a moment ago may greet us before we have heard of it; so
 * nobody is turned away before we have made sure that our copy is what the mesh has agreed on. If
 * that cannot be known, for want of a majority, nobody new comes in.
 *
 * Before a joiner has the roster it trusts the peers of its welcome: whoever gave it that was
 * named by the ticket. And a peer that stopped between an admission and the news that it was agreed
 * on finds it in its log: without it the two might never agree on anything again.
 */
import { decodeCommand } from '../../consensus/policy/command.ts'
import type { MemoryStorage } from '../../consensus/raft/log/memory-storage.ts'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import type { Clock } from '../clock.ts'
import { deniedError, notAMemberError } from './expulsion.ts'
import type { PolicyCopy } from './policy-copy.ts'

/** Shorter than a greeting may take; longer than an election. */
const CERTAINTY_TIMEOUT_MS = 3_500

export interface DoorkeeperDeps {
  readonly agreement: PolicyCopy
  readonly log: Pick<MemoryStorage, 'lastIndex' | 'entries'>
  readonly clock: Clock
  /** From this index on our copy of the roster counts alone. */
  readonly rosterIndex: number
  /** Until then, these belong to the mesh too. */
  readonly introduced: ReadonlySet<PeerId>
}

export class Doorkeeper {
  readonly #deps: DoorkeeperDeps
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(deps: DoorkeeperDeps) {
    this.#deps = deps
  }

  /** Whether it belongs to the mesh, as far as we know now. */
  isMember(peer: PeerId): boolean {
    const { agreement, rosterIndex, introduced } = this.#deps
    const { views, state } = agreement
    if (views.isDenied(peer)) return false
    if (views.role(peer) !== undefined) return true
    if (state.appliedIndex < rosterIndex && introduced.has(peer)) return true
    return this.#isBeingAdmitted(peer)
  }

  /**
   * Resolves if the peer belongs to the mesh.
   *
   * @throws MeshError ERR_PEER_DENIED, ERR_NOT_A_MEMBER: it does not. ERR_NO_QUORUM: we cannot know.
   */
  async recognise(peer: PeerId): Promise<void> {
    if (this.isMember(peer)) return
    await this.makeSure()
    if (this.isMember(peer)) return
    const denied = this.#deps.agreement.views.spec('denied', peer)
    throw denied === undefined ? notAMemberError(peer) : deniedError(peer, denied.reason)
  }

  /**
   * Resolves once our copy has all that was agreed on before the call. However many ask, there is
   * one question to the leader at a time.
   *
   * @throws MeshError ERR_NO_QUORUM.
   */
  makeSure(): Promise<void> {
    // One that is under way may have been asked before the change that this caller waits for.
    this.#next ??= this.#afterTheRunning()
    return this.#next
  }

  async #afterTheRunning(): Promise<void> {
    await this.#running?.then(
      () => undefined,
      () => undefined,
    )
    this.#running = this.#next
    this.#next = undefined
    await withinTime(this.#deps.agreement.catchUp(), this.#deps.clock, CERTAINTY_TIMEOUT_MS)
  }

  /** Whether an entry that we have, but do not know to be agreed on, admits it. */
  #isBeingAdmitted(peer: PeerId): boolean {
    const { agreement, log } = this.#deps
    const { appliedIndex, format } = agreement.state
    if (appliedIndex >= log.lastIndex) return false
    const entries = log.entries(appliedIndex + 1, log.lastIndex + 1, Number.POSITIVE_INFINITY)
    return (entries ?? []).some(({ data }) => {
      const text = new TextDecoder().decode(data)
      if (!text.includes(peer)) return false
      const reading = decodeCommand(text, format)
      if (reading.status !== 'command') return false
      const { operation } = reading.command
      return operation.type === 'admit-peer' && operation.peer === peer
    })
  }
}

/** @throws MeshError ERR_NO_QUORUM if it takes too long; the work goes on. */
export async function withinTime<Value>(
  work: Promise<Value>,
  clock: Clock,
  timeoutMs: number,
): Promise<Value> {
  return await new Promise<Value>((resolve, reject) => {
    const cancel = clock.wakeAt(clock.nowMs() + timeoutMs, () => reject(tooLate(timeoutMs)))
    work.then(resolve, reject).finally(cancel)
  })
}

function tooLate(timeoutMs: number): MeshError {
  return new MeshError(
    `expected a majority of the voters to agree within ${timeoutMs} ms, found none`,
    {
      code: 'ERR_NO_QUORUM',
      hint: 'Nobody new comes in before they are back: `skein raft status` on a member shows who is missing.',
    },
  )
}
