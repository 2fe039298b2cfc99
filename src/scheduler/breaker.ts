/**
 * One circuit breaker: whether a peer that keeps failing at a model gets requests for it.
 *
 *              failures in a row                    time passes
 *     closed ---------------------> open (none) ---------------> half-open (a few probes)
 *       ^                            ^  longer each time             |            |
 *       |                            '------------- one fails -------'            |
 *       '-------------------------------------------------- all have succeeded ---'
 *
 * Only what is the peer's own fault counts (`breaker-fault.ts`); a request that its client gave up
 * says nothing about the peer, so it counts as neither and gives its place as a probe back.
 *
 * Which requests an outcome may speak for is told by the circuit's epoch, which changes whenever it opens
 * or closes: an answer to what was sent before a circuit opened neither closes it nor keeps it open.
 *
 * A circuit that opens again stays open longer, until it has been closed for as long as it could
 * stay open at most. After it has closed, the peer gets its share back step by step, since what
 * has just restarted is slow and has nothing in its caches.
 *
 * Source: Nygard, "Release It!", 2nd ed. 2018, chapter 5, circuit breaker; slow start as in NGINX and
 * Envoy.
 */

export type CircuitState = 'closed' | 'open' | 'half-open'

/** What the mesh may agree on about all breakers. */
export interface BreakerRule {
  /** Failures in a row that open a circuit. */
  readonly failuresMax: number
  /** How long it stays open the first time. */
  readonly openMs: number
  /** Requests it is tried with, all of which must succeed. */
  readonly probesMax: number
}

/** What each node has for itself. */
export interface BreakerPacing {
  /** How long it stays open the second time; each time after that twice as long. */
  readonly backoffMinMs: number
  readonly backoffMaxMs: number
  /** How long it takes from closed again to a full share. */
  readonly slowStartMs: number
}

/** What became of a request, as far as it says something about the peer. */
export type Verdict = 'success' | 'failure' | 'none'

/** Less would keep a peer that is well again from being chosen at all. */
const RAMP_MIN_RATIO = 0.1

export class Circuit {
  /** In a row, while closed. */
  #failureCount = 0
  /** Times it opened and this is not forgiven. */
  #openingCount = 0
  #isClosed = true
  /** When it opened, or closed again; `-Infinity`: it never was open. */
  #changedAtMs = Number.NEGATIVE_INFINITY
  #openUntilMs = 0
  #probesOutCount = 0
  #probesPassedCount = 0
  #epoch = 0

  /** Goes with each request that is sent now, and comes back with its outcome. */
  get epoch(): number {
    return this.#epoch
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Monotonic time from which it is tried again. Of one that is not closed. */
  get openUntilMs(): number {
    return this.#openUntilMs
  }

  get openingCount(): number {
    return this.#openingCount
  }

  get failureCount(): number {
    return this.#failureCount
  }

  stateAt(nowMs: number): CircuitState {
    if (this.#isClosed) return 'closed'
    return nowMs < this.#openUntilMs ? 'open' : 'half-open'
  }

  /** Whether one more request may go there. */
  mayPass({ probesMax }: BreakerRule, nowMs: number): boolean {
    const state = this.stateAt(nowMs)
    if (state !== 'half-open') return state === 'closed'
    return this.#probesOutCount + this.#probesPassedCount < probesMax
  }

  /** A request goes there, since it may pass. */
  enter(): void {
    if (!this.#isClosed) this.#probesOutCount += 1
  }

  /**
   * Takes in what became of a request that was sent in `epoch`.
   *
   * @returns whether the circuit opened or closed by that.
   */
  settle(verdict: Verdict, epoch: number, nowMs: number, rules: BreakerRule & BreakerPacing) {
    if (epoch !== this.#epoch) return undefined
    return this.#isClosed
      ? this.#settleClosed(verdict, nowMs, rules)
      : this.#settleProbe(verdict, nowMs, rules)
  }

  /** There is a sign that the peer is well again: it may be tried before its time. */
  revive(nowMs: number): void {
    if (!this.#isClosed) this.#openUntilMs = Math.min(this.#openUntilMs, nowMs)
  }

  /** Share of its usual requests that the peer gets, above 0, at most 1. */
  rampRatio({ slowStartMs }: BreakerPacing, nowMs: number): number {
    const sinceMs = nowMs - this.#changedAtMs
    if (!this.#isClosed || sinceMs >= slowStartMs) return 1
    return Math.max(RAMP_MIN_RATIO, sinceMs / slowStartMs)
  }

  /** Whether nothing would be lost if it was forgotten. Forgives what was long ago. */
  isBlank({ backoffMaxMs, slowStartMs }: BreakerPacing, nowMs: number): boolean {
    if (!this.#isClosed) return false
    if (nowMs - this.#changedAtMs >= backoffMaxMs) this.#openingCount = 0
    const isRamping = nowMs - this.#changedAtMs < slowStartMs
    return this.#failureCount === 0 && this.#openingCount === 0 && !isRamping
  }

  #settleClosed(verdict: Verdict, nowMs: number, rules: BreakerRule & BreakerPacing) {
    if (verdict === 'success') this.#failureCount = 0
    if (verdict !== 'failure') return undefined
    this.#failureCount += 1
    return this.#failureCount < rules.failuresMax ? undefined : this.#open(nowMs, rules)
  }

  #settleProbe(verdict: Verdict, nowMs: number, rules: BreakerRule & BreakerPacing) {
    this.#probesOutCount -= 1
    if (verdict === 'failure') return this.#open(nowMs, rules)
    if (verdict === 'success') this.#probesPassedCount += 1
    return this.#probesPassedCount < rules.probesMax ? undefined : this.#close(nowMs)
  }

  #open(nowMs: number, rules: BreakerRule & BreakerPacing): 'open' {
    const { openMs, backoffMinMs, backoffMaxMs } = rules
    if (this.#isClosed && nowMs - this.#changedAtMs >= backoffMaxMs) this.#openingCount = 0
    const backoffMs = Math.min(backoffMaxMs, backoffMinMs * 2 ** (this.#openingCount - 1))
    const durationMs = this.#openingCount === 0 ? openMs : Math.max(openMs, backoffMs)
    this.#openingCount += 1
    this.#isClosed = false
    this.#openUntilMs = nowMs + durationMs
    this.#change(nowMs)
    return 'open'
  }

  #close(nowMs: number): 'closed' {
    this.#isClosed = true
    this.#change(nowMs)
    return 'closed'
  }

  #change(nowMs: number): void {
    this.#epoch += 1
    this.#changedAtMs = nowMs
    this.#failureCount = 0
    this.#probesOutCount = 0
    this.#probesPassedCount = 0
  }
}
