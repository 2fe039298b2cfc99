/**
 * Reads that see all that was committed before them. Dissertation, section 6.4.
 */
import { assert, describe, test } from 'vitest'
import { createMessage } from '../../../src/consensus/raft/message.ts'
import { ReadQueue } from '../../../src/consensus/raft/read-queue.ts'
import { bytes, TestCluster, text, without } from './cluster.ts'

const THREE = { voters: [1, 2, 3] }

function reads(cluster: TestCluster, id: number): [string, number][] {
  return cluster.node(id).reads.map(({ context, index }) => [text(context), index])
}

describe('a read', () => {
  test('is answered with the commit index when a majority still follows', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    raw.propose(bytes('a'))
    cluster.settle()
    assert.equal(raw.readIndex(bytes('r')), 'ok')
    assert.deepEqual(reads(cluster, 1), [])
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [['r', 3]])
  })

  test('asked of a follower is answered there', () => {
    const cluster = new TestCluster(THREE)
    cluster.elect(1)
    assert.equal(cluster.raw(3).readIndex(bytes('r')), 'ok')
    cluster.settle()
    assert.deepEqual([reads(cluster, 3), reads(cluster, 1)], [[['r', 2]], []])
  })

  test('is not answered by a leader that nobody follows any more', () => {
    const cluster = new TestCluster(THREE)
    cluster.elect(1)
    cluster.mayPass = without(1)
    cluster.elect(2)
    cluster.raw(2).propose(bytes('new'))
    cluster.settle()
    assert.equal(cluster.raw(1).role, 'leader')
    cluster.raw(1).readIndex(bytes('stale'))
    cluster.settle()
    cluster.mayPass = () => true
    cluster.raw(1).tick()
    cluster.raw(2).tick()
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [])
  })

  test('waits until the leader has committed something in its term', () => {
    const cluster = new TestCluster(THREE)
    for (const id of [1, 2, 3]) cluster.add(id, [], 1)
    cluster.mayPass = ({ type }) => type.includes('Vote') || type.includes('Heartbeat')
    const raw = cluster.elect(1)
    raw.readIndex(bytes('r1'))
    raw.readIndex(bytes('r2'))
    raw.tick()
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [])
    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [
      ['r1', 2],
      ['r2', 2],
    ])
  })

  test('is confirmed together with all before it', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    cluster.mayPass = () => false
    for (const context of ['r1', 'r2', 'r3']) raw.readIndex(bytes(context))
    cluster.settle()
    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    assert.deepEqual(
      reads(cluster, 1).map(([context]) => context),
      ['r1', 'r2', 'r3'],
    )
  })

  test('is not confirmed by answers to heartbeats that were sent before it', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    raw.tick()
    cluster.work(1)
    const before = cluster.messages
    cluster.messages = []
    raw.readIndex(bytes('r'))
    cluster.work(1)
    cluster.messages = before
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [])
  })

  test('is not confirmed by learners, nor by counts that were never asked for', () => {
    const cluster = new TestCluster({ voters: [1, 2], learners: [3] })
    const raw = cluster.elect(1)
    cluster.mayPass = without(2)
    raw.readIndex(bytes('r'))
    cluster.settle()
    const forged = { type: 'MsgHeartbeatResp', to: 1, from: 2, term: 1, readCount: 7 } as const
    raw.step(createMessage(forged))
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [])
    raw.step(createMessage({ ...forged, readCount: 1 }))
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [['r', 2]])
  })

  test('is answered at once where there is only one voter', () => {
    const cluster = new TestCluster({ voters: [1], learners: [2] })
    const raw = cluster.elect(1)
    raw.readIndex(bytes('r'))
    assert.deepEqual(raw.ready().readStates.length, 1)
  })

  test('waits even with one voter until that has committed in its term', () => {
    const cluster = new TestCluster({ voters: [1] })
    const { raw } = cluster.add(1, [], 1)
    raw.campaign()
    raw.ready()
    raw.advance()
    assert.deepEqual([raw.role, raw.commitIndex], ['leader', 1])
    raw.readIndex(bytes('r'))
    cluster.settle()
    assert.deepEqual(reads(cluster, 1), [['r', 2]])
  })

  test('is refused without a leader, and when too many wait', () => {
    const cluster = new TestCluster({ ...THREE, options: { pendingReadsMax: 2 } })
    assert.equal(cluster.raw(1).readIndex(bytes('r')), 'no-leader')
    const raw = cluster.elect(1)
    cluster.mayPass = () => false
    const results = ['r1', 'r2', 'r3'].map(context => raw.readIndex(bytes(context)))
    assert.deepEqual(results, ['ok', 'ok', 'too-many-reads'])
    cluster.settle()
    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    assert.equal(raw.readIndex(bytes('r4')), 'ok')
  })

  test('is answered from the lease without asking, if that is the mode', () => {
    const options = { readMode: 'lease-based', hasCheckQuorum: true } as const
    const cluster = new TestCluster({ ...THREE, options })
    const raw = cluster.elect(1)
    raw.readIndex(bytes('r'))
    const ready = raw.ready()
    assert.deepEqual([ready.readStates.length, ready.messages.length], [1, 0])
    assert.equal(cluster.raw(2).forgetLeader(), 'lease-based-reads')
  })
})

describe('reads that wait', () => {
  test('are given out once, also if a change of the configuration takes votes away', () => {
    const queue = new ReadQueue(10)
    for (const name of ['r1', 'r2']) queue.add({ from: 1, context: bytes(name), index: 5 })
    for (const id of [1, 2]) queue.acknowledge(id, 2)
    const take = (...ids: number[]) => {
      const voters = { incoming: new Set(ids), outgoing: new Set<number>() }
      return queue.takeConfirmed(voters).map(({ context }) => text(context))
    }
    assert.deepEqual([take(1, 2, 3), take(3, 4, 5), take(1, 2, 3)], [['r1', 'r2'], [], []])
    queue.add({ from: 1, context: bytes('r3'), index: 6 })
    assert.equal(queue.readCount, 3)
    for (const id of [1, 2]) queue.acknowledge(id, 3)
    assert.deepEqual(take(1, 2, 3), ['r3'])
  })
})
