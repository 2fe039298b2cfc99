/**
 * Replicas that are there and cannot do their work: their disk hangs, or they apply nothing any
 * more.
 */
import { assert, describe, test } from 'vitest'
import { Cluster, type Member } from './cluster.ts'

const NAMES = ['a', 'b', 'c', 'd']

/** All vote but the fourth, if there is one. */
function mesh(count: number, options = {}): { cluster: Cluster; leader: Member } {
  const cluster = new Cluster(options)
  const founders = NAMES.slice(0, count)
  for (const peer of founders) cluster.add(peer, { founders, voters: [1, 2, 3] })
  assert.isTrue(cluster.passUntil(() => cluster.leader !== undefined))
  cluster.pass(1_000)
  const { leader } = cluster
  assert(leader !== undefined)
  return { cluster, leader }
}

function others(cluster: Cluster, ...members: readonly Member[]): readonly Member[] {
  return cluster.members.filter(each => !members.includes(each))
}

/** It finds itself of another opinion than its leader, and applies nothing from then on. */
function halt(cluster: Cluster, member: Member): void {
  assert(cluster.leader !== undefined)
  member.machine.lines.push('a bit has flipped')
  cluster.propose(cluster.leader, 'r-halt', 'next')
  cluster.pass(1_000)
  assert.equal(cluster.status(member).halted?.type, 'state-differs')
}

describe('a leader whose disk hangs', () => {
  test('hands its office over', () => {
    const { cluster, leader } = mesh(3)
    leader.disk = 'sticks-at-entries'
    cluster.propose(leader, 'r1', 'agreed on by the others')
    cluster.pass(2 * cluster.options.electionTimeoutMs - 100)
    assert.equal(cluster.leader, leader)
    cluster.pass(500)
    assert.notEqual(cluster.leader, leader)

    const [other] = others(cluster, leader)
    assert(other !== undefined)
    cluster.propose(other, 'r2', 'after that')
    cluster.pass(1_000)
    // This state takes what is sent again for another; one with request ids does not.
    assert.deepEqual([...new Set(other.machine.lines)], ['agreed on by the others', 'after that'])
    assert.equal(other.outcomes.get('r2')?.type, 'applied')
  })

  test('keeps it if the others are no majority', () => {
    const { cluster, leader } = mesh(3)
    const [other] = others(cluster, leader)
    assert(other !== undefined)
    cluster.crash(other)
    leader.disk = 'sticks-at-entries'
    const { term } = cluster.status(leader)
    cluster.propose(leader, 'r1', 'never agreed on')
    cluster.pass(6 * cluster.options.electionTimeoutMs)
    assert.equal(cluster.leader, leader)
    assert.equal(cluster.status(leader).term, term)
  })
})

describe('a voter that applies nothing any more', () => {
  test('does not lead with voters that were replaced meanwhile', () => {
    const { cluster, leader } = mesh(4, { voterReplaceAfterMs: 1_000 })
    const halted = others(cluster, leader).find(each => cluster.status(each).role === 'follower')
    assert(halted !== undefined)
    halt(cluster, halted)
    const gone = others(cluster, leader, halted).find(
      each => cluster.status(each).role === 'follower',
    )
    assert(gone !== undefined)
    const goneNode = cluster.status(gone).node
    cluster.crash(gone)
    const voters = () => cluster.status(leader).confState.voters
    assert.isTrue(cluster.passUntil(() => !voters().includes(goneNode)))
    cluster.pass(1_000)

    // By what they knew when the one halted and the other died, these two are a majority.
    const side = [halted.peer, gone.peer]
    cluster.passes = (from, to) => side.includes(from) === side.includes(to)
    cluster.restart(gone)
    for (let left = 400; left > 0; left -= 1) {
      cluster.pass(50)
      assert.notEqual(cluster.status(halted).role, 'leader')
      assert.notEqual(cluster.status(gone).role, 'leader')
    }
    assert.equal(cluster.status(leader).role, 'leader')
  })

  test('hands the office over if it has come to lead', () => {
    const { cluster, leader } = mesh(3)
    const [halted] = others(cluster, leader)
    assert(halted !== undefined)
    halt(cluster, halted)
    const { node } = cluster.status(halted)
    const operation = { type: 'transfer', node } as const
    cluster.step(leader, { type: 'operate', requestId: 'o1', operation })
    cluster.pass(200)
    assert.equal(cluster.leader, halted)
    cluster.pass(2 * cluster.options.electionTimeoutMs + 500)
    assert.notEqual(cluster.leader, halted)
  })
})
