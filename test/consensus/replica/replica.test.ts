/**
 * A replica among others: agrees, follows, grows, and goes on without those that are gone.
 */
import { assert, describe, test } from 'vitest'
import { Cluster, type Member } from './cluster.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']

/** Members that were all there from the beginning, of which the first decides. */
function clusterOf(count: number, options = {}): Cluster {
  const cluster = new Cluster(options)
  const founders = NAMES.slice(0, count)
  for (const peer of founders) cluster.add(peer, { founders })
  return cluster
}

function lines(member: Member): readonly string[] {
  return member.machine.lines
}

/** With as many voters as it wants. */
function grown(count: number, voterCount: number, options = {}): Cluster {
  const cluster = clusterOf(count, options)
  const isGrown = () => cluster.leader?.replica.status(0).confState.voters.length === voterCount
  assert.isTrue(cluster.passUntil(isGrown), 'the mesh has its voters')
  cluster.pass(1_000)
  return cluster
}

describe('one peer alone', () => {
  test('elects itself, and agrees with itself', () => {
    const cluster = clusterOf(1)
    const a = cluster.member('a')
    assert.isTrue(cluster.passUntil(() => cluster.leader === a))
    cluster.propose(a, 'r1', 'first')
    assert.deepEqual(a.outcomes.get('r1'), { type: 'applied', result: '1' })
    assert.deepEqual(lines(a), ['first'])
  })

  test('has its state again after a restart, and leads at once', () => {
    const cluster = clusterOf(1)
    const a = cluster.member('a')
    cluster.passUntil(() => cluster.leader === a)
    cluster.propose(a, 'r1', 'first')
    cluster.pass(1_000)
    cluster.restart(a)
    cluster.step(a, { type: 'flush' })
    assert.deepEqual(lines(a), ['first'])
    assert.equal(cluster.status(a).role, 'leader')
  })
})

describe('a mesh that grows', () => {
  test('of three has three voters without anybody asking for it', () => {
    const cluster = grown(3, 3)
    assert.deepEqual(cluster.leader?.replica.status(0).confState, {
      ...{ voters: [1, 2, 3], learners: [], votersOutgoing: [], learnersNext: [] },
      isAutoLeave: false,
    })
  })

  test('of two keeps one voter, and the other one follows', () => {
    const cluster = clusterOf(2)
    cluster.pass(10_000)
    const [a, b] = cluster.members
    assert.deepEqual(a && cluster.status(a).confState.voters, [1])
    if (a !== undefined) cluster.propose(a, 'r1', 'news')
    cluster.pass(100)
    assert.deepEqual(b && [lines(b), cluster.status(b).role], [['news'], 'observer'])
  })

  test('admits one that knows nothing, which then has the whole state', () => {
    const cluster = clusterOf(1)
    const a = cluster.member('a')
    cluster.passUntil(() => cluster.leader === a)
    cluster.propose(a, 'r1', 'admit:z')
    const z = cluster.add('z', {})
    cluster.pass(3_000)
    assert.deepEqual(lines(z), ['admit:z'])
    assert.isAbove(cluster.status(z).node, 0)
  })
})

describe('a proposal', () => {
  test('made anywhere is applied everywhere, and answered where it was made', () => {
    const cluster = grown(5, 3)
    for (const member of cluster.members) cluster.propose(member, `r-${member.peer}`, member.peer)
    cluster.pass(2_000)
    for (const member of cluster.members) {
      assert.equal(member.outcomes.get(`r-${member.peer}`)?.type, 'applied')
      assert.sameMembers([...lines(member)], ['a', 'b', 'c', 'd', 'e'])
      assert.deepEqual(lines(member), lines(cluster.member('a')))
    }
  })

  test('that not everybody could judge does not get into the log', () => {
    const cluster = grown(3, 3)
    for (const member of cluster.members) {
      cluster.propose(member, `r-${member.peer}`, 'nobody-could-read')
      cluster.pass(500)
      const outcome = member.outcomes.get(`r-${member.peer}`)
      assert.deepEqual(outcome?.type === 'failed' && outcome.reason, 'not-possible')
    }
    assert.deepEqual(lines(cluster.member('a')), [])
  })

  test('in a minority is refused after its time, naming who led last', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    assert.isDefined(leader)
    if (leader === undefined) return
    for (const other of cluster.members) if (other !== leader) cluster.crash(other)
    cluster.propose(leader, 'r1', 'lost')
    cluster.pass(cluster.options.writeTimeoutMs + 100)
    assert.deepEqual(leader.outcomes.get('r1'), {
      ...{ type: 'failed', reason: 'no-quorum', leader: leader.peer },
    })
    assert.notInclude(lines(leader), 'lost')
    assert.isAbove(cluster.status(leader).staleForMs, 500)
  })

  test('that takes long stands in the log once, though it is sent again', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    assert(leader !== undefined)
    let sentCount = 0
    const other = cluster.members.find(member => member !== leader)
    assert(other !== undefined)
    cluster.passes = (from, to, { type }) => {
      if (from === other.peer && type === 'propose') sentCount += 1
      return !(to === leader.peer && type === 'raft')
    }
    cluster.propose(other, 'r1', 'slow')
    cluster.pass(1_200)
    cluster.passes = () => true
    cluster.pass(1_000)
    assert.isAbove(sentCount, 1)
    assert.equal(other.outcomes.get('r1')?.type, 'applied')
    assert.deepEqual(lines(other), ['slow'])
  })

  test('survives the leader it was first sent to', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    const other = cluster.members.find(member => member !== leader)
    assert(leader !== undefined && other !== undefined)
    // The leader takes it, and nothing of what it says of it arrives.
    cluster.passes = from => from !== leader.peer
    cluster.propose(other, 'r1', 'kept')
    cluster.settle()
    cluster.crash(leader)
    cluster.passes = () => true
    cluster.pass(4_000)
    assert.equal(other.outcomes.get('r1')?.type, 'applied')
    assert.equal(lines(other).filter(line => line === 'kept').length, 1)
  })
})

