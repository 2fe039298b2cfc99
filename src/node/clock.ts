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
  atTurnEnd: run => {
    turnEnd.push(run)
    if (isTurnEnding) return
    isTurnEnding = true
    setImmediate(endTurn)
  },
}

/** What waits for the end of this turn, in order. */
let turnEnd: (() => void)[] = []
let isTurnEnding = false

/** What the end of a turn gives rise to belongs to the same end: a message to what is decided. */
const TURN_END_ROUNDS_MAX = 4

/** After all that has arrived was read, before the loop waits for more. */
function endTurn(): void {
  try {
    for (let left = TURN_END_ROUNDS_MAX; left > 0 && turnEnd.length > 0; left -= 1) endRound()
  } finally {
    isTurnEnding = turnEnd.length > 0
    if (isTurnEnding) setImmediate(endTurn)
  }
}

/** One that throws does not keep the others from their turn. */
function endRound(): void {
  const runs = turnEnd
  turnEnd = []
  let doneCount = 0
  try {
    for (const run of runs) {
      doneCount += 1
      run()
    }
  } finally {
    turnEnd.unshift(...runs.slice(doneCount))
  }
}
