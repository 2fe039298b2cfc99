/**
 * An engine on virtual time: serves the models it is told to, and makes tokens at a steady rate.
 */
import type { ModelFacts } from '../src/core/peer-state.ts'
import type { Clock } from '../src/node/clock.ts'
import type { Runtime, RuntimeAnswer, RuntimeLoad, RuntimeRequest } from '../src/node/runtime.ts'

const TOKENS_PER_SECOND = 50
const PREFILL_TOKENS_PER_SECOND = 2_000
const ANSWER_TOKENS = 16
const CONTEXT_TOKENS = 4_096
const PARALLEL_MAX = 8

const modelOf = (id: string): ModelFacts => ({
  id,
  engine: 'sim',
  ownedBy: 'sim',
  capabilities: ['chat'],
  contextTokens: CONTEXT_TOKENS,
  parallelMax: PARALLEL_MAX,
})

export class SimEngine implements Runtime {
  readonly name = 'sim'
  readonly description = 'an engine of the simulated world'
  readonly #clock: Clock
  readonly #listeners = new Set<() => void>()
  #models: readonly ModelFacts[]
  #runningCount = 0

  constructor(models: readonly string[], clock: Clock) {
    this.#models = models.map(modelOf)
    this.#clock = clock
  }

  models(): readonly ModelFacts[] {
    return this.#models
  }

  load(): RuntimeLoad {
    const models = this.#models.map(({ id }) => ({
      model: id,
      queuedCount: Math.max(0, this.#runningCount - PARALLEL_MAX),
      runningCount: Math.min(this.#runningCount, PARALLEL_MAX),
      prefillTokensLeft: 0,
      decodeTokensLeft: this.#runningCount * ANSWER_TOKENS,
      prefillTokensPerSecond: PREFILL_TOKENS_PER_SECOND,
      decodeTokensPerSecond: TOKENS_PER_SECOND,
    }))
    return { models, gpus: [] }
  }

  onModelsChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Serves other models from now on: a fact of this peer changes. */
  serve(...models: readonly string[]): void {
    this.#models = models.map(modelOf)
    for (const listener of this.#listeners) listener()
  }

  async start(): Promise<void> {}

  async generate(_request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      chunks: this.#tokens(signal),
    }
  }

  embed(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return this.generate(request, signal)
  }

  async close(): Promise<void> {}

  async *#tokens(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.#runningCount += 1
    try {
      for (let count = 0; count < ANSWER_TOKENS; count += 1) {
        signal.throwIfAborted()
        await this.#pass(1_000 / TOKENS_PER_SECOND)
        yield Buffer.from(`data: ${count}\n\n`)
      }
    } finally {
      this.#runningCount -= 1
    }
  }

  #pass(durationMs: number): Promise<void> {
    return new Promise(resolve => {
      this.#clock.wakeAt(this.#clock.nowMs() + durationMs, resolve)
    })
  }
}
