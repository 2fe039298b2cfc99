/**
 * Counts the work of one model: what is queued and running, what is left of it, how fast it goes.
 *
 * Rates are moving averages of what was measured under the present mix of requests, so they fall
 * as more share a batch; that is what the scheduler wants to know. Nothing here is a guess but
 * the length of an answer not yet finished: the average so far, within what the client allows.
 */
import type { ModelLoad } from '../../core/peer-state.ts'

/** Weight of a new prefill measurement; there is about one per request. */
const PREFILL_WEIGHT = 0.2

/** Weight of one more token's time, so about the last 50 tokens count. */
const DECODE_WEIGHT = 0.02

/** Weight of one more answer's length. */
const LENGTH_WEIGHT = 0.1

/** Length of an answer before the first has ended. */
const FIRST_LENGTH_TOKENS = 128

/** Answer given when nothing was measured yet, and the bounds of what is computed. */
const RETRY_FIRST_MS = 1_000
const RETRY_MIN_MS = 50
const RETRY_MAX_MS = 60_000

/** One request from admission to its end. Its owner keeps the counts true. */
export interface Job {
  state: 'queued' | 'running'
  /** Prompt tokens still to be read. */
  prefillTokensLeft: number
  /** The longest the answer can be. */
  readonly outputTokensMax: number
  outputTokens: number
  /** Tokens it holds in the KV cache. */
  kvTokens: number
}

export class WorkMeter {
  readonly #jobs = new Set<Job>()
  #prefillMsPerToken = 0
  #decodeMsPerToken = 0
  #outputTokens = 0

  /** Queued and running. */
  get jobCount(): number {
    return this.#jobs.size
  }

  add(prefillTokens: number, outputTokensMax: number): Job {
    const job: Job = {
      state: 'queued',
      prefillTokensLeft: prefillTokens,
      outputTokensMax,
      outputTokens: 0,
      kvTokens: 0,
    }
    this.#jobs.add(job)
    return job
  }

  remove(job: Job): void {
    this.#jobs.delete(job)
    if (job.outputTokens > 0) {
      this.#outputTokens = average(this.#outputTokens, job.outputTokens, LENGTH_WEIGHT)
    }
  }

  prefillMeasured(tokens: number, durationMs: number): void {
    if (tokens <= 0) return
    this.#prefillMsPerToken = average(this.#prefillMsPerToken, durationMs / tokens, PREFILL_WEIGHT)
  }

  tokenMeasured(durationMs: number): void {
    this.#decodeMsPerToken = average(this.#decodeMsPerToken, durationMs, DECODE_WEIGHT)
  }

  /**
   * What idle places keep of past requests does not count as used: it is given up when needed.
   *
   * @param kvTokens Tokens that the whole KV cache can hold.
   */
  load(model: string, kvTokens: number): ModelLoad {
    const jobs = [...this.#jobs]
    const running = jobs.filter(job => job.state === 'running')
    return {
      model,
      queuedCount: jobs.length - running.length,
      runningCount: running.length,
      prefillTokensLeft: sum(jobs.map(job => job.prefillTokensLeft)),
      decodeTokensLeft: sum(jobs.map(job => this.#outputTokensLeft(job))),
      prefillTokensPerSecond: perSecond(this.#prefillMsPerToken),
      decodeTokensPerSecond: perSecond(this.#decodeMsPerToken),
      kvUsedRatio: Math.min(1, sum(running.map(job => job.kvTokens)) / kvTokens),
    }
  }

  /** When the first running request should have ended, which makes room in the queue. */
  retryAfterMs(): number {
    if (this.#decodeMsPerToken === 0) return RETRY_FIRST_MS
    const leftMs = [...this.#jobs]
      .filter(job => job.state === 'running')
      .map(
        job =>
          job.prefillTokensLeft * this.#prefillMsPerToken +
          this.#outputTokensLeft(job) * this.#decodeMsPerToken,
      )
    return Math.ceil(Math.min(RETRY_MAX_MS, Math.max(RETRY_MIN_MS, Math.min(...leftMs))))
  }

  #outputTokensLeft(job: Job): number {
    if (job.outputTokensMax === 0) return 0
    const usual = this.#outputTokens === 0 ? FIRST_LENGTH_TOKENS : Math.ceil(this.#outputTokens)
    // One that outlived the average is expected to end with the next token, again and again.
    return Math.max(1, Math.min(job.outputTokensMax, usual) - job.outputTokens)
  }
}

function average(before: number, measured: number, weight: number): number {
  return before === 0 ? measured : before + weight * (measured - before)
}

function perSecond(msPerToken: number): number {
  return msPerToken === 0 ? 0 : 1_000 / msPerToken
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
