/**
 * Ids that rise for ever in 32 bits. Source: RFC 1982, section 3.2.
 */
import fc from 'fast-check'
import { assert, test } from 'vitest'
import {
  firstLaneId,
  isDialersId,
  isLaterLaneId,
  nextLaneId,
} from '../../src/protocols/lane-ids.ts'

const ID_MAX = 2 ** 32 - 1

test('the dialer counts 1, 3, 5 and the listener 2, 4, 6', () => {
  assert.equal(firstLaneId(true), 1)
  assert.equal(nextLaneId(1), 3)
  assert.equal(firstLaneId(false), 2)
  assert.equal(nextLaneId(2), 4)
})

test('ids wrap around, keep their side and never become 0', () => {
  assert.equal(nextLaneId(ID_MAX), 1)
  assert.equal(nextLaneId(ID_MAX - 1), 2)
})

test('the next id is later and the one before it is not, wherever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: ID_MAX }), id => {
      assert.isTrue(isLaterLaneId(nextLaneId(id), id))
      assert.isFalse(isLaterLaneId(id, nextLaneId(id)))
      assert.isFalse(isLaterLaneId(id, id))
      assert.equal(isDialersId(nextLaneId(id)), isDialersId(id))
    }),
  )
})
