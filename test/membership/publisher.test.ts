/**
 * When our own claims go out, and what they say.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { NEVER } from '../../src/core/machine.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import type { MembershipEvent } from '../../src/membership/events.ts'
import { membershipOptions } from '../../src/membership/options.ts'
import { Publisher } from '../../src/membership/publisher.ts'
import {
  accused,
  claimOf,
  connectionLost,
  type Done,
  factsOf,
  heard,
  leave,
  loadOf,
  membershipOf,
  met,
  ofType,
  peerHeard,
  reachable,
  received,
  runUntil,
  SELF,
  SELF_INCARNATION,
  saidTo,
  tick,
} from './scene.ts'

const changed = (queuedCount: number): MembershipEvent => ({
  type: 'self-changed',
  load: loadOf(queuedCount),
})

const renamed = (name: string): MembershipEvent => ({ type: 'self-changed', facts: factsOf(name) })

/** Versions of our claims, and when they went out. */
const publishedOf = (done: readonly Done[]) =>
  done.flatMap(({ atMs, effect }) =>
    effect.type === 'publish' ? [{ atMs, version: effect.claim.version }] : [],
  )

describe('our claim', () => {
  test('goes out with the first tick, which is due at once', () => {
    const first = { incarnation: 1, facts: factsOf(SELF), load: NO_LOAD }
    const publisher = new Publisher({ peer: SELF, ...first }, membershipOptions.parse({}))
    assert.equal(publisher.dueAtMs, 0)
    assert.equal(publisher.publish(12_345)?.version, 1)
    assert.equal(publisher.dueAtMs, NEVER)
  })

  test('goes out at once when something changes and the last is long enough ago', () => {
    const machine = membershipOf()
    const [publish, ...more] = machine.step(changed(3), 100)
    assert.deepEqual(more, [])
    assert.deepEqual(publish, {
      type: 'publish',
      claim: { ...machine.ownClaim, version: 2, load: loadOf(3) },
    })
  })

  test('waits for the interval after the last, and then says all that has changed', () => {
    const machine = membershipOf()
    assert.deepEqual(machine.step(changed(3), 1), [])
    assert.deepEqual(machine.step(changed(4), 99), [])
    assert.deepEqual(runUntil(machine, 99.9), [])
    assert.equal(machine.wakeAtMs, 100)

    const published = ofType(machine.step(tick, 100), 'publish')
    assert.deepEqual(published[0]?.claim.load, loadOf(4))
    assert.isAbove(machine.wakeAtMs, 100)
  })

  test('does not go out without a change', () => {
    assert.deepEqual(publishedOf(runUntil(membershipOf(), 60_000)), [])
    const machine = membershipOf()
    assert.deepEqual(
      ofType(machine.step({ type: 'self-changed', load: NO_LOAD }, 500), 'publish'),
      [],
    )
  })

  test('always has the facts, and counts their changes', () => {
    const machine = membershipOf()
    machine.step(changed(1), 200)
    assert.equal(machine.ownClaim.factsVersion, 1)
    assert.equal(machine.ownClaim.facts?.name, SELF)

    machine.step(renamed('renamed'), 400)
    assert.equal(machine.ownClaim.factsVersion, 2)
    assert.equal(machine.ownClaim.facts?.name, 'renamed')
    assert.deepEqual(machine.ownClaim.load, loadOf(1))
  })

  test('goes out less often the larger the mesh, so that all together stay within the limit', () => {
    const options = { claimsPerSecondMax: 40 }
    const others = Array.from({ length: 39 }, (_, index) => heard({ peer: `p${index}` }))
    const machine = membershipOf({ options, events: others })
    const times: number[] = []
    for (let atMs = 10; atMs <= 10_000; atMs += 10) {
      if (machine.wakeAtMs <= atMs)
        times.push(...publishedOf(runUntil(machine, atMs)).map(({ atMs: at }) => at))
      if (ofType(machine.step(changed(atMs), atMs), 'publish').length > 0) times.push(atMs)
    }
    // Forty that say so much each: a claim a second is the share of one.
    assert.ok(times.length >= 9 && times.length <= 10, `${times.length} claims`)
  })

  test('is carried by messages if it says more than a new load', () => {
    const news = (event: MembershipEvent) => {
      const machine = membershipOf({ events: met('y') })
      for (let sent = 0; sent < 8; sent += 1) saidTo(machine, 'y', 1)
      machine.step(event, 500)
      return saidTo(machine, 'y', 501).claims
    }
    assert.deepEqual(news(changed(3)), [])
    assert.deepEqual(news(renamed('renamed')), [SELF])
    assert.deepEqual(news(accused({ peer: SELF, incarnation: SELF_INCARNATION })), [SELF])
  })
})

