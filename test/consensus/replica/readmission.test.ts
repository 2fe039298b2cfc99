/**
 * A voter that is admitted anew, and so gets another number, while it takes part under the old one.
 */
import { assert, test } from 'vitest'
import { Cluster } from './cluster.ts'

const NAMES = ['a', 'b', 'c']

test('a voter that was removed and admitted again at once takes part under its new number', () => {
  const cluster = new Cluster()
  for (const peer of NAMES) cluster.add(peer, { founders: NAMES, voters: [1, 2, 3] })
  assert.isTrue(cluster.passUntil(() => cluster.leader !== undefined))
  const { leader } = cluster
  const again = cluster.members.find(each => each !== leader)
  assert(leader !== undefined && again !== undefined)
  cluster.propose(leader, 'r1', `admit:${again.peer}`)
  cluster.pass(10 * cluster.options.electionTimeoutMs)

  const { node } = cluster.status(again)
  assert.isAbove(node, NAMES.length)
  assert.equal(again.replica.raftStatus()?.id, node)
  assert.include([...cluster.status(leader).confState.voters], node)
})
