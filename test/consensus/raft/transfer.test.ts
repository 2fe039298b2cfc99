/**
 * Handing leadership over. Dissertation, section 3.10.
 */
import { assert, describe, test } from 'vitest'
import { bytes, TestCluster, without } from './cluster.ts'

const THREE = { voters: [1, 2, 3] }

describe('leadership', () => {
  test('passes to another at once, whatever pre-vote and leases say', () => {
    const options = { hasPreVote: true, hasCheckQuorum: true }
    const cluster = new TestCluster({ ...THREE, options })
    assert.equal(cluster.elect(1).transferLeader(2), 'ok')
    cluster.settle()
    assert.deepEqual([cluster.raw(1).role, cluster.raw(2).role], ['follower', 'leader'])
    assert.equal(cluster.raw(2).term, 2)
  })

  test('passes when asked of a follower', () => {
    const cluster = new TestCluster(THREE)
    cluster.elect(1)
    assert.equal(cluster.raw(3).transferLeader(3), 'ok')
    cluster.settle()
    assert.equal(cluster.raw(3).role, 'leader')
  })

  test('passes once the next one has the whole log', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    cluster.mayPass = without(3)
    raw.propose(bytes('a'))
    cluster.settle()
    raw.transferLeader(3)
    cluster.settle()
    assert.equal(raw.role, 'leader')
    cluster.mayPass = () => true
    raw.tick()
    cluster.settle()
    assert.equal(cluster.raw(3).role, 'leader')
  })

  test('stays if it has not passed within an election timeout; proposals wait so long', () => {
    const cluster = new TestCluster({ ...THREE, options: { electionTicks: 10 } })
    const raw = cluster.elect(1)
    cluster.mayPass = ({ type }) => type !== 'MsgTimeoutNow'
    raw.transferLeader(2)
    for (let i = 0; i < 9; i++) raw.tick()
    assert.equal(raw.propose(bytes('a')), 'transferring')
    raw.tick()
    assert.deepEqual([raw.role, raw.propose(bytes('a'))], ['leader', 'ok'])
  })

  test('goes to the one that was asked for last', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    cluster.mayPass = () => false
    assert.deepEqual(
      [2, 2, 3].map(id => raw.transferLeader(id)),
      ['ok', 'nothing-to-do', 'ok'],
    )
    assert.equal(raw.status().leadTransferee, 3)
    assert.equal(raw.transferLeader(1), 'nothing-to-do')
    assert.equal(raw.status().leadTransferee, 0)
  })

  test('is not handed to learners or strangers, nor by nobody', () => {
    const cluster = new TestCluster({ voters: [1, 2], learners: [3] })
    assert.equal(cluster.raw(1).transferLeader(2), 'no-leader')
    const raw = cluster.elect(1)
    assert.equal(raw.transferLeader(3), 'not-a-voter')
    assert.equal(raw.transferLeader(9), 'peer-not-found')
  })

  test('stays when the next one is removed meanwhile', () => {
    const cluster = new TestCluster(THREE)
    const raw = cluster.elect(1)
    const changes = [{ type: 'remove-node', nodeId: 3 }] as const
    raw.proposeConfChange({ transition: 'auto', changes, context: bytes('') })
    cluster.mayPass = ({ type }) => type !== 'MsgTimeoutNow'
    raw.transferLeader(3)
    cluster.settle()
    assert.deepEqual([raw.role, raw.status().leadTransferee], ['leader', 0])
  })
})
