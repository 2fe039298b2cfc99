/**
 * How long a member is doubted before it is dead.
 *
 * Source: Dadgar, Phillips, Currey, "Lifeguard", 2017, section IV.B; the constants and k of
 * HashiCorp memberlist. Expected values are worked out by hand from the formula.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { NEVER } from '../../src/core/machine.ts'
import { membershipOptions } from '../../src/membership/options.ts'
import { PUBLIC, Suspicion, suspicionTimes } from '../../src/membership/suspicion.ts'
import { accused, heard, membershipOf, runUntil, statusesOf, tick } from './scene.ts'

const options = membershipOptions.parse({})

describe('the times of a suspicion', () => {
  // Least: 4 periods of 500 ms, times log10 N from N = 10 on. Most: 6 times as long. Wanted: 4 - 2.
  const cases = [
    { memberCount: 2, minMs: 2_000, maxMs: 12_000, confirmationsWanted: 0 },
    { memberCount: 3, minMs: 2_000, maxMs: 12_000, confirmationsWanted: 0 },
    { memberCount: 4, minMs: 2_000, maxMs: 12_000, confirmationsWanted: 2 },
    { memberCount: 10, minMs: 2_000, maxMs: 12_000, confirmationsWanted: 2 },
    { memberCount: 100, minMs: 4_000, maxMs: 24_000, confirmationsWanted: 2 },
    { memberCount: 1_000, minMs: 6_000, maxMs: 36_000, confirmationsWanted: 2 },
  ]
  for (const { memberCount, ...times } of cases) {
    test(`in a mesh of ${memberCount} are ${times.minMs} to ${times.maxMs} ms`, () => {
      const found = suspicionTimes(memberCount, options)
      assert.closeTo(found.minMs, times.minMs, 1e-6)
      assert.closeTo(found.maxMs, times.maxMs, 1e-6)
      assert.equal(found.confirmationsWanted, times.confirmationsWanted)
    })
  }

  test('want no confirmation if the multiplier is 2 or less', () => {
    for (const suspicionMultiplier of [1, 2, 2.9]) {
      const times = suspicionTimes(50, { ...options, suspicionMultiplier })
      assert.equal(times.confirmationsWanted, 0)
    }
  })
})

const times = { minMs: 2_000, maxMs: 12_000, confirmationsWanted: 2 }

function suspicionOf(change: Partial<typeof times> = {}, publicAtMs = PUBLIC) {
  return new Suspicion({ accuser: 'a', publicAtMs }, { ...times, ...change }, 100)
}

describe('the deadline', () => {
  test('comes nearer with each confirmation, by the logarithm', () => {
    const suspicion = suspicionOf()
    assert.equal(suspicion.deadlineMs, 100 + 12_000)
    assert.isTrue(suspicion.confirm('b'))
    // 12000 - 10000 ln 2 / ln 3
    assert.closeTo(suspicion.deadlineMs, 100 + 5_690.702_5, 1e-3)
    assert.isTrue(suspicion.confirm('c'))
    assert.equal(suspicion.deadlineMs, 100 + 2_000)
  })

  test('is the least one from the start if nobody could confirm', () => {
    assert.equal(suspicionOf({ confirmationsWanted: 0 }).deadlineMs, 2_100)
  })

  test('is moved by one accuser once, and by no more than are wanted', () => {
    const suspicion = suspicionOf()
    assert.isFalse(suspicion.confirm('a'), 'the first accuser confirms nothing')
    assert.isTrue(suspicion.confirm('b'))
    assert.isFalse(suspicion.confirm('b'))
    assert.isTrue(suspicion.confirm('c'))
    assert.isFalse(suspicion.confirm('d'), 'k are enough')
    assert.isFalse(suspicionOf({ confirmationsWanted: 0 }).confirm('b'))
  })

  test('is soon once the host refuses, and a later refusal does not move it back', () => {
    const suspicion = suspicionOf()
    suspicion.refused(300, 1_000)
    suspicion.refused(900, 1_000)
    assert.equal(suspicion.deadlineMs, 1_300)
  })

  test('is not moved back by a refusal that leaves more time than there was', () => {
    const suspicion = suspicionOf({ confirmationsWanted: 0 })
    suspicion.refused(2_000, 1_000)
    assert.equal(suspicion.deadlineMs, 2_100)
  })

  test('moves back by what we could not hear, refused or not', () => {
    const suspicion = suspicionOf()
    suspicion.extend(4_000)
    assert.equal(suspicion.deadlineMs, 100 + 12_000 + 4_000)
    suspicion.refused(300, 1_000)
    assert.equal(suspicion.deadlineMs, 1_300 + 4_000)
  })

  test('never moves back by confirmations and refusals, and never below the least', () => {
    const happening = fc.oneof(
      fc.record({ accuser: fc.constantFrom('a', 'b', 'c', 'd', 'e') }),
      fc.record({ refusedAtMs: fc.integer({ min: 100, max: 12_000 }) }),
    )
    const history = fc.tuple(fc.nat(8), fc.array(happening, { maxLength: 12 }))
    fc.assert(
      fc.property(history, ([confirmationsWanted, happenings]) => {
        const suspicion = suspicionOf({ confirmationsWanted })
        for (const one of happenings) {
          const before = suspicion.deadlineMs
          if ('accuser' in one) suspicion.confirm(one.accuser)
          else suspicion.refused(one.refusedAtMs, 2_500)
          assert.isAtMost(suspicion.deadlineMs, before)
          assert.isAtLeast(suspicion.deadlineMs, 2_100 - 1e-9)
        }
      }),
    )
  })
})

describe('a doubt that is ours alone', () => {
  test('wakes us to tell the others, and once they are told at its deadline', () => {
    const suspicion = suspicionOf({}, 700)
    assert.isFalse(suspicion.isPublic)
    assert.equal(suspicion.wakeAtMs, 700)
    assert.isFalse(suspicion.isTellingDue(699))
    assert.isTrue(suspicion.isTellingDue(700))
    suspicion.publish()
    assert.isTrue(suspicion.isPublic)
    assert.isFalse(suspicion.isTellingDue(700))
    assert.equal(suspicion.wakeAtMs, 12_100)
  })

  test('wakes us at its deadline if that is sooner', () => {
    const suspicion = suspicionOf({}, NEVER)
    suspicion.refused(100, 50)
    assert.equal(suspicion.wakeAtMs, 150)
  })
})

describe('in a mesh of four', () => {
  /** When `z` dies that these accused, each at its time; nobody else says a word. */
  const diesAtMs = (...accusers: readonly (readonly [string, number])[]) => {
    const machine = membershipOf({ events: ['w', 'x', 'z'].map(peer => heard({ peer })) })
    for (const [accuser, atMs] of accusers) {
      runUntil(machine, atMs)
      machine.step(accused({ accuser }), atMs)
    }
    return statusesOf(runUntil(machine, 30_000)).find(({ status }) => status === 'dead')?.atMs
  }

  test('a suspect that two more members doubt is dead after the least time', () => {
    assert.equal(diesAtMs(['a', 0], ['b', 10], ['c', 20]), 2_000)
  })

  test('a suspect is dead with the very probe that confirms a doubt late', () => {
    // Nobody helps, so our probes become slower and slower, and some fail after the least time.
    for (let seed = 0; seed < 60; seed += 1) {
      const events = [...['u', 'v', 'w', 'x', 'z'].map(peer => heard({ peer })), accused()]
      const machine = membershipOf({ seed, events })
      while (machine.member('z')?.status === 'suspect') {
        const atMs = machine.wakeAtMs
        machine.step(tick, atMs)
        assert.isAbove(machine.wakeAtMs, atMs)
      }
    }
  })

  test('one accuser is one accuser, however often it says so', () => {
    // Our own probe, which fails too, is the one confirmation.
    assert.closeTo(diesAtMs(['a', 0], ['a', 10], ['a', 20]) ?? 0, 5_690.7, 0.1)
  })
})
