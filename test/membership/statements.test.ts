/**
 * What one member says of another, and which of two statements holds.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, section 4.2 (order of statements, refutation);
 * Dadgar, Phillips, Currey, "Lifeguard", 2017, section IV (the doubted is told, who refutes looks
 * to its own health).
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { MembershipEvent } from '../../src/membership/events.ts'
import type { MemberStatus } from '../../src/membership/member.ts'
import {
  accused,
  answering,
  heard,
  leave,
  membershipOf,
  met,
  ofType,
  peerHeard,
  received,
  runUntil,
  SELF,
  SELF_INCARNATION,
  saidTo,
  statusesOf,
} from './scene.ts'

interface Statement {
  readonly status: MemberStatus
  readonly incarnation: number
}

/** That `z` lives or goes is its own word; the rest is said by others. */
function said({ status, incarnation }: Statement): MembershipEvent {
  if (status === 'suspect' || status === 'dead') return accused({ status, incarnation })
  if (status === 'left') return heard({ incarnation, version: 9, isLeaving: true })
  return heard({ incarnation, version: 2 })
}

/** The statements, in this order, to a machine that has met nobody. */
function believed(statements: readonly Statement[]): Statement | undefined {
  const machine = membershipOf({ events: [heard({ incarnation: 1 }), ...statements.map(said)] })
  const member = machine.member('z')
  return member && { status: member.status, incarnation: member.incarnation }
}

const RANKS: readonly MemberStatus[] = ['alive', 'suspect', 'dead', 'left']

describe('of two statements on one member', () => {
  for (const first of RANKS) {
    for (const second of RANKS) {
      const before = { status: first, incarnation: 5 }

      test(`${second} with a higher incarnation replaces ${first}`, () => {
        const after = { status: second, incarnation: 6 }
        assert.deepEqual(believed([before, after]), after)
      })

      test(`${second} with a lower incarnation does not replace ${first}`, () => {
        assert.deepEqual(believed([before, { status: second, incarnation: 4 }]), before)
      })
    }
  }

  const table: Record<MemberStatus, Record<MemberStatus, MemberStatus>> = {
    alive: { alive: 'alive', suspect: 'suspect', dead: 'dead', left: 'left' },
    suspect: { alive: 'suspect', suspect: 'suspect', dead: 'dead', left: 'left' },
    dead: { alive: 'dead', suspect: 'dead', dead: 'dead', left: 'left' },
    left: { alive: 'left', suspect: 'left', dead: 'left', left: 'left' },
  }
  for (const first of RANKS) {
    for (const second of RANKS) {
      const holds = table[first][second]
      test(`of one incarnation, ${first} and then ${second} make ${holds}`, () => {
        const statuses = [first, second].map(status => ({ status, incarnation: 5 }))
        assert.deepEqual(believed(statuses), { status: holds, incarnation: 5 })
      })
    }
  }

  test('in whatever order they are heard, and how often, tables agree on the highest', () => {
    const statement = fc.record({
      status: fc.constantFrom(...RANKS),
      incarnation: fc.integer({ min: 1, max: 3 }),
    })
    const heardTwice = fc
      .array(statement, { minLength: 1, maxLength: 10 })
      .chain(statements =>
        fc.tuple(
          fc.constant(statements),
          fc.shuffledSubarray([...statements, ...statements], { minLength: statements.length * 2 }),
        ),
      )
    const weight = ({ status, incarnation }: Statement) => incarnation * 10 + RANKS.indexOf(status)
    fc.assert(
      fc.property(heardTwice, ([statements, shuffled]) => {
        const [highest] = statements.toSorted((a, b) => weight(b) - weight(a))
        const first = { status: 'alive', incarnation: 1 } as const
        const expected = highest && weight(highest) > weight(first) ? highest : first
        assert.deepEqual(believed(statements), expected)
        assert.deepEqual(believed(shuffled), expected)
      }),
    )
  })
})

