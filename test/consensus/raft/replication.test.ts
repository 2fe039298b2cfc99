/**
 * How logs become one. Raft paper, sections 5.3 and 5.4.2 with figures 7 and 8.
 */
import { assert, describe, test } from 'vitest'
import { bytes, entriesOf, message, storedTerms, TestCluster, text, without } from './cluster.ts'

const THREE = { voters: [1, 2, 3] }

describe('a leader', () => {
  test('commits what a majority has stored, and says so to all (5.3)', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    cluster.mayPass = without(3)
    raw.propose(bytes('a'))
    cluster.settle()
    assert.equal(raw.commitIndex, 3)
    assert.equal(text(cluster.node(2).applied.at(-1)?.data ?? bytes('')), 'a')

    cluster.mayPass = without(2, 3)
    raw.propose(bytes('b'))
    cluster.settle()
    assert.equal(raw.commitIndex, 3)
  })

  test('makes every log that can come about its own (5.3, figure 7)', () => {
    const leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]
    const followers = [
      [1, 1, 1, 4, 4, 5, 5, 6, 6],
      [1, 1, 1, 4],
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
      [1, 1, 1, 4, 4, 4, 4],
      [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
      [],
    ]
    for (const terms of followers) {
      const cluster = new TestCluster(THREE)
      cluster.add(1, entriesOf(leader), 7)
      cluster.add(2, entriesOf(terms), 7)
      cluster.mayPass = ({ from, to, type }) => type.includes('Vote') || (from !== 3 && to !== 3)
      cluster.elect(1)
      assert.deepEqual(storedTerms(cluster.node(2)), [...leader, 8], `${terms}`)
    }
  })

  test('finds where logs part with one probe for each term', () => {
    const cluster = new TestCluster(THREE)
    cluster.add(1, entriesOf([1, 3, 3, 3, 3, 3, 3, 3, 7]), 7)
    cluster.add(2, entriesOf([1, 3, 3, 4, 4, 5, 5, 5, 6]), 7)
    let probeCount = 0
    cluster.mayPass = ({ from, to, type, isRejected }) => {
      if (isRejected && from === 2) probeCount++
      return type.includes('Vote') || (from !== 3 && to !== 3)
    }
    cluster.elect(1)
    assert.deepEqual(storedTerms(cluster.node(2)), [1, 3, 3, 3, 3, 3, 3, 3, 7, 8])
    assert.isAtMost(probeCount, 2)
  })

  test('does not commit entries of earlier terms by counting them (5.4.2, figure 8)', () => {
    const cluster = new TestCluster({ voters: [1, 2, 3, 4, 5] })
    // Node 1 leads in term 2 and reaches node 2 with its second entry, node 5 leads in term 3 and
    // reaches nobody, and node 1 leads again in term 4 and reaches node 3.
    cluster.add(1, entriesOf([1, 2]), 3)
    cluster.add(2, entriesOf([1, 2]), 3)
    cluster.add(3, entriesOf([1]), 3)
    cluster.add(4, entriesOf([1]), 3)
    cluster.add(5, entriesOf([1, 3]), 3)
    cluster.mayPass = ({ from, to, entries, type }) => {
      if (type.includes('Vote')) return from !== 5 && to !== 5
      // Of what node 1 sends, only the old entries arrive: its own of term 4 goes nowhere.
      return entries.every(({ term }) => term < 4) && ![4, 5].includes(from) && ![4, 5].includes(to)
    }
    cluster.elect(1)
    assert.equal(cluster.raw(1).term, 4)
    cluster.raw(3).step(
      message({
        type: 'MsgApp',
        to: 3,
        from: 1,
        term: 4,
        index: 2,
        logTerm: 1,
        entries: entriesOf([1, 2]).slice(1),
      }),
    )
    cluster.settle()
    const stored = [1, 2, 3].map(id => storedTerms(cluster.node(id))[1])
    assert.deepEqual(stored, [2, 2, 2])
    assert.equal(cluster.raw(1).commitIndex, 1)

    // Node 5 may still win and replace it; that is why it must not count as committed.
    cluster.mayPass = without(1)
    cluster.elect(5)
    assert.equal(cluster.elect(5).role, 'leader')
    assert.deepEqual(storedTerms(cluster.node(3)), [1, 3, 5])
  })

  test('commits all before an entry of its own term with it (5.4.2)', () => {
    const cluster = new TestCluster(THREE)
    for (const id of [1, 2, 3]) cluster.add(id, entriesOf([1, 2]), 3)
    cluster.elect(1)
    assert.deepEqual(
      cluster.node(2).applied.map(({ term }) => term),
      [1, 2, 4],
    )
  })

  test('fills messages up to their size, and sends what is larger alone', () => {
    const cluster = new TestCluster({ ...THREE, options: { messageMaxBytes: 40 } })
    const raw = cluster.elect(1)
    cluster.mayPass = without(2)
    raw.proposeAll(['aaaaaaaaaa', 'bbbbbbbbbb', 'c'.repeat(100), 'd', 'e'].map(bytes))
    const counts: number[] = []
    cluster.mayPass = ({ from, to, entries, type }) => {
      if (to === 3 && type === 'MsgApp' && entries.length > 0) counts.push(entries.length)
      return from !== 2 && to !== 2
    }
    cluster.settle()
    assert.deepEqual(counts, [2, 1, 2])
    assert.deepEqual(cluster.node(3).applied.length, 6)
  })

  test('has no more on its way to a follower than its windows allow', () => {
    const windows = [
      { options: { inflightMaxCount: 3 }, sentCount: 3 },
      // The message that crosses the limit is sent.
      { options: { inflightMaxBytes: 25, messageMaxBytes: 10 }, sentCount: 3 },
    ]
    for (const { options, sentCount } of windows) {
      const cluster = new TestCluster({ ...THREE, options })
      const raw = cluster.elect(1)
      cluster.mayPass = without(3)
      for (let i = 0; i < 10; i++) raw.propose(bytes('0123456789'))
      const sent = cluster.work(1).filter(({ to, entries }) => to === 3 && entries.length > 0)
      assert.equal(sent.length, sentCount)
    }
  })

  test('sends a snapshot to those whose next entry is compacted, then the rest', () => {
    const cluster = new TestCluster(THREE)
    cluster.mayPass = without(3)
    const raw = cluster.elect(1)
    for (let i = 0; i < 5; i++) raw.propose(bytes(`${i}`))
    cluster.settle()
    const { storage } = cluster.node(1)
    storage.createSnapshot(5, storage.snapshot().metadata.confState, bytes('state'))
    storage.compact(5)
    const follower = cluster.node(3)
    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    raw.reportSnapshot(3, 'finished')
    assert.equal(text(follower.storage.snapshot().data), 'state')
    assert.deepEqual([follower.storage.firstIndex, follower.storage.lastIndex], [6, 7])
    assert.deepEqual(
      follower.applied.map(({ index }) => index),
      [6, 7],
    )
  })

  test('begins again before a snapshot that was lost', () => {
    const cluster = new TestCluster(THREE)
    cluster.mayPass = without(3)
    const raw = cluster.elect(1)
    for (let i = 0; i < 5; i++) raw.propose(bytes(`${i}`))
    cluster.settle()
    const { storage } = cluster.node(1)
    storage.createSnapshot(5, storage.snapshot().metadata.confState, bytes('state'))
    storage.compact(5)
    cluster.mayPass = ({ type }) => type !== 'MsgSnap'
    raw.tick()
    cluster.settle()
    assert.equal(raw.status().progress.get(3)?.state, 'snapshot')
    raw.reportSnapshot(3, 'failed')
    assert.equal(raw.status().progress.get(3)?.nextIndex, 1)

    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    assert.equal(cluster.node(3).storage.lastIndex, 7)
  })

  test('hands out to apply at most what fits, but at least one entry', () => {
    const cluster = new TestCluster({ voters: [1], options: { applyingMaxBytes: 30 } })
    const raw = cluster.elect(1)
    raw.proposeAll(['0123456789', '0123456789', 'x'.repeat(99)].map(bytes))
    cluster.settle()
    const counts = cluster.node(1).readies.map(({ committedEntries }) => committedEntries.length)
    assert.deepEqual(
      counts.filter(count => count > 0),
      [1, 1, 1, 1],
    )
  })
})

