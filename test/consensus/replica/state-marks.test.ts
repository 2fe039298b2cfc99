/**
 * The marks of what was applied: compared for as long as they are kept, computed for whoever asks.
 */
import { assert, test } from 'vitest'
import { StateMarks } from '../../../src/consensus/replica/state-marks.ts'

const KEPT = 4_096

test('contradicts another state of the same index only', () => {
  const marks = new StateMarks()
  assert.equal(marks.latest, undefined)
  marks.add(7, { text: 'a' })
  const { index, hash } = marks.latest ?? {}
  assert.deepEqual([index, hash], [7, 'a'])
  assert.isUndefined(marks.contradiction({ index: 7, hash: 'a' }))
  assert.equal(marks.contradiction({ index: 7, hash: 'b' })?.hash, 'a')
  assert.isUndefined(marks.contradiction({ index: 8, hash: 'b' }))
})

test('says nothing of an index that another has taken the place of', () => {
  const marks = new StateMarks()
  marks.add(7, { text: 'a' })
  marks.add(7 + KEPT, { text: 'c' })
  assert.isUndefined(marks.contradiction({ index: 7, hash: 'b' }))
  assert.equal(marks.contradiction({ index: 7 + KEPT, hash: 'b' })?.hash, 'c')
})

test('computes no hash that nobody asks for', () => {
  const marks = new StateMarks()
  let computedCount = 0
  const hash = {
    get text() {
      computedCount += 1
      return 'a'
    },
  }
  for (let index = 1; index <= 100; index += 1) marks.add(index, hash)
  assert.equal(marks.latest?.index, 100)
  assert.equal(computedCount, 0)
  marks.contradiction({ index: 50, hash: 'a' })
  assert.equal(computedCount, 1)
})
