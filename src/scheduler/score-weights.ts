/**
 * How much each term of the score counts, and which share of the requests a peer is to get, as the
 * routing policy of a model says.
 */
import type { ModelFacts } from '../core/peer-state.ts'

export interface ScoreWeights {
  /** Of the wait for a place. */
  readonly workLeft: number
  readonly service: number
  readonly network: number
  readonly cold: number
  readonly cost: number
}

/** The score is the time, and money is no object. */
export const PLAIN_WEIGHTS: ScoreWeights = { workLeft: 1, service: 1, network: 1, cold: 1, cost: 0 }

/** At weight 1 a cent is as bad as a second. */
const MS_PER_DOLLAR = 100_000

const MILLION = 1_000_000

export interface WeighedTerms {
  readonly waitMs: number
  readonly serviceMs: number
  readonly netMs: number
  readonly coldMs: number
  /** US dollars. */
  readonly cost: number
}

/** In ms, as far as the weights leave it a time. */
export function weighed(
  { waitMs, serviceMs, netMs, coldMs, cost }: WeighedTerms,
  { workLeft, service, network, cold, cost: costWeight }: ScoreWeights,
): number {
  const timeMs = workLeft * waitMs + service * serviceMs + network * netMs + cold * coldMs
  return timeMs + costWeight * cost * MS_PER_DOLLAR
}

/** What a provider asks for a request, in US dollars. 0: it runs here. */
export function costOf(
  { price }: ModelFacts,
  { inputTokens, outputTokensExpected }: { inputTokens: number; outputTokensExpected: number },
): number {
  if (price === undefined) return 0
  const { inputPerMillion, outputPerMillion } = price
  return (inputTokens * inputPerMillion + outputTokensExpected * outputPerMillion) / MILLION
}
