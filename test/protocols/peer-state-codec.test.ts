/**
 * The codec of peer state: what we say is what others read, and what cannot be computed with is
 * refused by name. Limits: `PEER_STATE_LIMITS`.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import type { GpuLoad, ModelFacts, ModelLoad, PeerFacts } from '../../src/core/peer-state.ts'
import type { PeerClaim } from '../../src/membership/peer-claim.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import {
  decodeClaim,
  decodeFacts,
  decodeLoad,
  encodeClaim,
  encodeFacts,
  encodeLoad,
  PEER_STATE_LIMITS,
} from '../../src/protocols/peer-state-codec.ts'

const word = fc.string({ unit: 'grapheme', maxLength: 20 })
const count = fc.nat()
// Adding 0 turns -0, which protobuf does not keep, into 0.
const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(x => x + 0)
const ratio = fc.double({ min: 0, max: 1, noNaN: true }).map(x => x + 0)

const modelFacts: fc.Arbitrary<ModelFacts> = fc.record(
  {
    id: word,
    engine: word,
    ownedBy: word,
    capabilities: fc.subarray(['chat', 'embedding', 'json-schema', 'vision'] as const),
    contextTokens: count,
    parallelMax: count,
    digest: word,
    quantization: word,
    weightsBytes: fc.double({ min: 0, max: 1e15, noNaN: true }),
    caution: word,
    gpus: fc.array(word, { minLength: 1, maxLength: 8 }),
    price: fc.record({ inputPerMillion: amount, outputPerMillion: amount }),
    tokenDensity: fc.record({ asciiTokensPerByte: amount, wideTokensPerByte: amount }),
  },
  {
    requiredKeys: ['id', 'engine', 'ownedBy', 'capabilities', 'contextTokens', 'parallelMax'],
  },
)

const modelLoadKeys = {
  model: word,
  queuedCount: count,
  runningCount: count,
  prefillTokensLeft: amount,
  decodeTokensLeft: amount,
  prefillTokensPerSecond: amount,
  decodeTokensPerSecond: amount,
}
const unready = fc.record(
  {
    state: fc.constantFrom('cold', 'loading', 'sleeping', 'failed'),
    progressRatio: ratio,
    readyInMs: amount,
  },
  { requiredKeys: ['state'] },
)
const modelLoad: fc.Arbitrary<ModelLoad> = fc.record(
  {
    ...modelLoadKeys,
    kvUsedRatio: ratio,
    batchFillRatio: ratio,
    prefixHitRatio: ratio,
    latencyP95Ms: amount,
    metricsAgeMs: amount,
    unready,
    hotPrefixes: fc.array(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 8 }),
  },
  { requiredKeys: Object.keys(modelLoadKeys) as (keyof typeof modelLoadKeys)[] },
)

const gpuLoad: fc.Arbitrary<GpuLoad> = fc.record(
  {
    name: word,
    uuid: word,
    vramTotalBytes: amount,
    vramUsedBytes: amount,
    utilizationRatio: ratio,
    isThrottled: fc.boolean(),
    isFaulty: fc.boolean(),
    faults: fc.array(word, { minLength: 1, maxLength: PEER_STATE_LIMITS.gpuFaultsMax }),
    memoryUtilizationRatio: ratio,
    temperatureCelsius: fc.nat(200),
    powerWatts: fc.nat(2_000),
  },
  {
    requiredKeys: [
      ...(['name', 'vramTotalBytes', 'vramUsedBytes', 'utilizationRatio'] as const),
      ...(['isThrottled', 'isFaulty'] as const),
    ],
  },
)

const facts: fc.Arbitrary<PeerFacts> = fc.record({
  version: word,
  name: word,
  zone: word,
  labels: fc.dictionary(word, word, { noNullPrototype: true }),
  addresses: fc.array(word, { maxLength: PEER_STATE_LIMITS.addressesMax }),
  models: fc.array(modelFacts),
})

const load = fc.record({
  models: fc.array(modelLoad),
  gpus: fc.array(gpuLoad),
  isDraining: fc.boolean(),
})

const float = fc.float({ noNaN: true })

const claim: fc.Arbitrary<PeerClaim> = fc.record(
  {
    peer: fc.string({ minLength: 1, maxLength: 60 }),
    incarnation: fc.nat(Number.MAX_SAFE_INTEGER),
    version: count,
    facts: fc.option(facts, { nil: undefined }),
    factsVersion: count,
    load,
    // Of single precision on the wire.
    coordinate: fc.record({
      vector: fc.array(float, { minLength: 4, maxLength: 4 }),
      heightMs: float,
      errorRatio: float,
    }),
    isLeaving: fc.boolean(),
  },
  {
    requiredKeys: ['peer', 'incarnation', 'version', 'facts', 'factsVersion', 'load', 'isLeaving'],
  },
)

describe('what was encoded is decoded to the same', () => {
  test('facts', () => {
    fc.assert(fc.property(facts, it => assert.deepEqual(decodeFacts(encodeFacts(it)), it)))
  })

  test('load', () => {
    fc.assert(fc.property(load, it => assert.deepEqual(decodeLoad(encodeLoad(it)), it)))
  })

  test('claims', () => {
    fc.assert(fc.property(claim, it => assert.deepEqual(decodeClaim(encodeClaim(it)), it)))
  })
})

test('bytes are a state or refused as a bad frame, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      for (const decode of [decodeFacts, decodeLoad, decodeClaim]) {
        try {
          decode(bytes)
        } catch (error) {
          assert.ok(hasCode(error, 'ERR_BAD_FRAME'), String(error))
        }
      }
    }),
  )
})

test('what eight GPUs say of themselves fits into one datagram', () => {
  const one: GpuLoad = {
    name: 'NVIDIA H100 80GB HBM3',
    uuid: 'GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52',
    vramTotalBytes: 85_520_809_984,
    vramUsedBytes: 79_456_894_976,
    utilizationRatio: 0.97,
    memoryUtilizationRatio: 0.61,
    isThrottled: true,
    isFaulty: false,
    temperatureCelsius: 71,
    powerWatts: 688,
  }
  const whole = { models: [], gpus: Array.from({ length: 8 }, () => one), isDraining: false }
  assert.isBelow(encodeLoad(whole).length, 1_200)
})

test('a capability of a later version is left out', () => {
  const bytes = skein.PeerFacts.encode({
    models: [{ id: 'm', capabilities: ['chat', 'telepathy', 'toString'] }],
  }).finish()
  assert.deepEqual(decodeFacts(bytes).models[0]?.capabilities, ['chat'])
})

test('a state of a later version keeps the model from being used', () => {
  const bytes = skein.PeerLoad.encode({ models: [{ unready: { state: 'frozen' } }] }).finish()
  assert.deepEqual(decodeLoad(bytes).models[0]?.unready, { state: 'failed' })
})

describe('a claim is refused for', () => {
  const long = 'x'.repeat(513)
  const many = (length: number) => Array.from({ length }, (_, index) => `${index}`)
  const labels = (length: number) => Object.fromEntries(many(length).map(name => [name, '']))
  const modelLoadOf = (it: skein.ModelLoad.$Properties) => ({ load: { models: [it] } })
  const gpuOf = (it: skein.GpuLoad.$Properties) => ({ load: { gpus: [it] } })

  const cases: readonly [string, skein.PeerClaim.$Properties, string][] = [
    ['an author without a name', { peer: '' }, '"peer"'],
    ['a name that is too long', { peer: long }, '"peer"'],
    ['an incarnation that is no number', { incarnation: Number.NaN }, '"incarnation"'],
    ['an incarnation that cannot be raised', { incarnation: 2 ** 53 }, '"incarnation"'],
    ['a long version', { facts: { version: long } }, '"version"'],
    ['a long label', { facts: { labels: { a: long } } }, '"labels"'],
    ['a long name of a label', { facts: { labels: { [long]: '' } } }, '"labels"'],
    ['65 labels', { facts: { labels: labels(65) } }, 'at most 64 "labels", found 65'],
    ['17 addresses', { facts: { addresses: many(17) } }, 'at most 16 "addresses", found 17'],
    ['a long address', { facts: { addresses: [long] } }, '"addresses"'],
    [
      '257 models',
      { facts: { models: many(257).map(id => ({ id })) } },
      'at most 256 "models", found 257',
    ],
    [
      '33 capabilities',
      { facts: { models: [{ capabilities: many(33) }] } },
      'at most 32 "models.capabilities", found 33',
    ],
    ['a long digest', { facts: { models: [{ digest: long }] } }, '"models.digest"'],
    [
      'the load of 257 models',
      { load: { models: many(257).map(model => ({ model })) } },
      'at most 256 "load.models", found 257',
    ],
    ['65 GPUs', { load: { gpus: many(65).map(name => ({ name })) } }, 'at most 64 "load.gpus"'],
    ['9 faults of a GPU', gpuOf({ faults: many(9) }), 'at most 8 "load.gpus.faults", found 9'],
    ['a long fault', gpuOf({ faults: [long] }), '"load.gpus.faults"'],
    ['memory busier than busy', gpuOf({ memoryUtilizationRatio: 1.1 }), 'memoryUtilizationRatio'],
    ['negative work', modelLoadOf({ prefillTokensLeft: -1 }), 'prefillTokensLeft'],
    [
      'an infinite rate',
      modelLoadOf({ decodeTokensPerSecond: Number.POSITIVE_INFINITY }),
      'decodeTokensPerSecond',
    ],
    ['a cache fuller than full', modelLoadOf({ kvUsedRatio: 1.01 }), 'kvUsedRatio'],
    ['a batch fuller than full', modelLoadOf({ batchFillRatio: 1.01 }), 'batchFillRatio'],
    ['more hits than tokens', modelLoadOf({ prefixHitRatio: 1.01 }), 'prefixHitRatio'],
    ['an age below nothing', modelLoadOf({ metricsAgeMs: -1 }), 'metricsAgeMs'],
    [
      'loading more than all',
      modelLoadOf({ unready: { state: 'loading', progressRatio: 2 } }),
      'unready.progressRatio',
    ],
    [
      '257 hot prefixes',
      modelLoadOf({ hotPrefixes: Array.from({ length: 257 }, (_, hash) => hash) }),
      'at most 256 "load.models.hotPrefixes", found 257',
    ],
    [
      'a price that is no number',
      { facts: { models: [{ price: { inputPerMillion: Number.NaN } }] } },
      'price.inputPerMillion',
    ],
    [
      'tokens that are no number',
      { facts: { models: [{ tokenDensity: { wideTokensPerByte: Number.NaN } }] } },
      'tokenDensity.wideTokensPerByte',
    ],
    [
      '65 GPUs of a model',
      { facts: { models: [{ gpus: many(65) }] } },
      'at most 64 "models.gpus", found 65',
    ],
    [
      'a utilization that is no number',
      gpuOf({ utilizationRatio: Number.NaN }),
      'utilizationRatio',
    ],
    ['a negative size', gpuOf({ vramTotalBytes: -1 }), 'vramTotalBytes'],
  ]
  for (const [what, message, named] of cases) {
    test(what, () => {
      const bytes = skein.PeerClaim.encode({ peer: 'p', ...message }).finish()
      try {
        decodeClaim(bytes)
        assert.fail('it was taken')
      } catch (error) {
        assert.ok(hasCode(error, 'ERR_BAD_FRAME'), String(error))
        assert.include(error.message, named)
      }
    })
  }
})
