/**
 * Who said what of whom, and when: what members print of each other as it changes, gathered, so
 * that one can wait until all of them agree.
 */

/** What one member believes of another. */
export interface Sighting {
  readonly observer: string
  readonly subject: string
  readonly status: string
  readonly atMs: number
}

interface Wait {
  readonly isDone: () => boolean
  readonly resolve: () => void
}

export class StatusWatch {
  /** The newest of each observer and subject. */
  readonly #beliefs = new Map<string, Sighting>()
  readonly #counts = new Map<string, number>()
  readonly #waits = new Set<Wait>()

  /** What was printed at this moment. */
  note(observer: string, subject: string, status: string): void {
    this.#beliefs.set(key(observer, subject), {
      observer,
      subject,
      status,
      atMs: performance.now(),
    })
    this.#counts.set(status, this.countOf(status) + 1)
    for (const wait of [...this.#waits]) if (wait.isDone()) wait.resolve()
  }

  /** How often anybody said so of anybody. */
  countOf(status: string): number {
    return this.#counts.get(status) ?? 0
  }

  /**
   * Waits until all observers believe so.
   *
   * @returns When the last of them came to it.
   * @throws Error that names those who did not within `deadlineMs`.
   */
  async allBelieve(
    observers: readonly string[],
    { subject, status }: { readonly subject: string; readonly status: string },
    deadlineMs: number,
  ): Promise<number> {
    const beliefs = () => observers.map(observer => this.#beliefs.get(key(observer, subject)))
    const isDone = () => beliefs().every(belief => belief?.status === status)
    if (!isDone()) {
      const isInTime = await new Promise<boolean>(resolve => {
        const timer = setTimeout(() => finish(false), deadlineMs)
        const finish = (isMet: boolean) => {
          clearTimeout(timer)
          this.#waits.delete(wait)
          resolve(isMet)
        }
        const wait = { isDone, resolve: () => finish(true) }
        this.#waits.add(wait)
      })
      if (!isInTime) {
        const others = observers.filter(
          observer => this.#beliefs.get(key(observer, subject))?.status !== status,
        )
        throw new Error(
          `${others.length} of ${observers.length} did not see ${subject} ${status} within ${deadlineMs} ms`,
        )
      }
    }
    return Math.max(...beliefs().map(belief => belief?.atMs ?? 0))
  }
}

const key = (observer: string, subject: string) => `${observer} ${subject}`
