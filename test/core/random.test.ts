/**
 * The generator: a seed is a sequence, numbers keep their bounds and are spread evenly.
 *
 * The numbers of one seed are pinned, as an independent program after the paper gives them. They
 * must never change, or old seeds no longer replay.
 *
 * Source: Blackman, Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { InvariantError } from '../../src/core/assert.ts'
import { Random } from '../../src/core/random.ts'

/** The first words of seed 1. */
const PINNED = [393_288_148, 2_174_103_013, 3_814_759_091, 2_092_745_082]

const sequence = (seed: number, count: number) => {
  const random = new Random(seed)
  return Array.from({ length: count }, () => random.next())
}

describe('a seed', () => {
  test('gives the same numbers each time', () => {
    fc.assert(
      fc.property(fc.integer(), seed => assert.deepEqual(sequence(seed, 20), sequence(seed, 20))),
    )
  })

  test('gives the numbers it always gave', () => {
    const words = sequence(1, 4).map(number => number * 2 ** 32)
    assert.deepEqual(words, PINNED)
  })

  test('gives other numbers than its neighbour', () => {
    const firsts = Array.from({ length: 1_000 }, (_, seed) => new Random(seed).next())
    assert.equal(new Set(firsts).size, 1_000)
  })

  test('counts by its low 32 bits, negative or not', () => {
    assert.deepEqual(sequence(-1, 5), sequence(2 ** 32 - 1, 5))
    assert.deepEqual(sequence(7, 5), sequence(2 ** 32 + 7, 5))
    assert.notDeepEqual(sequence(7, 5), sequence(-7, 5))
  })

  test('of 0 does not stand still', () => {
    assert.equal(new Set(sequence(0, 100)).size, 100)
  })
})

describe('numbers', () => {
  test('are in [0, 1), and indices in [0, count)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000_000 }), (seed, count) => {
        const random = new Random(seed)
        for (let round = 0; round < 20; round++) {
          const number = random.next()
          assert.ok(number >= 0 && number < 1)
          const index = random.nextIndex(count)
          assert.ok(Number.isInteger(index) && index >= 0 && index < count)
        }
      }),
    )
  })

  test('are spread evenly', () => {
    for (const seed of [1, 2, 3]) {
      const random = new Random(seed)
      const counts = new Array<number>(16).fill(0)
      for (let round = 0; round < 16_000; round++) {
        const index = random.nextIndex(16)
        counts[index] = (counts[index] as number) + 1
      }
      // Chi squared with 15 degrees of freedom: 37.7 is passed once in a thousand seeds.
      const chiSquared = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)
      assert.isBelow(chiSquared, 37.7, `seed ${seed}: ${counts}`)
    }
  })

  test('that follow each other do not depend on each other', () => {
    const numbers = sequence(5, 20_001)
    let sum = 0
    for (let index = 0; index < 20_000; index++) {
      sum += ((numbers[index] as number) - 0.5) * ((numbers[index + 1] as number) - 0.5)
    }
    // Correlation; its standard deviation is 1 / sqrt(20000), about 0.007.
    assert.closeTo(sum / 20_000 / (1 / 12), 0, 0.03)
  })

  test('from nothing cannot be drawn', () => {
    assert.throws(() => new Random(1).nextIndex(0), InvariantError)
  })
})
