/**
 * A dial that failed: in words of what was found, with the port to look at.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import { dialError } from '../../../src/node/libp2p/dial-error.ts'

const target = { peer: '12D3KooWPeer', addresses: ['/ip4/10.0.0.5/tcp/7734', '/dns4/gpu1/tcp/1'] }

function caused(message: string, name = 'Error'): Error {
  return Object.assign(new Error(message), { name })
}

describe('a peer that does not answer', () => {
  const cases = [
    { cause: caused('connection error 10.0.0.5:7734: connect ECONNREFUSED'), found: 'refused' },
    { cause: caused('read ECONNRESET'), found: 'cut at once' },
    { cause: caused('connect EHOSTUNREACH 10.0.0.5'), found: 'no way to that machine' },
    { cause: caused('queryA ENOTFOUND gpu1'), found: 'no machine of that name' },
    { cause: caused('aborted', 'TimeoutError'), found: 'no answer in time' },
    { cause: undefined, found: 'no answer' },
    {
      cause: new AggregateError([caused('odd'), caused('connect ENETUNREACH')], 'all failed'),
      found: 'no way to that network',
    },
  ]
  for (const { cause, found } of cases) {
    test(`is told as "${found}", with both ports`, () => {
      const { code, message, hint } = dialError(target, cause)
      assert.equal(code, 'ERR_UNREACHABLE')
      assert.include(message, 'expected peer 12D3KooWPeer to answer at /ip4/10.0.0.5/tcp/7734')
      assert.match(message, new RegExp(`found .*${found}`))
      assert.include(hint, 'TCP port 7734 or 1 is open')
    })
  }

  test('for a reason nobody knows is told in one short line', () => {
    const { message } = dialError(target, caused(`${'x'.repeat(900)}\n    at stack`))
    assert.isBelow(message.length, 400)
    assert.notInclude(message, 'stack')
  })
})

test('an error of ours passes as it is', () => {
  const error = new MeshError('no', { code: 'ERR_WRONG_MESH' })
  assert.equal(dialError(target, error), error)
})
