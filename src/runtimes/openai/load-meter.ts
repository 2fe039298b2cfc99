/**
 * Measures how busy an engine is and how fast, per model, from outside: by what we sent it and
 * when its answers move.
 *
 * A prompt token is taken as 4 bytes of body, an answer token as one server-sent event. So
 * - the prefill rate is prompt tokens over the time to the first chunk, long prompts counting
 *   more, and is too low where the engine queues and too high where it finds prefixes cached;
 * - the decode rate is events over time within a stream, leaving out times in which the reader
 *   was too slow, and is too low where the engine puts several tokens in an event;
 * - answers that are not streamed tell neither.
 * Both depend on how long a prompt is and on how many requests share the engine, so each is kept
 * by both (`RateGrid`). What the engine does for others than us, it does not say here.
 */
import type { ModelLoad } from '../../core/peer-state.ts'
import { DecayedMean } from './decayed-rate.ts'
import { EventCounter } from './event-counter.ts'
import { type Mix, RateGrid } from './rate-grid.ts'
import { RecentTimes } from './recent-times.ts'

const BYTES_PER_TOKEN = 4

/** Of an answer, before any was seen. */
const ANSWER_TOKENS_DEFAULT = 128

/** Events after which a stream that still runs reports its rate. */
const WINDOW_EVENTS = 32

/** Fewer say too little about the rate. */
const WINDOW_EVENTS_MIN = 8

interface ModelMeter {
  queuedCount: number
  runningCount: number
  prefillTokensLeft: number
  /** Of those queued and running. */
  promptTokens: number
  /** Events of the streams that run. */
  eventsOfRunning: number
  readonly prefill: RateGrid
  readonly decode: RateGrid
  readonly promptMean: DecayedMean
  readonly answerTokens: DecayedMean
  readonly latency: RecentTimes
}

export interface RequestMeterOptions {
  readonly bodyBytes: number
  readonly isStream: boolean
  readonly nowMs: () => number
}

export class LoadMeter {
  /** Model id → its meter. Only models that the engine lists are ever asked for. */
  readonly #meters = new Map<string, ModelMeter>()

  /** Measures these models from now on, and forgets others once they are idle. */
  track(models: ReadonlySet<string>): void {
    for (const model of models) this.#meterOf(model)
    for (const [model, { queuedCount, runningCount }] of this.#meters) {
      if (!models.has(model) && queuedCount + runningCount === 0) this.#meters.delete(model)
    }
  }

  /** A request for `model` that is now queued. */
  begin(model: string, options: RequestMeterOptions): RequestMeter {
    return new RequestMeter(this.#meterOf(model), options)
  }

  load(): ModelLoad[] {
    return Array.from(this.#meters, ([model, meter]) => {
      const count = meter.queuedCount + meter.runningCount
      const answerTokens = meter.answerTokens.value ?? ANSWER_TOKENS_DEFAULT
      const present = {
        promptTokens: count === 0 ? (meter.promptMean.value ?? 0) : meter.promptTokens / count,
        concurrentCount: meter.runningCount,
      }
      return {
        model,
        queuedCount: meter.queuedCount,
        runningCount: meter.runningCount,
        prefillTokensLeft: meter.prefillTokensLeft,
        // A stream longer than the mean is not done: one token of each is left at least.
        decodeTokensLeft: Math.max(count, Math.round(count * answerTokens) - meter.eventsOfRunning),
        prefillTokensPerSecond: meter.prefill.perSecondNear(present),
        decodeTokensPerSecond: meter.decode.perSecondNear(present),
        latencyP95Ms: meter.latency.p95Ms,
      }
    })
  }

  #meterOf(model: string): ModelMeter {
    const known = this.#meters.get(model)
    if (known !== undefined) return known
    const meter = {
      queuedCount: 0,
      runningCount: 0,
      prefillTokensLeft: 0,
      promptTokens: 0,
      eventsOfRunning: 0,
      prefill: new RateGrid(),
      decode: new RateGrid(),
      promptMean: new DecayedMean(),
      answerTokens: new DecayedMean(),
      latency: new RecentTimes(),
    }
    this.#meters.set(model, meter)
    return meter
  }
}

