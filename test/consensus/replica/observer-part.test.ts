/**
 * What a peer keeps of its log while it follows, though it was a voter before.
 */
import { assert, describe, test } from 'vitest'
import type { Entry } from '../../../src/consensus/raft/log/entry.ts'
import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'
import { EMPTY_CONF_STATE, type Snapshot } from '../../../src/consensus/raft/log/storage.ts'
import { ObserverPart } from '../../../src/consensus/replica/observer-part.ts'
import { Storing } from '../../../src/consensus/replica/storing.ts'
import { Random } from '../../../src/core/random.ts'
import { encode } from './cluster.ts'

const START_MS = 1_000

function entries(fromIndex: number, toIndex: number, term: number): Entry[] {
  return Array.from({ length: toIndex - fromIndex + 1 }, (_, place) => ({
    ...{ type: 'normal' as const, index: fromIndex + place, term, data: encode('x') },
  }))
}

function snapshot(index: number, term: number): Snapshot {
  return { data: encode('state'), metadata: { index, term, confState: EMPTY_CONF_STATE } }
}

/** Has acknowledged entries to 10 of term 2, and knows of two that they are agreed on. */
function formerVoter() {
  const log = new MemoryStorage()
  log.append(entries(1, 10, 2))
  log.setHardState({ term: 2, vote: 1, commit: 2 })
  const storing = new Storing(log)
  let appliedIndex = 0
  const restored: number[] = []
  const part = new ObserverPart({
    ...{ log, random: new Random(1), send: () => {}, sources: () => ['b'] },
    store: (batch, onStored) => {
      const begun = storing.begin(batch, onStored, START_MS)
      if (begun !== undefined) storing.stored(begun.batchId, START_MS)
    },
    apply: list => {
      appliedIndex = list.at(-1)?.index ?? appliedIndex
      return true
    },
    restore: ({ metadata }) => {
      appliedIndex = metadata.index
      restored.push(metadata.index)
    },
    appliedIndex: () => appliedIndex,
    mark: () => undefined,
    followIntervalMs: 1_000,
  })
  part.begin(START_MS)
  return { log, part, restored, appliedIndex: () => appliedIndex }
}

describe('a snapshot for a peer that was a voter', () => {
  test('takes nothing away that it has acknowledged behind it', () => {
    const { log, part, restored, appliedIndex } = formerVoter()
    part.install(snapshot(5, 2))
    assert.equal(log.lastIndex, 10)
    assert.deepEqual(log.hardState, { term: 2, vote: 1, commit: 5 })
    assert.deepEqual([appliedIndex(), restored], [5, []])
  })

  test('replaces a log that parts from it', () => {
    const { log, part, restored, appliedIndex } = formerVoter()
    part.install(snapshot(5, 3))
    assert.equal(log.lastIndex, 5)
    assert.deepEqual(log.hardState, { term: 3, vote: 0, commit: 5 })
    assert.deepEqual([appliedIndex(), restored], [5, [5]])
  })
})
