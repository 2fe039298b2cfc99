/**
 * A member that the mesh has cut off: forgotten at once, without a doubt, a dial or a funeral.
 */
import { assert, describe, test } from 'vitest'
import {
  accused,
  connectionLost,
  dialsOf,
  heard,
  membershipOf,
  met,
  runUntil,
  statusesOf,
} from './scene.ts'

const expelled = (peer = 'z') => ({ type: 'peer-expelled', peer }) as const
const FORGOTTEN = { type: 'peer-forgotten', peer: 'z' } as const

describe('a member that is expelled', () => {
  test('is forgotten at once, and the end of its connection is no doubt', () => {
    const machine = membershipOf({ events: met('y', 'z') })
    assert.deepEqual(machine.step(expelled(), 500), [FORGOTTEN])
    assert.deepEqual(machine.step(connectionLost(), 500), [])
    assert.deepEqual(
      machine.members().map(({ peer }) => peer),
      ['y'],
    )
  })

  test('is neither dialled nor declared dead later, though it was doubted', () => {
    const machine = membershipOf({ events: [...met('z'), connectionLost()] })
    assert.deepEqual(machine.step(expelled(), 1), [FORGOTTEN])
    const done = runUntil(machine, 120_000)
    assert.deepEqual([statusesOf(done), dialsOf(done)], [[], []])
  })

  test('is not brought back by what others hold against it', () => {
    const machine = membershipOf({ events: [...met('z'), expelled(), connectionLost()] })
    machine.step(accused(), 1)
    assert.isUndefined(machine.member('z'))
  })

  test('comes back like a newcomer', () => {
    const machine = membershipOf({ events: [...met('z'), expelled(), connectionLost()] })
    machine.step(heard(), 1)
    assert.equal(machine.member('z')?.status, 'alive')
  })

  test('may be one that nobody has heard of', () => {
    assert.deepEqual(membershipOf().step(expelled(), 1), [])
  })
})
