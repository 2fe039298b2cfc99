/**
 * A run of steps that are alike but for the contexts, which grow by the same number of tokens from
 * each to the next: so the times of the steps are an arithmetic sequence, the time of any number of
 * them a quadratic, and the number of them within a time its root.
 */

export class StepRun {
  /** When the first of the steps that are left begins. */
  startMs = 0
  /** Steps that are left, the one that runs now among them. 0: nothing runs. */
  steps = 0
  /** How long the first of them takes. */
  firstMs = 0
  /** How much longer each takes than the one before. */
  growthMs = 0
  /** How much of the first was looked at already. */
  seenRatio = 0

  begin(startMs: number, steps: number, firstMs: number, growthMs: number): void {
    this.startMs = startMs
    this.steps = steps
    this.firstMs = firstMs
    this.growthMs = growthMs
    this.seenRatio = 0
  }

  /** The run takes so many times as long from now on, which is when its first step is seen so far. */
  stretch(factor: number, nowMs: number): void {
    this.firstMs *= factor
    this.growthMs *= factor
    this.startMs = nowMs - this.seenRatio * this.firstMs
  }

  get endMs(): number {
    return this.startMs + this.durationMs(this.steps)
  }

  /** Of the first so many steps. */
  durationMs(steps: number): number {
    return steps * this.firstMs + 0.5 * this.growthMs * steps * (steps - 1)
  }

  /**
   * How many steps are over at that time. The last never is: that is for the event at its end to say,
   * so that rounding cannot make the two differ.
   */
  completedSteps(nowMs: number): number {
    const last = this.steps - 1
    const elapsedMs = nowMs - this.startMs
    if (last <= 0 || elapsedMs < this.firstMs) return 0
    const half = 0.5 * this.growthMs
    const slope = this.firstMs - half
    const root =
      half === 0
        ? elapsedMs / slope
        : (2 * elapsedMs) / (slope + Math.sqrt(slope * slope + 4 * half * elapsedMs))
    let steps = Math.min(last, Math.floor(root))
    if (this.durationMs(steps) > elapsedMs) steps -= 1
    else if (steps < last && this.durationMs(steps + 1) <= elapsedMs) steps += 1
    return steps
  }

  /** How much of the step after the first so many is over. */
  ratioOfStep(steps: number, nowMs: number): number {
    const elapsedMs = nowMs - this.startMs - this.durationMs(steps)
    const ratio = elapsedMs / (this.firstMs + steps * this.growthMs)
    return Math.min(1, Math.max(steps === 0 ? this.seenRatio : 0, ratio))
  }

  /** The first so many steps are over, and of the next one that part is seen. */
  pass(steps: number, ratio: number): void {
    this.startMs += this.durationMs(steps)
    this.firstMs += steps * this.growthMs
    this.steps -= steps
    this.seenRatio = ratio
  }
}