/** One request from queue to end. Whatever happens to it, `end` comes. */
export class RequestMeter {
  readonly #meter: ModelMeter
  readonly #options: RequestMeterOptions
  readonly #events = new EventCounter()
  readonly #promptTokens: number
  #state: 'queued' | 'prefill' | 'decode' | 'ended' = 'queued'
  readonly #beganMs: number
  #startedMs = 0
  #windowStartMs = 0
  #windowStartEvents = 0
  #isWindowSpoiled = false
  #isMeasured = false

  constructor(meter: ModelMeter, options: RequestMeterOptions) {
    this.#meter = meter
    this.#options = options
    this.#beganMs = options.nowMs()
    this.#promptTokens = Math.ceil(options.bodyBytes / BYTES_PER_TOKEN)
    meter.queuedCount += 1
    meter.prefillTokensLeft += this.#promptTokens
    meter.promptTokens += this.#promptTokens
    meter.promptMean.add(this.#promptTokens)
  }

  /** The engine has it. */
  start(): void {
    this.#state = 'prefill'
    this.#meter.queuedCount -= 1
    this.#meter.runningCount += 1
    this.#startedMs = this.#options.nowMs()
  }

  /** A refusal says nothing about speed, and neither does an answer in one piece. */
  onHead(status: number): void {
    this.#isMeasured = this.#options.isStream && status >= 200 && status < 300
  }

  onChunk(chunk: Uint8Array): void {
    if (this.#state === 'prefill') this.#endPrefill()
    if (this.#state !== 'decode' || !this.#isMeasured) return
    this.#meter.eventsOfRunning += this.#events.add(chunk)
    if (this.#events.count - this.#windowStartEvents >= WINDOW_EVENTS) this.#closeWindow()
  }

  /** The reader is slow, so the time that passes now is not the engine's. */
  onPause(): void {
    this.#isWindowSpoiled = true
  }

  /** @param isWhole Whether the answer came to its end. */
  end(isWhole: boolean): void {
    if (this.#state === 'ended') return
    this.#meter.promptTokens -= this.#promptTokens
    if (isWhole) this.#meter.latency.add(this.#options.nowMs() - this.#beganMs)
    if (this.#state !== 'decode') this.#meter.prefillTokensLeft -= this.#promptTokens
    else this.#endDecode(isWhole)
    if (this.#state === 'queued') this.#meter.queuedCount -= 1
    else this.#meter.runningCount -= 1
    this.#state = 'ended'
  }

  /** Under which this is measured. */
  get #mix(): Mix {
    return { promptTokens: this.#promptTokens, concurrentCount: this.#meter.runningCount }
  }

  #endPrefill(): void {
    const nowMs = this.#options.nowMs()
    this.#state = 'decode'
    this.#meter.prefillTokensLeft -= this.#promptTokens
    this.#windowStartMs = nowMs
    if (!this.#isMeasured) return
    this.#meter.prefill.add(this.#mix, this.#promptTokens, nowMs - this.#startedMs)
  }

  #endDecode(isWhole: boolean): void {
    const { count } = this.#events
    this.#meter.eventsOfRunning -= count
    if (!this.#isMeasured) return
    if (count - this.#windowStartEvents >= WINDOW_EVENTS_MIN) this.#closeWindow()
    if (isWhole && count > 0) this.#meter.answerTokens.add(count)
  }

  #closeWindow(): void {
    const nowMs = this.#options.nowMs()
    const { count } = this.#events
    if (!this.#isWindowSpoiled) {
      const events = count - this.#windowStartEvents
      this.#meter.decode.add(this.#mix, events, nowMs - this.#windowStartMs)
    }
    this.#windowStartMs = nowMs
    this.#windowStartEvents = count
    this.#isWindowSpoiled = false
  }
}
