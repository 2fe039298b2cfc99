/**
 * The policy as the HTTP edge sees it: read it, change it, follow it, see who decides.
 *
 * All that is read here is the local copy. Nothing that is answered holds a secret.
 */
import type { AuditRecord, AuditVerb } from '../../consensus/policy/audit-trail.ts'
import type { Operation } from '../../consensus/policy/command.ts'
import type { KeySpec } from '../../consensus/policy/kinds/keys.ts'
import type { ResourceRef } from '../../consensus/policy/kinds/kind.ts'
import type { Resource } from '../../consensus/policy/resource.ts'
import type { ListFilter, PolicyViews } from '../../consensus/policy/views.ts'
import type { ReplicaRole } from '../../consensus/replica/events.ts'
import type { OperationType } from '../../consensus/replica/message.ts'
import type { PeerId } from '../../core/ids.ts'
import type { KeyRing } from './key-ring.ts'

/** Whose change it is, and by which name it may be sent again. */
export interface ChangeBy {
  /** `key:NAME`, `local`. */
  readonly author: string
  readonly requestId?: string | undefined
}

/** One resource that is another now, is new or is gone. */
export interface Change extends ResourceRef {
  readonly revision: number
  readonly verb: AuditVerb
  readonly resource?: Resource | undefined
  readonly previous?: Resource | undefined
}

export interface PolicyWrite {
  readonly revision: number
  /** Empty: all was so already, or this is a repetition. */
  readonly changes: readonly Change[]
  /** The request had been carried out before. */
  readonly isRepetition: boolean
}

/** How old the local copy may be. */
export interface Freshness {
  /** Since when nothing new can be heard, as ISO 8601. `null`: somebody leads, and we hear it. */
  readonly staleSince: string | null
  /** For how long no majority has been known to agree with a leader. */
  readonly staleForMs: number
}

export interface PolicySummary extends Freshness {
  readonly revision: number
  readonly hash: string
  /** Kind → how many there are. */
  readonly kinds: Readonly<Record<string, number>>
}

export type PolicyNews =
  | {
      readonly type: 'change'
      readonly change: Change
      /** Whoever has had this one has had all of its revision. */
      readonly isLastOfRevision: boolean
    }
  /** Some changes are not known any more: what there is must be listed anew. */
  | { readonly type: 'compacted'; readonly revision: number }

export interface PolicyReader {
  /** `undefined`: it has had all, and `onNews` is called when there are more. */
  next(): PolicyNews | undefined
  close(): void
}

interface RaftPeer {
  /** `null`: the roster does not name it (any more). */
  readonly peer: PeerId | null
  readonly node: number
  readonly name?: string | undefined
  /** As the failure detector sees it. */
  readonly status: string
}

interface RaftProgress {
  readonly node: number
  readonly matchIndex: number
  readonly state: string
  readonly isRecentlyActive: boolean
}

export interface RaftView extends Freshness {
  readonly role: ReplicaRole
  readonly node: number
  readonly term: number
  readonly leader: PeerId | null
  readonly lastLeader: PeerId | null
  readonly voters: readonly RaftPeer[]
  readonly learners: readonly RaftPeer[]
  /** The voters are being changed: the old and the new must each agree by a majority. */
  readonly isJoint: boolean
  readonly commitIndex: number
  readonly appliedIndex: number
  readonly firstIndex: number
  readonly lastIndex: number
  readonly hash: string
  /** Why nothing more is applied. */
  readonly halted: string | null
  /** Of a leader only. */
  readonly progress?: readonly RaftProgress[] | undefined
}

/** What a new API key is to be. */
export interface KeyOrder {
  readonly name: string
  readonly roles: KeySpec['roles']
  readonly tenant: string | null
  readonly models: readonly string[] | null
  readonly expiresAtMs: number | null
  readonly description: string
  readonly labels: Readonly<Record<string, string>>
}

export interface PolicyControl {
  /** What requests ask of it. Replaced now and then: ask for it each time. */
  readonly views: PolicyViews
  /** Recognises API keys. */
  readonly keys: KeyRing

  summary(): PolicySummary
  /** Index up to which all is applied here. */
  readonly revision: number
  /** Sorted by name. */
  list(kind: string, filter: ListFilter): readonly Resource[]
  get(kind: string, name: string): Resource | undefined
  /** Newest first, at most `limit`. */
  auditTrail(limit: number): readonly AuditRecord[]

  /**
   * @param fromRevision What the reader knows already. `undefined`: what there is now.
   * @param onNews Called within the node's own work, so it must only take note.
   */
  watch(onNews: () => void, fromRevision?: number): PolicyReader

  /**
   * Resolves once everything is applied here that was agreed on before the call.
   *
   * @throws MeshError ERR_NO_QUORUM.
   */
  catchUp(): Promise<void>

  /**
   * Resolves once the change is agreed on and applied here.
   *
   * @throws MeshError ERR_INVALID_REQUEST, ERR_CONFLICT, ERR_NOT_FOUND, ERR_FORBIDDEN,
   * ERR_OVERLOADED: it was not made. ERR_NO_QUORUM: that is not known.
   */
  change(operation: Operation, by: ChangeBy): Promise<PolicyWrite>

  /** What a change would do to the local copy. @throws as `change`, but for ERR_NO_QUORUM. */
  preview(operation: Operation, by: ChangeBy): PolicyWrite

  /** Makes a key; its text is known to nobody else. @throws as `change`. */
  createKey(order: KeyOrder, by: ChangeBy): Promise<PolicyWrite & { readonly key: string }>

  raft(): RaftView

  /** @throws MeshError ERR_NOT_FOUND, ERR_INVALID_REQUEST, ERR_NO_QUORUM. */
  steer(operation: OperationType, peer: PeerId | undefined): Promise<void>
}
