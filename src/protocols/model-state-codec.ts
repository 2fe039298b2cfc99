/**
 * What a peer says of one model, its facts and its load, as parts of messages and back.
 *
 * Unknown capabilities and states are of a later version: a capability is left out, a state that
 * we do not know keeps the model from being used as much as the others do.
 */
import type { Capability, ModelFacts, ModelLoad, TokenPrice, Unready } from '../core/peer-state.ts'
import type { TokenDensity } from '../core/token-density.ts'
import type { skein } from './gen/messages.js'
import { amount, bounded, present, ratio, text, whole } from './message-fields.ts'

/** What one peer may make the others keep of a model. */
export const MODEL_STATE_LIMITS = {
  capabilitiesMax: 32,
  gpusMax: 64,
  hotPrefixesMax: 256,
  textMaxCharacters: 512,
} as const

const { capabilitiesMax, gpusMax, hotPrefixesMax, textMaxCharacters } = MODEL_STATE_LIMITS

const CAPABILITIES: Readonly<Record<Capability, true>> = {
  chat: true,
  completion: true,
  embedding: true,
  tools: true,
  'json-schema': true,
  logprobs: true,
  vision: true,
}

const UNREADY_STATES: readonly Unready['state'][] = ['cold', 'loading', 'sleeping', 'failed']

export function modelFactsToMessage(model: ModelFacts): skein.ModelFacts.$Properties {
  const { capabilities, digest, quantization, weightsBytes, caution, gpus, price, ...others } =
    model
  const { tokenDensity, ...rest } = others
  return {
    ...rest,
    tokenDensity: tokenDensity ?? null,
    capabilities: [...capabilities],
    digest: digest ?? null,
    quantization: quantization ?? null,
    weightsBytes: weightsBytes ?? null,
    caution: caution ?? null,
    gpus: [...(gpus ?? [])],
    price: price ?? null,
  }
}

/** @throws MeshError ERR_BAD_FRAME naming the field at fault. */
export function modelFactsFromMessage(model: skein.ModelFacts.$Properties): ModelFacts {
  const gpus = bounded('models.gpus', model.gpus ?? [], gpusMax)
  return {
    id: short('models.id', model.id),
    engine: short('models.engine', model.engine),
    ownedBy: short('models.ownedBy', model.ownedBy),
    capabilities: bounded('models.capabilities', model.capabilities ?? [], capabilitiesMax).filter(
      isCapability,
    ),
    contextTokens: whole('models.contextTokens', model.contextTokens),
    parallelMax: whole('models.parallelMax', model.parallelMax),
    ...present('digest', model.digest, value => short('models.digest', value)),
    ...present('quantization', model.quantization, value => short('models.quantization', value)),
    ...present('weightsBytes', model.weightsBytes, value => amount('models.weightsBytes', value)),
    ...present('caution', model.caution, value => short('models.caution', value)),
    ...(gpus.length > 0 && { gpus: gpus.map(uuid => short('models.gpus', uuid)) }),
    ...present('price', model.price, priceFromMessage),
    ...present('tokenDensity', model.tokenDensity, densityFromMessage),
  }
}

function priceFromMessage(price: skein.TokenPrice.$Properties): TokenPrice {
  return {
    inputPerMillion: amount('models.price.inputPerMillion', price.inputPerMillion),
    outputPerMillion: amount('models.price.outputPerMillion', price.outputPerMillion),
  }
}

function densityFromMessage(told: skein.TokenDensity.$Properties): TokenDensity {
  const of = (name: string) => `models.tokenDensity.${name}`
  return {
    asciiTokensPerByte: amount(of('asciiTokensPerByte'), told.asciiTokensPerByte),
    wideTokensPerByte: amount(of('wideTokensPerByte'), told.wideTokensPerByte),
  }
}

export function modelLoadToMessage(load: ModelLoad): skein.ModelLoad.$Properties {
  return {
    ...load,
    kvUsedRatio: load.kvUsedRatio ?? null,
    batchFillRatio: load.batchFillRatio ?? null,
    prefixHitRatio: load.prefixHitRatio ?? null,
    latencyP95Ms: load.latencyP95Ms ?? null,
    metricsAgeMs: load.metricsAgeMs ?? null,
    hotPrefixes: [...(load.hotPrefixes ?? [])],
    unready: load.unready === undefined ? null : unreadyToMessage(load.unready),
  }
}

function unreadyToMessage({ state, progressRatio, readyInMs }: Unready) {
  return { state, progressRatio: progressRatio ?? null, readyInMs: readyInMs ?? null }
}

/** @throws MeshError ERR_BAD_FRAME naming the field at fault. */
export function modelLoadFromMessage(load: skein.ModelLoad.$Properties): ModelLoad {
  const of = (name: string) => `load.models.${name}`
  const hotPrefixes = bounded(of('hotPrefixes'), load.hotPrefixes ?? [], hotPrefixesMax)
  return {
    model: short(of('model'), load.model),
    queuedCount: whole(of('queuedCount'), load.queuedCount),
    runningCount: whole(of('runningCount'), load.runningCount),
    prefillTokensLeft: amount(of('prefillTokensLeft'), load.prefillTokensLeft),
    decodeTokensLeft: amount(of('decodeTokensLeft'), load.decodeTokensLeft),
    prefillTokensPerSecond: amount(of('prefillTokensPerSecond'), load.prefillTokensPerSecond),
    decodeTokensPerSecond: amount(of('decodeTokensPerSecond'), load.decodeTokensPerSecond),
    ...present('kvUsedRatio', load.kvUsedRatio, value => ratio(of('kvUsedRatio'), value)),
    ...present('batchFillRatio', load.batchFillRatio, value => ratio(of('batchFillRatio'), value)),
    ...present('prefixHitRatio', load.prefixHitRatio, value => ratio(of('prefixHitRatio'), value)),
    ...present('latencyP95Ms', load.latencyP95Ms, value => amount(of('latencyP95Ms'), value)),
    ...present('metricsAgeMs', load.metricsAgeMs, value => amount(of('metricsAgeMs'), value)),
    ...present('unready', load.unready, unreadyFromMessage),
    ...(hotPrefixes.length > 0 && { hotPrefixes }),
  }
}

function unreadyFromMessage(unready: skein.Unready.$Properties): Unready {
  const { state, progressRatio, readyInMs } = unready
  return {
    state: UNREADY_STATES.find(known => known === state) ?? 'failed',
    ...present('progressRatio', progressRatio, value =>
      ratio('load.models.unready.progressRatio', value),
    ),
    ...present('readyInMs', readyInMs, value => amount('load.models.unready.readyInMs', value)),
  }
}

const short = (field: string, value: string | null | undefined) =>
  text(field, value, textMaxCharacters)

function isCapability(name: string): name is Capability {
  return Object.hasOwn(CAPABILITIES, name)
}
