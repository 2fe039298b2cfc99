/**
 * Connections: whose end is a doubt, how long that stays between us and the lost peer, and who is
 * dialled when.
 *
 * The doubt is ours alone at first: SWIM's datagrams know no connections. Times: `options.ts`.
 */
import { assert, describe, test } from 'vitest'
import type { MembershipEvent } from '../../src/membership/events.ts'
import type { Membership } from '../../src/membership/membership.ts'
import {
  accused,
  answering,
  connected,
  connectionLost,
  type Done,
  dialFailed,
  dialsOf,
  factsOf,
  heard,
  leave,
  membershipOf,
  met,
  ofType,
  peerHeard,
  reachable,
  received,
  runUntil,
  saidTo,
  statusesOf,
} from './scene.ts'

/** Whether `y` is told that we doubt `z`. */
function isPublic(machine: Membership, nowMs: number): boolean {
  return saidTo(machine, 'y', nowMs).accusations.some(({ peer }) => peer === 'z')
}

/** Connected to `y` and `z`; the connection to `z` ends at 0 ms, and it does not answer. */
function lost(...more: readonly MembershipEvent[]) {
  const machine = membershipOf({ events: [...met('y', 'z'), connectionLost(), ...more] })
  const run = (untilMs: number) => runUntil(machine, untilMs, answering('y'))
  return { machine, run }
}

describe('the end of a connection', () => {
  test('makes the peer suspect at once, and it is dialled at once', () => {
    const machine = membershipOf({ events: met('z') })
    assert.deepEqual(machine.step(connectionLost(), 500), [
      { type: 'status-changed', peer: 'z', status: 'suspect' },
      { type: 'dial', peer: 'z', addresses: ['/z'] },
    ])
    assert.isFalse(machine.member('z')?.isConnected)
    // Whose turn it is to dial first does not matter for one that was connected.
    const lower = membershipOf({ events: met('a') })
    assert.equal(ofType(lower.step(connectionLost('a'), 500), 'dial').length, 1)
  })

  test('is nothing more if there was none', () => {
    const machine = membershipOf({ events: [heard({ peer: 'a' })] })
    assert.deepEqual(machine.step(connectionLost('a'), 1), [])
    assert.equal(machine.member('a')?.status, 'alive')
  })

  test('of a peer that says farewell is no doubt', () => {
    const machine = membershipOf({
      events: [...met('z'), heard({ version: 2, isLeaving: true }), connectionLost()],
    })
    assert.equal(machine.member('z')?.status, 'left')
  })

  test('of a peer that has released it is no doubt', () => {
    const options = { neighboursMin: 2 }
    const machine = membershipOf({ options, events: met('x', 'y', 'z') })
    assert.deepEqual(machine.step(received('z', { type: 'release' }), 1), [
      { type: 'disconnect', peer: 'z' },
    ])
    assert.deepEqual(ofType(machine.step(connectionLost(), 2), 'status-changed'), [])

    machine.step(connected(), 3)
    machine.step(connectionLost(), 4)
    assert.equal(machine.member('z')?.status, 'suspect', 'a release counts once')
  })
})

describe('the doubt after a lost connection', () => {
  test('is ours alone until redialPatienceMs is over; then the others are told', () => {
    const { machine, run } = lost()
    run(999)
    assert.isFalse(isPublic(machine, 999))
    run(1_000)
    assert.isTrue(isPublic(machine, 1_000))
  })

  test('is told to the others as soon as the dial has failed', () => {
    const { machine } = lost(dialFailed())
    assert.isTrue(isPublic(machine, 0))
  })

  test('is told to the others if another doubts it too', () => {
    for (const status of ['suspect', 'dead'] as const) {
      const { machine } = lost(peerHeard(), accused({ status }))
      assert.isTrue(isPublic(machine, 0), status)
    }
  })

  test('is withdrawn without a word when the connection is back', () => {
    const { machine } = lost()
    const effects = machine.step(connected(), 500)
    assert.deepEqual(ofType(effects, 'status-changed'), [
      { type: 'status-changed', peer: 'z', status: 'alive' },
    ])
    assert.deepEqual(
      machine.step(reachable(), 500).filter(({ type }) => type === 'dial'),
      [],
    )
    assert.isFalse(isPublic(machine, 500))
  })

  test('that others have heard of is not withdrawn: the peer must refute it', () => {
    const { machine } = lost(dialFailed())
    machine.step(connected(), 500)
    assert.equal(machine.member('z')?.status, 'suspect')
    const [told] = ofType(machine.step(reachable(), 500), 'send')
    assert.equal(told?.to, 'z')
    assert.equal(told?.message.accusations[0]?.peer, 'z')
    machine.step(heard({ incarnation: 2 }), 501)
    assert.equal(machine.member('z')?.status, 'alive')
  })

  test('that another shares is not withdrawn when only our connection is back', () => {
    const { machine } = lost(accused({ accuser: 'y' }))
    machine.step(connected(), 500)
    assert.equal(machine.member('z')?.status, 'suspect')
  })

  test('becomes death after the whole suspicion if nobody answers', () => {
    const { run } = lost()
    assert.deepEqual(statusesOf(run(60_000)), [{ atMs: 2_000, status: 'dead' }])
  })

  test('becomes death suspicionRefusedMs after its host has refused a dial', () => {
    const { machine, run } = lost()
    run(300)
    machine.step(dialFailed('z', true), 300)
    assert.deepEqual(statusesOf(run(60_000)), [{ atMs: 1_300, status: 'dead' }])
  })

  test('ends no later because of a refused dial', () => {
    const { machine, run } = lost()
    run(1_500)
    machine.step(dialFailed('z', true), 1_500)
    run(1_900)
    machine.step(dialFailed('z', true), 1_900)
    assert.deepEqual(statusesOf(run(60_000)), [{ atMs: 2_000, status: 'dead' }])
  })
})

