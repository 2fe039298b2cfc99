/**
 * What a replica may leave behind of its log: what a later leader replaced, and nothing else.
 */
import { assert, describe, test } from 'vitest'
import type { ReplicaView, StoredView } from '../../../sim/consensus/replica-view.ts'
import { LifeRule } from '../../../sim/consensus/rules/life-rule.ts'
import type { SimHost } from '../../../sim/sim-host.ts'
import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'

const host = {} as SimHost

/** A log whose entries have these terms, from index 1 on. */
function logOf(terms: readonly number[]): MemoryStorage {
  const log = new MemoryStorage()
  log.append(
    terms.map((term, place) => ({
      ...{ term, index: place + 1, type: 'normal' as const, data: new Uint8Array() },
    })),
  )
  return log
}

function storedOf(log: MemoryStorage, term: number): StoredView {
  const { lastIndex } = log
  const hardState = { term, vote: 0, commit: 0 }
  return { hardState, snapshotIndex: 0, lastIndex, lastTerm: log.term(lastIndex) ?? 0, log }
}

function viewOf(stored: StoredView): ReplicaView {
  const { lastIndex, lastTerm, hardState } = stored
  return {
    ...{ host, life: 1, node: 1, role: 'follower', term: hardState.term, vote: 0, firstIndex: 1 },
    ...{ lastIndex, lastTerm, commitIndex: 0, appliedIndex: 0, mark: undefined, stored },
    confState: {
      ...{ voters: [1], learners: [], votersOutgoing: [], learnersNext: [], isAutoLeave: false },
    },
    isHalted: false,
    entry: () => undefined,
  }
}

/** What is found when `then` follows `first` on one host. */
function found(first: StoredView, then: StoredView): string | undefined {
  const rule = new LifeRule()
  assert.isUndefined(rule.check(viewOf(first), undefined))
  return rule.check(viewOf(then), undefined)
}

describe('entries that were stored in terms 1 1 2 and are not there any more', () => {
  const promised = storedOf(logOf([1, 1, 2]), 2)
  const cases: readonly [string, readonly number[], number, boolean][] = [
    ['are kept if more follow', [1, 1, 2, 3], 3, true],
    ['may be replaced by one of the term of a later leader', [1, 1, 3], 3, true],
    ['may be replaced by an older one that a later leader sent first', [1, 1, 1], 3, true],
    ['may end earlier if what is there is another', [1, 3], 3, true],
    ['are lost if the log only ends earlier', [1, 1], 3, false],
    ['are lost if nothing is there', [], 3, false],
    ['may not be replaced within their own term', [1, 1, 1], 2, false],
  ]
  for (const [what, terms, term, isFine] of cases) {
    test(what, () => {
      assert.equal(found(promised, storedOf(logOf(terms), term)) === undefined, isFine)
    })
  }
})

test('a vote is remembered, and a term', () => {
  const log = logOf([1])
  const voted = { ...storedOf(log, 3), hardState: { term: 3, vote: 2, commit: 0 } }
  assert.match(found(voted, storedOf(log, 3)) ?? '', /expected the vote for 2 in term 3/)
  assert.match(found(voted, storedOf(log, 2)) ?? '', /expected term 3 to be remembered/)
  assert.isUndefined(found(voted, storedOf(log, 4)))
})
