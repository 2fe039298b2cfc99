/**
 * Assertions stop the program with their own kind of error.
 */
import { assert as check, describe, test } from 'vitest'
import { assert, InvariantError, unreachable } from '../../src/core/assert.ts'
import { MeshError } from '../../src/core/errors.ts'

describe('an assertion', () => {
  test('that holds does nothing', () => {
    check.doesNotThrow(() => assert(true, 'holds'))
  })

  test('that does not hold throws what it says, and no operating error', () => {
    check.throws(
      () => assert(false, 'the log goes forward'),
      InvariantError,
      /^the log goes forward$/,
    )
    check.notInstanceOf(new InvariantError('x'), MeshError)
  })

  test('tells the compiler what it found', () => {
    const value: string | undefined = ['text'][0]
    assert(value !== undefined, 'there is one')
    check.equal(value.length, 4)
  })
})

test('a branch that cannot be reached names what reached it', () => {
  check.throws(() => unreachable({ type: 'odd' } as never), InvariantError, '{"type":"odd"}')
})
