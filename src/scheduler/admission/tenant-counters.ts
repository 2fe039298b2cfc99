/**
 * How much each tenant has had, in tokens: whoever has had least is served next.
 *
 * Serving a tenant raises its counter by the tokens of its request, an answer token counting twice
 * since it takes a pass through the model of its own; divided by the tenant's weight. Who comes back after a pause starts no lower
 * than those that wait, so that nobody saves up; who asks much falls behind only against those that
 * have something to ask too. So between any two tenants that both always wait, what they had never
 * differs by more than a bound, whatever they send.
 *
 * The length of an answer is not known when it starts: what is expected is charged then, and put
 * right when it ends.
 *
 * Source: Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024: the virtual token
 * counter, algorithm 2, and section 4.4 for expected lengths.
 */

const INPUT_WEIGHT = 1
const OUTPUT_WEIGHT = 2

export interface Tokens {
  readonly inputTokens: number
  readonly outputTokens: number
}

/** A request, as it is charged to its tenant. */
export interface Charge extends Tokens {
  readonly tenant: string
  /** Its tenant's share, relative to others. */
  readonly weight: number
}

export class TenantCounters {
  readonly #tenantsMax: number
  /** Tenant → its counter, the one used longest ago first. */
  readonly #counters = new Map<string, number>()
  #newest: string | undefined
  /** Counter of whoever was served last. Nobody that comes to an empty queue starts below. */
  #lastServed = 0

  constructor(tenantsMax: number) {
    this.#tenantsMax = tenantsMax
  }

  get count(): number {
    return this.#counters.size
  }

  of(tenant: string): number {
    return this.#counters.get(tenant) ?? 0
  }

  /** It begins to wait. @param waiting All others that do. */
  arrived(tenant: string, waiting: Iterable<string>): void {
    let least: number | undefined
    for (const other of waiting) {
      least = Math.min(least ?? Number.POSITIVE_INFINITY, this.of(other))
    }
    this.#set(tenant, Math.max(this.of(tenant), least ?? this.#lastServed))
  }

  served(charge: Charge): void {
    const { tenant, weight } = charge
    this.#lastServed = this.of(tenant) + costOf(charge) / weight
    this.#set(tenant, this.#lastServed)
  }

  /** Puts right what was charged. */
  ended(charge: Charge, used: Tokens): void {
    const { tenant, weight } = charge
    if (!this.#counters.has(tenant)) return
    this.#set(tenant, Math.max(0, this.of(tenant) + (costOf(used) - costOf(charge)) / weight))
  }

  #set(tenant: string, counter: number): void {
    // The newest stays where it is.
    if (tenant !== this.#newest) this.#counters.delete(tenant)
    this.#newest = tenant
    this.#counters.set(tenant, counter)
    if (this.#counters.size <= this.#tenantsMax) return
    for (const oldest of this.#counters.keys()) {
      this.#counters.delete(oldest)
      return
    }
  }
}

function costOf({ inputTokens, outputTokens }: Tokens): number {
  return INPUT_WEIGHT * inputTokens + OUTPUT_WEIGHT * outputTokens
}
