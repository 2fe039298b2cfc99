/**
 * Facts, load and claims of peers as bytes, and back.
 *
 * What comes from outside is checked before anybody computes with it: a NaN in one peer's load
 * would make every score with it NaN. Unknown fields and capabilities are of a later version and
 * left out; anything else that is wrong is refused with the name of the field.
 */
import { MeshError } from '../core/errors.ts'
import type { GpuLoad, PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { PeerClaim } from '../membership/peer-claim.ts'
import { type Coordinate, DIMENSIONS } from '../membership/vivaldi.ts'
import { skein } from './gen/messages.js'
import { badFrame } from './lane-errors.ts'
import { amount, bounded, present, ratio, text, whole } from './message-fields.ts'
import {
  MODEL_STATE_LIMITS,
  modelFactsFromMessage,
  modelFactsToMessage,
  modelLoadFromMessage,
  modelLoadToMessage,
} from './model-state-codec.ts'

/** What one peer may make the others keep. */
export const PEER_STATE_LIMITS = {
  ...MODEL_STATE_LIMITS,
  modelsMax: 256,
  gpusMax: 64,
  gpuFaultsMax: 8,
  labelsMax: 64,
  addressesMax: 16,
} as const

const { modelsMax, gpusMax, gpuFaultsMax, labelsMax, addressesMax, textMaxCharacters } =
  PEER_STATE_LIMITS

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
    peer: short('peer', claim.peer),
    incarnation: whole('incarnation', claim.incarnation),
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
  return {
    ...facts,
    addresses: [...facts.addresses],
    models: facts.models.map(modelFactsToMessage),
  }
}

function loadToMessage(load: PeerLoad): skein.PeerLoad.$Properties {
  return {
    models: load.models.map(modelLoadToMessage),
    gpus: load.gpus.map(gpuLoadToMessage),
    isDraining: load.isDraining,
  }
}

function factsFromMessage(facts: skein.PeerFacts.$Properties): PeerFacts {
  const labels = facts.labels ?? {}
  for (const [name, value] of Object.entries(bounded('labels', labels, labelsMax))) {
    short('labels', name)
    short('labels', value)
  }
  const addresses = bounded('addresses', facts.addresses ?? [], addressesMax)
  return {
    version: short('version', facts.version),
    name: short('name', facts.name),
    zone: short('zone', facts.zone),
    labels,
    addresses: addresses.map(address => short('addresses', address)),
    models: bounded('models', facts.models ?? [], modelsMax).map(modelFactsFromMessage),
  }
}

function loadFromMessage(load: skein.PeerLoad.$Properties): PeerLoad {
  return {
    models: bounded('load.models', load.models ?? [], modelsMax).map(modelLoadFromMessage),
    gpus: bounded('load.gpus', load.gpus ?? [], gpusMax).map(gpuLoadFromMessage),
    isDraining: load.isDraining ?? false,
  }
}

function gpuLoadToMessage(gpu: GpuLoad): skein.GpuLoad.$Properties {
  return {
    ...gpu,
    uuid: gpu.uuid ?? null,
    faults: (gpu.faults ?? []).slice(0, gpuFaultsMax),
    memoryUtilizationRatio: gpu.memoryUtilizationRatio ?? null,
    temperatureCelsius: gpu.temperatureCelsius ?? null,
    powerWatts: gpu.powerWatts ?? null,
  }
}

function gpuLoadFromMessage(gpu: skein.GpuLoad.$Properties): GpuLoad {
  const of = (name: string) => `load.gpus.${name}`
  const faults = bounded(of('faults'), gpu.faults ?? [], gpuFaultsMax)
  return {
    name: short(of('name'), gpu.name),
    vramTotalBytes: amount(of('vramTotalBytes'), gpu.vramTotalBytes),
    vramUsedBytes: amount(of('vramUsedBytes'), gpu.vramUsedBytes),
    utilizationRatio: ratio(of('utilizationRatio'), gpu.utilizationRatio),
    isThrottled: gpu.isThrottled ?? false,
    isFaulty: gpu.isFaulty ?? false,
    ...present('uuid', gpu.uuid, value => short(of('uuid'), value)),
    ...(faults.length > 0 && { faults: faults.map(fault => short(of('faults'), fault)) }),
    ...present('memoryUtilizationRatio', gpu.memoryUtilizationRatio, value =>
      ratio(of('memoryUtilizationRatio'), value),
    ),
    ...present('temperatureCelsius', gpu.temperatureCelsius, value => value),
    ...present('powerWatts', gpu.powerWatts, value => value),
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

const short = (field: string, value: string | null | undefined) =>
  text(field, value, textMaxCharacters)
