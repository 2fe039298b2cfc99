/**
 * Who may lead, and whom nodes vote for. Raft paper, sections 5.1, 5.2 and 5.4.1; dissertation,
 * sections 4.2.3 and 9.6.
 */
import { assert, describe, test } from 'vitest'
import { entriesOf, message, TestCluster, without } from './cluster.ts'

const THREE = { voters: [1, 2, 3] }

function roles(cluster: TestCluster): string[] {
  return [...cluster.nodes.values()].map(({ raw }) => raw.role)
}

describe('an election', () => {
  test('is won with a majority of votes, one of each node per term (5.2)', () => {
    const cases = [
      { size: 1, granted: [], role: 'leader' },
      { size: 3, granted: [2], role: 'leader' },
      { size: 3, granted: [], role: 'candidate' },
      { size: 5, granted: [2], role: 'candidate' },
      { size: 5, granted: [2, 3], role: 'leader' },
      { size: 5, granted: [2, 2, 2], role: 'candidate' },
    ]
    for (const { size, granted, role } of cases) {
      const voters = Array.from({ length: size }, (_, i) => i + 1)
      const cluster = new TestCluster({ voters })
      const raw = cluster.raw(1)
      raw.campaign()
      cluster.work(1)
      for (const from of granted) raw.step(message({ type: 'MsgVoteResp', to: 1, from, term: 1 }))
      assert.equal(raw.role, role, `${granted} of ${size}`)
    }
  })

  test('is lost when a majority refuses, and then its term goes on without a leader', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.raw(1)
    raw.campaign()
    cluster.work(1)
    for (const from of [2, 3]) {
      raw.step(message({ type: 'MsgVoteResp', to: 1, from, term: 1, isRejected: true }))
    }
    assert.deepEqual([raw.role, raw.leader, raw.term], ['follower', 0, 1])
  })

  test('ends with the first entry of the winner, whose term it is (5.2, 8)', () => {
    const cluster = new TestCluster(THREE)
    cluster.elect(1)
    assert.deepEqual(roles(cluster), ['leader', 'follower', 'follower'])
    assert.deepEqual(
      cluster.node(3).applied.map(({ index, term }) => [index, term]),
      [[2, 1]],
    )
  })

  test('that ties is decided in a later term', () => {
    const cluster = new TestCluster({ voters: [1, 2, 3, 4] })
    cluster.raw(1).campaign()
    cluster.raw(2).campaign()
    cluster.mayPass = ({ from, to }) => (from === 1 && to === 3) || (from === 3 && to === 1)
    cluster.settle()
    cluster.mayPass = () => true
    assert.notInclude(roles(cluster), 'leader')
    assert.equal(cluster.elect(2).role, 'leader')
    assert.equal(cluster.raw(2).term, 2)
  })

  test('begins between one and two election timeouts after the leader was last heard (5.2)', () => {
    const begun = new Set<number>()
    for (let id = 1; id <= 50; id++) {
      const cluster = new TestCluster({ voters: [id, 100], options: { electionTicks: 10 } })
      const raw = cluster.raw(id)
      let ticks = 0
      for (; raw.role === 'follower' && ticks < 100; ticks++) raw.tick()
      assert.isTrue(ticks >= 10 && ticks < 20, `${ticks}`)
      begun.add(ticks)
    }
    assert.isAtLeast(begun.size, 5)
  })

  test('is not begun by learners, nor while a change of the configuration waits', () => {
    const cluster = new TestCluster({ voters: [1, 2], learners: [3] })
    assert.equal(cluster.raw(3).campaign(), 'not-promotable')
    for (let i = 0; i < 100; i++) cluster.raw(3).tick()
    assert.equal(cluster.raw(3).role, 'follower')
    assert.equal(cluster.elect(1).campaign(), 'already-leading')

    const entry = { term: 1, index: 3, type: 'conf-change-v2', data: Uint8Array.of(8, 0) } as const
    const append = { type: 'MsgApp', to: 2, from: 1, term: 1, index: 2, logTerm: 1 } as const
    cluster.raw(2).step(message({ ...append, entries: [entry], commit: 3 }))
    assert.equal(cluster.raw(2).campaign(), 'conf-change-unapplied')
  })
})

