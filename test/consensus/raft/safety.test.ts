/**
 * Whatever is lost, repeated, delayed or restarted: what Raft promises holds. Raft paper, figure 3.
 */
import { assert, describe, test } from 'vitest'
import { Random } from '../../../src/core/random.ts'
import { seeds } from '../../seeds.ts'
import { bytes, TestCluster, type TestNode } from './cluster.ts'

const STEPS = 400

/** A cluster to which things happen at random, and what must hold of it. */
class Chaos {
  readonly cluster: TestCluster
  readonly #random: Random
  readonly #leaders = new Map<number, number>()
  /** Index → term and data of what anyone has applied there. */
  readonly #applied = new Map<number, string>()
  readonly #seen = new Map<TestNode, number>()
  #proposalCount = 0

  constructor(seed: number) {
    this.#random = new Random(seed)
    const options =
      seed % 2 === 0
        ? { hasPreVote: true, hasCheckQuorum: true, electionTicks: 4 }
        : { electionTicks: 4, messageMaxBytes: 30, inflightMaxCount: 2 }
    this.cluster = new TestCluster({ voters: [1, 2, 3, 4, 5], options })
  }

  step(): void {
    const id = 1 + this.#random.nextIndex(5)
    const chance = this.#random.next()
    if (chance < 0.3) this.cluster.raw(id).tick()
    else if (chance < 0.4) this.cluster.raw(id).propose(bytes(`${this.#proposalCount++}`))
    else if (chance < 0.41) this.cluster.restart(id)
    else if (chance < 0.42) this.cluster.raw(id).transferLeader(1 + this.#random.nextIndex(5))
    else this.#deliver()
    // What is not worked off is lost with a restart.
    if (this.#random.next() < 0.8) this.cluster.work(id)
    this.check()
  }

  check(): void {
    for (const node of this.cluster.nodes.values()) {
      const { term, role, commitIndex, lastApplied } = node.raw.status()
      if (role === 'leader') {
        const leader = this.#leaders.get(term) ?? node.id
        assert.equal(leader, node.id, `one leader in term ${term}`)
        this.#leaders.set(term, node.id)
      }
      assert.isAtLeast(commitIndex, lastApplied)
      for (const entry of node.applied.slice(this.#seen.get(node) ?? 0)) {
        const what = `${entry.term}: ${entry.data}`
        assert.equal(this.#applied.get(entry.index) ?? what, what, `one entry at ${entry.index}`)
        this.#applied.set(entry.index, what)
      }
      this.#seen.set(node, node.applied.length)
    }
  }

  /** Nothing is lost any more: they must agree, and go on. */
  heal(): void {
    for (let i = 0; i < 40; i++) {
      for (const { raw } of this.cluster.nodes.values()) raw.tick()
      this.cluster.settle()
      this.check()
    }
    const nodes = [...this.cluster.nodes.values()]
    const leader = nodes.find(({ raw }) => raw.role === 'leader')
    assert.equal(leader?.raw.propose(bytes('last')), 'ok')
    this.cluster.settle()
    this.check()
    const ends = nodes.map(({ raw }) => [raw.commitIndex, raw.status().lastApplied])
    assert.equal(new Set(ends.map(String)).size, 1, JSON.stringify(ends))
  }

  /** One message arrives: any one of those on their way, perhaps not for the last time. */
  #deliver(): void {
    const { messages } = this.cluster
    if (messages.length === 0) return
    const position = this.#random.nextIndex(messages.length)
    const [each] = this.#random.next() < 0.9 ? messages.splice(position, 1) : [messages[position]]
    if (each === undefined || this.#random.next() < 0.1) return
    this.cluster.raw(each.to).step(each)
  }
}

describe('five nodes', () => {
  for (const seed of seeds(30)) {
    test(`never disagree, and agree when all is well again (seed ${seed})`, () => {
      const chaos = new Chaos(seed)
      for (let i = 0; i < STEPS; i++) chaos.step()
      chaos.heal()
    })
  }
})
