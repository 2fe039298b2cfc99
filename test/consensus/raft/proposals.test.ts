/**
 * What becomes of proposals: taken, passed on, or refused and why.
 */
import { assert, describe, test } from 'vitest'
import type { ConfChangeV2 } from '../../../src/consensus/raft/membership/conf-change.ts'
import { bytes, message, TestCluster, text, without } from './cluster.ts'

const THREE = { voters: [1, 2, 3] }

function change(...changes: ConfChangeV2['changes']): ConfChangeV2 {
  return { transition: 'auto', changes, context: new Uint8Array() }
}

function appliedTexts(cluster: TestCluster, id: number): string[] {
  return cluster
    .node(id)
    .applied.filter(({ type, data }) => type === 'normal' && data.length > 0)
    .map(({ data }) => text(data))
}

describe('a proposal', () => {
  test('of several entries keeps their order', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    assert.equal(raw.proposeAll(['a', 'b'].map(bytes)), 'ok')
    assert.equal(raw.propose(bytes('c')), 'ok')
    cluster.settle()
    assert.deepEqual(appliedTexts(cluster, 2), ['a', 'b', 'c'])
  })

  test('goes through a follower, unless it may not pass it on', () => {
    const cluster = new TestCluster(THREE)
    cluster.elect(1)
    assert.equal(cluster.raw(3).propose(bytes('a')), 'ok')
    cluster.settle()
    assert.deepEqual(appliedTexts(cluster, 2), ['a'])

    const strict = new TestCluster({ ...THREE, options: { mayForwardProposals: false } })
    strict.elect(1)
    assert.equal(strict.raw(3).propose(bytes('a')), 'forwarding-disabled')
  })

  test('is refused where no leader is known', () => {
    const cluster = new TestCluster(THREE)
    assert.equal(cluster.raw(1).propose(bytes('a')), 'no-leader')
    cluster.raw(1).campaign()
    assert.equal(cluster.raw(1).propose(bytes('a')), 'no-leader')
    assert.equal(cluster.elect(1).forgetLeader(), 'ok')
    assert.equal(cluster.raw(2).forgetLeader(), 'ok')
    assert.equal(cluster.raw(2).propose(bytes('a')), 'no-leader')
    assert.equal(cluster.raw(1).proposeAll([]), 'malformed')
  })

  test('comes back to where it began if leadership has moved there meanwhile', () => {
    const cluster = new TestCluster(THREE)
    cluster.elect(1)
    cluster.elect(2)
    const entries = [{ term: 0, index: 0, type: 'normal', data: bytes('a') } as const]
    assert.equal(cluster.raw(2).step(message({ type: 'MsgProp', to: 2, from: 2, entries })), 'ok')
    cluster.settle()
    assert.deepEqual(appliedTexts(cluster, 3), ['a'])
  })

  test('is refused while too much waits for its commit, and taken when it is applied', () => {
    const cluster = new TestCluster({ ...THREE, options: { uncommittedMaxBytes: 20 } })
    const raw = cluster.elect(1)
    cluster.mayPass = () => false
    const ten = bytes('0123456789')
    assert.deepEqual(
      [ten, ten, ten, bytes('')].map(data => raw.propose(data)),
      ['ok', 'ok', 'too-much-uncommitted', 'ok'],
    )
    cluster.settle()
    assert.equal(raw.status().uncommittedBytes, 20)

    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    assert.equal(raw.status().uncommittedBytes, 0)
    // With nothing before it, any size is taken.
    assert.equal(raw.propose(bytes('x'.repeat(99))), 'ok')
    assert.equal(raw.propose(ten), 'too-much-uncommitted')
  })
})