describe('a follower', () => {
  test('refuses entries that do not follow its own (5.3)', () => {
    const cases = [
      { index: 1, logTerm: 1, isRejected: false },
      { index: 3, logTerm: 2, isRejected: false },
      { index: 3, logTerm: 3, isRejected: true },
      { index: 4, logTerm: 4, isRejected: true },
    ]
    for (const { index, logTerm, isRejected } of cases) {
      const cluster = new TestCluster(THREE)
      const { raw } = cluster.add(1, entriesOf([1, 2]), 4)
      raw.step(message({ type: 'MsgApp', to: 1, from: 2, term: 4, index, logTerm }))
      const [answer] = cluster.work(1)
      assert.equal(answer?.isRejected, isRejected, `${index} ${logTerm}`)
    }
  })

  test('replaces only what conflicts: an old message takes nothing away (5.3)', () => {
    const cases = [
      { index: 3, logTerm: 2, terms: [3], expected: [1, 2, 3] },
      { index: 2, logTerm: 1, terms: [3, 4], expected: [1, 3, 4] },
      { index: 1, logTerm: 1, terms: [1], expected: [1, 2] },
      { index: 1, logTerm: 1, terms: [], expected: [1, 2] },
    ]
    for (const { index, logTerm, terms, expected } of cases) {
      const cluster = new TestCluster(THREE)
      const { raw } = cluster.add(1, entriesOf([1, 2]), 4)
      const entries = terms.map((term, i) => {
        return { term, index: index + 1 + i, type: 'normal', data: bytes('') } as const
      })
      raw.step(message({ type: 'MsgApp', to: 1, from: 2, term: 4, index, logTerm, entries }))
      cluster.work(1)
      assert.deepEqual(storedTerms(cluster.node(1)), expected)
    }
  })

  test('commits no further than what it has of the leader (5.3, figure 2)', () => {
    const cluster = new TestCluster(THREE)
    const { raw } = cluster.add(1, entriesOf([1, 1, 1]), 1)
    const append = { type: 'MsgApp', to: 1, from: 2, term: 1, index: 1, logTerm: 1 } as const
    raw.step(message({ ...append, entries: entriesOf([1]), commit: 4 }))
    assert.equal(raw.commitIndex, 2)
  })

  test('stores entries before it acknowledges them', () => {
    const cluster = new TestCluster(THREE)
    const append = { type: 'MsgApp', to: 1, from: 2, term: 1, index: 1, logTerm: 1 } as const
    cluster.raw(1).step(message({ ...append, entries: entriesOf([1]) }))
    const ready = cluster.raw(1).ready()
    assert.deepEqual([ready.mustSync, ready.entries.length], [true, 1])
    assert.deepEqual(
      ready.messages.map(({ type, index }) => [type, index]),
      [['MsgAppResp', 2]],
    )
  })
})
