/**
 * The window of messages on their way to a follower.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { Inflights } from '../../../../src/consensus/raft/progress/inflights.ts'
import { InvariantError } from '../../../../src/core/assert.ts'

const UNLIMITED = Number.POSITIVE_INFINITY

describe('the in-flight window', () => {
  test('is full at its number of messages, and takes no more', () => {
    const inflights = new Inflights({ countMax: 2, bytesMax: UNLIMITED })
    inflights.add(1, 10)
    assert.isFalse(inflights.isFull)
    inflights.add(2, 10)

    assert.isTrue(inflights.isFull)
    assert.throws(() => inflights.add(3, 10), InvariantError)
  })

  test('is full once the bytes reach the limit, which the last message may cross', () => {
    const inflights = new Inflights({ countMax: 10, bytesMax: 100 })
    inflights.add(1, 99)
    assert.isFalse(inflights.isFull)
    inflights.add(2, 500)

    assert.isTrue(inflights.isFull)
    inflights.freeTo(2)
    assert.isFalse(inflights.isFull)
  })

  test('frees every message that ends at or before an index', () => {
    const inflights = new Inflights({ countMax: 10, bytesMax: UNLIMITED })
    for (const index of [3, 5, 9]) inflights.add(index, 1)
    const counts = [2, 3, 8, 9].map(index => {
      inflights.freeTo(index)
      return inflights.count
    })
    assert.deepEqual(counts, [3, 2, 1, 0])
  })

  test('keeps the order of its messages when it grows', () => {
    const inflights = new Inflights({ countMax: 10, bytesMax: UNLIMITED })
    for (const index of [1, 2]) inflights.add(index, 1)
    inflights.freeTo(1)
    for (const index of [3, 4]) inflights.add(index, 1)

    inflights.freeTo(2)
    assert.equal(inflights.count, 2)
  })

  test('is empty after it was cleared', () => {
    const inflights = new Inflights({ countMax: 1, bytesMax: 5 })
    inflights.add(1, 5)
    inflights.clear()
    assert.deepEqual([inflights.count, inflights.isFull], [0, false])
  })

  test('must have room for one message', () => {
    assert.throws(() => new Inflights({ countMax: 0, bytesMax: 1 }), InvariantError)
  })

  test('agrees with a plain list under any order of sending and acknowledging', () => {
    const step = fc.oneof(fc.record({ sizeBytes: fc.nat(9) }), fc.record({ freed: fc.nat(40) }))
    const limits = fc.record({
      countMax: fc.integer({ min: 1, max: 6 }),
      bytesMax: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 60 }), ({ countMax, bytesMax }, steps) => {
        const inflights = new Inflights({ countMax, bytesMax })
        let list: { index: number; sizeBytes: number }[] = []
        let index = 0
        const isListFull = () =>
          list.length === countMax ||
          list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) >= bytesMax
        for (const each of steps) {
          if ('freed' in each) {
            inflights.freeTo(each.freed)
            list = list.filter(entry => entry.index > each.freed)
          } else if (!isListFull()) {
            index++
            inflights.add(index, each.sizeBytes)
            list.push({ index, sizeBytes: each.sizeBytes })
          }
          assert.deepEqual([inflights.count, inflights.isFull], [list.length, isListFull()])
        }
      }),
    )
  })
})
