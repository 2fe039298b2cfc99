/**
 * Facts, load and claims of peers as bytes, and back.
 *
 * What comes from outside is checked before anybody computes with it: a NaN in one peer's load
 * would make every score with it NaN. Unknown fields and capabilities are of a later version and
 * left out; anything else that is wrong is refused with the name of the field.
 */
import { MeshError } from '../core/errors.ts'
import type {
  Capability,
  GpuLoad,
  ModelFacts,
  ModelLoad,
  PeerFacts,
  PeerLoad,
} from '../core/peer-state.ts'
import type { PeerClaim } from '../membership/peer-claim.ts'
import { type Coordinate, DIMENSIONS } from '../membership/vivaldi.ts'
import { skein } from './gen/messages.js'
import { badFrame } from './lane-errors.ts'

/** What one peer may make the others keep. */
export const PEER_STATE_LIMITS = {
  modelsMax: 256,
  gpusMax: 64,
  labelsMax: 64,
  addressesMax: 16,
  capabilitiesMax: 32,
  textMaxCharacters: 512,
} as const

const { modelsMax, gpusMax, labelsMax, addressesMax, capabilitiesMax, textMaxCharacters } =
  PEER_STATE_LIMITS

const CAPABILITIES: Readonly<Record<Capability, true>> = {
  chat: true,
  completion: true,
  embedding: true,
  tools: true,
  'json-schema': true,
  logprobs: true,
  vision: true,
}

export function encodeFacts(facts: PeerFacts): Uint8Array {
  return skein.PeerFacts.encode(factsToMessage(facts)).finish()
}

export function encodeLoad(load: PeerLoad): Uint8Array {
  return skein.PeerLoad.encode(loadToMessage(load)).finish()
}

export function encodeClaim({ facts, load, coordinate, ...claim }: PeerClaim): Uint8Array {
  const message: skein.PeerClaim.$Properties = { ...claim, load: loadToMessage(load) }
  if (coordinate !== undefined) message.coordinate = coordinateToMessage(coordinate)
  if (facts !== undefined) message.facts = factsToMessage(facts)
  return skein.PeerClaim.encode(message).finish()
}

/** @throws MeshError ERR_BAD_FRAME naming the field at fault. */
export function decodeFacts(bytes: Uint8Array): PeerFacts {
  return factsFromMessage(decode('PeerFacts', () => skein.PeerFacts.decode(bytes)))
}

/** @throws MeshError ERR_BAD_FRAME naming the field at fault. */
export function decodeLoad(bytes: Uint8Array): PeerLoad {
  return loadFromMessage(decode('PeerLoad', () => skein.PeerLoad.decode(bytes)))
}

/** @throws MeshError ERR_BAD_FRAME naming the field at fault. */
export function decodeClaim(bytes: Uint8Array): PeerClaim {
  const claim = decode('PeerClaim', () => skein.PeerClaim.decode(bytes))
  const coordinate = coordinateFromMessage(claim.coordinate)
  if (claim.peer === '') throw badFrame('expected "peer" to name a peer, found an empty text')
  return {
    peer: text('peer', claim.peer),
    incarnation: incarnationOf('incarnation', claim.incarnation),
    version: claim.version,
    facts: claim.facts ? factsFromMessage(claim.facts) : undefined,
    factsVersion: claim.factsVersion,
    load: loadFromMessage(claim.load ?? {}),
    ...(coordinate !== undefined && { coordinate }),
    isLeaving: claim.isLeaving,
  }
}

export function coordinateToMessage(coordinate: Coordinate): skein.Coordinate.$Properties {
  return { ...coordinate, vector: [...coordinate.vector] }
}

/** Numbers that make no sense are for whoever computes with them to see. */
export function coordinateFromMessage(
  coordinate: skein.Coordinate.$Properties | null | undefined,
): Coordinate | undefined {
  if (!coordinate) return undefined
  const { vector, heightMs, errorRatio } = coordinate
  return {
    vector: bounded('coordinate.vector', vector ?? [], DIMENSIONS),
    heightMs: heightMs ?? 0,
    errorRatio: errorRatio ?? 0,
  }
}

function factsToMessage(facts: PeerFacts): skein.PeerFacts.$Properties {
  const models = facts.models.map(({ digest, quantization, caution, ...model }) => ({
    ...model,
    capabilities: [...model.capabilities],
    digest: digest ?? null,
    quantization: quantization ?? null,
    caution: caution ?? null,
  }))
  return { ...facts, addresses: [...facts.addresses], models }
}

function loadToMessage(load: PeerLoad): skein.PeerLoad.$Properties {
  const models = load.models.map(({ kvUsedRatio, ...model }) => ({
    ...model,
    kvUsedRatio: kvUsedRatio ?? null,
  }))
  return { models, gpus: [...load.gpus], isDraining: load.isDraining }
}