describe('a doubt', () => {
  test('of somebody nobody has heard of is nothing', () => {
    const machine = membershipOf()
    assert.deepEqual(machine.step(accused(), 1), [])
    assert.deepEqual(machine.members(), [])
  })

  test('of a later life begins anew: what was left of the one before does not count', () => {
    const machine = membershipOf({ events: [heard(), accused()] })
    runUntil(machine, 1_900)
    machine.step(accused({ incarnation: 2 }), 1_900)
    // Two periods of 500 ms times 4, from the later doubt.
    assert.deepEqual(statusesOf(runUntil(machine, 10_000)), [{ atMs: 3_900, status: 'dead' }])
  })

  test('ends when the member itself says that it lives on', () => {
    const machine = membershipOf({ events: [...met('z'), accused()] })
    assert.equal(machine.member('z')?.status, 'suspect')
    machine.step(received('z', { type: 'nack', sequence: 0 }), 5)
    assert.equal(machine.member('z')?.status, 'suspect')
    const head = { incarnation: 2, version: 1 }
    machine.step(received('z', { type: 'nack', sequence: 0 }, { head }), 6)
    const { status, incarnation } = machine.member('z') ?? {}
    assert.deepEqual({ status, incarnation }, { status: 'alive', incarnation: 2 })
  })

  test('is told again to others when the doubted says anything new but a new life', () => {
    const machine = membershipOf({ events: [...met('y'), heard(), accused()] })
    for (let sent = 0; sent < 20; sent += 1) saidTo(machine, 'y', 1)
    assert.deepEqual(saidTo(machine, 'y', 1).accusations, [])
    const [news] = ofType(machine.step(heard({ version: 2 }), 2), 'send')
    assert.deepEqual(news?.message.accusations, [
      { peer: 'z', status: 'suspect', incarnation: 1, accuser: SELF },
    ])
    assert.equal(machine.member('z')?.status, 'suspect')
  })
})

describe('a doubt of another is ours too', () => {
  /** In a mesh of five; how many accusers of `z` are passed on. */
  const accusersTold = (events: readonly MembershipEvent[], atMs: number) => {
    const machine = membershipOf({ events: met('x', 'y', 'z', 'w') })
    const others = answering('w', 'x', 'y')
    const done = [...events.flatMap(event => machine.step(event, 0))]
    done.push(...runUntil(machine, atMs, others).map(({ effect }) => effect))
    done.push(...machine.step(accused({ accuser: 'y' }), atMs))
    return new Set(
      ofType(done, 'send').flatMap(({ message }) =>
        message.accusations.filter(({ peer }) => peer === 'z').map(({ accuser }) => accuser),
      ),
    )
  }
  const help = received('y', { type: 'ping-request', sequence: 1, target: 'z' })

  test('if it had asked us for help, and we did not reach it either', () => {
    assert.isTrue(accusersTold([help], 210).has(SELF))
  })

  test('not if we were not asked', () => {
    assert.isFalse(accusersTold([], 210).has(SELF))
  })
})

