/**
 * Virtual time, and the clocks of processes that live in it.
 */
import { assert, describe, test } from 'vitest'
import { NodeClock, WALL_START_MS } from '../../sim/node-clock.ts'
import { Process } from '../../sim/process.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { rejection } from '../node/until.ts'

const EXACT = { wallSkewMs: 0, driftRatio: 0 }

describe('virtual time', () => {
  test('runs events at their times and then stands at the end', async () => {
    const time = new VirtualTime()
    const seen: string[] = []
    time.at(20, () => seen.push(`b ${time.nowMs}`))
    time.at(10, () => seen.push(`a ${time.nowMs}`))
    time.at(31, () => seen.push('too late'))

    await time.advance(30)

    assert.deepEqual(seen, ['a 10', 'b 20'])
    assert.equal(time.nowMs, 30)
  })

  test('lets everything that waits for promises happen before the next event', async () => {
    const time = new VirtualTime()
    const seen: string[] = []
    const deep = async (name: string) => {
      for (let depth = 0; depth < 50; depth += 1) await undefined
      seen.push(name)
    }
    time.at(1, () => void deep('of the first'))
    time.at(1, () => seen.push('second'))

    await time.advance(1)

    assert.deepEqual(seen, ['of the first', 'second'])
  })

  test('runs what was put off to the end of a turn after its promises, at the same time', async () => {
    const time = new VirtualTime()
    const seen: string[] = []
    time.at(1, () => {
      time.atTurnEnd(() => seen.push(`turn end ${time.nowMs}`))
      void Promise.resolve().then(() => seen.push('promise'))
    })
    time.at(1, () => seen.push('next'))

    await time.advance(1)

    assert.deepEqual(seen, ['promise', 'turn end 1', 'next'])
  })

  test('checks after every event and its promises, and ends with what a check throws', async () => {
    const time = new VirtualTime()
    let value = 0
    time.at(1, () => void Promise.resolve().then(() => (value = 1)))
    time.at(2, () => (value = 2))
    time.checkAlways(() => {
      if (value === 1) throw new Error(`found 1 at ${time.nowMs}`)
    })

    const error = await rejection(time.advance(10))

    assert.match(String(error), /found 1 at 1/)
    assert.equal(value, 1)
  })

  test('ends with what an event throws', async () => {
    const time = new VirtualTime()
    time.at(5, () => {
      throw new Error('broken')
    })

    assert.match(String(await rejection(time.advance(10))), /broken/)
  })

  test('does not run an event that was cancelled by another one at the same time', async () => {
    const time = new VirtualTime()
    const seen: string[] = []
    time.at(1, () => time.cancel(second))
    const second = time.at(1, () => seen.push('second'))

    await time.advance(2)

    assert.deepEqual(seen, [])
  })
})

describe('the clock of a process', () => {
  test('wakes at whole milliseconds, one at least, as timers of Node do', async () => {
    const time = new VirtualTime()
    const clock = new NodeClock(time, new Process(1, time), EXACT)
    const seen: number[] = []
    const note = () => seen.push(Math.round(clock.nowMs()))
    clock.wakeAt(0, note)
    clock.wakeAt(10.2, note)

    await time.advance(20)

    assert.deepEqual(seen, [1, 11])
  })

  test('drifts: a fast clock counts more, and wakes sooner', async () => {
    const time = new VirtualTime()
    const fault = { wallSkewMs: 0, driftRatio: 0.1 }
    const clock = new NodeClock(time, new Process(1, time), fault)
    let wokenAtMs = 0
    clock.wakeAt(1_100, () => {
      wokenAtMs = time.nowMs
    })

    await time.advance(2_000)

    assert.closeTo(clock.nowMs(), 2_200, 1e-6)
    assert.closeTo(wokenAtMs, 1_000, 0.01)
  })

  test('shows a wall clock that is wrong and may be set', async () => {
    const time = new VirtualTime()
    const fault = { wallSkewMs: -5_000, driftRatio: 0 }
    const clock = new NodeClock(time, new Process(1, time), fault)
    await time.advance(1_000)
    assert.equal(clock.wallMs(), WALL_START_MS - 4_000)

    fault.wallSkewMs = 7

    assert.equal(clock.wallMs(), WALL_START_MS + 1_007)
    assert.equal(clock.nowMs(), 1_000)
  })

  test('never wakes a process that is gone', async () => {
    const time = new VirtualTime()
    const process = new Process(1, time)
    const clock = new NodeClock(time, process, EXACT)
    const seen: string[] = []
    clock.wakeAt(5, () => seen.push('woken'))
    time.at(2, () => process.end())
    time.at(2, () => clock.atTurnEnd(() => seen.push('turn end')))

    await time.advance(10)

    assert.deepEqual(seen, [])
  })
})

describe('a paused process', () => {
  test('handles all that was due at once when it goes on, timers first', async () => {
    const time = new VirtualTime()
    const process = new Process(1, time)
    const clock = new NodeClock(time, process, EXACT)
    const seen: string[] = []
    const note = (what: string) => () => seen.push(`${what} ${Math.round(time.nowMs)}`)
    process.pause(100)
    time.at(10, () => process.arrival(note('bytes')))
    clock.wakeAt(20, note('timer'))
    clock.wakeAt(100, note('timer due at the end'))
    time.at(120, () => process.arrival(note('later')))

    await time.advance(200)

    assert.deepEqual(seen, ['timer 100', 'bytes 100', 'timer due at the end 100', 'later 120'])
  })

  test('does not run a timer that an earlier one cancelled', async () => {
    const time = new VirtualTime()
    const process = new Process(1, time)
    const clock = new NodeClock(time, process, EXACT)
    const seen: string[] = []
    process.pause(100)
    clock.wakeAt(10, () => cancel())
    const cancel = clock.wakeAt(20, () => seen.push('cancelled'))

    await time.advance(200)

    assert.deepEqual(seen, [])
  })

  test('stays paused if it is paused again before it goes on', async () => {
    const time = new VirtualTime()
    const process = new Process(1, time)
    const seen: number[] = []
    process.pause(100)
    time.at(50, () => process.pause(100))
    time.at(60, () => process.arrival(() => seen.push(time.nowMs)))

    await time.advance(300)

    assert.deepEqual(seen, [150])
  })
})
