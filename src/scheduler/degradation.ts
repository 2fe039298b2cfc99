/**
 * Degradation: serving a request with a smaller variant of its model rather than let it wait, where
 * the policy names such variants.
 *
 *     f32 -> f16 -> q8 -> q4          4, 2, 1, 0.5 bytes for each parameter
 *     memory at a lower precision = memory now * its bytes / bytes now, rounded up
 *     the first that fits is taken; if none does, the request goes elsewhere
 *
 * In a mesh, variants are models of their own that some peers serve, so the walk is over models: each
 * is asked how much room there is for it. Memory decides about those that must be loaded first; a
 * model that is in memory needs no more than a place, and cache for the request.
 *
 * Source: the degradation ladder of MoFA (mofa-org/mofa, crates/mofa-foundation/src/inference,
 * revision 4a6b438a). There one process loads what fits; it knows no queue and no other machine.
 */
import type { ModelFacts } from '../core/peer-state.ts'
import { beginsAtOnce } from './placement.ts'
import type { Contender, RequestSize } from './score.ts'
import { freeVramBytes } from './served-model.ts'

/** From best to smallest, with the bytes that a parameter takes. */
const LADDER = [
  ['f32', 4],
  ['f16', 2],
  ['q8', 1],
  ['q4', 0.5],
] as const

export type Precision = (typeof LADDER)[number][0]

/** What weights take in memory. */
export interface Footprint {
  readonly bytes: number
  readonly precision: Precision
}

/**
 * What names of quantisations have in common, by the bits of a parameter. In between counts as the
 * next above, so that no more is promised to fit than does.
 */
const NAMES: readonly (readonly [RegExp, Precision])[] = [
  [/^(?:f|fp|float)32$/, 'f32'],
  [/^(?:bf|f|fp|float|bfloat)16$/, 'f16'],
  [/^(?:i?q|int|fp|w)[5-8](?![0-9])/, 'q8'],
  [/^(?:i?q|int|fp|w|mxfp|nvfp)[1-4](?![0-9])|^(?:awq|gptq)$/, 'q4'],
]

/** @param quantization As the model file or the engine names it. `undefined`: we do not know it. */
export function precisionOf(quantization: string | undefined): Precision | undefined {
  const name = quantization?.toLowerCase()
  return name === undefined ? undefined : NAMES.find(([form]) => form.test(name))?.[1]
}

/** The best precision, from its own down, at which the model fits. `undefined`: at none. */
export function degrade(own: Footprint, freeBytes: number): Footprint | undefined {
  const from = LADDER.findIndex(([precision]) => precision === own.precision)
  const ownBytes = LADDER[from]?.[1] ?? 1
  for (const [precision, parameterBytes] of LADDER.slice(from)) {
    const bytes = Math.ceil((own.bytes * parameterBytes) / ownBytes)
    if (bytes <= freeBytes) return { bytes, precision }
  }
  return undefined
}

/**
 * What a model has for a request. `now`: it begins at once. `later`: it waits, for a place, for memory
 * or until the model is loaded. `none`: nobody may take it, or the model does not fit where it is.
 */
export type Room = 'now' | 'later' | 'none'

/** Whether a peer that may take the request has room for it now. */
export function hasRoomNow(contender: Contender, size: RequestSize): boolean {
  const { facts, load } = contender.model
  const isProvider = facts.price !== undefined && load.unready === undefined
  return isProvider || beginsAtOnce(contender, size)
}

/**
 * @param contenders Those that may take the request, but not now.
 * @param best The model that this one is a variant of, at some peer. `undefined`: none, or not known.
 */
export function laterRoom(contenders: readonly Contender[], best: ModelFacts | undefined): Room {
  return contenders.some(contender => fits(contender, best)) ? 'later' : 'none'
}

/** Whether there is memory for the weights. What nobody tells is no reason against a model. */
function fits(contender: Contender, best: ModelFacts | undefined): boolean {
  const { facts, load } = contender.model
  if (load.unready?.state !== 'cold') return true
  const freeBytes = freeVramBytes(facts, contender.entry.load)
  if (freeBytes === undefined) return true
  if (facts.weightsBytes !== undefined) return facts.weightsBytes <= freeBytes
  const own = precisionOf(facts.quantization)
  const origin = precisionOf(best?.quantization)
  if (own === undefined || origin === undefined || best?.weightsBytes === undefined) return true
  const largest = degrade({ bytes: best.weightsBytes, precision: origin }, freeBytes)
  return largest !== undefined && rung(own) >= rung(largest.precision)
}

function rung(precision: Precision): number {
  return LADDER.findIndex(([each]) => each === precision)
}
