/**
 * The table of errors makes sense, and codes are recognised wherever they come from.
 */
import { assert, describe, test } from 'vitest'
import { errorKinds, hasCode, isErrorCode, MeshError } from '../../src/core/errors.ts'

describe('every code', () => {
  for (const [code, kind] of Object.entries(errorKinds)) {
    test(`${code} has a form, a status and advice that fit together`, () => {
      assert.match(code, /^ERR_[A-Z]+(_[A-Z]+)*$/)
      assert.ok(Number.isInteger(kind.status) && kind.status >= 400 && kind.status <= 599)
      assert.include(['never', 'later', 'elsewhere'], kind.retry)
      // Clients take 429 and 503 as "try again", so the advice must not contradict them.
      if (kind.status === 429 || kind.status === 503) assert.notEqual(kind.retry, 'never')
      // What is wrong with the request itself is wrong at every peer.
      if (kind.status === 400) assert.equal(kind.retry, 'never')
      assert.ok(isErrorCode(code))
    })
  }
})

describe('a text is a code', () => {
  test('only if the table has it', () => {
    for (const text of ['ERR_NOPE', '', 'err_engine', 'toString', '__proto__', 'constructor']) {
      assert.isFalse(isErrorCode(text), text)
    }
  })
})

describe('a MeshError', () => {
  const error = new MeshError('expected a model, found none', {
    code: 'ERR_MODEL_NOT_FOUND',
    details: { model: 'llama' },
    hint: 'Load it.',
    cause: new Error('why'),
  })

  test('carries what it was given', () => {
    assert.equal(error.message, 'expected a model, found none')
    assert.equal(error.name, 'MeshError')
    assert.deepEqual(error.details, { model: 'llama' })
    assert.equal(error.hint, 'Load it.')
    assert.equal((error.cause as Error).message, 'why')
    assert.deepEqual(error.kind, { status: 404, retry: 'never' })
  })

  test('has no details and no hint unless given', () => {
    const bare = new MeshError('x', { code: 'ERR_ENGINE' })
    assert.deepEqual(bare.details, {})
    assert.equal(bare.hint, undefined)
    assert.equal(bare.cause, undefined)
  })

  test('is known by its code, also when it was made by another copy of the class', () => {
    const foreign = Object.assign(new Error('x'), { code: 'ERR_ENGINE' })
    assert.ok(hasCode(error, 'ERR_MODEL_NOT_FOUND'))
    assert.isFalse(hasCode(error, 'ERR_ENGINE'))
    assert.ok(hasCode(foreign, 'ERR_ENGINE'))
    assert.isFalse(hasCode({ code: 'ERR_ENGINE' }, 'ERR_ENGINE'))
    assert.isFalse(hasCode(undefined, 'ERR_ENGINE'))
  })
})
