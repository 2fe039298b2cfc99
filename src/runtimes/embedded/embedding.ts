/**
 * `embeddings`: the vector of each input, of length 1 as OpenAI's are.
 *
 * A context of its own computes them, made when the first is asked for. A request takes a place
 * of the batch while it runs, so that it is counted, queued and bounded like any other.
 */
import type { Token } from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import type { Clock } from '../../node/clock.ts'
import type { Engine } from './engine.ts'
import { checkLength, checkTokens, contextExceeded } from './plan.ts'
import type { EmbeddingBody } from './read-request.ts'
import type { Job, WorkMeter } from './work-meter.ts'

export interface EmbeddingWork {
  readonly inputs: readonly (readonly Token[])[]
  readonly promptTokens: number
  readonly isBase64: boolean
}

export function planEmbedding(body: EmbeddingBody, engine: Engine): EmbeddingWork {
  const { model, contextTokens } = engine
  const vectorSize = model.embeddingVectorSize
  if (body.dimensions !== undefined && body.dimensions !== vectorSize) {
    throw invalid('dimensions', `expected ${vectorSize}, all this model has`)
  }
  const inputs = body.input.map((input, index) => {
    const field = `input.${index}`
    if (typeof input === 'string') checkLength(input.length, engine)
    const tokens =
      typeof input === 'string' ? model.tokenize(input) : checkTokens(input, engine, field)
    if (tokens.length === 0) throw invalid(field, 'expected at least one token, found none')
    // The engine adds a token at either end.
    if (tokens.length + 2 >= contextTokens) throw contextExceeded(tokens.length, contextTokens)
    return tokens
  })
  const promptTokens = inputs.reduce((total, tokens) => total + tokens.length, 0)
  return { inputs, promptTokens, isBase64: body.encoding_format === 'base64' }
}

export interface EmbeddingDeps {
  readonly engine: Engine
  readonly clock: Clock
  readonly meter: WorkMeter
  readonly job: Job
  readonly signal: AbortSignal
}

export async function embedAll(
  { inputs, promptTokens, isBase64 }: EmbeddingWork,
  { engine, clock, meter, job, signal }: EmbeddingDeps,
): Promise<object> {
  const context = await engine.embeddingContext()
  const data: object[] = []
  for (const [index, tokens] of inputs.entries()) {
    signal.throwIfAborted()
    const startedMs = clock.nowMs()
    const { vector } = await context.getEmbeddingFor([...tokens])
    meter.prefillMeasured(tokens.length, clock.nowMs() - startedMs)
    job.prefillTokensLeft -= tokens.length
    const unit = toUnitLength(vector)
    data.push({ object: 'embedding', index, embedding: isBase64 ? toBase64(unit) : unit })
  }
  return {
    object: 'list',
    data,
    model: engine.facts.id,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  }
}

function toUnitLength(vector: readonly number[]): number[] {
  const length = Math.sqrt(vector.reduce((total, value) => total + value * value, 0))
  return length === 0 ? [...vector] : vector.map(value => value / length)
}

/** Little-endian 32-bit floats, as OpenAI's clients read them. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}

function invalid(param: string, problem: string): MeshError {
  return new MeshError(`${param}: ${problem}`, { code: 'ERR_INVALID_REQUEST', details: { param } })
}
