/**
 * One job inside a language engine: what it still needs, what it holds, what was done for it.
 *
 * The fields are open to the engine's parts alone; nothing outside this folder sees a sequence.
 */
import type { EngineJob } from './engine.ts'

/** Waiting for a place, reading its prompt, making tokens of its answer, or none of it any more. */
type SequenceState = 'waiting' | 'reading' | 'decoding' | 'gone'

export class Sequence<Job extends EngineJob = EngineJob> {
  readonly job: Job
  /** At least 1, whatever the job says: an engine reads something and answers something. */
  readonly inputTokens: number
  readonly outputTokens: number
  readonly outputTokensExpected: number
  state: SequenceState = 'waiting'
  /** The first token was told of. */
  hasBegun = false
  /** Of its answer, when it was last admitted. */
  madeTokens = 0
  /** Tokens of its context that were found in the cache when it was admitted. */
  cachedTokens = 0
  /** Tokens of its context that are read, the cached ones among them. */
  readTokens = 0
  /** Of which as many are read in each step of the present run. */
  chunkTokens = 0
  /** Blocks of its context that others may share, and tokens it holds for itself. */
  blockCount = 0
  privateTokens = 0
  /** Rises with each admission. */
  admission = 0
  admittedAtMs = 0
  /** Its context is this plus the number of the step, while it makes tokens. */
  contextOffset = 0
  /** While it makes them, it has made this plus the number of the step. */
  madeOffset = 0
  /** Number of the step before which its answer is complete. */
  endStep = 0
  /** Place in the heap of ends. */
  endIndex = -1
  /** Work done for it until it was last settled; of it, what came after admission, and is lost. */
  serviceMs = 0
  admittedServiceMs = 0
  wastedMs = 0
  /** What the sums of the ledger stood at then. */
  settledSharedMs = 0
  settledContextMs = 0
  settledContextStepMs = 0

  constructor(job: Job) {
    this.job = job
    this.inputTokens = Math.max(1, job.inputTokens)
    this.outputTokens = Math.max(1, job.outputTokens)
    this.outputTokensExpected = job.outputTokensExpected
  }

  /** What is to be read when it is admitted: after it was put back, its own answer too. */
  get contextTokens(): number {
    return this.inputTokens + this.madeTokens
  }

  get unreadTokens(): number {
    return this.contextTokens - this.readTokens
  }

  /** Not while it makes them. */
  get outputTokensLeft(): number {
    return this.outputTokens - this.madeTokens
  }

  /** One that has outlived what was expected is expected to end with the next token. */
  get expectedTokensLeft(): number {
    return Math.max(1, this.outputTokensExpected - this.madeTokens)
  }
}
