/**
 * What holds in every history, whatever the events and their order.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { MembershipEffect, MembershipEvent } from '../../src/membership/events.ts'
import type { Membership } from '../../src/membership/membership.ts'
import { MESSAGE_LIMITS, type MessageBody } from '../../src/membership/message.ts'
import { isNewer } from '../../src/membership/peer-claim.ts'
import {
  accusationOf,
  connected,
  connectionLost,
  dialFailed,
  factsOf,
  heard,
  leave,
  loadOf,
  membershipOf,
  ofType,
  peerHeard,
  reachable,
  received,
  runUntil,
  SELF,
  tick,
} from './scene.ts'

const peer = fc.constantFrom('a', 'b', 'y', 'z')
const anyone = fc.oneof(peer, fc.constant(SELF))
const incarnation = fc.integer({ min: 1, max: 12 })
const sequence = fc.nat(12)

const claim = fc.record({ peer, incarnation, version: fc.nat(6) }).map(it => {
  const { version } = it
  const factsVersion = Math.floor(version / 2)
  const state = { factsVersion, load: loadOf(version), isLeaving: version === 6 }
  return heard({ ...it, ...state })
})

const entry = fc.record({
  peer: anyone,
  status: fc.constantFrom('alive' as const, 'suspect' as const, 'dead' as const, 'left' as const),
  incarnation,
  version: fc.nat(6),
})

const body: fc.Arbitrary<MessageBody> = fc.oneof(
  fc.record({ type: fc.constantFrom('ping' as const, 'ack' as const, 'nack' as const), sequence }),
  fc.record({ type: fc.constant('ping-request' as const), sequence, target: anyone }),
  fc.record({
    type: fc.constant('digest' as const),
    hashes: fc.array(fc.nat(), { maxLength: 32 }),
  }),
  fc.record({
    type: fc.constant('entries' as const),
    buckets: fc.array(fc.nat(31), { maxLength: 32 }),
    entries: fc.array(entry, { maxLength: 5 }),
  }),
  fc.record({ type: fc.constant('delta' as const), wanted: fc.array(anyone, { maxLength: 4 }) }),
  fc.record({ type: fc.constantFrom('release' as const, 'news' as const) }),
)

const accusation = fc
  .record({
    peer: anyone,
    incarnation,
    accuser: peer,
    status: fc.constantFrom('suspect' as const, 'dead' as const),
  })
  .map(accusationOf)

const message = fc
  .record({
    from: peer,
    body,
    head: fc.record({ incarnation, version: fc.nat(6) }),
    accusations: fc.array(accusation, { maxLength: 3 }),
  })
  .map(({ from, ...it }) => received(from, it.body, it))

const event: fc.Arbitrary<MembershipEvent> = fc.oneof(
  { weight: 3, arbitrary: claim },
  { weight: 4, arbitrary: message },
  peer.map(peerHeard),
  { weight: 2, arbitrary: peer.map(name => connected(name)) },
  { weight: 2, arbitrary: fc.tuple(peer, fc.boolean()).map(([name, is]) => reachable(name, is)) },
  peer.map(connectionLost),
  fc.tuple(peer, fc.boolean()).map(([name, is]) => dialFailed(name, is)),
  fc.nat(3).map(count => ({ type: 'self-changed' as const, load: loadOf(count) })),
  fc.constant({ type: 'self-changed' as const, facts: factsOf('renamed') }),
  fc.constant(tick),
)

const waitMs = fc.oneof(fc.constant(0), fc.nat(400), fc.nat(9_000))

/** `isDeaf`: nothing is done meanwhile, not even what is due. */
const history = fc.array(fc.record({ event, waitMs, isDeaf: fc.boolean() }), { maxLength: 60 })

type Happenings = typeof history extends fc.Arbitrary<infer Value> ? Value : never

interface Step {
  readonly machine: Membership
  readonly event: MembershipEvent
  readonly effects: readonly MembershipEffect[]
  readonly nowMs: number
}

const options = { forgetAfterMs: 20_000, neighboursMin: 2 }

/** Plays a history with all that is due in between, and checks each step. */
function play(
  happenings: Happenings,
  check: (step: Step) => void,
  machine = membershipOf({ options }),
): { readonly machine: Membership; readonly nowMs: number } {
  let nowMs = 0
  const take = (taken: MembershipEvent, atMs: number) => {
    nowMs = Math.max(nowMs, atMs)
    const effects = machine.step(taken, nowMs)
    check({ machine, event: taken, effects, nowMs })
  }
  for (const { event: next, waitMs: forMs, isDeaf } of happenings) {
    const endMs = nowMs + forMs
    while (!isDeaf && machine.wakeAtMs <= endMs) take(tick, machine.wakeAtMs)
    take(next, endMs)
  }
  return { machine, nowMs }
}