describe('a member that others doubt', () => {
  test('is probed next by about three of those who hear of it', () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${index + 10}`)
    let hurriedCount = 0
    for (let seed = 0; seed < 600; seed += 1) {
      const machine = membershipOf({ seed, events: met(...names) })
      machine.step(accused({ peer: 'p20' }), 0)
      const pings = runUntil(machine, 500, answering(...names)).flatMap(({ effect }) =>
        effect.type === 'send' && effect.message.body.type === 'ping' ? [effect.to] : [],
      )
      if (pings[0] === 'p20') hurriedCount += 1
    }
    // 3 of 29, and 1 of 30 whose turn it is: 82 of 600. By turn alone it would be 20.
    assert.ok(hurriedCount >= 55 && hurriedCount <= 110, `${hurriedCount} of 600`)
  })
})

describe('a death that others report', () => {
  const reported = (heardMsAgo: number) => {
    const machine = membershipOf({ events: met('z') })
    runUntil(machine, 5_000, answering('z'))
    machine.step(peerHeard(), 5_000)
    const atMs = 5_000 + heardMsAgo
    runUntil(machine, atMs - 1)
    machine.step(accused({ status: 'dead' }), atMs)
    return machine.member('z')?.status
  }

  test('of a member that we heard within two periods is a doubt', () => {
    assert.equal(reported(999), 'suspect')
  })

  test('of a member that we did not hear for two periods is believed', () => {
    assert.equal(reported(1_000), 'dead')
  })

  test('of a member that we never heard ourselves is believed', () => {
    assert.deepEqual(believed([{ status: 'dead', incarnation: 1 }]), {
      status: 'dead',
      incarnation: 1,
    })
  })

  test('that is a doubt to us is told to others as one', () => {
    const machine = membershipOf({ events: [...met('z'), ...met('y')] })
    machine.step(accused({ status: 'dead' }), 1)
    assert.deepEqual(
      saidTo(machine, 'y', 2).accusations.map(({ peer, status }) => [peer, status]),
      [['z', 'suspect']],
    )
  })
})

describe('who is doubted', () => {
  const accusesUs = (incarnation: number, status: 'suspect' | 'dead' = 'suspect') =>
    accused({ peer: SELF, incarnation, status })

  for (const status of ['suspect', 'dead'] as const) {
    test(`refutes that it is ${status} at once, with a higher incarnation`, () => {
      const machine = membershipOf()
      const effects = machine.step(accusesUs(SELF_INCARNATION, status), 1)
      const [published] = ofType(effects, 'publish')
      assert.equal(published?.claim.incarnation, SELF_INCARNATION + 1)
      assert.isFalse(published?.claim.isLeaving)
    })
  }

  test('outbids a doubt of a life that is not its own yet', () => {
    const machine = membershipOf()
    machine.step(accusesUs(40), 1)
    assert.equal(machine.ownClaim.incarnation, 41)
  })

  test('says its refutation with its next messages too', () => {
    const machine = membershipOf({ events: met('y') })
    for (let sent = 0; sent < 8; sent += 1) saidTo(machine, 'y', 1)
    assert.notInclude(saidTo(machine, 'y', 1).claims, SELF)
    machine.step(accusesUs(SELF_INCARNATION), 2)
    const { head, claims } = saidTo(machine, 'y', 2)
    assert.equal(head.incarnation, SELF_INCARNATION + 1)
    assert.include(claims, SELF)
  })

  test('repeats to who has missed it what it has refuted before, and outbids nothing', () => {
    const machine = membershipOf({ events: met('y') })
    machine.step(accusesUs(SELF_INCARNATION), 1)
    for (let sent = 0; sent < 8; sent += 1) saidTo(machine, 'y', 2)
    assert.deepEqual(ofType(machine.step(accusesUs(SELF_INCARNATION), 3), 'publish'), [])
    assert.include(saidTo(machine, 'y', 3).claims, SELF)
    assert.equal(machine.ownClaim.incarnation, SELF_INCARNATION + 1)
  })

  test('takes it as a sign that it may be sick itself, once for each refutation', () => {
    const machine = membershipOf()
    machine.step(accusesUs(SELF_INCARNATION), 1)
    machine.step(accusesUs(SELF_INCARNATION), 1)
    assert.equal(machine.healthScore, 1)
  })

  test('and leaves does not refute', () => {
    const machine = membershipOf({ events: [leave] })
    assert.deepEqual(machine.step(accusesUs(SELF_INCARNATION, 'dead'), 1), [])
    assert.isTrue(machine.ownClaim.isLeaving)
  })
})

describe('who doubts a member', () => {
  const doubting = (status: 'suspect' | 'dead') => {
    const machine = membershipOf({ events: [heard(), accused({ status })] })
    machine.step({ type: 'connected', peer: 'z', rttMs: 1 }, 1)
    return machine
  }

  for (const status of ['suspect', 'dead'] as const) {
    test(`tells it that it is ${status} as soon as anything comes from it`, () => {
      const machine = doubting(status)
      const effects = machine.step(peerHeard(), 2)
      assert.lengthOf(effects, 1)
      const [told] = ofType(effects, 'send')
      assert.equal(told?.to, 'z')
      const doubt = { peer: 'z', status, incarnation: 1, accuser: SELF }
      assert.deepEqual(told?.message.accusations[0], doubt)
    })
  }

  test('tells it no more often than twice a second', () => {
    const machine = doubting('dead')
    const toldAtMs: number[] = []
    for (let atMs = 2; atMs < 2_000; atMs += 10) {
      if (machine.step(peerHeard(), atMs).length > 0) toldAtMs.push(atMs)
    }
    assert.deepEqual(toldAtMs, [2, 502, 1_002, 1_502])
  })

  test('tells it with whatever else is sent to it', () => {
    const machine = membershipOf({ events: [...met('z'), ...met('y'), accused()] })
    for (let sent = 0; sent < 20; sent += 1) saidTo(machine, 'y', 1)
    assert.deepEqual(saidTo(machine, 'y', 1).accusations, [])
    assert.deepEqual(
      saidTo(machine, 'z', 1).accusations.map(({ peer }) => peer),
      ['z'],
    )
  })
})

describe('a suspect that we heard since the doubt began', () => {
  test('does not die by our clock; the doubt begins anew, and others are told again', () => {
    const machine = membershipOf({ events: [heard(), ...met('y'), accused()] })
    const others = answering('y')
    runUntil(machine, 1_000, others)
    machine.step(peerHeard(), 1_000)
    const rest = runUntil(machine, 10_000, others)
    assert.deepEqual(statusesOf(rest), [{ atMs: 4_000, status: 'dead' }])
    const again = rest.some(({ atMs, effect }) => {
      if (effect.type !== 'send' || atMs < 2_000 || atMs >= 4_000) return false
      return effect.message.accusations.some(
        ({ peer, accuser }) => peer === 'z' && accuser === SELF,
      )
    })
    assert.isTrue(again)
  })

  test('dies by the word of another, once we have not heard it for two periods', () => {
    const machine = membershipOf({ events: [heard(), accused()] })
    machine.step(peerHeard(), 500)
    machine.step(accused({ status: 'dead' }), 1_499)
    assert.equal(machine.member('z')?.status, 'suspect')
    machine.step(accused({ status: 'dead' }), 1_500)
    assert.equal(machine.member('z')?.status, 'dead')
  })
})
