/**
 * The policy of a mesh of one, without a log: what is asked for is applied at once. Everything but
 * the agreement itself is real.
 */
import { encodeCommand, type Operation } from '../../src/consensus/policy/command.ts'
import type { PolicyChange } from '../../src/consensus/policy/outcome.ts'
import { PolicyState } from '../../src/consensus/policy/policy-state.ts'
import { PolicyViews } from '../../src/consensus/policy/views.ts'
import type { Operation as LeaderOperation } from '../../src/consensus/replica/message.ts'
import type { ReplicaStatus } from '../../src/consensus/replica/status.ts'
import { MeshError } from '../../src/core/errors.ts'
import { systemEntropy } from '../../src/node/entropy.ts'
import type { NodeView } from '../../src/node/gateway.ts'
import { AgreedPolicy, type AgreementPort } from '../../src/node/policy/agreed-policy.ts'
import { digest } from '../consensus/policy/scribe.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'

export class LocalAgreement implements AgreementPort {
  readonly state = new PolicyState({ digest })
  readonly views = new PolicyViews(this.state)
  readonly authors: string[] = []
  readonly operated: LeaderOperation[] = []
  readonly self: string
  hasQuorum = true
  catchUpCount = 0
  readonly #watchers = new Set<(changes: readonly PolicyChange[] | undefined) => void>()
  #requestCount = 0

  constructor(self: string) {
    this.self = self
    this.apply({ type: 'found-mesh', peer: self })
  }

  get watcherCount(): number {
    return this.#watchers.size
  }

  apply(operation: Operation, by: { author?: string; requestId?: string; atMs?: number } = {}) {
    this.#requestCount += 1
    const requestId = by.requestId ?? `local-${String(this.#requestCount).padStart(16, '0')}`
    const { author = 'local', atMs = 1_000 } = by
    this.authors.push(author)
    const text = encodeCommand({ requestId, author, atMs, operation }, this.state.format)
    const outcome = this.state.apply(this.state.appliedIndex + 1, text)
    if (outcome.status === 'applied' && outcome.changes.length > 0) {
      for (const watcher of this.#watchers) watcher(outcome.changes)
    }
    return outcome
  }

  async change(operation: Operation, by: { author: string; requestId?: string }) {
    this.#needQuorum()
    return this.apply(operation, by)
  }

  async catchUp() {
    this.#needQuorum()
    this.catchUpCount += 1
  }

  async operate(operation: LeaderOperation) {
    this.#needQuorum()
    this.operated.push(operation)
  }

  watch(watcher: (changes: readonly PolicyChange[] | undefined) => void) {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  peerOf(node: number) {
    const roster = this.views.list('roster')
    return roster.find(({ spec }) => spec['nodeId'] === node)?.name
  }

  raftStatus() {
    return undefined
  }

  status(): ReplicaStatus {
    const voters = [1]
    const index = this.state.appliedIndex
    return {
      role: this.hasQuorum ? 'leader' : 'follower',
      node: 1,
      term: 1,
      leader: this.hasQuorum ? this.self : undefined,
      lastLeader: this.self,
      confState: { voters, learners: [], votersOutgoing: [], learnersNext: [], isAutoLeave: false },
      commitIndex: index,
      appliedIndex: index,
      firstIndex: 1,
      lastIndex: index,
      mark: undefined,
      source: undefined,
      followerCount: 0,
      staleForMs: this.hasQuorum ? 0 : 5_000,
      halted: undefined,
    }
  }

  #needQuorum(): void {
    if (this.hasQuorum) return
    throw new MeshError(`expected a majority, found none; the last leader was ${this.self}`, {
      code: 'ERR_NO_QUORUM',
      details: { leader: this.self, staleForMs: 5_000 },
      hint: 'Read it before trying again.',
    })
  }
}

type Seen = Pick<NodeView, 'peer' | 'status' | 'facts'>

export function localPolicy(self: string, nodes: () => readonly Seen[] = () => []) {
  const agreement = new LocalAgreement(self)
  const clock = new ManualClock()
  const policy = new AgreedPolicy({ agreement, clock, entropy: systemEntropy, nodes })
  return { agreement, clock, policy }
}
