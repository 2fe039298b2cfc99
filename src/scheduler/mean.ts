/** The mean of numbers that come, change and go, each in constant time. */
export class Mean {
  #sum = 0
  #count = 0

  /** @param before What one of them was. @param now What it is. 0: it does not count. */
  change(before = 0, now = 0): void {
    this.#count += Number(now > 0) - Number(before > 0)
    // What rounding has left behind goes when nobody is left.
    this.#sum = this.#count === 0 ? 0 : this.#sum + now - before
  }

  or(fallback: number): number {
    return this.#count === 0 ? fallback : this.#sum / this.#count
  }
}