describe('a read', () => {
  test('waits until what was agreed before is applied here', () => {
    const cluster = grown(5, 3)
    const observer = cluster.members.find(each => cluster.status(each).role === 'observer')
    assert(observer !== undefined && cluster.leader !== undefined)
    cluster.passes = (_from, to, message) => to !== observer.peer || message.type !== 'feed'
    cluster.propose(cluster.leader, 'w1', 'new')
    cluster.settle()
    cluster.step(observer, { type: 'read', requestId: 'q1' })
    cluster.settle()
    assert.isUndefined(observer.outcomes.get('q1'))
    assert.notInclude(lines(observer), 'new')
    cluster.passes = () => true
    cluster.pass(4_000)
    assert.deepEqual(observer.outcomes.get('q1'), { type: 'done' })
    assert.include(lines(observer), 'new')
  })
})

describe('an operation', () => {
  test('hands the office over', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    const other = cluster.members.find(member => member !== leader)
    assert(leader !== undefined && other !== undefined)
    const { node } = cluster.status(other)
    cluster.step(other, { type: 'operate', requestId: 'o1', operation: { type: 'transfer', node } })
    cluster.pass(1_000)
    assert.deepEqual(other.outcomes.get('o1'), { type: 'done' })
    assert.equal(cluster.leader, other)
  })

  test('that cannot be is refused', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    assert(leader !== undefined)
    cluster.step(leader, {
      ...{ type: 'operate', requestId: 'o1', operation: { type: 'transfer', node: 77 } },
    })
    cluster.pass(100)
    const outcome = leader.outcomes.get('o1')
    assert.deepEqual(outcome?.type === 'failed' && outcome.reason, 'not-possible')
  })
})

describe('voters chosen by persons', () => {
  const manual = { countMax: 5, isAutomatic: false, replaceAfterMs: 60_000 } as const

  function asked(cluster: Cluster, type: 'promote' | 'demote', node: number) {
    const { leader } = cluster
    assert(leader !== undefined)
    cluster.step(leader, { type: 'operate', requestId: type, operation: { type, node } })
    cluster.pass(3_000)
    return leader.outcomes.get(type)
  }

  test('are promoted once they have the log, and demoted', () => {
    const cluster = clusterOf(4)
    for (const { machine } of cluster.members) machine.voterSettings = manual
    cluster.pass(5_000)
    const voters = () => cluster.leader?.replica.status(0).confState.voters
    assert.deepEqual(voters(), [1])
    assert.deepEqual(asked(cluster, 'promote', 3), { type: 'done' })
    assert.deepEqual(voters(), [1, 3])
    cluster.pass(10_000)
    assert.deepEqual(voters(), [1, 3], 'nobody else is chosen')
    assert.deepEqual(asked(cluster, 'demote', 3), { type: 'done' })
    assert.deepEqual(voters(), [1])
  })

  test('are not, if it is so already, if nobody would be left, or if the mesh chooses', () => {
    const cluster = clusterOf(2)
    for (const { machine } of cluster.members) machine.voterSettings = manual
    cluster.pass(5_000)
    const refusal = { type: 'failed', reason: 'not-possible', leader: 'a' } as const
    assert.deepEqual(asked(cluster, 'demote', 1), refusal)
    assert.deepEqual(asked(cluster, 'promote', 1), refusal)
    assert.deepEqual(asked(cluster, 'promote', 99), refusal)
    const automatic = clusterOf(2)
    automatic.pass(5_000)
    assert.deepEqual(asked(automatic, 'promote', 2), refusal)
  })
})

