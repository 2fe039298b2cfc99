/**
 * How much picks crowd: in windows of a tenth of a second, how many requests went to each node beside
 * how many its share of the capacity would be.
 *
 *     index = mean over windows of  Σ (picked − expected)² / expected / (nodes − 1)
 *
 * Picks by chance, weighted by capacity, come to 1; taking turns comes to less; all ingresses on the node
 * that was last reported idle comes to many. Source: Pearson's chi-square over its degrees of freedom.
 */
const WINDOW_MS = 100

export class Herding {
  readonly #shares: Float64Array
  readonly #picks = new Map<number, number>()
  #windowStartMs = 0
  #pickCount = 0
  #sum = 0
  #windowCount = 0

  /** @param capacities Of each node, in any unit. */
  constructor(capacities: readonly number[]) {
    const total = capacities.reduce((sum, each) => sum + each, 0)
    this.#shares = Float64Array.from(capacities, each => each / total)
  }

  picked(node: number, nowMs: number): void {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#close()
      this.#windowStartMs = nowMs - (nowMs % WINDOW_MS)
    }
    this.#picks.set(node, (this.#picks.get(node) ?? 0) + 1)
    this.#pickCount += 1
  }

  get index(): number {
    return this.#windowCount === 0 ? 0 : this.#sum / this.#windowCount
  }

  #close(): void {
    const count = this.#pickCount
    const degrees = this.#shares.length - 1
    if (count > 1 && degrees > 0) {
      let sum = 0
      for (const [node, picked] of this.#picks) {
        const share = this.#shares[node] ?? 0
        if (share > 0) sum += picked ** 2 / (count * share)
      }
      this.#sum += (sum - count) / degrees
      this.#windowCount += 1
    }
    this.#picks.clear()
    this.#pickCount = 0
  }
}
