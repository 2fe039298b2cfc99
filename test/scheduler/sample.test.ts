/**
 * The sample has the right size, no item twice, and follows the weights.
 */
import fc from 'fast-check'
import { assert, test } from 'vitest'
import { Random } from '../../src/core/random.ts'
import { weightedSample } from '../../src/scheduler/sample.ts'

test('with as many items as the sample takes, all are in it and no number is drawn', () => {
  const random = new Random(1)
  assert.deepEqual(
    weightedSample([3, 1, 2], 3, () => 1, random),
    [3, 1, 2],
  )
  assert.equal(random.next(), new Random(1).next())
})

test('a sample has its size and no item twice, whatever the weights', () => {
  const weights = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 8 }), fc.nat(), (list, size, seed) => {
      const indices = list.map((_, index) => index)
      const weightOf = (index: number) => list[index] as number
      const sample = weightedSample(indices, size, weightOf, new Random(seed))
      assert.equal(sample.length, Math.min(size, list.length))
      assert.equal(new Set(sample).size, sample.length)
      assert.ok(sample.every(index => indices.includes(index)))
    }),
  )
})

test('an item is drawn as often as its weight says', () => {
  const random = new Random(7)
  const counts = [0, 0, 0]
  for (let round = 0; round < 12_000; round++) {
    const [index] = weightedSample([0, 1, 2], 1, item => [1, 2, 3][item] as number, random)
    counts[index as number] = (counts[index as number] as number) + 1
  }
  // Expected 2000, 4000, 6000; the standard deviation is about 55 at most.
  assert.closeTo(counts[0] as number, 2_000, 250)
  assert.closeTo(counts[1] as number, 4_000, 250)
  assert.closeTo(counts[2] as number, 6_000, 250)
})

test('a small item next to a huge one is still drawn second', () => {
  const weightOf = (item: string) => (item === 'huge' ? 1e15 : 1e-3)
  for (let seed = 0; seed < 50; seed++) {
    const sample = weightedSample(['huge', 'a', 'b'], 2, weightOf, new Random(seed))
    assert.equal(sample[0], 'huge')
    assert.ok(sample[1] === 'a' || sample[1] === 'b')
  }
})
