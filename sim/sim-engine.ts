/**
 * An engine on virtual time: serves the models it is told to, so many requests at once and the rest
 * in order of arrival, and reads and makes tokens at a steady rate.
 *
 * It knows how busy it is exactly, and says so. Four bytes of a body are a token of the prompt; an
 * answer has as many tokens as `max_tokens` asks for.
 */
import type { ModelFacts } from '../src/core/peer-state.ts'
import type { Clock } from '../src/node/clock.ts'
import type { Runtime, RuntimeAnswer, RuntimeLoad, RuntimeRequest } from '../src/node/runtime.ts'

export interface EngineSpeed {
  /** Requests at once. */
  readonly slotCount: number
  /** Of one request. */
  readonly prefillTokensPerSecond: number
  readonly decodeTokensPerSecond: number
}

export const ENGINE_SPEED: EngineSpeed = {
  slotCount: 8,
  prefillTokensPerSecond: 2_000,
  decodeTokensPerSecond: 50,
}

const ANSWER_TOKENS = 16
const BYTES_PER_TOKEN = 4
const CONTEXT_TOKENS = 4_096

/** One request, from its arrival to the end of its answer. */
interface Job {
  readonly model: string
  prefillTokensLeft: number
  decodeTokensLeft: number
  isRunning: boolean
}

export class SimEngine implements Runtime {
  readonly name = 'sim'
  readonly description = 'an engine of the simulated world'
  readonly control = undefined
  readonly #clock: Clock
  readonly #speed: EngineSpeed
  readonly #listeners = new Set<() => void>()
  /** In order of arrival. */
  readonly #jobs = new Set<Job>()
  /** Those that wait for a slot, in order. */
  readonly #waiting = new Set<() => void>()
  #models: readonly ModelFacts[]
  #freeCount: number

  constructor(models: readonly string[], clock: Clock, speed: EngineSpeed = ENGINE_SPEED) {
    this.#speed = speed
    this.#freeCount = speed.slotCount
    this.#clock = clock
    this.#models = models.map(id => this.#modelOf(id))
  }

  models(): readonly ModelFacts[] {
    return this.#models
  }

  load(): RuntimeLoad {
    const { prefillTokensPerSecond, decodeTokensPerSecond } = this.#speed
    const models = this.#models.map(({ id: model }) => {
      const jobs = [...this.#jobs].filter(job => job.model === model)
      const sumOf = (of: (job: Job) => number) => jobs.reduce((sum, job) => sum + of(job), 0)
      const runningCount = sumOf(({ isRunning }) => Number(isRunning))
      return {
        ...{ model, runningCount, queuedCount: jobs.length - runningCount },
        prefillTokensLeft: sumOf(({ prefillTokensLeft }) => prefillTokensLeft),
        decodeTokensLeft: sumOf(({ decodeTokensLeft }) => decodeTokensLeft),
        ...{ prefillTokensPerSecond, decodeTokensPerSecond },
      }
    })
    return { models, gpus: [] }
  }

  onModelsChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Serves other models from now on: a fact of this peer changes. */
  serve(...models: readonly string[]): void {
    this.#models = models.map(id => this.#modelOf(id))
    for (const listener of this.#listeners) listener()
  }

  async start(): Promise<void> {}

  async generate({ model, body }: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    const job: Job = {
      model,
      prefillTokensLeft: body.length / BYTES_PER_TOKEN,
      decodeTokensLeft: answerTokensOf(body),
      isRunning: false,
    }
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      chunks: this.#tokens(job, signal),
    }
  }

  embed(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return this.generate(request, signal)
  }

  async close(): Promise<void> {}

  async *#tokens(job: Job, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.#jobs.add(job)
    try {
      await this.#takeSlot(signal)
      job.isRunning = true
      const { prefillTokensPerSecond, decodeTokensPerSecond } = this.#speed
      // From the start, so that what timers are late by does not add up.
      let dueMs = this.#clock.nowMs() + (job.prefillTokensLeft * 1_000) / prefillTokensPerSecond
      await this.#until(dueMs)
      job.prefillTokensLeft = 0
      while (job.decodeTokensLeft > 0) {
        signal.throwIfAborted()
        dueMs += 1_000 / decodeTokensPerSecond
        await this.#until(dueMs)
        job.decodeTokensLeft -= 1
        yield Buffer.from(`data: ${job.decodeTokensLeft}\n\n`)
      }
    } finally {
      this.#jobs.delete(job)
      if (job.isRunning) this.#leaveSlot()
    }
  }

  /** @throws the signal's reason if it is aborted first. */
  async #takeSlot(signal: AbortSignal): Promise<void> {
    if (this.#freeCount > 0) {
      this.#freeCount -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        this.#waiting.delete(enter)
        reject(signal.reason)
      }
      this.#waiting.add(enter)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  #leaveSlot(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#freeCount += 1
      return
    }
    this.#waiting.delete(next)
    next()
  }

  #until(atMs: number): Promise<void> {
    return new Promise(resolve => {
      this.#clock.wakeAt(atMs, resolve)
    })
  }

  #modelOf(id: string): ModelFacts {
    return {
      ...{ id, engine: 'sim', ownedBy: 'sim', capabilities: ['chat'] },
      ...{ contextTokens: CONTEXT_TOKENS, parallelMax: this.#speed.slotCount },
    }
  }
}

function answerTokensOf(body: Uint8Array): number {
  const asked = /"max_tokens":(\d{1,6})/.exec(new TextDecoder().decode(body))
  return asked === null ? ANSWER_TOKENS : Number(asked[1])
}
