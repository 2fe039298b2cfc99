/**
 * A request for embeddings as one KServe v2 inference, for models that make one vector of a text.
 *
 *     input: [text, …]  ->  {inputs: [{BYTES}]}  ->  {outputs: [{FP32, shape: [texts, length]}]}
 *
 * Source: kserve/kserve v0.15, docs/predict-api/v2/required_api.md ("Inference").
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import { type EmbeddingBody, readEmbedding } from '../embedded/read-request.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import type { EmbeddingInterface } from './model-interface.ts'

export interface EmbeddingRequest {
  readonly texts: readonly string[]
  readonly format: 'float' | 'base64'
}

/** @throws MeshError ERR_INVALID_REQUEST if it is malformed, or asks for what cannot be given. */
export function readEmbeddingRequest(
  body: Uint8Array,
  { textsMax = Number.POSITIVE_INFINITY }: EmbeddingInterface,
): EmbeddingRequest {
  const { input, dimensions, encoding_format: format = 'float' } = readEmbedding(body)
  if (dimensions !== undefined) throw cannot('dimensions', 'none; this engine knows one length')
  if (input.length > textsMax) throw cannot('input', `at most ${textsMax} texts for this model`)
  return { texts: input.map(plainText), format }
}

function plainText(input: EmbeddingBody['input'][number]): string {
  if (typeof input === 'string') return input
  throw cannot('input', 'texts; this engine takes no tokens')
}

export function inferBody(
  { texts }: EmbeddingRequest,
  { input, output, isBatched }: EmbeddingInterface,
): object {
  const shape = isBatched ? [texts.length, 1] : [texts.length]
  return {
    inputs: [{ name: input, shape, datatype: 'BYTES', data: texts }],
    outputs: [{ name: output }],
  }
}

const inferAnswer = z.object({
  outputs: z
    .array(
      z.object({
        name: z.string(),
        datatype: z.literal('FP32'),
        shape: z.array(z.int().positive()).min(1),
        data: z.array(z.number()),
      }),
    )
    .min(1),
})

/** @throws MeshError ERR_ENGINE if it is not one vector for each text. */
export function embeddingAnswer(
  text: string,
  { texts, format }: EmbeddingRequest,
  { model, output }: { readonly model: string; readonly output: string },
): object {
  const answer = inferAnswer.safeParse(jsonOrUndefined(text))
  const vectors = answer.data?.outputs.find(({ name }) => name === output)
  const length = vectors === undefined ? 0 : vectors.data.length / texts.length
  if (vectors === undefined || length < 1 || !Number.isInteger(length)) {
    throw new MeshError(`expected ${texts.length} vectors of FP32 in ${output}, found others`, {
      code: 'ERR_ENGINE',
    })
  }
  const data = texts.map((_, index) => {
    const vector = vectors.data.slice(index * length, (index + 1) * length)
    return { object: 'embedding', index, embedding: format === 'base64' ? base64(vector) : vector }
  })
  // The engine counts no tokens, and the field is one that clients expect.
  return { object: 'list', data, model, usage: { prompt_tokens: 0, total_tokens: 0 } }
}

/** As OpenAI does: 32 bits each, the lowest byte first. */
function base64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64')
}

function cannot(param: string, expected: string): MeshError {
  return new MeshError(`${param}: expected ${expected}`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param },
  })
}
