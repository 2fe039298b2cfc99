/**
 * How the records of a log become what a peer knew: entries, marks, and what makes no sense.
 */
import { assert, describe, test } from 'vitest'
import { Replay } from '../../../../src/node/storage/wal/replay.ts'
import { entries, OWNER } from './scene.ts'

const hardState = { term: 1, vote: 1, commit: 1 }

/** Of a log whose oldest segment is this one. */
function replayFrom(sequence: number): Replay {
  const replay = new Replay()
  replay.begin({ type: 'head', sequence, owner: OWNER, hardState, marks: [] })
  return replay
}

const save = (first: number, last: number, term = 1) => ({
  type: 'save' as const,
  entries: entries(first, last, term),
})

const mark = (index: number, term = 1) => ({
  type: 'save' as const,
  mark: { term, index },
  entries: [],
})

describe('a replay', () => {
  test('begins with the hard state of the head, and has the last one that was saved', () => {
    const replay = replayFrom(1)
    assert.deepEqual(replay.hardState, hardState)
    replay.save({ type: 'save', hardState: { ...hardState, term: 2 }, entries: [] })
    assert.equal(replay.hardState.term, 2)
  })

  test('has no gap: not at the beginning of a log, not in it, not after a mark', () => {
    const replay = replayFrom(1)
    assert.equal(replay.save(save(2, 3)), 'entry 2 where 1 was to be')
    assert.isUndefined(replay.save(save(1, 3)))
    assert.equal(replay.save(save(5, 5)), 'entry 5 where 4 was to be')
    assert.isUndefined(replay.save(mark(9)))
    assert.equal(replay.save(save(11, 11)), 'entry 11 where 10 was to be')
    assert.isUndefined(replay.save(save(10, 11)))
  })

  test('may begin anywhere where older segments were removed', () => {
    const replay = replayFrom(4)
    assert.isUndefined(replay.save(mark(50)))
    assert.isUndefined(replay.save(save(201, 203)))
    assert.isUndefined(replay.save(mark(202)))
    assert.deepEqual(
      replay.entriesAfter(202)?.map(({ index }) => index),
      [203],
    )
    assert.isUndefined(replay.entriesAfter(50))
    assert.isUndefined(replay.entriesAfter(204))
  })

  test('goes back before what is left of the log, if it is overwritten from there', () => {
    const replay = replayFrom(4)
    replay.save(save(10, 12))
    assert.isUndefined(replay.save(save(8, 9, 2)))
    assert.equal(replay.lastIndex, 9)
    assert.lengthOf(replay.entriesAfter(7) ?? [], 2)
  })
})
