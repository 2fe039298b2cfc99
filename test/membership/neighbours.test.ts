/**
 * A mesh larger than `fullMeshMax`: a few connections each, chosen by chance, changed from time to
 * time, and let go when there are too many.
 */
import { assert, describe, test } from 'vitest'
import type { MembershipEffect, MembershipEvent } from '../../src/membership/events.ts'
import type { Membership } from '../../src/membership/membership.ts'
import {
  accused,
  answering,
  connected,
  connectionLost,
  type Done,
  dialFailed,
  heard,
  membershipOf,
  met,
  type Others,
  ofType,
  reachable,
  received,
  runUntil,
} from './scene.ts'

const options = { fullMeshMax: 4, neighboursMin: 3, neighboursMax: 6 }

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index + 10}`)

/** A mesh of 21, with nobody connected. */
function large(...more: readonly MembershipEvent[]): Membership {
  return membershipOf({ options, events: [...names(20).map(peer => heard({ peer })), ...more] })
}

/** Everyone that is dialled connects, and answers. */
const everybody: Others = effect => {
  if (effect.type === 'dial') return [connected(effect.peer), reachable(effect.peer)]
  return answering(...names(20))(effect)
}

const dialled = (done: readonly Done[]) =>
  done.flatMap(({ effect }) => (effect.type === 'dial' ? [effect.peer] : []))

const connectedTo = (machine: Membership) =>
  machine.members().filter(({ isConnected }) => isConnected)

const released = (effects: readonly MembershipEffect[]) =>
  ofType(effects, 'send').flatMap(({ to, message }) =>
    message.body.type === 'release' ? [to] : [],
  )

describe('up to fullMeshMax', () => {
  test('everybody is dialled', () => {
    const events = names(3).map(peer => heard({ peer }))
    const done = runUntil(membershipOf({ options, events }), 1_000)
    assert.sameMembers([...new Set(dialled(done))], names(3))
  })
})

describe('above fullMeshMax', () => {
  test('neighboursMin are dialled, and connected ones are enough', () => {
    // Those heard of while the mesh was small are dialled as in a small one.
    const machine = large(...names(4).map(peer => dialFailed(peer)))
    runUntil(machine, 30_000, everybody)
    assert.isAtLeast(connectedTo(machine).length, 3)
    assert.isAtMost(connectedTo(machine).length, 6)
  })

  test('one more is chosen now and then, so that everyone is a neighbour sooner or later', () => {
    const machine = large()
    const chosen = new Set<string>()
    for (let minute = 1; minute <= 120; minute += 1) {
      for (const peer of dialled(runUntil(machine, minute * 60_000, everybody))) chosen.add(peer)
      // The other side lets go of it.
      const oldest = connectedTo(machine)[0]?.peer ?? ''
      machine.step(received(oldest, { type: 'release' }), minute * 60_000)
      machine.step(connectionLost(oldest), minute * 60_000)
    }
    assert.isAbove(chosen.size, 15)
  })

  test('what is above neighboursMax is released, and its end is no doubt', () => {
    const machine = large(...met(...names(10)))
    const done = runUntil(machine, 4_000, everybody)
    const gone = new Set(released(done.map(({ effect }) => effect)))
    assert.isAtLeast(gone.size, 4)
    for (const peer of gone) {
      assert.deepEqual(ofType(machine.step(connectionLost(peer), 4_000), 'status-changed'), [])
    }
  })

  test('a lost neighbour is doubted and dialled at once, as in a small mesh', () => {
    const machine = large(...met('p10'))
    const effects = machine.step(connectionLost('p10'), 1)
    assert.deepInclude(effects, { type: 'status-changed', peer: 'p10', status: 'suspect' })
    assert.deepInclude(effects, { type: 'dial', peer: 'p10', addresses: ['/p10'] })
  })

  test('those who are not neighbours are probed only if they are doubted', () => {
    const machine = large(...met('p10', 'p11', 'p12', 'p13'))
    const targets = (done: readonly Done[]) =>
      new Set(
        done.flatMap(({ effect }) => {
          if (effect.type !== 'send') return []
          const { body } = effect.message
          return body.type === 'ping'
            ? [effect.to]
            : body.type === 'ping-request'
              ? [body.target]
              : []
        }),
      )
    const calm = targets(runUntil(machine, 4_900, answering('p10', 'p11', 'p12', 'p13')))
    assert.deepEqual([...calm].toSorted(), ['p10', 'p11', 'p12', 'p13'])
    machine.step(accused({ peer: 'p20' }), 4_900)
    const after = targets(runUntil(machine, 8_000, answering('p10', 'p11', 'p12', 'p13')))
    assert.include([...after], 'p20')
  })

  test('the dead that are dialled take no place of the living', () => {
    const machine = large()
    const living = new Set(names(12))
    const others: Others = effect =>
      effect.type === 'dial' && !living.has(effect.peer)
        ? [dialFailed(effect.peer)]
        : everybody(effect)
    const die = (peer: string, atMs: number) => {
      living.delete(peer)
      machine.step(connectionLost(peer), atMs)
      machine.step(accused({ peer, status: 'dead' }), atMs)
    }
    for (const peer of names(20).slice(12)) die(peer, 0)
    runUntil(machine, 130_000, others)
    const neighbours = connectedTo(machine).map(({ peer }) => peer)
    assert.ok(neighbours.length >= 3 && neighbours.length <= 7, `${neighbours.length} neighbours`)
    // All neighbours die, and soon they are known to be dead; others are dialled with a review.
    for (const peer of neighbours) die(peer, 130_000)
    runUntil(machine, 132_500, others)
    for (const peer of neighbours) machine.step(accused({ peer, status: 'dead' }), 132_500)
    runUntil(machine, 145_000, others)
    assert.isAtLeast(connectedTo(machine).length, 3)
  })
})
