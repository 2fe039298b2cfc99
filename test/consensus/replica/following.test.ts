/**
 * Peers that follow the log without a vote: what they are told is committed, and who follows.
 */
import { assert, describe, test } from 'vitest'
import { Cluster, type Member } from './cluster.ts'

const NAMES = ['a', 'b', 'c', 'd']

/** Three voters and one that follows. */
function mesh(options = {}): { cluster: Cluster; leader: Member; follower: Member } {
  const cluster = new Cluster({ followIntervalMs: 1_000, ...options })
  for (const peer of NAMES) cluster.add(peer, { founders: NAMES })
  const isGrown = () => cluster.leader?.replica.status(0).confState.voters.length === 3
  assert.isTrue(cluster.passUntil(isGrown), 'the mesh has its voters')
  cluster.pass(1_000)
  const { leader } = cluster
  const follower = cluster.members.find(each => cluster.status(each).role === 'observer')
  assert(leader !== undefined && follower !== undefined)
  return { cluster, leader, follower }
}

describe('a peer that follows', () => {
  test('is not told what its source is about to replace', () => {
    const { cluster, leader: old, follower } = mesh()
    const cutOff = [old.peer, follower.peer]
    for (const peer of NAMES.filter(name => !cutOff.includes(name))) {
      const member = { peer, isAlive: false, zone: '' }
      cluster.step(follower, { type: 'member-seen', member })
    }
    cluster.passes = (from, to) => cutOff.includes(from) === cutOff.includes(to)
    cluster.propose(old, 'r1', 'never agreed on')
    assert.isTrue(cluster.passUntil(() => cluster.leader !== old))
    const { leader } = cluster
    assert(leader !== undefined)
    cluster.propose(leader, 'r2', 'agreed on')
    cluster.settle()

    // It knows better now, but what it has stored is still the old entry.
    old.disk = 'sticks-at-entries'
    cluster.passes = () => true
    cluster.pass(3_000)

    assert.equal(cluster.status(follower).source, old.peer)
    assert.deepEqual(follower.machine.lines, ['agreed on'])
  })
})

describe('a peer that was to become a voter', () => {
  test('follows again if it was not needed after all, and heard nothing of that', () => {
    const { cluster, leader, follower } = mesh({ voterReplaceAfterMs: 1_000 })
    const voters = cluster.members.filter(each => each !== leader && each !== follower)
    const [gone] = voters
    assert(gone !== undefined)
    // The leader never hears that it has caught up.
    cluster.passes = (from, _to, { type }) => !(from === follower.peer && type === 'raft')
    cluster.crash(gone)
    assert.isTrue(cluster.passUntil(() => cluster.status(follower).role === 'follower'))
    cluster.restart(gone)
    const isDropped = () => cluster.status(leader).confState.learners.length === 0
    assert.isTrue(cluster.passUntil(isDropped))

    cluster.passes = () => true
    cluster.propose(leader, 'r1', 'news')
    cluster.pass(5 * cluster.options.electionTimeoutMs)

    assert.equal(cluster.status(follower).role, 'observer')
    assert.deepEqual(follower.machine.lines, ['news'])
  })
})
