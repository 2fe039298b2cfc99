/**
 * How the next token is chosen: OpenAI's request fields as the engine's sampling options.
 */
import type { LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp'
import type { LlamaLibrary } from './llama-library.ts'
import type { SamplingFields } from './read-request.ts'

/**
 * llama.cpp's own defaults. OpenAI's (temperature 1, the whole vocabulary) suit models larger than
 * those that run here: they make small ones ramble.
 */
const DEFAULTS = { temperature: 0.8, top_k: 40, top_p: 0.95, min_p: 0.05 } as const

/**
 * The whole vocabulary, as with OpenAI, where log probabilities are asked for. The engine knows only
 * those of the tokens it chooses from, and that is often a single one with the defaults above.
 */
const UNCUT_DEFAULTS = { temperature: 0.8, top_k: 0, top_p: 1, min_p: 0 } as const

/** Tokens of the answer that the penalties look back on, as in llama.cpp. */
export const PENALTY_WINDOW_TOKENS = 64

export type Sampling = Pick<
  SequenceEvaluateOptions,
  'temperature' | 'topK' | 'topP' | 'minP' | 'seed' | 'tokenBias' | 'repeatPenalty'
>

export interface SamplingContext {
  readonly library: LlamaLibrary
  readonly model: LlamaModel
  /** Used if the request gives none. */
  readonly seed: number
  readonly withLogprobs: boolean
  /** The answer so far, at least its last `PENALTY_WINDOW_TOKENS`. */
  readonly recentTokens: () => Token[]
}

export function samplingOptions(
  fields: SamplingFields,
  { library, model, seed, withLogprobs, recentTokens }: SamplingContext,
): Sampling {
  const bias = fields.logit_bias === undefined ? undefined : library.TokenBias.for(model)
  for (const [token, logit] of Object.entries(fields.logit_bias ?? {})) {
    bias?.set(Number(token) as Token, { logit })
  }
  const defaults = withLogprobs ? UNCUT_DEFAULTS : DEFAULTS
  const repeatPenalty = repeatPenaltyOf(fields, recentTokens)
  return {
    temperature: fields.temperature ?? defaults.temperature,
    topK: fields.top_k ?? defaults.top_k,
    topP: fields.top_p ?? defaults.top_p,
    minP: fields.min_p ?? defaults.min_p,
    // Below 2^31, for llama.cpp takes 2^32 - 1 as "choose one yourself".
    seed: (fields.seed ?? seed) & 0x7fff_ffff,
    ...(bias === undefined ? {} : { tokenBias: bias }),
    ...(repeatPenalty === undefined ? {} : { repeatPenalty }),
  }
}

function repeatPenaltyOf(
  { repeat_penalty, frequency_penalty, presence_penalty }: SamplingFields,
  punishTokens: () => Token[],
): Sampling['repeatPenalty'] {
  const penalty = repeat_penalty ?? 1
  const frequencyPenalty = frequency_penalty ?? 0
  const presencePenalty = presence_penalty ?? 0
  if (penalty === 1 && frequencyPenalty === 0 && presencePenalty === 0) return undefined
  return {
    punishTokens,
    maxPunishTokens: PENALTY_WINDOW_TOKENS,
    penalty,
    frequencyPenalty,
    presencePenalty,
  }
}
