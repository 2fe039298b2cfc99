/**
 * The queue of what will happen.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { EventQueue, type PlannedEvent } from '../../sim/event-queue.ts'

const ignore = () => {}

function drain(queue: EventQueue): PlannedEvent[] {
  const taken: PlannedEvent[] = []
  for (let event = queue.take(); event !== undefined; event = queue.take()) taken.push(event)
  return taken
}

describe('an event queue', () => {
  test('gives the soonest first, and of equals the one planned first', () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 })
    fc.assert(
      fc.property(times, atMs => {
        const queue = new EventQueue()
        const planned = atMs.map(each => queue.add(each, ignore))

        const expected = planned.toSorted((a, b) => a.atMs - b.atMs || a.sequence - b.sequence)
        assert.deepEqual(drain(queue), expected)
      }),
    )
  })

  test('gives what is left in order, whatever is removed in between', () => {
    const plan = fc.array(
      fc.record({ atMs: fc.integer({ min: 0, max: 1_000 }), isRemoved: fc.boolean() }),
      { minLength: 60, maxLength: 200 },
    )
    fc.assert(
      fc.property(plan, entries => {
        const queue = new EventQueue()
        const planned = entries.map(({ atMs, isRemoved }) => ({
          event: queue.add(atMs, ignore),
          isRemoved,
        }))
        for (const { event, isRemoved } of planned) if (isRemoved) queue.remove(event)

        const kept = planned.flatMap(({ event, isRemoved }) => (isRemoved ? [] : [event]))
        assert.deepEqual(
          drain(queue),
          kept.toSorted((a, b) => a.atMs - b.atMs || a.sequence - b.sequence),
        )
      }),
    )
  })

  test('does nothing for an event that is removed twice or after it was taken', () => {
    const queue = new EventQueue()
    const first = queue.add(1, ignore)
    const second = queue.add(2, ignore)

    queue.take()
    queue.remove(first)
    queue.remove(first)

    assert.equal(queue.size, 1)
    assert.equal(queue.take(), second)
    assert.isUndefined(queue.take())
  })

  test('refuses an event without a time', () => {
    assert.throws(() => new EventQueue().add(Number.POSITIVE_INFINITY, ignore), /has a time/)
  })
})