describe('a dial that fails', () => {
  for (const isRefused of [false, true]) {
    test(`is no doubt of a member that is alive, refused: ${isRefused}`, () => {
      const machine = membershipOf({ events: [heard()] })
      assert.deepEqual(machine.step(dialFailed('z', isRefused), 1), [])
      assert.equal(machine.member('z')?.status, 'alive')
    })
  }

  test('of somebody unknown is nothing', () => {
    assert.deepEqual(membershipOf().step(dialFailed('q', true), 1), [])
  })
})

/** Keeps the member alive by word of its own, without a connection, and fails what is dialled. */
function dialTimes(peer: string, dialFails: boolean): readonly number[] {
  const machine = membershipOf()
  const done: Done[] = []
  const others = (effect: Done['effect']): MembershipEvent[] =>
    dialFails && effect.type === 'dial' ? [dialFailed(peer)] : []
  for (let incarnation = 1; incarnation <= 120; incarnation += 1) {
    const atMs = incarnation * 1_000
    done.push(...runUntil(machine, atMs, others))
    machine.step(heard({ peer, incarnation }), atMs)
  }
  return dialsOf(done, peer)
}

describe('a peer without a connection', () => {
  test('is dialled at once if its id is higher, after dialDelayMs if it is lower', () => {
    assert.equal(dialTimes('z', true)[0], 1_000)
    assert.equal(dialTimes('a', true)[0], 4_000)
  })

  test('is dialled again after waits that double up to a limit, each shortened up to half', () => {
    const times = dialTimes('z', true)
    const waits = times.slice(1).map((atMs, index) => atMs - (times[index] as number))
    for (const [index, waitMs] of waits.entries()) {
      const fullMs = Math.min(30_000, 1_000 * 2 ** index)
      assert.ok(waitMs >= fullMs / 2 && waitMs <= fullMs, `${waitMs} of ${fullMs}`)
    }
    assert.isAtLeast(waits.length, 6)
  })

  test('is dialled again if nothing is heard of a dial', () => {
    assert.deepEqual(dialTimes('z', false).slice(0, 3), [1_000, 16_000, 31_000])
  })

  test('is not dialled without an address, and at once when there is one', () => {
    const machine = membershipOf({ events: [heard({ facts: factsOf('z') })] })
    assert.deepEqual(dialsOf(runUntil(machine, 400)), [])
    machine.step(heard({ version: 2, factsVersion: 2 }), 400)
    assert.deepEqual(dialsOf(runUntil(machine, 500)), [400])
  })

  test('is not dialled at once a connection is there', () => {
    const machine = membershipOf({ events: [heard({ peer: 'a' }), connected('a')] })
    assert.deepEqual(dialsOf(runUntil(machine, 1_900, answering('a')), 'a'), [])
  })

  const intervals = [
    {
      who: 'one of two',
      others: met('y'),
      minMs: 7_500,
      maxMs: 15_000,
      what: 'deadDialIntervalMs',
    },
    // Whoever sees nobody alive was probably cut off itself.
    { who: 'the only other', others: [], minMs: 1_500, maxMs: 3_000, what: 'dialDelayMs' },
  ]
  for (const { who, others, minMs, maxMs, what } of intervals) {
    test(`${who} is dialled every ${what} once dead, shortened up to half`, () => {
      const machine = membershipOf({
        events: [...others, heard(), accused({ status: 'dead' })],
      })
      const answers = answering('y')
      const done = runUntil(machine, 300_000, effect =>
        effect.type === 'dial' ? [dialFailed()] : answers(effect),
      )
      const times = dialsOf(done)
      const waits = times.slice(2).map((atMs, index) => atMs - (times[index + 1] as number))
      assert.isAbove(waits.length, 15)
      for (const waitMs of waits) assert.ok(waitMs >= minMs && waitMs <= maxMs, `${waitMs}`)
    })
  }

  test('is not dialled any more once it leaves', () => {
    const machine = membershipOf({ events: [heard({ peer: 'a' })] })
    machine.step(heard({ peer: 'a', version: 2, isLeaving: true }), 1)
    assert.deepEqual(dialsOf(runUntil(machine, 200_000), 'a'), [])
  })

  test('is dialled again when it is back from leaving', () => {
    const machine = membershipOf({ events: [heard({ version: 2, isLeaving: true })] })
    machine.step(heard({ incarnation: 2 }), 100)
    assert.deepEqual(dialsOf(runUntil(machine, 200)), [100])
  })

  test('is dialled at once when it is back after it was forgotten', () => {
    const options = { forgetAfterMs: 20_000 }
    const machine = membershipOf({ options, events: [heard(), accused({ status: 'dead' })] })
    runUntil(machine, 30_000)
    assert.equal(machine.member('z'), undefined)
    machine.step(heard({ incarnation: 2 }), 30_000)
    assert.deepEqual(dialsOf(runUntil(machine, 30_000)), [30_000])
  })

  test('is not dialled any more when we leave', () => {
    const machine = membershipOf({ events: [heard({ peer: 'a' }), leave, heard({ peer: 'zz' })] })
    assert.deepEqual(ofType(machine.step({ type: 'tick' }, 60_000), 'dial'), [])
  })
})
