/**
 * One suspicion: who doubts a member, and when doubt becomes death.
 *
 * It starts with much time, which shrinks with each further member that comes to the same doubt
 * by itself, down to the least: many who cannot reach a peer are seldom all sick themselves.
 *
 *     timeoutMs = max(minMs, maxMs - (maxMs - minMs) * ln(n + 1) / ln(k + 1))
 *
 * with n confirmations of k wanted. A dial that the peer's host refuses says that no process is
 * there to wait for: then only `refusedMs` are left.
 *
 * Source: Dadgar, Phillips, Currey, "Lifeguard", 2017, section IV.B; constants of HashiCorp
 * memberlist. The refused dial is ours: SWIM's datagrams know no such thing.
 */
import type { PeerId } from '../core/ids.ts'

/** The others have been told. */
export const PUBLIC = Number.NEGATIVE_INFINITY

export interface SuspicionTimes {
  readonly minMs: number
  readonly maxMs: number
  /** k: further accusers wanted. 0: `minMs` holds from the start. */
  readonly confirmationsWanted: number
}

export class Suspicion {
  readonly #times: SuspicionTimes
  readonly #startedAtMs: number
  /** The first among them. At most `confirmationsWanted` + 1 are kept. */
  readonly #accusers: Set<PeerId>
  /** What stalls of ours have added. */
  #extraMs = 0
  #refusedDeadlineMs = Number.POSITIVE_INFINITY
  /** When the others are told of a doubt that is ours alone. `-Infinity`: they are. */
  #publicAtMs: number

  constructor(
    { accuser, publicAtMs }: { readonly accuser: PeerId; readonly publicAtMs: number },
    times: SuspicionTimes,
    nowMs: number,
  ) {
    this.#times = times
    this.#startedAtMs = nowMs
    this.#accusers = new Set([accuser])
    this.#publicAtMs = publicAtMs
  }

  get isPublic(): boolean {
    return this.#publicAtMs === PUBLIC
  }

  /** The others have been told. */
  publish(): void {
    this.#publicAtMs = PUBLIC
  }

  /** When something is due: to tell the others, or to give the member up. */
  get wakeAtMs(): number {
    return this.isPublic ? this.deadlineMs : Math.min(this.#publicAtMs, this.deadlineMs)
  }

  /** Whether it is time to tell the others. */
  isTellingDue(nowMs: number): boolean {
    return !this.isPublic && this.#publicAtMs <= nowMs
  }

  get startedAtMs(): number {
    return this.#startedAtMs
  }

  /**
   * From when on the others, had enough of them come to the same doubt, have declared it dead: the
   * news of it may have missed us.
   */
  get leastDeadlineMs(): number {
    return this.#startedAtMs + this.#times.minMs + this.#extraMs
  }

  /** When the member is declared dead, in monotonic ms. */
  get deadlineMs(): number {
    const { minMs, maxMs, confirmationsWanted } = this.#times
    const count = Math.min(this.#accusers.size - 1, confirmationsWanted)
    const share =
      confirmationsWanted === 0 ? 1 : Math.log(count + 1) / Math.log(confirmationsWanted + 1)
    const timeoutMs = Math.max(minMs, maxMs - (maxMs - minMs) * share)
    return Math.min(this.#startedAtMs + timeoutMs, this.#refusedDeadlineMs) + this.#extraMs
  }

  /** One more that doubts it. @returns Whether that is news. */
  confirm(accuser: PeerId): boolean {
    if (this.#accusers.has(accuser)) return false
    if (this.#accusers.size > this.#times.confirmationsWanted) return false
    this.#accusers.add(accuser)
    return true
  }

  /** Its host says that nobody listens. */
  refused(nowMs: number, refusedMs: number): void {
    this.#refusedDeadlineMs = Math.min(this.#refusedDeadlineMs, nowMs + refusedMs)
  }

  /** We could not have heard a refutation for so long. */
  extend(durationMs: number): void {
    this.#extraMs += durationMs
  }
}

/** For a mesh of so many members, us included. */
export function suspicionTimes(
  memberCount: number,
  options: {
    readonly probeIntervalMs: number
    readonly suspicionMultiplier: number
    readonly suspicionMaxMultiplier: number
  },
): SuspicionTimes {
  const { probeIntervalMs, suspicionMultiplier, suspicionMaxMultiplier } = options
  const minMs = suspicionMultiplier * Math.max(1, Math.log10(memberCount)) * probeIntervalMs
  const wanted = Math.max(0, Math.floor(suspicionMultiplier) - 2)
  // Those who can confirm: everyone but us and the suspect.
  const confirmationsWanted = memberCount - 2 < wanted ? 0 : wanted
  return { minMs, maxMs: minMs * suspicionMaxMultiplier, confirmationsWanted }
}
