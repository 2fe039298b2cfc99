/**
 * When our own claims go out, and what they say.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { NEVER } from '../../src/core/machine.ts'
import type { MembershipEvent } from '../../src/membership/peer-table.ts'
import { claimOf, factsOf, heard, loadOf, ofType, runUntil, SELF, tableOf, tick } from './scene.ts'

const changed = (queuedCount: number): MembershipEvent => ({
  type: 'self-changed',
  load: loadOf(queuedCount),
})

describe('our claim', () => {
  test('goes out with the first tick, which is due at once', () => {
    const table = tableOf()
    assert.equal(table.ownClaim.version, 1)
    assert.equal(table.wakeAtMs, 2_000)
  })

  test('goes out at once when something changes and the last is long enough ago', () => {
    const table = tableOf()
    const [publish, ...more] = table.step(changed(3), 100)
    assert.deepEqual(more, [])
    assert.deepEqual(publish, {
      type: 'publish',
      claim: { ...table.ownClaim, version: 2, load: loadOf(3) },
    })
  })

  test('waits for the interval after the last, and then says all that has changed', () => {
    const table = tableOf()
    assert.deepEqual(table.step(changed(3), 1), [])
    assert.deepEqual(table.step(changed(4), 99), [])
    assert.equal(table.wakeAtMs, 100)
    assert.deepEqual(table.step(tick, 99.9), [])

    const published = ofType(table.step(tick, 100), 'publish')
    assert.deepEqual(published[0]?.claim.load, loadOf(4))
    assert.equal(table.wakeAtMs, 2_100)
  })

  test('goes out without a change as a heartbeat, with a new version', () => {
    const versions = runUntil(tableOf(), 6_000).map(({ atMs, effect }) => ({
      atMs,
      version: effect.type === 'publish' ? effect.claim.version : undefined,
    }))
    assert.deepEqual(versions, [
      { atMs: 2_000, version: 2 },
      { atMs: 4_000, version: 3 },
      { atMs: 6_000, version: 4 },
    ])
  })

  test('always has the facts, and counts their changes', () => {
    const table = tableOf()
    table.step(changed(1), 200)
    assert.equal(table.ownClaim.factsVersion, 1)
    assert.equal(table.ownClaim.facts?.name, SELF)

    table.step({ type: 'self-changed', facts: factsOf('renamed') }, 400)
    assert.equal(table.ownClaim.factsVersion, 2)
    assert.equal(table.ownClaim.facts?.name, 'renamed')
    assert.deepEqual(table.ownClaim.load, loadOf(1))
  })
})

describe('when we leave', () => {
  test('the last claim says so at once, and none follows', () => {
    const table = tableOf()
    const published = ofType(table.step({ type: 'leave' }, 1), 'publish')
    assert.isTrue(published[0]?.claim.isLeaving)
    assert.equal(published[0]?.claim.version, 2)
    assert.equal(table.wakeAtMs, NEVER)

    assert.deepEqual(table.step({ type: 'leave' }, 2), [])
    assert.deepEqual(table.step(changed(1), 5_000), [])
    assert.deepEqual(table.step(heard({ peer: SELF, incarnation: 99 }), 6_000), [])
  })

  test('nobody is dialled any more', () => {
    const table = tableOf({ events: [heard({ peer: 'a' })] })
    table.step({ type: 'leave' }, 1)
    table.step(heard({ peer: 'zz' }), 2)
    const dials = runUntil(table, 100_000).filter(({ effect }) => effect.type === 'dial')
    assert.deepEqual(dials, [])
  })
})

describe('a claim of ours that we did not make', () => {
  test('is outbid, since others would go by it', () => {
    const table = tableOf()
    const [publish] = ofType(table.step(heard({ peer: SELF, incarnation: 50 }), 200), 'publish')
    assert.equal(publish?.claim.incarnation, 51)
    assert.equal(publish?.claim.facts?.name, SELF)
  })

  test('is outbid no faster than any change is told', () => {
    const table = tableOf()
    assert.deepEqual(table.step(heard({ peer: SELF, incarnation: 50 }), 1), [])
    assert.equal(table.wakeAtMs, 100)
  })

  test('is nothing new if it is our own, come back', () => {
    const table = tableOf()
    assert.deepEqual(table.step({ type: 'claim-heard', claim: table.ownClaim }, 500), [])
    assert.deepEqual(table.step({ type: 'claim-heard', claim: claimOf({ peer: SELF }) }, 500), [])
    assert.deepEqual(table.members(), [])
  })
})

test('in any sequence, claims are neither closer than the least nor further than the most', () => {
  const happening = fc.record({
    waitMs: fc.nat(700),
    event: fc.constantFrom<MembershipEvent>(
      changed(1),
      tick,
      heard({ peer: SELF, incarnation: 99 }),
    ),
  })
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), happenings => {
      const table = tableOf()
      const publishedAtMs = [0]
      const versions = [table.ownClaim]
      let nowMs = 0
      const note = (atMs: number, effects: ReturnType<typeof table.step>) => {
        for (const { claim } of ofType(effects, 'publish')) {
          publishedAtMs.push(atMs)
          versions.push(claim)
        }
      }
      for (const { waitMs, event } of happenings) {
        for (const { atMs, effect } of runUntil(table, nowMs + waitMs)) note(atMs, [effect])
        nowMs += waitMs
        note(nowMs, table.step(event, nowMs))
      }
      for (const { atMs, effect } of runUntil(table, nowMs + 2_000)) note(atMs, [effect])

      for (const [index, atMs] of publishedAtMs.slice(1).entries()) {
        const gapMs = atMs - (publishedAtMs[index] as number)
        assert.ok(gapMs >= 100 && gapMs <= 2_000, `${gapMs} ms between two claims`)
      }
      for (const [index, claim] of versions.slice(1).entries()) {
        const before = versions[index]
        assert.ok(
          before && (claim.incarnation > before.incarnation || claim.version > before.version),
        )
      }
    }),
  )
})
