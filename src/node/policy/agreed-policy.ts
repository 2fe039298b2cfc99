/**
 * The policy port of a peer: reads come from the local copy, changes go to whoever leads.
 *
 * A change is judged here as far as that needs no other resource, so that what is wrong by itself
 * never enters the log; the rest is judged where all changes are put in order.
 */
import type { AuditRecord } from '../../consensus/policy/audit-trail.ts'
import type { JsonObject } from '../../consensus/policy/canonical.ts'
import { encodeCommand, type Operation, type PutOperation } from '../../consensus/policy/command.ts'
import { invalid, type Outcome, type PolicyChange } from '../../consensus/policy/outcome.ts'
import { kindOf, type Resource, withoutSecrets } from '../../consensus/policy/resource.ts'
import type { ListFilter, PolicyViews } from '../../consensus/policy/views.ts'
import { judgeSpec } from '../../consensus/policy/write-resource.ts'
import type { OperationType } from '../../consensus/replica/message.ts'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import type { Clock } from '../clock.ts'
import type { Agreement } from '../consensus/agreement.ts'
import { type Entropy, newId } from '../entropy.ts'
import type { NodeView } from '../gateway.ts'
import { ChangeReader } from './change-reader.ts'
import { hashKey, newKey } from './key-hash.ts'
import { KeyRing } from './key-ring.ts'
import type {
  Change,
  ChangeBy,
  KeyOrder,
  PolicyControl,
  PolicyReader,
  PolicySummary,
  PolicyWrite,
  RaftView,
} from './policy-port.ts'
import { freshness, raftView } from './raft-view.ts'
import { refusalError } from './refusal-error.ts'

/** What of the agreement the port stands on. */
export type AgreementPort = Pick<
  Agreement,
  | 'views'
  | 'state'
  | 'status'
  | 'raftStatus'
  | 'peerOf'
  | 'watch'
  | 'change'
  | 'catchUp'
  | 'operate'
>

export interface AgreedPolicyDeps {
  readonly agreement: AgreementPort
  readonly clock: Clock
  readonly entropy: Entropy
  readonly nodes: () => readonly Pick<NodeView, 'peer' | 'status' | 'facts'>[]
}

export class AgreedPolicy implements PolicyControl {
  readonly keys: KeyRing
  readonly #deps: AgreedPolicyDeps

  constructor(deps: AgreedPolicyDeps) {
    this.#deps = deps
    const { agreement, clock } = deps
    this.keys = new KeyRing({
      views: () => agreement.views,
      watch: watcher => agreement.watch(watcher),
      wallMs: () => clock.wallMs(),
    })
  }

  get views(): PolicyViews {
    return this.#deps.agreement.views
  }

  get revision(): number {
    return this.#deps.agreement.state.appliedIndex
  }

  summary(): PolicySummary {
    const { agreement, clock } = this.#deps
    const { state } = agreement
    const kinds = Object.keys(state.format.kinds).map(kind => [kind, state.table.count(kind)])
    return {
      revision: state.appliedIndex,
      hash: state.hash,
      ...freshness(agreement.status(), clock.wallMs()),
      kinds: Object.fromEntries(kinds),
    }
  }

  list(kind: string, filter: ListFilter): readonly Resource[] {
    const { table, format } = this.#deps.agreement.state
    const wanted = Object.entries(filter.labels ?? {})
    return Array.from(table.ofKind(kind), ({ resource }) => resource)
      .filter(({ labels }) => wanted.every(([name, value]) => labels[name] === value))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(resource => withoutSecrets(format, resource))
  }

  get(kind: string, name: string): Resource | undefined {
    const { table, format } = this.#deps.agreement.state
    const found = table.get({ kind, name })?.resource
    return found === undefined ? undefined : withoutSecrets(format, found)
  }

  auditTrail(limit: number): readonly AuditRecord[] {
    return this.#deps.agreement.state.auditTrail(limit).toReversed()
  }

  watch(onNews: () => void, fromRevision?: number): PolicyReader {
    const { agreement } = this.#deps
    return new ChangeReader(
      {
        state: () => agreement.state,
        watch: watcher => agreement.watch(watcher),
        onNews,
        shown: change => this.#shown(change),
      },
      fromRevision,
    )
  }

  catchUp(): Promise<void> {
    return this.#deps.agreement.catchUp()
  }

  async change(operation: Operation, { author, requestId }: ChangeBy): Promise<PolicyWrite> {
    const complete = this.#withOwnSecrets(operation)
    this.#judge(complete, author)
    const by = requestId === undefined ? { author } : { author, requestId }
    return this.#written(await this.#deps.agreement.change(complete, by))
  }

  preview(operation: Operation, { author }: ChangeBy): PolicyWrite {
    const { agreement, clock, entropy } = this.#deps
    const atMs = Math.floor(clock.wallMs())
    const complete = this.#withOwnSecrets(operation)
    const command = { requestId: newId(entropy), author, atMs, operation: complete }
    const { state } = agreement
    return this.#written(state.preview(encodeCommand(command, state.format)))
  }

