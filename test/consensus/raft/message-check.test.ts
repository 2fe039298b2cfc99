/**
 * Messages that make no sense change nothing and are told apart.
 */
import { assert, describe, test } from 'vitest'
import { EMPTY_CONF_STATE } from '../../../src/consensus/raft/log/storage.ts'
import type { MessageInit } from '../../../src/consensus/raft/message.ts'
import { bytes, entriesOf, message, TestCluster } from './cluster.ts'

type Sent = MessageInit & { readonly from: number }

const fromLeader = { to: 1, from: 2, term: 3 } as const

/** Node 1 with terms 1, 2 at the indexes 2, 3, of which the first is committed. */
function follower() {
  const cluster = new TestCluster({ voters: [1, 2, 3] })
  const { raw } = cluster.add(1, entriesOf([1, 2]), 2)
  raw.step(message({ type: 'MsgHeartbeat', to: 1, from: 2, term: 2, commit: 2 }))
  cluster.work(1)
  return raw
}

function withEntries(places: readonly [index: number, term: number][]) {
  return places.map(([index, term]) => ({ index, term, type: 'normal', data: bytes('') }) as const)
}

describe('a message is refused', () => {
  const append = { ...fromLeader, type: 'MsgApp', index: 3, logTerm: 2 } as const
  const cases: Record<string, readonly [string, Sent][]> = {
    malformed: [
      ['a gap before its entries', { ...append, entries: withEntries([[5, 2]]) }],
      [
        'a gap between its entries',
        {
          ...append,
          entries: withEntries([
            [4, 2],
            [6, 2],
          ]),
        },
      ],
      [
        'falling terms',
        {
          ...append,
          entries: withEntries([
            [4, 3],
            [5, 2],
          ]),
        },
      ],
      ['terms of the future', { ...append, entries: withEntries([[4, 4]]) }],
      ['no term', { ...append, term: 0 }],
      ['no sender', { ...append, from: 0 }],
      ['our own id', { ...append, from: 1 }],
      ['no entries to propose', { type: 'MsgProp', to: 1, from: 2 }],
      ['a proposal with a term', { type: 'MsgProp', ...fromLeader, entries: entriesOf([1]) }],
      ['no snapshot', { type: 'MsgSnap', ...fromLeader }],
    ],
    'peer-not-found': [
      ['an answer of a stranger', { type: 'MsgAppResp', to: 1, from: 9, term: 3 }],
    ],
    'commit-beyond-log': [
      ['more committed than we have', { type: 'MsgHeartbeat', ...fromLeader, commit: 4 }],
    ],
    'invalid-snapshot': [
      [
        'a configuration that makes no sense',
        {
          type: 'MsgSnap',
          ...fromLeader,
          snapshot: {
            data: bytes(''),
            metadata: {
              index: 9,
              term: 2,
              confState: { ...EMPTY_CONF_STATE, voters: [1, 2], learners: [2] },
            },
          },
        },
      ],
    ],
  }

  for (const [refusal, messages] of Object.entries(cases)) {
    for (const [what, init] of messages) {
      test(`for ${what}: ${refusal}`, () => {
        const raw = follower()
        const { commitIndex, lastIndex } = raw.status()
        assert.equal(raw.step(message(init)), refusal)
        const after = raw.status()
        assert.deepEqual([after.commitIndex, after.lastIndex], [commitIndex, lastIndex])
      })
    }
  }

  test('for more than the whole log acknowledged: malformed', () => {
    const cluster = new TestCluster({ voters: [1, 2, 3] })
    const raw = cluster.elect(1)
    const answer = { type: 'MsgAppResp', to: 1, from: 2, term: 1, index: 3 } as const
    assert.equal(raw.step(message(answer)), 'malformed')
    assert.equal(raw.status().progress.get(2)?.matchIndex, 2)
  })
})
