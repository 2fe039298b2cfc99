/**
 * What is on its way to the disk: in order, and a commit index for free.
 */
import { assert, describe, test } from 'vitest'
import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'
import { Storing } from '../../../src/consensus/replica/storing.ts'

const entry = (index: number) => ({
  ...{ term: 1, index, type: 'normal' as const, data: new Uint8Array(0) },
})
const entries = (index: number) => ({
  ...{ hardState: undefined, entries: [entry(index)], snapshot: undefined },
})
const state = (commit: number, term = 1) => ({
  ...{ hardState: { term, vote: 0, commit }, entries: [], snapshot: undefined },
})

function scene() {
  const log = new MemoryStorage()
  log.setHardState({ term: 1, vote: 0, commit: 0 })
  const done: string[] = []
  const storing = new Storing(log)
  const begin = (name: string, batch: Parameters<Storing['begin']>[0]) =>
    storing.begin(batch, () => done.push(name), 5)
  return { log, done, storing, begin }
}

describe('a batch with nothing but a commit index', () => {
  test('is done at once, without a write', () => {
    const { log, done, begin } = scene()
    assert.isUndefined(begin('commit', state(3)))
    assert.deepEqual(done, ['commit'])
    assert.equal(log.hardState.commit, 3)
  })

  test('waits for what was handed out before it', () => {
    const { done, storing, begin } = scene()
    const first = begin('entries', entries(1))
    begin('commit', state(1))
    const second = begin('more', entries(2))
    assert.deepEqual(done, [])
    storing.stored(first?.batchId ?? 0, 6)
    assert.deepEqual(done, ['entries', 'commit'])
    storing.stored(second?.batchId ?? 0, 7)
    assert.deepEqual(done, ['entries', 'commit', 'more'])
    assert.isUndefined(storing.sinceMs)
  })

  test('goes to the disk with the next that must', () => {
    const { begin } = scene()
    begin('commit', state(3))
    assert.deepEqual(begin('entries', entries(4))?.batch.hardState, state(3).hardState)
    assert.isUndefined(begin('more', entries(5))?.batch.hardState)
  })
})

test('a term or a vote must be on the disk before it is told', () => {
  const { done, begin } = scene()
  assert.isDefined(begin('term', state(0, 2)))
  assert.isDefined(begin('vote', { ...state(0, 2), hardState: { term: 2, vote: 7, commit: 0 } }))
  // The vote is on its way, so this is no news of it.
  assert.isUndefined(
    begin('commit', { ...state(0, 2), hardState: { term: 2, vote: 7, commit: 1 } }),
  )
  assert.deepEqual(done, [])
})
