/**
 * The log of what happened: what a reader gets, what it is told it did not get, and that nobody
 * holds up anybody.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { EventLog, type EventReader, type MeshEvent } from '../../src/node/event-log.ts'

const RUN = 'abcd-7'

function logOf(eventsMax = 4, count = 0) {
  const log = new EventLog({ run: RUN, wallMs: () => 1_000, eventsMax })
  const add = (more: number): undefined => {
    for (let left = more; left > 0; left -= 1) log.add('peer-alive', { peer: 'x' })
  }
  add(count)
  return { log, add }
}

function allOf(reader: EventReader): MeshEvent[] {
  const events: MeshEvent[] = []
  for (let event = reader.next(); event; event = reader.next()) events.push(event)
  return events
}

const ids = (events: readonly MeshEvent[]) => events.map(({ id }) => id)

const missed = (id: string, count: number | null, reason: string) => ({
  id: `${RUN}-${id}`,
  atWallMs: 1_000,
  event: 'events-missed',
  facts: { count, reason },
})

describe('the events since', () => {
  test('the start are those that are kept, oldest first, with what they say', () => {
    const { log } = logOf()
    assert.deepEqual(log.since(), [])
    log.add('peer-dead', { peer: 'x' })
    assert.deepEqual(log.since(), [
      { id: 'abcd-7-1', atWallMs: 1_000, event: 'peer-dead', facts: { peer: 'x' } },
    ])
    assert.deepEqual(ids(logOf(4, 6).log.since()), ['abcd-7-3', 'abcd-7-4', 'abcd-7-5', 'abcd-7-6'])
  })

  test('an event are those after it', () => {
    const { log } = logOf(4, 6)
    assert.deepEqual(ids(log.since('abcd-7-4')), ['abcd-7-5', 'abcd-7-6'])
    assert.deepEqual(log.since('abcd-7-6'), [])
    assert.equal(log.since('abcd-7-2').length, 4)
  })

  test('one that is too old begin with how many are gone', () => {
    const { log } = logOf(4, 9)
    const [first, ...rest] = log.since('abcd-7-2')
    assert.deepEqual(first, missed('5', 3, 'too-old'))
    assert.deepEqual(ids(rest), ['abcd-7-6', 'abcd-7-7', 'abcd-7-8', 'abcd-7-9'])
  })

  const strangers = [
    { what: 'of another run', id: 'abcd-6-2' },
    { what: 'that is still to come', id: 'abcd-7-3' },
    { what: 'below the first', id: 'abcd-7--1' },
    { what: 'that is no number', id: 'abcd-7-x' },
    { what: 'written otherwise', id: 'abcd-7-02' },
    { what: 'without a count', id: 'abcd-7-' },
    { what: 'of nobody', id: '' },
  ]
  for (const { what, id } of strangers) {
    test(`an id ${what} are all, after the word that nobody knows what was missed`, () => {
      const [first, ...rest] = logOf(4, 2).log.since(id)
      assert.deepEqual(first, missed('0', null, 'unknown-id'))
      assert.deepEqual(ids(rest), ['abcd-7-1', 'abcd-7-2'])
    })
  }

  test('the word that some were missed are the rest', () => {
    for (const { log } of [logOf(4, 9), logOf(4, 0)]) {
      const [first, ...rest] = log.since('other-1')
      assert.deepEqual(log.since(first?.id), rest)
    }
  })
})

test('a long list among the facts is cut, and how long it was is told', () => {
  const { log } = logOf()
  const models = Array.from({ length: 17 }, (_, index) => `m${index}`)
  log.add('peer-changed', { peer: 'x', models })
  log.add('peer-changed', { peer: 'x', models: models.slice(1) })
  assert.deepEqual(
    log.since().map(({ facts }) => facts),
    [
      { peer: 'x', models: models.slice(0, 16), modelsCount: 17 },
      { peer: 'x', models: models.slice(1) },
    ],
  )
})

describe('a reader', () => {
  test('gets what happens after what it had, and is called once for it', () => {
    const { log, add } = logOf(4, 1)
    let newsCount = 0
    const reader = log.read(() => {
      newsCount += 1
    })
    add(1)
    assert.equal(newsCount, 0, 'it has not yet had all')
    assert.deepEqual(ids(allOf(reader)), ['abcd-7-1', 'abcd-7-2'])
    add(2)
    assert.equal(newsCount, 1)
    assert.deepEqual(ids(allOf(reader)), ['abcd-7-3', 'abcd-7-4'])
    assert.deepEqual(allOf(reader), [])
    add(1)
    assert.equal(newsCount, 2)
  })

  test('that is slow is told how many it missed, and others have them all', () => {
    const { log, add } = logOf(4)
    const [slow, quick] = [log.read(() => {}), log.read(() => {})]
    const had: MeshEvent[] = []
    for (let left = 10; left > 0; left -= 1) {
      add(1)
      had.push(...allOf(quick))
    }
    assert.equal(had.length, 10)
    assert.deepEqual(allOf(slow)[0], missed('6', 6, 'too-old'))
  })

  test('that was closed is not called any more', () => {
    const { log, add } = logOf()
    let newsCount = 0
    const reader = log.read(() => {
      newsCount += 1
    })
    assert.isUndefined(reader.next())
    reader.close()
    add(1)
    assert.equal(newsCount, 0)
  })

  test('has or is told to have missed every event, however it reads', () => {
    const moves = fc.array(fc.oneof(fc.constant('add' as const), fc.constant('next' as const)))
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 5 }), (sequence, eventsMax) => {
        const { log, add } = logOf(eventsMax)
        const reader = log.read(() => {})
        let seenCount = 0
        const take = (event: MeshEvent) => {
          seenCount += event.event === 'events-missed' ? Number(event.facts['count']) : 1
          assert.equal(event.id, `${RUN}-${seenCount}`)
        }
        for (const move of sequence) {
          const event = move === 'add' ? add(1) : reader.next()
          if (event) take(event)
        }
        for (const event of allOf(reader)) take(event)
        assert.equal(seenCount, sequence.filter(move => move === 'add').length)
      }),
    )
  })
})
