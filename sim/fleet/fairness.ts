/**
 * How evenly tenants are served, by how much they asked for.
 *
 * Source: Jain, Chiu, Hawe, "A quantitative measure of fairness and discrimination", DEC-TR-301, 1984.
 */

interface Use {
  asked: number
  served: number
}

export class Fairness {
  readonly #tenants = new Map<string, Use>()

  asked(tenant: string, tokens: number): void {
    this.#of(tenant).asked += tokens
  }

  served(tenant: string, tokens: number): void {
    this.#of(tenant).served += tokens
  }

  /** 1: all got the same share of what they asked for. 1 / tenants: one got all. */
  get index(): number {
    let sum = 0
    let squares = 0
    let count = 0
    for (const { asked, served } of this.#tenants.values()) {
      if (asked === 0) continue
      const share = served / asked
      sum += share
      squares += share ** 2
      count += 1
    }
    return squares === 0 ? 1 : sum ** 2 / (count * squares)
  }

  #of(tenant: string): Use {
    const known = this.#tenants.get(tenant)
    if (known !== undefined) return known
    const created = { asked: 0, served: 0 }
    this.#tenants.set(tenant, created)
    return created
  }
}
