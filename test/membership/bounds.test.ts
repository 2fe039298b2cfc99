/**
 * What the table keeps at most and how long, and how claims become what is known of a member.
 */
import { assert, describe, test } from 'vitest'
import type { MembershipEvent } from '../../src/membership/events.ts'
import {
  accused,
  claimOf,
  connected,
  factsOf,
  heard,
  loadOf,
  membershipOf,
  ofType,
  runUntil,
} from './scene.ts'

describe('a claim', () => {
  test('of someone new says who it is and what it offers', () => {
    const claim = claimOf({ load: loadOf(4) })
    const machine = membershipOf()
    assert.deepEqual(machine.step({ type: 'claim-heard', claim }, 7), [
      { type: 'status-changed', peer: 'z', status: 'alive' },
      { type: 'state-changed', peer: 'z', facts: claim.facts, load: loadOf(4), heardAtMs: 7 },
    ])
    assert.deepEqual(machine.member('z'), {
      peer: 'z',
      status: 'alive',
      incarnation: 1,
      facts: claim.facts,
      load: loadOf(4),
      heardAtMs: 7,
      isConnected: false,
      rttMs: undefined,
      claim,
    })
  })

  test('of someone new that goes makes nobody alive', () => {
    const effects = membershipOf().step(heard({ isLeaving: true }), 7)
    assert.deepEqual(ofType(effects, 'status-changed'), [
      { type: 'status-changed', peer: 'z', status: 'left' },
    ])
  })

  test('heard again, or after a newer one, changes nothing', () => {
    const machine = membershipOf({ events: [heard({ version: 5 })] })
    const before = machine.members()
    assert.deepEqual(machine.step(heard({ version: 5 }), 100), [])
    assert.deepEqual(machine.step(heard({ version: 4, load: loadOf(9) }), 100), [])
    assert.deepEqual(machine.members(), before)
  })

  test('without facts keeps those we have', () => {
    const machine = membershipOf({ events: [heard()] })
    machine.step(heard({ version: 2, facts: undefined, factsVersion: 1 }), 1)
    assert.equal(machine.member('z')?.facts?.name, 'z')
    machine.step(heard({ version: 3, facts: undefined, factsVersion: 8 }), 2)
    assert.equal(machine.member('z')?.facts?.name, 'z')
  })

  test('that brings missing facts late tells them with the age of the load', () => {
    const machine = membershipOf()
    machine.step(heard({ version: 2, facts: undefined }), 100)
    const effects = machine.step(heard({ version: 1 }), 900)
    assert.deepEqual(ofType(effects, 'state-changed')[0]?.heardAtMs, 100)
    assert.equal(machine.member('z')?.facts?.name, 'z')
  })
})

describe('a member that is gone', () => {
  const ways: readonly (readonly [string, MembershipEvent])[] = [
    ['dead', accused({ status: 'dead' })],
    ['left', heard({ version: 2, isLeaving: true })],
  ]
  for (const [status, event] of ways) {
    test(`is forgotten after forgetAfterMs if it is ${status}`, () => {
      const options = { forgetAfterMs: 20_000 }
      const machine = membershipOf({ options, events: [heard({ facts: factsOf('z') }), event] })
      assert.equal(machine.member('z')?.status, status)
      const done = runUntil(machine, 60_000)
      const [forgotten] = done.filter(({ effect }) => effect.type === 'peer-forgotten')
      // With the first tick after that.
      const lateMs = (forgotten?.atMs ?? 0) - 20_000
      assert.ok(lateMs >= 0 && lateMs <= 500, `${lateMs} ms late`)
      assert.isUndefined(machine.member('z'))
    })
  }

  test('is not forgotten once it is back', () => {
    const options = { forgetAfterMs: 1_000 }
    const machine = membershipOf({ options, events: [heard(), accused({ status: 'dead' })] })
    machine.step(heard({ incarnation: 2 }), 100)
    assert.deepEqual(
      runUntil(machine, 1_900).filter(({ effect }) => effect.type === 'peer-forgotten'),
      [],
    )
  })

  test('is known again when it is back after it was forgotten', () => {
    const options = { forgetAfterMs: 1_000 }
    const machine = membershipOf({ options, events: [heard(), accused({ status: 'dead' })] })
    runUntil(machine, 5_000)
    const [status] = ofType(machine.step(heard({ incarnation: 2 }), 5_000), 'status-changed')
    assert.equal(status?.status, 'alive')
  })
})

describe('a table of membersMax members', () => {
  const full = (...more: readonly MembershipEvent[]) =>
    membershipOf({
      options: { membersMax: 2 },
      events: [heard(), heard({ peer: 'y' }), ...more],
    })

  test('ignores one more, counts it, and still hears of those it has', () => {
    const machine = full()
    assert.deepEqual(machine.step(heard({ peer: 'x' }), 1), [])
    assert.equal(machine.ignoredCount, 1)
    assert.isUndefined(machine.member('x'))
    assert.lengthOf(ofType(machine.step(heard({ version: 2 }), 1), 'state-changed'), 1)
  })

  for (const event of [accused({ status: 'dead' }), heard({ version: 2, isLeaving: true })]) {
    test('forgets one that is gone for one more', () => {
      const machine = full(event)
      const effects = machine.step(heard({ peer: 'x' }), 1)
      assert.deepEqual(effects[0], { type: 'peer-forgotten', peer: 'z' })
      assert.sameMembers(
        machine.members().map(({ peer }) => peer),
        ['x', 'y'],
      )
      assert.equal(machine.ignoredCount, 0)
    })
  }

  test('forgets the one that has been gone for longest', () => {
    const machine = full(
      accused({ peer: 'z', status: 'dead' }),
      accused({ peer: 'y', status: 'dead' }),
    )
    const [forgotten] = ofType(machine.step(heard({ peer: 'x' }), 1), 'peer-forgotten')
    assert.equal(forgotten?.peer, 'z')
  })

  test('forgets no suspect for one more', () => {
    const machine = full(accused())
    machine.step(heard({ peer: 'x' }), 1)
    assert.equal(machine.member('z')?.status, 'suspect')
    assert.equal(machine.ignoredCount, 1)
  })
})

describe('the round trip to a member', () => {
  test('is that of the greeting, whether the claim came before or after it', () => {
    const before = membershipOf({ events: [heard(), connected('z', 12)] })
    assert.equal(before.member('z')?.rttMs, 12)
    const after = membershipOf({ events: [connected('z', 12), heard()] })
    assert.equal(after.member('z')?.rttMs, 12)
    assert.isTrue(after.member('z')?.isConnected)
  })

  test('that was measured is not thrown away for a new greeting', () => {
    const machine = membershipOf({ events: [heard(), connected('z', 12), connected('z', 90)] })
    assert.equal(machine.member('z')?.rttMs, 12)
  })

  test('is told from coordinates only once both are more than a guess', () => {
    const place = { vector: [30, 0, 0, 0], heightMs: 1, errorRatio: 0.2 }
    const machine = membershipOf({ events: [heard({ coordinate: place })] })
    assert.isUndefined(machine.member('z')?.rttMs)
  })
})