describe('a leader that is known to be dead', () => {
  test('is succeeded at once, not after an election timeout', () => {
    const cluster = grown(5, 3)
    const { leader } = cluster
    assert(leader !== undefined)
    cluster.crash(leader)
    cluster.pass(300)
    assert.isDefined(cluster.leader)
    assert.notEqual(cluster.leader, leader)
  })

  test('by one peer only goes on leading', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    const other = cluster.members.find(member => member !== leader)
    assert(leader !== undefined && other !== undefined)
    const { term } = cluster.status(leader)
    cluster.step(other, {
      ...{ type: 'member-seen', member: { peer: leader.peer, isAlive: false, zone: '' } },
    })
    cluster.pass(2_000)
    assert.equal(cluster.leader, leader)
    assert.equal(cluster.status(leader).term, term)
    assert.equal(cluster.status(other).leader, leader.peer)
  })
})

describe('a voter that hears nobody', () => {
  test('looks around as an observer, and never takes itself for a majority', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    assert(leader !== undefined)
    cluster.passes = (from, to) => from !== leader.peer && to !== leader.peer
    const before = cluster.status(leader).commitIndex
    const roles = new Set<string>()
    for (let left = 600; left > 0; left -= 1) {
      cluster.pass(50)
      roles.add(cluster.status(leader).role)
      if (left < 500) assert.notEqual(cluster.status(leader).role, 'leader')
    }
    assert.include([...roles], 'observer')
    assert.equal(cluster.status(leader).commitIndex, before)
    cluster.passes = () => true
    cluster.propose(leader, 'r1', 'together again')
    cluster.pass(10_000)
    assert.equal(leader.outcomes.get('r1')?.type, 'applied')
  })
})

describe('a voter that is gone', () => {
  test('is replaced once it has been dead for long', () => {
    const cluster = grown(4, 3, { voterReplaceAfterMs: 30_000 })
    const voters = () => cluster.leader?.replica.status(0).confState.voters ?? []
    const victim = cluster.members.find(
      member => member !== cluster.leader && voters().includes(cluster.status(member).node),
    )
    assert(victim !== undefined)
    const { node } = cluster.status(victim)
    cluster.crash(victim)
    cluster.pass(25_000)
    assert.include(voters(), node)
    cluster.pass(15_000)
    assert.notInclude(voters(), node)
    assert.lengthOf(voters(), 3)
  })

  test('that comes back catches up and follows', () => {
    const cluster = grown(4, 3, { voterReplaceAfterMs: 30_000 })
    const victim = cluster.members.find(member => {
      return member !== cluster.leader && cluster.status(member).role === 'follower'
    })
    assert(victim !== undefined && cluster.leader !== undefined)
    cluster.crash(victim)
    cluster.pass(50_000)
    cluster.propose(cluster.leader, 'r1', 'meanwhile')
    cluster.restart(victim)
    cluster.pass(10_000)
    assert.include(lines(victim), 'meanwhile')
    assert.equal(cluster.status(victim).role, 'observer')
  })
})

describe('a peer that was away for long', () => {
  const options = { snapshotEveryEntries: 16, trailingEntries: 0 }

  test('gets a snapshot in place of the log, whether it votes or not', () => {
    for (const role of ['follower', 'observer']) {
      const cluster = grown(5, 3, options)
      const away = cluster.members.find(member => cluster.status(member).role === role)
      assert(away !== undefined && cluster.leader !== undefined)
      cluster.crash(away)
      for (let n = 0; n < 100; n++) cluster.propose(cluster.leader, `r${n}`, `line-${n}`)
      cluster.pass(1_000)
      assert.isAbove(cluster.status(cluster.leader).firstIndex, cluster.status(away).lastIndex)
      cluster.restart(away)
      cluster.pass(10_000)
      assert.deepEqual(lines(away), lines(cluster.leader), role)
      assert.isTrue(
        away.effects.some(({ type }) => type === 'restored'),
        role,
      )
    }
  })
})

describe('a state that differs', () => {
  test('stops whoever finds its leader of another opinion', () => {
    const cluster = grown(3, 3)
    const { leader } = cluster
    const other = cluster.members.find(member => member !== leader)
    assert(leader !== undefined && other !== undefined)
    other.machine.lines.push('a bit has flipped')
    cluster.propose(leader, 'r1', 'next')
    cluster.pass(1_000)
    assert.equal(cluster.status(other).halted?.type, 'state-differs')
    cluster.propose(leader, 'r2', 'not applied there')
    cluster.pass(1_000)
    assert.notInclude(lines(other), 'not applied there')
    assert.isUndefined(cluster.status(leader).halted)
  })

  test('is not waited for with a command that only a later version knows', () => {
    const cluster = clusterOf(1)
    const a = cluster.member('a')
    cluster.passUntil(() => cluster.leader === a)
    cluster.propose(a, 'r1', 'from-the-future')
    cluster.propose(a, 'r2', 'after')
    cluster.pass(500)
    assert.equal(cluster.status(a).halted?.type, 'unsupported')
    assert.deepEqual(lines(a), [])
  })
})