  async createKey(order: KeyOrder, by: ChangeBy): Promise<PolicyWrite & { readonly key: string }> {
    const { entropy } = this.#deps
    const { name, labels, ...spec } = order
    const key = newKey(name, entropy)
    const operation = (hash: JsonObject): PutOperation => ({
      type: 'put',
      kind: 'keys',
      name,
      schemaVersion: this.#newestVersion('keys'),
      spec: { ...spec, hash },
      labels,
      expected: 'absent',
    })
    // Before the hash, which takes a while: most mistakes are in the rest.
    this.#judge(
      operation({ algorithm: 'scrypt', salt: '00'.repeat(16), digest: '00'.repeat(32) }),
      by.author,
    )
    const write = await this.change(operation({ ...(await hashKey(key, entropy)) }), by)
    return { ...write, key }
  }

  raft(): RaftView {
    const { agreement, clock, nodes } = this.#deps
    return raftView(agreement, { nodes: nodes(), wallMs: clock.wallMs() })
  }

  async steer(type: OperationType, peer: PeerId | undefined): Promise<void> {
    const { agreement } = this.#deps
    const node =
      peer === undefined ? this.#bestSuccessor() : this.views.spec('roster', peer)?.nodeId
    if (node === undefined) {
      const expected = peer === undefined ? 'another voter that is alive' : 'a peer of the roster'
      throw new MeshError(`expected ${expected}, found ${peer === undefined ? 'none' : peer}`, {
        code: 'ERR_NOT_FOUND',
        details: { param: 'peer' },
        hint: 'GET /mesh/v1/raft shows who votes; GET /mesh/v1/policy/roster who could.',
      })
    }
    await agreement.operate({ type, node })
  }

  /** The first other voter that the failure detector sees alive. */
  #bestSuccessor(): number | undefined {
    const { voters, leader } = this.raft()
    return voters.find(({ peer, status }) => status === 'alive' && peer !== leader)?.node
  }

  #newestVersion(kind: string): number {
    return kindOf(this.#deps.agreement.state.format, kind)?.versions.length ?? 1
  }

  /** @throws MeshError ERR_INVALID_REQUEST if a resource is wrong by itself. */
  #judge(operation: Operation, author: string): void {
    const { format } = this.#deps.agreement.state
    const puts = operation.type === 'batch' ? operation.operations : [operation]
    for (const [at, put] of puts.entries()) {
      if (put.type !== 'put') continue
      const kind = kindOf(format, put.kind)
      // What only commands of their own write is not in the spec; the rest is judged later.
      if (kind?.versions[put.schemaVersion - 1] === undefined || kind.ownCommand) continue
      const { owner = author, labels = {} } = put
      // These two are judged with the command when it is written.
      const judgement = judgeSpec(format, { ...put, owner, labels })
      if (judgement.isValid) continue
      const place = operation.type === 'batch' ? `resources[${at}].` : ''
      const problems = judgement.problems.map(each => ({ ...each, path: `${place}${each.path}` }))
      throw refusalError(invalid(problems))
    }
  }

  /**
   * Nobody is shown a secret field, so nobody can send it back: whoever leaves it out means that it
   * stays. Only at the revision we know, so that a newer secret is not undone.
   */
  #withOwnSecrets(operation: Operation): Operation {
    if (operation.type === 'put') return this.#withOwnSecret(operation)
    if (operation.type !== 'batch') return operation
    const operations = operation.operations.map(each =>
      each.type === 'put' ? this.#withOwnSecret(each) : each,
    )
    return { ...operation, operations }
  }

  #withOwnSecret(put: PutOperation): PutOperation {
    const { table, format } = this.#deps.agreement.state
    const secretFields = kindOf(format, put.kind)?.secretFields ?? []
    const left = secretFields.filter(field => put.spec[field] === undefined)
    const before = left.length === 0 ? undefined : table.get(put)?.resource
    const { expected = 'any' } = put
    if (before === undefined || expected === 'absent') return put
    const kept = Object.fromEntries(
      left.flatMap(field => {
        const value = before.spec[field]
        return value === undefined ? [] : [[field, value]]
      }),
    )
    const isAny = expected === 'any' || expected === 'present'
    return { ...put, spec: { ...put.spec, ...kept }, expected: isAny ? before.revision : expected }
  }

  #written(outcome: Outcome): PolicyWrite {
    switch (outcome.status) {
      case 'applied': {
        const { revision, isRepetition } = outcome
        return { revision, isRepetition, changes: outcome.changes.map(each => this.#shown(each)) }
      }
      case 'refused':
        throw refusalError(outcome)
      case 'unsupported':
        throw new MeshError(outcome.reason, { code: 'ERR_VERSION', hint: outcome.hint })
    }
  }

  #shown({ kind, name, revision, resource, previous }: PolicyChange): Change {
    const { format } = this.#deps.agreement.state
    const existing = previous === undefined ? 'create' : 'update'
    return {
      kind,
      name,
      revision,
      verb: resource === undefined ? 'delete' : existing,
      ...(resource === undefined ? {} : { resource: withoutSecrets(format, resource) }),
      ...(previous === undefined ? {} : { previous: withoutSecrets(format, previous) }),
    }
  }
}
