/**
 * What holds for every sequence of events.
 *
 * Goal: tables that heard the same agree; the effects alone tell a listener the table's whole
 * state; a status says what it promises; time always moves on. Method: random histories in
 * virtual time, checked after each step.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { PeerClaim } from '../../src/membership/peer-claim.ts'
import type {
  MembershipEffect,
  MembershipEvent,
  PeerTable,
} from '../../src/membership/peer-table.ts'
import {
  claimOf,
  connected,
  connectionLost,
  dialFailed,
  factsOf,
  loadOf,
  runUntil,
  tableOf,
  tick,
} from './scene.ts'

const peer = fc.constantFrom('a', 'b', 'z')

/** Claims of honest authors: equal versions mean equal content. */
const claim: fc.Arbitrary<PeerClaim> = fc
  .record({
    peer,
    incarnation: fc.integer({ min: 1, max: 3 }),
    version: fc.nat(7),
    hasFacts: fc.boolean(),
  })
  .map(({ incarnation, version, hasFacts, peer: author }) => {
    const factsVersion = Math.floor(version / 3)
    const facts = hasFacts ? factsOf(`${incarnation}.${factsVersion}`, `/${author}`) : undefined
    const isLeaving = version === 7
    const said = { incarnation, version, facts, factsVersion, isLeaving }
    return claimOf({ peer: author, load: loadOf(version), ...said })
  })

const event: fc.Arbitrary<MembershipEvent> = fc.oneof(
  claim.map(said => ({ type: 'claim-heard' as const, claim: said })),
  peer.map(connected),
  peer.map(connectionLost),
  peer.map(dialFailed),
  fc.constant(tick),
  fc.constant<MembershipEvent>({ type: 'self-changed', load: loadOf(1) }),
)

const history = fc.array(fc.record({ event, waitMs: fc.nat(8_000) }), { maxLength: 50 })

interface Step {
  readonly table: PeerTable
  readonly event: MembershipEvent
  readonly effects: readonly MembershipEffect[]
  readonly nowMs: number
}

/** Plays a history, ticking when the table asks for it, and calls `check` after each step. */
function play(
  happenings: readonly { readonly event: MembershipEvent; readonly waitMs: number }[],
  check: (step: Step) => void,
): void {
  const table = tableOf({ options: { forgetAfterMs: 20_000 } })
  let nowMs = 0
  for (const { event: next, waitMs } of happenings) {
    const endMs = nowMs + waitMs
    while (table.wakeAtMs <= endMs) {
      nowMs = Math.max(nowMs, table.wakeAtMs)
      const wakeAtMs = table.wakeAtMs
      const effects = table.step(tick, nowMs)
      assert.isAbove(table.wakeAtMs, wakeAtMs, 'a tick moves the next one later')
      assert.isAbove(table.wakeAtMs, nowMs, 'nothing that is due is left undone')
      check({ table, event: tick, effects, nowMs })
    }
    nowMs = endMs
    check({ table, event: next, effects: table.step(next, nowMs), nowMs })
  }
}

describe('tables that hear the same claims', () => {
  test('end with the same state, in whatever order they hear them', () => {
    const heardAndShuffled = fc
      .array(claim, { maxLength: 12 })
      .chain(claims =>
        fc.tuple(
          fc.constant(claims),
          fc.shuffledSubarray([...claims, ...claims], { minLength: claims.length * 2 }),
        ),
      )
    const stateOf = (claims: readonly PeerClaim[]) => {
      const events = claims.map(said => ({ type: 'claim-heard' as const, claim: said }))
      return tableOf({ events })
        .members()
        .toSorted((a, b) => (a.peer < b.peer ? -1 : 1))
    }
    fc.assert(
      fc.property(heardAndShuffled, ([claims, shuffled]) => {
        assert.deepEqual(stateOf(shuffled), stateOf(claims))
      }),
    )
  })
})

describe('in every history', () => {
  test('the effects alone tell a listener all statuses and states', () => {
    fc.assert(
      fc.property(history, happenings => {
        const told = new Map<string, { status?: string; facts?: unknown; load?: unknown }>()
        play(happenings, ({ table, effects }) => {
          for (const effect of effects) listen(told, effect)
          const members = table
            .members()
            .map(({ peer: name, status, facts, load }) => [name, { status, facts, load }] as const)
          assert.deepEqual(told, new Map(members))
        })
      }),
    )
  })

  test('whoever is alive was heard or met within the timeout, and has not left', () => {
    fc.assert(
      fc.property(history, happenings => {
        const evidenceMs = new Map<string, number>()
        play(happenings, step => checkEvidence(step, evidenceMs))
      }),
    )
  })

  test('only peers without a connection, that have an address and not left, are dialled', () => {
    fc.assert(
      fc.property(history, happenings => {
        play(happenings, ({ table, effects }) => {
          for (const effect of effects) {
            if (effect.type !== 'dial') continue
            const member = table.member(effect.peer)
            assert.isFalse(member?.isConnected)
            assert.notEqual(member?.status, 'left')
            assert.deepEqual(effect.addresses, [`/${effect.peer}`])
          }
        })
      }),
    )
  })

  test('in silence everybody is forgotten in the end', () => {
    fc.assert(
      fc.property(history, happenings => {
        let last: PeerTable | undefined
        let endMs = 0
        play(happenings, ({ table, nowMs }) => {
          last = table
          endMs = nowMs
        })
        if (last === undefined) return
        runUntil(last, endMs + 6_000 + 5_000 + 20_000)
        assert.deepEqual(last.members(), [])
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

/** @param evidenceMs Peer → when it was last heard or met; kept up to date. */
function checkEvidence(
  { table, event: taken, effects, nowMs }: Step,
  evidenceMs: Map<string, number>,
) {
  if (taken.type === 'connected') evidenceMs.set(taken.peer, nowMs)
  for (const effect of effects) {
    if (effect.type === 'state-changed' && effect.heardAtMs === nowMs) {
      evidenceMs.set(effect.peer, nowMs)
    }
  }
  for (const { peer: name, claim: said } of table.members().filter(one => one.status === 'alive')) {
    assert.isFalse(said.isLeaving)
    assert.isBelow(nowMs - (evidenceMs.get(name) ?? Number.NEGATIVE_INFINITY), 6_000)
  }
}
