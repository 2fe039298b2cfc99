/**
 * The driver of a machine: effects in order, one event after the other, woken when it asks to be.
 */
import { assert, describe, test } from 'vitest'
import { type Machine, NEVER } from '../../src/core/machine.ts'
import { Driver } from '../../src/node/driver.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { turn } from './until.ts'

type Event = { readonly type: 'tick' } | { readonly type: 'say'; readonly words: string[] }

/** Has each word performed, and is due again `intervalMs` after each step. */
class Parrot implements Machine<Event, string> {
  wakeAtMs: number
  readonly steps: string[] = []
  readonly #intervalMs: number

  constructor(intervalMs = NEVER) {
    this.#intervalMs = intervalMs
    this.wakeAtMs = intervalMs
  }

  step(event: Event, nowMs: number): readonly string[] {
    this.steps.push(`${event.type} at ${nowMs}`)
    this.wakeAtMs = nowMs + this.#intervalMs
    return event.type === 'say' ? event.words : ['tick']
  }
}

const say = (...words: string[]): Event => ({ type: 'say', words })

function driven(machine: Parrot, perform?: (word: string) => Promise<void> | undefined) {
  const clock = new ManualClock()
  const performed: string[] = []
  const fatal: unknown[] = []
  const driver = new Driver<Event, string>(machine, {
    clock,
    perform: word => {
      performed.push(word)
      return perform?.(word)
    },
    onFatal: error => fatal.push(error),
  })
  return { clock, performed, fatal, driver }
}

describe('a driver', () => {
  test('performs effects in the order returned, before it takes the next event', async () => {
    const machine = new Parrot()
    const done: (() => void)[] = []
    const { driver, performed } = driven(machine, () => new Promise(resolve => done.push(resolve)))
    driver.post(say('persist', 'send'))
    driver.post(say('next'))
    await turn()
    assert.deepEqual([performed, machine.steps.length], [['persist'], 1])
    done[0]?.()
    await turn()
    assert.deepEqual([performed, machine.steps.length], [['persist', 'send'], 1])
    done[1]?.()
    await turn()
    assert.deepEqual([performed, machine.steps.length], [['persist', 'send', 'next'], 2])
  })

  test('performs what takes no time before it returns', () => {
    const { driver, performed } = driven(new Parrot())
    driver.post(say('now'))
    assert.deepEqual(performed, ['now'])
  })

  test('takes what an effect posts after the effects before it', () => {
    const { driver, performed } = driven(new Parrot(), word => {
      if (word === 'first') driver.post(say('third'))
      return undefined
    })
    driver.post(say('first', 'second'))
    assert.deepEqual(performed, ['first', 'second', 'third'])
  })

  test('wakes the machine when it asks to be, again and again', () => {
    const machine = new Parrot(100)
    const { clock } = driven(machine)
    clock.advance(250)
    assert.deepEqual(machine.steps, ['tick at 100', 'tick at 200'])
  })

  test('wakes it later if an event has moved its deadline', () => {
    const machine = new Parrot(100)
    const { clock, driver } = driven(machine)
    clock.advance(60)
    driver.post(say())
    clock.advance(60)
    assert.deepEqual(machine.steps, ['say at 60'])
    clock.advance(40)
    assert.deepEqual(machine.steps, ['say at 60', 'tick at 160'])
    assert.equal(clock.wakeCount, 1)
  })

  test('wakes it sooner if an event has moved its deadline there', () => {
    const machine = new Parrot(100)
    const { clock, driver } = driven(machine)
    machine.step = () => {
      machine.steps.push(`at ${clock.nowMs()}`)
      machine.wakeAtMs = machine.steps.length === 1 ? 20 : NEVER
      return []
    }
    driver.post(say())
    clock.advance(200)
    assert.deepEqual(machine.steps, ['at 0', 'at 20'])
    assert.equal(clock.wakeCount, 0)
  })

  test('sets no timer for each of many events that move the deadline later', () => {
    const machine = new Parrot(100)
    const { clock, driver } = driven(machine)
    let timerCount = 0
    const { wakeAt } = clock
    clock.wakeAt = (atMs, wake) => {
      timerCount += 1
      return wakeAt.call(clock, atMs, wake)
    }
    for (let count = 0; count < 90; count += 1) {
      driver.post(say())
      clock.advance(1)
    }
    assert.equal(timerCount, 0)
    clock.advance(98)
    assert.deepEqual([machine.steps.length, timerCount], [90, 1])
    clock.advance(1)
    assert.equal(machine.steps.at(-1), 'tick at 189')
  })

  test('that was stopped takes no event and is not woken', async () => {
    const machine = new Parrot(100)
    const { clock, driver, performed } = driven(machine, () => Promise.resolve())
    driver.post(say('begun'))
    driver.post(say('waiting'))
    driver.stop()
    driver.post(say('late'))
    await turn()
    clock.advance(1_000)
    assert.deepEqual([performed, clock.wakeCount], [['begun'], 0])
  })

  test('tells once of an effect that failed, and performs nothing after it', async () => {
    const lost = new Error('the disk is gone')
    const machine = new Parrot(100)
    const { clock, driver, performed, fatal } = driven(machine, () => Promise.reject(lost))
    driver.post(say('persist', 'send'))
    driver.post(say('next'))
    await turn()
    for (let count = 0; count <= 20_000; count += 1) driver.post(say('later'))
    clock.advance(1_000)
    await turn()
    assert.deepEqual([performed, fatal, clock.wakeCount], [['persist'], [lost], 0])
  })

  test('tells of a machine that broke an invariant of its own', async () => {
    const bug = new Error('a log index goes backwards')
    const machine = new Parrot()
    machine.step = () => {
      throw bug
    }
    const { driver, fatal } = driven(machine)
    driver.post(say('x'))
    await turn()
    assert.deepEqual(fatal, [bug])
  })

  test('does not let events pile up behind an effect that never ends', () => {
    const { driver } = driven(new Parrot(), () => new Promise(() => {}))
    for (let count = 0; count <= 10_000; count += 1) driver.post(say('x'))
    assert.throws(() => driver.post(say('x')), /keeps up/)
  })
})