describe('a change of the configuration', () => {
  test('holds from when it is applied, and its new member catches up', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    assert.equal(raw.proposeConfChange(change({ type: 'add-node', nodeId: 4 })), 'ok')
    assert.deepEqual([...raw.status().configuration.voters.incoming], [1, 2, 3])
    cluster.add(4)
    cluster.settle()
    for (const id of [1, 2, 3, 4]) {
      const { incoming } = cluster.raw(id).status().configuration.voters
      assert.deepEqual([...incoming].sort(), [1, 2, 3, 4])
    }
  })

  test('waits until the one before it is applied, also under another leader', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    const add = (nodeId: number) => change({ type: 'add-node', nodeId })
    // It reaches node 2, but its leader does not learn of that.
    cluster.mayPass = ({ from }) => from === 1
    assert.equal(raw.proposeConfChange(add(4)), 'ok')
    assert.equal(raw.proposeConfChange(add(5)), 'conf-change-ignored')
    cluster.settle()

    cluster.mayPass = ({ type }) => type.includes('Vote')
    const other = cluster.elect(2)
    assert.equal(other.role, 'leader')
    assert.equal(other.proposeConfChange(add(6)), 'conf-change-ignored')
    cluster.mayPass = () => true
    other.tick()
    cluster.settle()
    assert.isTrue(other.status().configuration.voters.incoming.has(4))
    assert.equal(other.proposeConfChange(add(6)), 'ok')
  })

  test('that could not be applied is refused', () => {
    const cluster = new TestCluster({ voters: [1, 2] })
    const raw = cluster.elect(1)
    const both = change({ type: 'remove-node', nodeId: 1 }, { type: 'remove-node', nodeId: 2 })
    assert.equal(raw.proposeConfChange(both), 'invalid-conf-change')
    const entries = [{ term: 0, index: 0, type: 'conf-change-v2', data: bytes('') } as const]
    // The empty change leaves a joint configuration, and there is none.
    const leave = message({ type: 'MsgProp', to: 1, from: 2, entries })
    assert.equal(raw.step(leave), 'conf-change-ignored')
    cluster.settle()
    assert.equal(raw.proposeConfChange(change({ type: 'add-learner', nodeId: 3 })), 'ok')
  })

  test('through a joint configuration needs both majorities, and the leader leaves it', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    const swap = change(
      { type: 'remove-node', nodeId: 2 },
      { type: 'remove-node', nodeId: 3 },
      { type: 'add-node', nodeId: 4 },
      { type: 'add-node', nodeId: 5 },
    )
    raw.proposeConfChange(swap)
    cluster.add(4)
    cluster.add(5)
    cluster.mayPass = without(4, 5)
    cluster.settle()
    const { voters } = raw.status().configuration
    assert.deepEqual(
      [[...voters.incoming], [...voters.outgoing]],
      [
        [1, 4, 5],
        [1, 2, 3],
      ],
    )
    const before = raw.commitIndex
    raw.propose(bytes('a'))
    cluster.settle()
    assert.equal(raw.commitIndex, before)

    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    assert.equal(raw.status().configuration.voters.outgoing.size, 0)
    assert.deepEqual(appliedTexts(cluster, 5), ['a'])
  })

  test('that removes the leader makes it step down', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    raw.proposeConfChange(change({ type: 'remove-node', nodeId: 1 }))
    cluster.settle()
    assert.deepEqual([raw.role, raw.campaign()], ['follower', 'not-promotable'])
    assert.equal(cluster.elect(2).role, 'leader')
  })

  test('may leave a removed leader leading, but nothing more is proposed by it', () => {
    const cluster = new TestCluster({ ...THREE, options: { hasStepDownOnRemoval: false } })
    const raw = cluster.elect(1)
    raw.proposeConfChange(change({ type: 'remove-node', nodeId: 1 }))
    cluster.settle()
    assert.deepEqual([raw.role, raw.propose(bytes('a'))], ['leader', 'not-a-member'])
  })
})

test('a learner follows and does not count', () => {
  const cluster = new TestCluster({ voters: [1, 2], learners: [3] })
  const raw = cluster.elect(1)
  cluster.mayPass = without(2)
  raw.propose(bytes('a'))
  cluster.settle()
  assert.equal(raw.commitIndex, 2)
  cluster.mayPass = () => true
  raw.tick()
  cluster.settle()
  assert.deepEqual(appliedTexts(cluster, 3), ['a'])
})

test('a node goes on from where its application was', () => {
  const cluster = new TestCluster({ voters: [1] })
  cluster.elect(1).propose(bytes('a'))
  cluster.settle()
  const node = cluster.restart(1)
  cluster.settle()
  assert.deepEqual(
    node.applied.map(({ index }) => index),
    [2, 3],
  )
})