describe('in every history', () => {
  test('a tick moves the next one later, and leaves nothing due undone', () => {
    fc.assert(
      fc.property(history, happenings => {
        play(happenings, ({ machine, event: taken, nowMs }) => {
          if (taken.type === 'tick') assert.isAbove(machine.wakeAtMs, nowMs)
        })
      }),
    )
  })

  test('the effects alone tell a listener all statuses and states', () => {
    fc.assert(
      fc.property(history, happenings => {
        const told = new Map<string, { status?: string; facts?: unknown; load?: unknown }>()
        play(happenings, ({ machine, effects }) => {
          for (const effect of effects) listen(told, effect)
          const members = machine
            .members()
            .map(({ peer: name, status, facts, load }) => [name, { status, facts, load }] as const)
          assert.deepEqual(told, new Map(members))
        })
      }),
    )
  })

  test('a status that is told is another than before', () => {
    fc.assert(
      fc.property(history, happenings => {
        const told = new Map<string, string>()
        play(happenings, ({ effects }) => {
          for (const effect of effects) {
            if (effect.type === 'peer-forgotten') told.delete(effect.peer)
            if (effect.type !== 'status-changed') continue
            assert.notEqual(told.get(effect.peer), effect.status)
            told.set(effect.peer, effect.status)
          }
        })
      }),
    )
  })

  test('only members without a connection, that have an address and not left, are dialled', () => {
    fc.assert(
      fc.property(history, happenings => {
        play(happenings, ({ machine, effects }) => {
          for (const effect of effects) {
            if (effect.type !== 'dial') continue
            const member = machine.member(effect.peer)
            assert.isFalse(member?.isConnected)
            assert.notEqual(member?.status, 'left')
            assert.deepEqual(effect.addresses, [`/${effect.peer}`])
          }
        })
      }),
    )
  })

  test('no message goes to us, nor is larger than others take', () => {
    const { claimsMax, accusationsMax } = MESSAGE_LIMITS
    fc.assert(
      fc.property(history, happenings => {
        play(happenings, ({ machine, effects }) => {
          for (const effect of effects) {
            if (effect.type !== 'send') continue
            const { to, message: said } = effect
            assert.notEqual(to, SELF)
            assert.isAtMost(said.claims.length, claimsMax)
            assert.isAtMost(said.accusations.length, accusationsMax)
            assert.isFalse(said.accusations.some(({ peer: accused }) => accused === SELF))
            const { ownClaim } = machine
            assert.isAtMost(said.head.incarnation, ownClaim.incarnation)
          }
        })
      }),
    )
  })

  test('our own claims are in order', () => {
    fc.assert(
      fc.property(history, happenings => {
        let last = membershipOf({ options }).ownClaim
        play(happenings, ({ effects }) => {
          for (const { claim: said } of ofType(effects, 'publish')) {
            assert.isTrue(isNewer(said, last))
            last = said
          }
        })
      }),
    )
  })

  test('we are of a life above every doubt of us that we have heard', () => {
    fc.assert(
      fc.property(history, happenings => {
        play(happenings, ({ machine, event: taken }) => {
          if (taken.type !== 'message-received') return
          for (const { peer: accused, incarnation: held } of taken.message.accusations) {
            if (accused === SELF) assert.isAbove(machine.ownClaim.incarnation, held)
          }
        })
      }),
    )
  })

  test('whoever we cannot reach is dead in the end, and forgotten', () => {
    fc.assert(
      fc.property(history, happenings => {
        const { machine, nowMs } = play(happenings, () => {})
        for (const name of ['a', 'b', 'y', 'z']) machine.step(connectionLost(name), nowMs)
        runUntil(machine, nowMs + 120_000)
        assert.deepEqual(machine.members(), [])
      }),
      { numRuns: 50 },
    )
  })

  test('after leaving nothing is said, dialled or closed', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const { machine, nowMs } = play(before, () => {})
        machine.step(leave, nowMs)
        const later = after.map(one => ({ ...one, waitMs: one.waitMs + nowMs }))
        play(
          later,
          ({ effects }) => {
            for (const { type } of effects) {
              assert.notInclude(['publish', 'send', 'dial', 'disconnect'], type)
            }
          },
          machine,
        )
      }),
    )
  })

  test('equal seeds act equally', () => {
    fc.assert(
      fc.property(history, happenings => {
        const run = () => {
          const done: unknown[] = []
          play(happenings, ({ effects, nowMs }) => done.push({ effects, nowMs }))
          return done
        }
        assert.deepEqual(run(), run())
      }),
      { numRuns: 30 },
    )
  })
})

function listen(
  told: Map<string, { status?: string; facts?: unknown; load?: unknown }>,
  effect: MembershipEffect,
): void {
  if (effect.type === 'peer-forgotten') told.delete(effect.peer)
  if (effect.type === 'status-changed') {
    told.set(effect.peer, { ...told.get(effect.peer), status: effect.status })
  }
  if (effect.type === 'state-changed') {
    const { facts, load } = effect
    told.set(effect.peer, { ...told.get(effect.peer), facts, load })
  }
}