describe('a vote', () => {
  test('is for logs that are at least as up to date (5.4.1)', () => {
    const cases = [
      { ours: [1], index: 2, logTerm: 1, isGranted: true },
      { ours: [1], index: 3, logTerm: 1, isGranted: true },
      { ours: [1], index: 1, logTerm: 1, isGranted: false },
      { ours: [2], index: 9, logTerm: 1, isGranted: false },
      { ours: [1, 1, 1], index: 2, logTerm: 2, isGranted: true },
      { ours: [1, 2], index: 2, logTerm: 2, isGranted: false },
    ]
    for (const { ours, index, logTerm, isGranted } of cases) {
      for (const type of ['MsgVote', 'MsgPreVote'] as const) {
        const cluster = new TestCluster(THREE)
        const { raw } = cluster.add(1, entriesOf(ours), 2)
        raw.step(message({ type, to: 1, from: 2, term: 3, index, logTerm }))
        const [answer] = cluster.work(1)
        assert.equal(answer?.type, `${type}Resp`)
        assert.equal(answer?.isRejected, !isGranted, `${type} ${ours} ${index} ${logTerm}`)
      }
    }
  })

  test('is given once in a term, and again to the same node (5.2)', () => {
    const cluster = new TestCluster(THREE)
    const ask = (from: number) => {
      const request = { type: 'MsgVote', to: 1, from, term: 1, index: 1, logTerm: 1 } as const
      cluster.raw(1).step(message(request))
      return cluster.work(1)[0]?.isRejected
    }
    assert.deepEqual([ask(2), ask(3), ask(2)], [false, true, false])
  })

  test('is stored before it is given, and survives a restart', () => {
    const cluster = new TestCluster(THREE)
    const request = { type: 'MsgVote', to: 1, term: 1, index: 1, logTerm: 1 } as const
    cluster.raw(1).step(message({ ...request, from: 2 }))
    cluster.work(1)
    const [ready] = cluster.node(1).readies
    assert.deepEqual([ready?.mustSync, ready?.hardState?.vote], [true, 2])

    cluster.restart(1).raw.step(message({ ...request, from: 3 }))
    assert.equal(cluster.work(1)[0]?.isRejected, true)
  })
})

describe('terms', () => {
  test('of messages that are later make any node a follower (5.1)', () => {
    for (const type of ['MsgApp', 'MsgHeartbeat', 'MsgVoteResp', 'MsgAppResp'] as const) {
      const cluster = new TestCluster(THREE)
      const raw = cluster.elect(1)
      raw.step(message({ type, to: 1, from: 2, term: 5, index: 2, logTerm: 1 }))
      const leads = type === 'MsgApp' || type === 'MsgHeartbeat'
      assert.deepEqual([raw.role, raw.term, raw.leader], ['follower', 5, leads ? 2 : 0], type)
    }
  })

  test('of messages that are earlier make them count for nothing (5.1)', () => {
    const cluster = new TestCluster(THREE)
    cluster.add(1, [], 5)
    const raw = cluster.raw(1)
    for (const type of ['MsgApp', 'MsgVote', 'MsgHeartbeat', 'MsgTimeoutNow'] as const) {
      const entries = type === 'MsgApp' ? entriesOf([2]) : []
      raw.step(message({ type, to: 1, from: 2, term: 2, index: 1, logTerm: 1, entries }))
    }
    assert.deepEqual([raw.term, raw.role, raw.leader, raw.hasReady], [5, 'follower', 0, false])
  })

  test('end a candidacy when another leads in them', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.raw(1)
    raw.campaign()
    raw.step(message({ type: 'MsgHeartbeat', to: 1, from: 2, term: 1 }))
    assert.deepEqual([raw.role, raw.leader, raw.term], ['follower', 2, 1])
  })
})

