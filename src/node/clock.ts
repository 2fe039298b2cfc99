/**
 * The clock port: how a node learns the time and is woken.
 *
 * Production uses `systemClock`; the simulator brings its own with virtual time.
 */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary start. */
  nowMs(): number
  /** Wall-clock milliseconds since 1970, for logs, `created` fields and expiry only. */
  wallMs(): number
  /**
   * Calls `wake` once, at `atMs` (monotonic) or soon after; `NEVER` is allowed. The returned
   * function cancels it.
   */
  wakeAt(atMs: number, wake: () => void): () => void
  /** Calls `run` once what is happening now has been dealt with: gathers work without waiting. */
  atTurnEnd(run: () => void): void
}

/** The longest delay `setTimeout` takes; later wakes are armed again. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  wakeAt(atMs, wake) {
    if (!Number.isFinite(atMs)) return () => {}
    let timer: NodeJS.Timeout
    const arm = () => {
      const delayMs = Math.max(0, Math.ceil(atMs - performance.now()))
      timer = setTimeout(delayMs > TIMEOUT_MAX_MS ? arm : wake, Math.min(delayMs, TIMEOUT_MAX_MS))
    }
    arm()
    return () => clearTimeout(timer)
  },
  // After all that has arrived was read, before the loop waits for more.
  atTurnEnd: run => {
    setImmediate(run)
  },
}
