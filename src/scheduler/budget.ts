/**
 * A budget for extra attempts, in tokens: every request earns a part of one, every extra attempt
 * costs one. What was earned long ago cannot be spent at once, since only so much is kept.
 *
 *     earn: + ratio          per request
 *     time: + floor          per second, so that a node with few requests may retry at all
 *     take: − 1              refused below 1
 *
 * A bound on attempts per request does not keep a mesh from a storm: when most peers fail, each
 * request costs as many attempts as are allowed, and the few that still answer get all of them. A
 * budget over all requests does.
 *
 * Source: Twitter Finagle, RetryBudget (finagle-core, com.twitter.finagle.service); Beyer et al.,
 * "Site Reliability Engineering", 2016, chapter 21.
 */
export interface BudgetOptions {
  /** Extra attempts per request, in the long run. */
  readonly ratio: number
  /** Extra attempts a second, however few requests there are. */
  readonly floorPerSecond: number
  /** Kept at most. */
  readonly savedMax: number
  /** What it begins with. */
  readonly saved: number
}

/** Sums of tenths miss a whole by a hair. */
const ONE = 1 - 1e-9

export class Budget {
  readonly #options: BudgetOptions
  #saved: number
  #atMs: number | undefined

  constructor(options: BudgetOptions) {
    this.#options = options
    this.#saved = options.saved
  }

  /** Whether the next attempt would be refused, unless time passes or requests come. */
  get isSpent(): boolean {
    return this.#saved < ONE
  }

  /** A request has come. @param ratio What it earns, if not as in the options. */
  earn(nowMs: number, ratio = this.#options.ratio): void {
    this.#refill(nowMs)
    this.#add(ratio)
  }

  /** Whether one more attempt may be made. Then it is paid for. */
  take(nowMs: number): boolean {
    this.#refill(nowMs)
    if (this.isSpent) return false
    this.#saved = Math.max(0, this.#saved - 1)
    return true
  }

  #refill(nowMs: number): void {
    const seconds = (nowMs - (this.#atMs ?? nowMs)) / 1_000
    this.#atMs = nowMs
    this.#add(seconds * this.#options.floorPerSecond)
  }

  #add(amount: number): void {
    this.#saved = Math.min(this.#options.savedMax, this.#saved + amount)
  }
}
