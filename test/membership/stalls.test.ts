/**
 * A stall of our own: a step that comes much later than it should have means that we were deaf,
 * and nobody is doubted or dies of what we may have missed.
 *
 * Source: the idea of Dadgar, Phillips, Currey, "Lifeguard", 2017: the fault may be ours.
 */
import { assert, describe, test } from 'vitest'
import {
  accused,
  answering,
  heard,
  membershipOf,
  met,
  ofType,
  peerHeard,
  reachable,
  received,
  runUntil,
  statusesOf,
  tick,
} from './scene.ts'

describe('a step later than stallMs', () => {
  test('is a stall, and one just so late is none', () => {
    const machine = membershipOf()
    const dueAtMs = machine.wakeAtMs
    machine.step(tick, dueAtMs + 200)
    assert.deepEqual([machine.stallCount, machine.healthScore], [0, 0])
    machine.step(tick, machine.wakeAtMs + 200.5)
    assert.deepEqual([machine.stallCount, machine.healthScore], [1, 1])
  })

  test('is none if it is the first', () => {
    const machine = membershipOf()
    assert.equal(machine.stallCount, 0)
  })

  test('is a stall whichever event it is', () => {
    const machine = membershipOf()
    machine.step(heard(), 5_000)
    assert.equal(machine.stallCount, 1)
  })
})

describe('after a stall', () => {
  test('a suspect has as much time left to refute as it had, and more than nothing', () => {
    // Deadlines that lie just behind the last step, and in the middle of the stall.
    for (const deafFromMs of [1_999, 1_900, 1_500, 600]) {
      const machine = membershipOf({ events: [heard(), accused()] })
      runUntil(machine, deafFromMs)
      const effects = machine.step(tick, 12_000)
      assert.equal(machine.stallCount, 1)
      assert.deepEqual(ofType(effects, 'status-changed'), [], `deaf from ${deafFromMs} ms`)
      // Its refutation lay in the socket all the time.
      machine.step(heard({ incarnation: 2 }), 12_001)
      assert.deepEqual(statusesOf(runUntil(machine, 12_300)), [])
      assert.equal(machine.member('z')?.status, 'alive')
    }
  })

  test('a suspect that is silent dies all the same', () => {
    const machine = membershipOf({ events: [heard(), accused()] })
    runUntil(machine, 1_500)
    machine.step(tick, 12_000)
    const [died] = statusesOf(runUntil(machine, 20_000))
    assert.equal(died?.status, 'dead')
    assert.isAbove(died?.atMs ?? 0, 12_000)
    assert.isBelow(died?.atMs ?? 0, 13_000)
  })

  test('a probe that was on its way has time for its answer, whenever the stall began', () => {
    // The ping goes out at 500 ms, late at 700, its period ends at 1000 ms.
    for (const deafFromMs of [500, 700, 999]) {
      const machine = membershipOf({ events: met('z') })
      runUntil(machine, deafFromMs)
      const effects = machine.step(tick, 9_000)
      assert.deepEqual(ofType(effects, 'status-changed'), [], `deaf from ${deafFromMs} ms`)
      machine.step(peerHeard(), 9_001)
      assert.deepEqual(statusesOf(runUntil(machine, 9_400)), [])
    }
  })

  test('we probe more slowly until probes succeed', () => {
    const machine = membershipOf({ events: met('z') })
    runUntil(machine, 400)
    machine.step(tick, 5_000)
    machine.step(peerHeard(), 5_001)
    assert.equal(machine.healthScore, 1)
    const pings = runUntil(machine, 20_000, answering('z')).flatMap(({ atMs, effect }) =>
      effect.type === 'send' && effect.message.body.type === 'ping' ? [atMs] : [],
    )
    assert.equal(machine.healthScore, 0)
    const gaps = pings.slice(1).map((atMs, index) => atMs - (pings[index] as number))
    // The period that begins after the stall is twice as long; its success takes the sign back.
    assert.include(gaps, 1_000)
    assert.deepEqual([...new Set(gaps.slice(2))], [500])
  })
})

test('nothing that is heard late makes a stall of a machine that waits for nothing', () => {
  const machine = membershipOf({ events: [...met('z'), { type: 'leave' }] })
  machine.step(received('z', { type: 'ping', sequence: 1 }), 90_000)
  machine.step(reachable('z'), 180_000)
  assert.equal(machine.stallCount, 0)
})