describe('check-quorum', () => {
  const options = { hasCheckQuorum: true, electionTicks: 10 }

  test('makes voters keep to a leader they have heard within an election timeout', () => {
    const cluster = new TestCluster({ ...THREE, options })
    cluster.elect(1)
    const request = { type: 'MsgVote', to: 2, from: 3, term: 9, index: 9, logTerm: 9 } as const
    for (let i = 0; i < 9; i++) cluster.raw(2).tick()
    cluster.raw(2).step(message(request))
    assert.deepEqual([cluster.raw(2).term, cluster.raw(2).hasReady], [1, false])

    cluster.raw(2).tick()
    cluster.raw(2).step(message(request))
    assert.equal(cluster.raw(2).term, 9)
  })

  test('makes a leader step down that no majority has answered for an election timeout', () => {
    const cluster = new TestCluster({ ...THREE, options })
    const raw = cluster.elect(1)
    const run = (ticks: number) => {
      for (let i = 0; i < ticks; i++) {
        raw.tick()
        cluster.settle()
      }
    }
    run(100)
    assert.equal(raw.role, 'leader')
    cluster.mayPass = without(3)
    run(100)
    assert.equal(raw.role, 'leader')
    cluster.mayPass = () => false
    run(20)
    assert.deepEqual([raw.role, raw.leader, raw.term], ['follower', 0, 1])
  })

  test('tells a leader of an old term of the later one', () => {
    const cluster = new TestCluster({ ...THREE, options })
    cluster.elect(1)
    cluster.add(2, entriesOf([1]), 7)
    for (let i = 0; i < 3; i++) {
      cluster.raw(1).tick()
      cluster.settle()
    }
    assert.equal(cluster.raw(1).term, 7)
  })
})

describe('pre-vote', () => {
  const options = { hasPreVote: true, hasCheckQuorum: true, electionTicks: 10 }

  test('keeps a node that was cut off from deposing the leader when it returns', () => {
    const cluster = new TestCluster({ ...THREE, options })
    cluster.elect(1)
    cluster.mayPass = without(3)
    for (let i = 0; i < 100; i++) {
      for (const { raw } of cluster.nodes.values()) raw.tick()
      cluster.settle()
    }
    assert.equal(cluster.raw(3).role, 'pre-candidate')
    cluster.mayPass = () => true
    for (let i = 0; i < 5; i++) {
      for (const { raw } of cluster.nodes.values()) raw.tick()
      cluster.settle()
    }
    assert.deepEqual(roles(cluster), ['leader', 'follower', 'follower'])
    assert.deepEqual(
      [1, 2, 3].map(id => cluster.raw(id).term),
      [1, 1, 1],
    )
  })

  test('changes neither the term nor the vote of those who are asked', () => {
    const cluster = new TestCluster({ ...THREE, options })
    const request = { type: 'MsgPreVote', to: 1, term: 4, index: 1, logTerm: 1 } as const
    for (const from of [2, 3]) {
      cluster.raw(1).step(message({ ...request, from }))
      const [answer] = cluster.work(1)
      assert.deepEqual([answer?.isRejected, answer?.term], [false, 4])
    }
    const { term, vote } = cluster.raw(1).status()
    assert.deepEqual([term, vote], [0, 0])
  })

  test('of an earlier term is refused with the later one', () => {
    const cluster = new TestCluster({ ...THREE, options })
    cluster.add(1, [], 5)
    const request = { type: 'MsgPreVote', to: 1, from: 2, term: 3, index: 9, logTerm: 2 } as const
    cluster.raw(1).step(message(request))
    const [answer] = cluster.work(1)
    assert.deepEqual([answer?.isRejected, answer?.term], [true, 5])
  })
})
