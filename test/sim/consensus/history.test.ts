/**
 * How a history is written down: the order of calls and returns, and the three ways to end.
 */
import { assert, describe, test } from 'vitest'
import { History } from '../../../sim/consensus/history.ts'
import { NEVER } from '../../../src/core/machine.ts'

const call = (client: string, input: string) => ({ client, key: 'k', input })

describe('a history', () => {
  test('tells the order of events of one moment', () => {
    const history = new History<string, string>()
    history.call(call('a', 'first'), 5).returned('done', 5)
    history.call(call('a', 'second'), 5).returned('done', 5)

    const orders = history.operations.map(each => [each.callOrder, each.returnOrder])

    assert.deepEqual(orders, [
      [1, 2],
      [3, 4],
    ])
  })

  test('keeps a call without outcome as one that may still happen, and forgets a refused one', () => {
    const history = new History<string, string>()
    history.call(call('a', 'lost'), 1)
    history.call(call('b', 'refused'), 2).refused()
    history.call(call('c', 'done'), 3).returned('yes', 4)

    const kept = history.operations.map(each => [each.input, each.output, each.returnMs])

    assert.deepEqual(kept, [
      ['lost', undefined, NEVER],
      ['done', 'yes', 4],
    ])
  })

  test('takes one outcome for a call', () => {
    const open = new History<string, string>().call(call('a', 'x'), 1)
    open.returned('done', 2)

    assert.throws(() => open.returned('again', 3), /a call has one outcome/)
    assert.throws(() => open.refused(), /a call has one outcome/)
  })

  test('ends the run before it gets too long to check', () => {
    const history = new History<string, string>()
    for (let index = 0; index < 100_000; index += 1) history.call(call('a', 'x'), index)

    assert.throws(() => history.call(call('a', 'x'), 1), /before it gets too long/)
  })
})