describe('when we leave', () => {
  test('the last claim says so at once, and none follows', () => {
    const machine = membershipOf()
    const published = ofType(machine.step(leave, 1), 'publish')
    assert.isTrue(published[0]?.claim.isLeaving)
    assert.equal(published[0]?.claim.version, 2)
    assert.equal(machine.wakeAtMs, NEVER)

    assert.deepEqual(machine.step(leave, 2), [])
    assert.deepEqual(machine.step(changed(1), 5_000), [])
    assert.deepEqual(machine.step(heard({ peer: SELF, incarnation: 99 }), 6_000), [])
  })
})

describe('after we have left', () => {
  const left = () =>
    membershipOf({ events: [...met('y', 'z'), accused(), connectionLost('x'), leave] })
  const cases: readonly (readonly [string, MembershipEvent])[] = [
    ['a newer claim of a suspect', heard({ version: 2 })],
    ['a sign of life of a suspect', peerHeard()],
    ['a message', received('y', { type: 'ping', sequence: 1 })],
    ['a lost connection', connectionLost('y')],
    ['a new lane', reachable('y')],
    ['a stranger', heard({ peer: 'zz' })],
    ['time', tick],
  ]
  for (const [what, event] of cases) {
    test(`${what} makes us say or dial nothing`, () => {
      const effects = left().step(event, 5_000)
      const told = ['status-changed', 'state-changed', 'peer-forgotten']
      assert.deepEqual(
        effects.filter(({ type }) => !told.includes(type)),
        [],
      )
    })
  }

  test('whoever had asked us for help is told no more', () => {
    const machine = membershipOf({ events: met('y', 'z') })
    machine.step(received('y', { type: 'ping-request', sequence: 1, target: 'z' }), 1)
    machine.step(leave, 2)
    assert.deepEqual(ofType(machine.step(tick, 5_000), 'send'), [])
  })
})

describe('a claim of ours that we did not make', () => {
  test('is outbid at once, since others would go by it', () => {
    const machine = membershipOf()
    const [publish] = ofType(machine.step(heard({ peer: SELF, incarnation: 50 }), 1), 'publish')
    assert.equal(publish?.claim.incarnation, 51)
    assert.equal(publish?.claim.facts?.name, SELF)
  })

  test('is nothing new if it is our own, come back', () => {
    const machine = membershipOf()
    assert.deepEqual(machine.step({ type: 'claim-heard', claim: machine.ownClaim }, 50), [])
    assert.deepEqual(machine.step({ type: 'claim-heard', claim: claimOf({ peer: SELF }) }, 50), [])
    assert.deepEqual(machine.members(), [])
  })
})

test('in any sequence claims follow each other in order, and no closer than the least interval', () => {
  const happening = fc.record({
    waitMs: fc.nat(700),
    event: fc.oneof(
      fc.nat(3).map(changed),
      fc.constantFrom('a', 'b').map(renamed),
      fc.constant(tick),
    ),
  })
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), happenings => {
      const machine = membershipOf()
      const published = [{ atMs: 0, claim: machine.ownClaim }]
      const note = (atMs: number, effects: ReturnType<typeof machine.step>) => {
        for (const { claim } of ofType(effects, 'publish')) published.push({ atMs, claim })
      }
      let nowMs = 0
      for (const { waitMs, event } of happenings) {
        for (const { atMs, effect } of runUntil(machine, nowMs + waitMs)) note(atMs, [effect])
        nowMs += waitMs
        note(nowMs, machine.step(event, nowMs))
      }
      for (const { atMs, effect } of runUntil(machine, nowMs + 100)) note(atMs, [effect])

      for (const [index, { atMs, claim }] of published.slice(1).entries()) {
        const before = published[index]
        if (before === undefined) return
        assert.isAtLeast(atMs - before.atMs, 100)
        assert.equal(claim.version, before.claim.version + 1)
      }
      const events = happenings.map(({ event }) => event)
      const last = events.findLast(event => event.type === 'self-changed' && 'load' in event)
      if (last?.type === 'self-changed') assert.deepEqual(machine.ownClaim.load, last.load)
    }),
  )
})