function factsFromMessage(facts: skein.PeerFacts.$Properties): PeerFacts {
  const labels = facts.labels ?? {}
  for (const [name, value] of Object.entries(bounded('labels', labels, labelsMax))) {
    text('labels', name)
    text('labels', value)
  }
  const addresses = bounded('addresses', facts.addresses ?? [], addressesMax)
  return {
    version: text('version', facts.version),
    name: text('name', facts.name),
    zone: text('zone', facts.zone),
    labels,
    addresses: addresses.map(address => text('addresses', address)),
    models: bounded('models', facts.models ?? [], modelsMax).map(modelFactsFromMessage),
  }
}

function modelFactsFromMessage(model: skein.ModelFacts.$Properties): ModelFacts {
  const { digest, quantization, caution } = model
  return {
    id: text('models.id', model.id),
    engine: text('models.engine', model.engine),
    ownedBy: text('models.ownedBy', model.ownedBy),
    capabilities: bounded('models.capabilities', model.capabilities ?? [], capabilitiesMax).filter(
      isCapability,
    ),
    contextTokens: model.contextTokens ?? 0,
    parallelMax: model.parallelMax ?? 0,
    ...(typeof digest === 'string' && { digest: text('models.digest', digest) }),
    ...(typeof quantization === 'string' && {
      quantization: text('models.quantization', quantization),
    }),
    ...(typeof caution === 'string' && { caution: text('models.caution', caution) }),
  }
}

function loadFromMessage(load: skein.PeerLoad.$Properties): PeerLoad {
  return {
    models: bounded('load.models', load.models ?? [], modelsMax).map(modelLoadFromMessage),
    gpus: bounded('load.gpus', load.gpus ?? [], gpusMax).map(gpuLoadFromMessage),
    isDraining: load.isDraining ?? false,
  }
}

function modelLoadFromMessage(load: skein.ModelLoad.$Properties): ModelLoad {
  const { kvUsedRatio } = load
  return {
    model: text('load.models.model', load.model),
    queuedCount: load.queuedCount ?? 0,
    runningCount: load.runningCount ?? 0,
    prefillTokensLeft: amount('load.models.prefillTokensLeft', load.prefillTokensLeft),
    decodeTokensLeft: amount('load.models.decodeTokensLeft', load.decodeTokensLeft),
    prefillTokensPerSecond: amount(
      'load.models.prefillTokensPerSecond',
      load.prefillTokensPerSecond,
    ),
    decodeTokensPerSecond: amount('load.models.decodeTokensPerSecond', load.decodeTokensPerSecond),
    ...(typeof kvUsedRatio === 'number' && {
      kvUsedRatio: ratio('load.models.kvUsedRatio', kvUsedRatio),
    }),
  }
}

function gpuLoadFromMessage(gpu: skein.GpuLoad.$Properties): GpuLoad {
  return {
    name: text('load.gpus.name', gpu.name),
    vramTotalBytes: amount('load.gpus.vramTotalBytes', gpu.vramTotalBytes),
    vramUsedBytes: amount('load.gpus.vramUsedBytes', gpu.vramUsedBytes),
    utilizationRatio: ratio('load.gpus.utilizationRatio', gpu.utilizationRatio),
    isThrottled: gpu.isThrottled ?? false,
    isFaulty: gpu.isFaulty ?? false,
  }
}

function decode<Message>(name: string, read: () => Message): Message {
  try {
    return read()
  } catch (cause) {
    throw new MeshError(`expected a ${name}, found bytes that are none`, {
      code: 'ERR_BAD_FRAME',
      cause,
    })
  }
}

function isCapability(name: string): name is Capability {
  return Object.hasOwn(CAPABILITIES, name)
}

function text(field: string, value: string | null | undefined): string {
  const found = value ?? ''
  if (found.length <= textMaxCharacters) return found
  throw badFrame(
    `expected "${field}" of at most ${textMaxCharacters} characters, found ${found.length}`,
    { field },
  )
}

/** A number that can be computed with. */
function amount(field: string, value: number | null | undefined): number {
  const found = value ?? 0
  if (Number.isFinite(found) && found >= 0) return found
  throw badFrame(`expected "${field}" to be a finite number of at least 0, found ${found}`, {
    field,
  })
}

/** One that cannot be raised by 1 could never be refuted. */
export function incarnationOf(field: string, value: number | null | undefined): number {
  const found = value ?? 0
  if (Number.isSafeInteger(found) && found >= 0) return found
  throw badFrame(`expected "${field}" to be a whole number from 0, found ${found}`, { field })
}

function ratio(field: string, value: number | null | undefined): number {
  const found = value ?? 0
  if (found >= 0 && found <= 1) return found
  throw badFrame(`expected "${field}" to be from 0 to 1, found ${found}`, { field })
}

export function bounded<Collection extends object>(
  field: string,
  values: Collection,
  max: number,
): Collection {
  const count = Object.keys(values).length
  if (count <= max) return values
  throw badFrame(`expected at most ${max} "${field}", found ${count}`, { field })
}
