/**
 * The policy as the state that is agreed on: commands come as bytes of the log, snapshots are the
 * lines of the policy's text.
 */
import type { Outcome } from '../../consensus/policy/outcome.ts'
import { type PolicyDeps, PolicyState } from '../../consensus/policy/policy-state.ts'
import { restorePolicy } from '../../consensus/policy/restore.ts'
import { snapshotLines } from '../../consensus/policy/snapshot.ts'
import { PolicyViews } from '../../consensus/policy/views.ts'
import type { NodeId } from '../../consensus/raft/node-id.ts'
import type { Directory, RosterMember, VoterSettings } from '../../consensus/replica/directory.ts'
import type { Applied, StateHash, StateMachine } from '../../consensus/replica/state-machine.ts'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'

/** Where canonical text has request and version: its fields are sorted. */
const END = /,"requestId":"([A-Za-z0-9_-]{16,64})","version":(\d+)\}$/
const END_MAX_BYTES = 128

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export class PolicyMachine implements StateMachine<Outcome>, Directory {
  readonly #deps: PolicyDeps
  #state: PolicyState
  #views: PolicyViews
  /** `undefined`: the roster has changed. */
  #roster: readonly RosterMember[] | undefined
  #peers: ReadonlyMap<NodeId, PeerId> = new Map()

  constructor(deps: PolicyDeps) {
    this.#deps = deps
    this.#state = new PolicyState(deps)
    this.#views = new PolicyViews(this.#state)
  }

  /** Replaced by each snapshot that is installed: ask again. */
  get state(): PolicyState {
    return this.#state
  }

  get views(): PolicyViews {
    return this.#views
  }

  get hash(): StateHash {
    return this.#state.hashNow
  }

  /** Malformed ones change nothing and are told so; those of a later version would stop us. */
  accepts(command: Uint8Array): boolean {
    const [, , version] = endOf(decoder.decode(command.subarray(-END_MAX_BYTES))) ?? []
    return Number(version) <= this.#state.format.commandVersion
  }

  apply(index: number, command: Uint8Array): Applied<Outcome> {
    const text = decoder.decode(command)
    const outcome = this.#state.apply(index, text)
    const requestId = endOf(text)?.[1]
    if (outcome.status === 'unsupported') return { requestId, result: undefined }
    const changes = outcome.status === 'applied' ? outcome.changes : []
    if (changes.some(({ kind }) => kind === 'roster')) this.#roster = undefined
    return { requestId, result: outcome }
  }

  snapshot(): Uint8Array {
    return encoder.encode([...snapshotLines(this.#state)].join('\n'))
  }

  /** @throws MeshError ERR_STORAGE, ERR_VERSION. */
  restore(data: Uint8Array): void {
    const restored = restorePolicy(this.#deps, decoder.decode(data).split('\n'))
    if (restored.status !== 'restored') {
      throw new MeshError(`expected the text of a policy, found another: ${restored.reason}`, {
        code: restored.status === 'damaged' ? 'ERR_STORAGE' : 'ERR_VERSION',
      })
    }
    this.#state = restored.state
    this.#views = new PolicyViews(this.#state)
    this.#roster = undefined
  }

  nodeOf(peer: PeerId): NodeId | undefined {
    return this.#views.spec('roster', peer)?.nodeId
  }

  peerOf(node: NodeId): PeerId | undefined {
    this.members()
    return this.#peers.get(node)
  }

  voterSettings(): VoterSettings | undefined {
    return this.#views.spec('settings', 'voters') as VoterSettings | undefined
  }

  members(): readonly RosterMember[] {
    this.#roster ??= this.#readRoster()
    return this.#roster
  }

  #readRoster(): readonly RosterMember[] {
    const members = this.#views.list('roster').flatMap(({ name }) => {
      const spec = this.#views.spec('roster', name)
      return spec === undefined
        ? []
        : [{ peer: name, node: spec.nodeId, mayVote: spec.role === 'member' }]
    })
    this.#peers = new Map(members.map(({ node, peer }) => [node, peer]))
    return members
  }
}

/** Of the whole text or its end, since a command may be long. What is found is ASCII. */
function endOf(text: string): RegExpExecArray | undefined {
  return END.exec(text.slice(-END_MAX_BYTES)) ?? undefined
}
