/**
 * Drawing by weight, against the plainest account of it: add up until the target is passed.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { InvariantError } from '../../src/core/assert.ts'
import { WeightTree } from '../../src/scheduler/weight-tree.ts'

function plainFind(weights: readonly number[], target: number): number {
  let sum = 0
  return weights.findIndex(weight => {
    sum += weight
    return sum > target
  })
}

describe('a tree of weights', () => {
  const changes = fc.array(fc.tuple(fc.nat(70), fc.nat(1_000)), { minLength: 1, maxLength: 200 })

  test('finds what adding up finds, whatever was changed before', () => {
    fc.assert(
      fc.property(
        changes,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (made, share) => {
          const tree = new WeightTree()
          const weights = Array.from({ length: 71 }, () => 0)
          for (const [position, weight] of made) {
            tree.set(position, weight)
            weights[position] = weight
          }
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          assert.equal(tree.total, total)
          assert.deepEqual(
            weights.map((_, position) => tree.at(position)),
            weights,
          )
          if (total === 0) return
          const target = share * total
          assert.equal(tree.find(target), plainFind(weights, target))
        },
      ),
    )
  })

  test('has nothing to find when all weights are 0', () => {
    const tree = new WeightTree()
    tree.set(3, 5)
    tree.set(3, 0)
    assert.throws(() => tree.find(0), InvariantError)
  })
})
