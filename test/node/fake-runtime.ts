/**
 * An engine made of functions: it answers what a test tells it to, and counts what it works on.
 */
import type { ModelFacts } from '../../src/core/peer-state.ts'
import type { Runtime, RuntimeAnswer, RuntimeLoad, RuntimeRequest } from '../../src/node/runtime.ts'

export const MODEL = 'llama'

export function modelFacts(id: string, change: Partial<ModelFacts> = {}): ModelFacts {
  return {
    id,
    engine: 'fake',
    ownedBy: 'test',
    capabilities: ['chat'],
    contextTokens: 4_096,
    parallelMax: 8,
    ...change,
  }
}

export type Answering = (request: RuntimeRequest, signal: AbortSignal) => Promise<RuntimeAnswer>

export class FakeRuntime implements Runtime {
  readonly name: string
  readonly description: string
  served: readonly ModelFacts[]
  /** What `generate` and `embed` do. */
  answer: Answering = async () => answerOf('hello')
  starting: (signal: AbortSignal) => Promise<void> = async () => {}
  /** Requests that have neither ended nor been aborted. */
  runningCount = 0
  readonly requests: RuntimeRequest[] = []
  isClosed = false
  readonly #listeners = new Set<() => void>()

  constructor(models: readonly string[] = [MODEL], name = 'fake') {
    this.name = name
    this.description = `${name}, made of functions`
    this.served = models.map(id => modelFacts(id, { engine: name }))
  }

  get listenerCount(): number {
    return this.#listeners.size
  }

  models() {
    return this.served
  }

  load(): RuntimeLoad {
    const models = this.served.map(({ id }) => ({
      model: id,
      queuedCount: 0,
      runningCount: this.runningCount,
      prefillTokensLeft: 0,
      decodeTokensLeft: 0,
      prefillTokensPerSecond: 1_000,
      decodeTokensPerSecond: 100,
    }))
    return { models, gpus: [] }
  }

  onModelsChanged(listener: () => void) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Serves other models from now on. */
  serve(...models: readonly string[]): void {
    this.served = models.map(id => modelFacts(id, { engine: this.name }))
    for (const listener of this.#listeners) listener()
  }

  start(signal: AbortSignal): Promise<void> {
    return this.starting(signal)
  }

  async generate(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    this.requests.push(request)
    this.runningCount += 1
    let isRunning = true
    const end = () => {
      if (isRunning) this.runningCount -= 1
      isRunning = false
    }
    signal.addEventListener('abort', end)
    try {
      const answer = await this.answer(request, signal)
      return { ...answer, chunks: until(end, answer.chunks) }
    } catch (error) {
      end()
      throw error
    }
  }

  embed(request: RuntimeRequest, signal: AbortSignal): Promise<RuntimeAnswer> {
    return this.generate(request, signal)
  }

  async close(): Promise<void> {
    this.isClosed = true
  }
}

async function* until(
  end: () => void,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* chunks
  } finally {
    end()
  }
  return undefined
}

/** An answer with these chunks; an error among them is thrown in its place. */
export function answerOf(...chunks: readonly (string | Error)[]): RuntimeAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    chunks: (async function* () {
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk
        yield Buffer.from(chunk)
      }
    })(),
  }
}

/** Never resolves; rejects with the signal's reason, as engines do. */
export function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

/** A first chunk, then none until the signal fires. */
export function endlessAnswer(signal: AbortSignal): RuntimeAnswer {
  return {
    ...answerOf(),
    chunks: (async function* () {
      yield Buffer.from('first')
      yield await never(signal)
    })(),
  }
}

export async function textOf({ chunks }: Pick<RuntimeAnswer, 'chunks'>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}
