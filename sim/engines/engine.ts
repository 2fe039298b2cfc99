/**
 * What the simulated fleet asks of a model of an engine.
 *
 * Jobs come in, wait, are worked on with others, and end. An engine plans its own events on the
 * timeline and tells of each job when its answer begins and when it ends. It never loses one: every
 * job that was submitted ends, is cancelled, or is dropped with all others by `stop`.
 */

/** One request as an engine sees it. */
export interface EngineJob {
  readonly inputTokens: number
  /** What it will make. The engine itself does not look ahead. */
  readonly outputTokens: number
  /** What others expect it to make: it goes into what the engine tells of its work. */
  readonly outputTokensExpected: number
  readonly units: number
  /** See `SimRequest.blocks`. */
  readonly blocks: readonly number[]
}

export interface EngineListener<Job extends EngineJob> {
  /** The first token is there. @param cachedTokens Of the prompt, that were not read again. */
  onFirstToken(job: Job, cachedTokens: number): void
  /** The whole answer is there. The job is gone from the engine already. */
  onEnd(job: Job): void
}

/** As `ModelLoad`, what a peer tells of the engine now. */
export interface EngineReading {
  /** Inside the engine, not worked on. */
  readonly queuedCount: number
  readonly runningCount: number
  /** Prompt tokens still to be read. */
  readonly prefillTokensLeft: number
  /** Answer tokens still to be made, as far as anybody expects. */
  readonly decodeTokensLeft: number
  /** Tokens a second, as measured of late or, of a new engine, by its nature. */
  readonly prefillTokensPerSecond: number
  /** Of one answer, at the present batch. */
  readonly decodeTokensPerSecond: number
  /** `undefined`: it has no such cache. */
  readonly kvUsedRatio: number | undefined
}

/** What is known of it without a look at every job. */
export type EngineGlance = Omit<EngineReading, 'decodeTokensLeft'>

/** What it has done since the beginning. */
export interface EngineTotals {
  /** In which it worked on anything. */
  readonly busyMs: number
  /** Sum over all jobs of the work that was done for them, as part of `busyMs`. */
  readonly serviceMs: number
  readonly prefillTokens: number
  readonly decodeTokens: number
  /** Prompt tokens that were found in the prefix cache. */
  readonly cachedTokens: number
  /** Work that was lost, since its job was cancelled, dropped, or put back for want of memory. */
  readonly wastedMs: number
}

export interface SimulatedEngine<Job extends EngineJob> {
  /** Jobs it works on at once at most. */
  readonly parallelMax: number
  /** Tokens of its cache, of one place in the batch. 0: it has none. */
  readonly contextTokens: number
  submit(job: Job): void
  /** Nobody wants it any more: its place and memory are free at once. */
  cancel(job: Job): void
  /** All jobs are gone, and nobody is told. The caches are empty. */
  stop(): void
  /** From now on it takes so many times as long. 1: as ever. */
  slowDown(factor: number): void
  read(): EngineReading
  glance(): EngineGlance
  /** Tokens in its cache that jobs hold. 0 when it is idle. */
  readonly kvUsedTokens: number
  readonly totals: EngineTotals
  /**
   * When the job would end here if nothing else came, knowing all that is to be known: the true
   * lengths of all answers. An estimate in constant time, for the clairvoyant bound.
   */
  predictEndMs(job: Job): number
}
