/**
 * Whoever is needed to agree on anything cannot be cut off by mistake.
 */
import { assert, describe, test } from 'vitest'
import type { Operation } from '../../../src/consensus/policy/command.ts'
import { requireMajorityAfter } from '../../../src/node/consensus/majority-guard.ts'

/** Peer `p3` is node 3. */
const nodeOf = (peer: string) => Number(peer.slice(1))

interface Init {
  readonly outgoing?: readonly number[]
  /** Dead, or cut off already. */
  readonly gone?: readonly number[]
}

const isRefused = (operation: Operation, voters: readonly number[], init: Init = {}) => {
  const { outgoing = [], gone = [] } = init
  const isThere = (node: number) => !gone.includes(node)
  try {
    requireMajorityAfter(operation, { voters, votersOutgoing: outgoing }, { nodeOf, isThere })
    return false
  } catch (error) {
    assert.propertyVal(error, 'code', 'ERR_CONFLICT')
    return true
  }
}

const deny = (peer: string) => ({ type: 'deny', peer }) as const
const put = { type: 'put', kind: 'denied', schemaVersion: 1, spec: {} } as const

describe('of the voters', () => {
  test('the only one, and either of two, cannot be cut off', () => {
    assert.isTrue(isRefused(deny('p1'), [1]))
    assert.isTrue(isRefused(deny('p2'), [1, 2]))
    assert.isTrue(isRefused({ type: 'leave', peer: 'p1' }, [1]))
  })

  test('one of three can, but not two at once', () => {
    assert.isFalse(isRefused(deny('p1'), [1, 2, 3]))
    const both = {
      type: 'batch',
      operations: [
        { ...put, name: 'p1' },
        { ...put, name: 'p2' },
      ],
    } as const
    assert.isTrue(isRefused(both, [1, 2, 3]))
    assert.isFalse(isRefused(both, [1, 2, 3, 4, 5]))
  })

  test('those who are dead or cut off already do not count', () => {
    assert.isTrue(isRefused(deny('p1'), [1, 2, 3], { gone: [2] }))
    assert.isFalse(isRefused(deny('p2'), [1, 2, 3], { gone: [2] }))
    assert.isFalse(isRefused(deny('p1'), [1, 2, 3, 4, 5], { gone: [2] }))
    assert.isTrue(isRefused(deny('p1'), [1, 2, 3, 4, 5], { gone: [2, 3] }))
  })

  test('in the middle of a change both majorities count', () => {
    assert.isTrue(isRefused(deny('p1'), [2, 3, 4], { outgoing: [1] }))
  })

  test('whoever writes the resource itself is stopped too', () => {
    assert.isTrue(isRefused({ ...put, name: 'p1' }, [1]))
    assert.isTrue(isRefused({ type: 'delete', kind: 'roster', name: 'p1' }, [1]))
    assert.isFalse(isRefused({ type: 'delete', kind: 'denied', name: 'p1' }, [1]))
  })
})

test('a peer that does not vote can be cut off from any mesh', () => {
  assert.isFalse(isRefused(deny('p2'), [1]))
})
