/**
 * A request for text in the words of Triton's generate extension, and what comes back.
 *
 *     {text_input, parameters: {…}, <any input of the model>: …}  ->  {text_output, <any output>: …}
 *
 * What a model declares as an input is given as such, the rest as a parameter, which can be a text,
 * a number or a boolean only. vLLM's backend takes all its sampling as one text of JSON.
 *
 * Source: triton-inference-server/server r25.08, docs/protocol/extension_generate.md;
 * triton-inference-server/vllm_backend r25.08, src/utils/request.py;
 * triton-inference-server/tensorrtllm_backend v0.20, README.md and
 * all_models/inflight_batcher_llm/ensemble/config.pbtxt.
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import type { TextInterface } from './model-interface.ts'
import type { TextRequest } from './text-request.ts'

type Scalar = string | number | boolean

export interface GenerateOptions {
  readonly isStream: boolean
  /** Tokens of an answer for which the client names no bound. */
  readonly answerTokensMax: number
}

/** @throws MeshError ERR_INVALID_REQUEST if the model cannot do what is asked. */
export function generateBody(
  request: TextRequest,
  model: TextInterface,
  { isStream, answerTokensMax }: GenerateOptions,
): object {
  const { inputs } = model
  const maxTokens = request.maxTokens ?? answerTokensMax
  const asked = inputs.has('sampling_parameters')
    ? { sampling_parameters: JSON.stringify(vllmSampling(request, maxTokens)) }
    : { max_tokens: maxTokens, ...request.sampling, ...wordLists(request, model) }
  const told = [
    ...(['return_finish_reason', 'return_num_input_tokens', 'return_num_output_tokens'] as const),
    'exclude_input_in_output',
  ].filter(name => inputs.has(name))
  const wanted = {
    stream: isStream,
    ...Object.fromEntries(told.map(name => [name, true])),
    ...asked,
  }
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined)
  return {
    text_input: request.prompt,
    ...Object.fromEntries(given.filter(([name]) => inputs.has(name))),
    parameters: Object.fromEntries(given.filter(([name]) => !inputs.has(name))),
  }
}

function vllmSampling({ sampling, stops, templateStops }: TextRequest, maxTokens: number): object {
  const stop = [...stops, ...templateStops]
  return { ...sampling, max_tokens: maxTokens, ...(stop.length === 0 ? {} : { stop }) }
}

/** Pipelines of TensorRT-LLM built long ago must be given these lists; an empty word is none. */
const NO_WORDS: readonly string[] = ['']

function wordLists(
  { stops, templateStops }: TextRequest,
  { inputs, required }: TextInterface,
): Readonly<Record<string, readonly string[]>> {
  const bad = required.has('bad_words') ? { bad_words: NO_WORDS } : {}
  if (inputs.has('stop_words')) {
    const words = [...stops, ...templateStops]
    const stop_words = words.length === 0 && required.has('stop_words') ? NO_WORDS : words
    return stop_words.length === 0 ? bad : { ...bad, stop_words }
  }
  if (stops.length === 0) return bad
  throw new MeshError('stop: expected none, as this model has no input for it', {
    code: 'ERR_INVALID_REQUEST',
    details: { param: 'stop' },
  })
}

/** What one answer of the extension, or one event of a stream of them, adds. */
export interface GeneratedPiece {
  readonly text: string
  readonly finishReason: 'stop' | 'length' | undefined
  /** Of the whole prompt. `undefined`: not told. */
  readonly promptTokens: number | undefined
  /** Of this piece. `undefined`: not told. */
  readonly outputTokens: number | undefined
}

/** An output of several values is an array, of one value that value. */
const oneOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(value => (Array.isArray(value) ? value[0] : value), schema)

const piece = z.object({
  text_output: oneOf(z.string()),
  finish_reason: oneOf(z.string()).optional().catch(undefined),
  num_input_tokens: oneOf(z.int().nonnegative()).optional().catch(undefined),
  num_output_tokens: oneOf(z.int().nonnegative()).optional().catch(undefined),
})

const failure = z.object({ error: z.string() })

/** @throws MeshError ERR_ENGINE if it is the report of a failure, or no answer at all. */
export function readPiece(text: string): GeneratedPiece {
  const json = jsonOrUndefined(text)
  const read = piece.safeParse(json)
  if (read.success) {
    const { text_output, finish_reason, num_input_tokens, num_output_tokens } = read.data
    return {
      text: text_output,
      finishReason: finishReasonOf(finish_reason),
      promptTokens: num_input_tokens,
      outputTokens: num_output_tokens,
    }
  }
  const failed = failure.safeParse(json)
  const found = failed.success ? failed.data.error.slice(0, 500) : 'something else'
  throw new MeshError(`expected text_output from the engine, found ${found}`, {
    code: 'ERR_ENGINE',
  })
}

/** vLLM says `None` until it is over; of what ends an answer OpenAI knows two words for a text. */
function finishReasonOf(reason: Scalar | undefined): 'stop' | 'length' | undefined {
  return reason === 'stop' || reason === 'length' ? reason : undefined
}

/**
 * The answer without the prompt, for a model that cannot be told to leave it out. TensorRT-LLM's
 * pipelines repeat it unless they are built not to.
 */
export function withoutPrompt(text: string, prompt: string): string {
  return text.startsWith(prompt) ? text.slice(prompt.length) : text
}
