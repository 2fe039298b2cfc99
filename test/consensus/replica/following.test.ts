/**
 * Peers that follow the log without a vote: what they are told is committed, and who follows.
 */
import { assert, describe, test } from 'vitest'
import { Cluster, type Member } from './cluster.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e']

/** Three voters and some that follow. */
function mesh(options = {}, count = 4): { cluster: Cluster; leader: Member; follower: Member } {
  const cluster = new Cluster({ followIntervalMs: 1_000, ...options })
  const founders = NAMES.slice(0, count)
  for (const peer of founders) cluster.add(peer, { founders, voters: [1, 2, 3] })

  assert.isTrue(cluster.passUntil(() => cluster.leader !== undefined))
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

describe('a peer whose question could not be sent', () => {
  test('asks again in a moment, not when a source would have answered', () => {
    const { cluster, leader, follower } = mesh({ followIntervalMs: 600_000 })
    cluster.passes = (_from, to, { type }) => !(to === follower.peer && type === 'feed')
    cluster.propose(leader, 'r1', 'news')
    cluster.pass(1_000)
    cluster.passes = () => true
    assert.deepEqual(follower.machine.lines, [])

    const { source } = cluster.status(follower)
    cluster.step(follower, { type: 'message-unsent', to: source ?? '' })
    cluster.pass(500)
    assert.deepEqual(follower.machine.lines, ['news'])
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

describe('voters that were replaced while they were away', () => {
  test('find out, though they ask one another for votes', () => {
    const { cluster, leader } = mesh({ voterReplaceAfterMs: 1_000 }, 5)
    const isVoter = (member: Member) =>
      cluster.status(leader).confState.voters.includes(cluster.status(member).node)
    const replaced = cluster.members.filter(each => each !== leader && isVoter(each))
    for (const voter of replaced) {
      cluster.crash(voter)
      assert.isTrue(cluster.passUntil(() => !isVoter(voter)))
      cluster.pass(1_000)
    }
    cluster.propose(leader, 'r1', 'news')
    cluster.pass(1_000)

    for (const voter of replaced) cluster.restart(voter)
    cluster.pass(6 * cluster.options.electionTimeoutMs)

    for (const voter of replaced) {
      assert.equal(cluster.status(voter).role, 'observer')
      assert.deepEqual(voter.machine.lines, ['news'])
    }
  })
})

describe('a leader that has lost its majority', () => {
  test('waits for votes as long as any other before it looks around', () => {
    const { cluster, leader } = mesh()
    cluster.pass(10 * cluster.options.electionTimeoutMs)
    cluster.passes = () => false
    assert.isTrue(cluster.passUntil(() => cluster.status(leader).role !== 'leader'))

    const roles = new Set<string>()
    const endMs = cluster.nowMs + 3 * cluster.options.electionTimeoutMs
    while (cluster.nowMs < endMs) {
      cluster.pass(50)
      roles.add(cluster.status(leader).role)
    }

    assert.notInclude([...roles], 'observer')
  })
})

test('a voter that was removed and named again while it was away takes a snapshot of the time between', () => {
  const { cluster, leader, follower } = mesh({ snapshotEveryEntries: 16, trailingEntries: 0 })
  const settings = { countMax: 3, isAutomatic: false, replaceAfterMs: 600_000 } as const
  for (const { machine } of cluster.members) machine.voterSettings = settings
  const away = cluster.members.find(member => member !== leader && member !== follower)
  assert(away !== undefined)
  const { node } = cluster.status(away)
  cluster.crash(away)
  const operate = (type: 'promote' | 'demote') => {
    cluster.step(leader, { type: 'operate', requestId: type, operation: { type, node } })
    cluster.pass(1_000)
  }
  operate('demote')
  const snapshotIndex = () => leader.log.snapshot().metadata.index
  for (let n = 0; snapshotIndex() < cluster.status(leader).lastIndex; n++) {
    cluster.propose(leader, `r${n}`, `line-${n}`)
    cluster.pass(50)
  }
  assert.notInclude(leader.log.snapshot().metadata.confState.voters, node)
  operate('promote')
  assert.include(cluster.status(leader).confState.voters, node)
  cluster.restart(away)
  const isBack = () => cluster.status(away).appliedIndex === cluster.status(leader).appliedIndex
  assert.isTrue(cluster.passUntil(isBack, 60_000))
  assert.deepEqual(away.machine.lines, leader.machine.lines)
  assert.isTrue(cluster.passUntil(() => cluster.status(away).role === 'follower', 60_000))
})
