/**
 * What each tenant, key and model has used at this peer, held against the quotas of the policy.
 *
 *     take --> all quotas of the request have room? --> counted --> lease: settle | give back
 *                  | no
 *                  '--> ERR_QUOTA_EXCEEDED, with when there will be
 *
 * Each ingress counts for itself: a mesh of n ingresses lets through up to n times as much. Tokens
 * are counted as estimated when a request comes, and as used when its answer has ended.
 */
import type { QuotaSpec } from '../../consensus/policy/kinds/quotas.ts'
import { MeshError } from '../../core/errors.ts'
import { SlidingCount } from './sliding-count.ts'

export interface Quota {
  /** As the policy calls it: `tenant:acme`. */
  readonly name: string
  readonly spec: QuotaSpec
}

/** What one request has taken of its quotas. Each ends once. */
export interface Lease {
  /** @param tokens Read and made in all; `undefined`: as estimated. */
  settle(tokens: number | undefined, nowMs: number): void
  /** Nothing was served: nothing was used. */
  giveBack(nowMs: number): void
}

/** Quotas that are counted at once. At the bound, one without requests in flight is forgotten. */
const USAGES_MAX = 20_000

/** When to come back for a place: one gets free with every answer that ends. */
const CONCURRENCY_RETRY_MS = 1_000

interface Window {
  readonly windowMs: number
  readonly requests: SlidingCount
  readonly tokens: SlidingCount
}

interface Usage {
  spec: QuotaSpec
  windows: readonly Window[]
  runningCount: number
}

export class QuotaLedger {
  /** In the order of their last use. */
  readonly #usages = new Map<string, Usage>()

  /** Quotas counted now. */
  get size(): number {
    return this.#usages.size
  }

  /** @throws MeshError ERR_QUOTA_EXCEEDED; then nothing is counted. */
  take(quotas: readonly Quota[], tokens: number, nowMs: number): Lease {
    const usages = quotas.map(quota => this.#usageOf(quota))
    for (const [at, usage] of usages.entries()) {
      refuseExceeded(quotas[at]?.name ?? '', usage, { tokens, nowMs })
    }
    const count = (requests: number, amount: number, atMs: number) => {
      for (const { windows } of usages) {
        for (const window of windows) {
          window.requests.add(requests, atMs)
          window.tokens.add(amount, atMs)
        }
      }
    }
    const run = (change: 1 | -1) => {
      for (const usage of usages) usage.runningCount += change
    }
    count(1, tokens, nowMs)
    run(1)
    let isOpen = true
    const end = (finish: () => void) => {
      if (!isOpen) return
      isOpen = false
      run(-1)
      finish()
    }
    return {
      settle: (used, atMs) => end(() => count(0, (used ?? tokens) - tokens, atMs)),
      giveBack: atMs => end(() => count(-1, -tokens, atMs)),
    }
  }

  #usageOf({ name, spec }: Quota): Usage {
    const known = this.#usages.get(name)
    const usage = known ?? { spec, windows: windowsOf(spec, []), runningCount: 0 }
    if (usage.spec !== spec) {
      usage.windows = windowsOf(spec, usage.windows)
      usage.spec = spec
    }
    this.#usages.delete(name)
    this.#usages.set(name, usage)
    if (this.#usages.size > USAGES_MAX) this.#forgetOne()
    return usage
  }

  #forgetOne(): void {
    for (const [name, { runningCount }] of this.#usages) {
      if (runningCount > 0) continue
      this.#usages.delete(name)
      return
    }
  }
}

/** A changed quota goes on counting in the windows it had. */
function windowsOf({ limits }: QuotaSpec, before: readonly Window[]): readonly Window[] {
  return limits.map(
    ({ windowMs }) =>
      before.find(window => window.windowMs === windowMs) ?? {
        windowMs,
        requests: new SlidingCount(windowMs),
        tokens: new SlidingCount(windowMs),
      },
  )
}

function refuseExceeded(
  name: string,
  { spec, windows, runningCount }: Usage,
  { tokens, nowMs }: { readonly tokens: number; readonly nowMs: number },
): void {
  const { concurrencyMax, limits } = spec
  if (concurrencyMax !== null && runningCount >= concurrencyMax) {
    const found = `expected fewer than ${concurrencyMax} requests at once for ${name}, found as many`
    throw exceeded(name, found, CONCURRENCY_RETRY_MS)
  }
  for (const [at, { windowMs, requestsMax, tokensMax }] of limits.entries()) {
    const window = windows[at]
    if (window === undefined) continue
    const time = `within ${windowMs / 1_000} s`
    if (requestsMax !== null && window.requests.total(nowMs) >= requestsMax) {
      const found = `expected fewer than ${requestsMax} requests ${time} for ${name}, found as many`
      throw exceeded(name, found, waitMs(window.requests, requestsMax - 1, { windowMs, nowMs }))
    }
    if (tokensMax !== null && window.tokens.total(nowMs) + tokens > tokensMax) {
      const used = window.tokens.total(nowMs)
      const found = `expected at most ${tokensMax} tokens ${time} for ${name}, found ${used} and a request of about ${tokens}`
      throw exceeded(name, found, waitMs(window.tokens, tokensMax - tokens, { windowMs, nowMs }))
    }
  }
}

/** A request that alone is too much never fits; it is told the whole window. */
function waitMs(
  count: SlidingCount,
  max: number,
  { windowMs, nowMs }: { readonly windowMs: number; readonly nowMs: number },
): number {
  return max < 0 ? windowMs : count.waitMs(max, nowMs)
}

function exceeded(quota: string, message: string, retryAfterMs: number): MeshError {
  return new MeshError(message, {
    code: 'ERR_QUOTA_EXCEEDED',
    details: { quota, retryAfterMs },
    hint: 'Come back after the seconds of Retry-After, or ask an admin for more (`skein quota list`).',
  })
}
