/**
 * The ladder of precisions, with the vectors of seed-systems §3(a), and how much room a model has.
 */
import fc from 'fast-check'
import { assert, describe, test, vi } from 'vitest'
import type { ModelFacts, ModelLoad } from '../../src/core/peer-state.ts'
import { degrade, type Precision, precisionOf } from '../../src/scheduler/degradation.ts'
import { ServingPeers } from '../../src/scheduler/serving-peers.ts'
import {
  gpu,
  MODEL,
  modelFacts,
  modelLoad,
  peerChanged,
  peerFacts,
  peerLoad,
  schedulerOf,
} from './scene.ts'

const MB = 1_000_000

describe('a model that needs memory', () => {
  const cases: readonly (readonly [number, Precision, number, Precision | 'cloud', number])[] = [
    [13_312, 'f16', 16_384, 'f16', 13_312],
    [13_312, 'f16', 13_312, 'f16', 13_312],
    [13_312, 'f16', 8_192, 'q8', 6_656],
    [13_312, 'f16', 4_096, 'q4', 3_328],
    [13_312, 'f16', 1_024, 'cloud', 0],
    [5_000, 'q4', 2_048, 'cloud', 0],
    [26_625, 'f32', 13_313, 'f16', 13_313],
  ]
  for (const [own, precision, free, expected, bytes] of cases) {
    test(`of ${own} as ${precision}, where ${free} are free: ${expected}`, () => {
      const found = degrade({ bytes: own, precision }, free)
      const wanted = expected === 'cloud' ? undefined : { bytes, precision: expected }
      assert.deepEqual(found, wanted)
    })
  }

  test('is never given more than it has asked for, nor less than it must', () => {
    const precision = fc.constantFrom<Precision>('f32', 'f16', 'q8', 'q4')
    fc.assert(
      fc.property(precision, fc.nat(), fc.nat(), (asked, bytes, free) => {
        const found = degrade({ bytes, precision: asked }, free)
        if (bytes <= free) assert.deepEqual(found, { bytes, precision: asked })
        if (found === undefined) return
        assert.isAtMost(found.bytes, Math.min(bytes, free))
        const twice = degrade({ bytes, precision: asked }, found.bytes * 2 + 1)
        assert.isAtLeast(twice?.bytes ?? 0, found.bytes, 'with more memory it is no smaller')
      }),
    )
  })
})

describe('the name of a quantisation', () => {
  const names: readonly (readonly [string | undefined, Precision | undefined])[] = [
    ['F32', 'f32'],
    ['F16', 'f16'],
    ['BF16', 'f16'],
    ['bfloat16', 'f16'],
    ['Q8_0', 'q8'],
    ['fp8', 'q8'],
    ['w8a8_fp8', 'q8'],
    ['Q6_K', 'q8'],
    ['Q5_K_M', 'q8'],
    ['Q4_K_M', 'q4'],
    ['IQ2_XXS', 'q4'],
    ['MXFP4', 'q4'],
    ['awq', 'q4'],
    ['compressed-tensors', undefined],
    [undefined, undefined],
  ]
  for (const [name, precision] of names) {
    test(`${name} says ${precision}`, () => assert.equal(precisionOf(name), precision))
  }
})

interface Serving {
  readonly facts?: Partial<ModelFacts>
  readonly load?: Partial<ModelLoad>
}

/** What a mesh of one peer with a GPU of so much free memory has for each of its models. */
function roomsAt(freeMb: number, models: Readonly<Record<string, Serving>>) {
  const names = Object.keys(models)
  const facts = peerFacts(...names.map(id => modelFacts({ ...models[id]?.facts, id })))
  const load = {
    models: names.map(model => modelLoad({ ...models[model]?.load, model })),
    gpus: [gpu({ vramTotalBytes: 24_000 * MB, vramUsedBytes: (24_000 - freeMb) * MB })],
    isDraining: false,
  }
  const scheduler = schedulerOf({ events: [peerChanged('p', { facts, load })] })
  return (model: string, best?: string) => scheduler.room({ model, inputTokens: 100 }, best, 0)
}

describe('there is room', () => {
  const cold = { unready: { state: 'cold' } } as const
  const busy = { runningCount: 1, decodeTokensLeft: 100 }

  test('now, where a place is free', () => {
    assert.equal(roomsAt(0, { a: {} })('a'), 'now')
  })

  test('later, where all places are taken, cache is short or it has to be loaded', () => {
    const room = roomsAt(0, {
      busy: { load: busy },
      full: { facts: { parallelMax: 4 }, load: { runningCount: 1, kvUsedRatio: 0.8 } },
      sleeping: { load: { unready: { state: 'sleeping' } } },
      cold: { load: cold },
    })
    for (const model of ['busy', 'full', 'sleeping', 'cold']) assert.equal(room(model), 'later')
  })

  test('now with a provider, however busy', () => {
    const price = { inputPerMillion: 1, outputPerMillion: 1 }
    assert.equal(roomsAt(0, { a: { facts: { price }, load: busy } })('a'), 'now')
  })

  test('none, where nobody serves it or it does not fit', () => {
    const room = roomsAt(8_192, { a: { facts: { weightsBytes: 8_193 * MB }, load: cold } })
    assert.deepEqual([room('a'), room('b')], ['none', 'none'])
  })

  test('of which no more is looked for than a choice would', () => {
    const load = peerLoad(busy)
    const events = Array.from({ length: 2_000 }, (_, index) => peerChanged(`p${index}`, { load }))
    const scheduler = schedulerOf({ events })
    const looks = vi.spyOn(ServingPeers.prototype, 'at')
    assert.equal(scheduler.room({ model: MODEL, inputTokens: 100 }, 'unknown', 0), 'later')
    assert.isAtMost(looks.mock.calls.length, 100)
    looks.mockRestore()
  })

  test('where only one of many may take it', () => {
    const drained = { load: { ...peerLoad(), isDraining: true } }
    const events = Array.from({ length: 500 }, (_, index) => peerChanged(`p${index}`, drained))
    const scheduler = schedulerOf({ events: [...events, peerChanged('free')] })
    assert.equal(scheduler.room({ model: MODEL, inputTokens: 100 }, undefined, 0), 'now')
  })

  test('for what is loaded, whatever it takes', () => {
    assert.equal(roomsAt(0, { a: { facts: { weightsBytes: 8_193 * MB } } })('a'), 'now')
  })

  const vectors: readonly (readonly [number, readonly string[]])[] = [
    [16_384, ['later', 'later', 'later']],
    [8_192, ['none', 'later', 'later']],
    [4_096, ['none', 'none', 'later']],
    [1_024, ['none', 'none', 'none']],
  ]
  for (const [freeMb, rooms] of vectors) {
    test(`for F16, Q8 and Q4 of 13312 MB, where ${freeMb} are free: ${rooms}`, () => {
      const room = roomsAt(freeMb, {
        f16: { facts: { quantization: 'F16', weightsBytes: 13_312 * MB }, load: cold },
        q8: { facts: { quantization: 'Q8_0' }, load: cold },
        q4: { facts: { quantization: 'Q4_K_M' }, load: cold },
      })
      assert.deepEqual([room('f16'), room('q8', 'f16'), room('q4', 'f16')], rooms)
    })
  }

  test('as long as nobody tells that there is none', () => {
    const room = roomsAt(0, {
      a: { load: cold },
      b: { facts: { quantization: 'Q4_0' }, load: cold },
    })
    assert.deepEqual([room('a'), room('b', 'a'), room('b', 'chat')], ['later', 'later', 'later'])
  })
})
