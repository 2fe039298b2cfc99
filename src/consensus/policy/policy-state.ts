/**
 * The policy state machine: Raft gives it committed commands in order, and it becomes on every
 * peer what it becomes on one.
 *
 *     log entry ──> apply ──> resources   what holds           get, list, views
 *                        ├──> requests    who asked already    a retry gets its first outcome
 *                        ├──> audit       who did what         skein policy log
 *                        └──> feed        the latest changes   watch
 *
 * It has no clock, no chance and no I/O; the time is in the command, a digest is passed in. All but
 * the feed has a hash that costs as much as the change, so that peers can compare theirs at every
 * index. A command it cannot judge, because it is of a later version, stops it: to skip it would be
 * to become another mesh.
 *
 * Source: Schneider, "Implementing Fault-Tolerant Services Using the State Machine Approach",
 * ACM Computing Surveys 1990, section 2. Exactly-once by a table of recent requests: Ongaro,
 * "Consensus: Bridging Theory and Practice", 2014, section 6.3; we forget the oldest, not clients.
 */
import { assert } from '../../core/assert.ts'
import { type AuditRecord, auditRecord } from './audit-trail.ts'
import { canonicalText } from './canonical.ts'
import { ChangeFeed, type ChangesSince } from './change-feed.ts'
import { type Command, decodeCommand } from './command.ts'
import { type PolicyFormat, policyFormat } from './format.ts'
import type { Outcome, PolicyChange, Refusal, RefusalCode } from './outcome.ts'
import { perform } from './perform.ts'
import { RecentRecords } from './recent-records.ts'
import { compareRefs, refKey } from './resource.ts'
import { ResourceTable } from './resource-table.ts'
import { settle } from './rules.ts'
import { type Digest, IndexHash } from './state-hash.ts'

/** Digits of the operation's digest that are kept to tell a retry from another command. */
const OPERATION_DIGITS = 32

export interface RequestRecord {
  readonly requestId: string
  /** Start of the digest of the operation. */
  readonly operation: string
  /** Where it was first applied. */
  readonly index: number
  readonly outcome: 'applied' | RefusalCode
}

export interface PolicyDeps {
  readonly digest: Digest
  /** The same on every peer of a mesh. Another than the release's is for tests. */
  readonly format?: PolicyFormat
}

/** The parts of the state as a snapshot has them. */
export interface PolicyParts {
  readonly table: ResourceTable
  readonly requests: RecentRecords<string, RequestRecord>
  readonly audit: RecentRecords<number, AuditRecord>
  readonly appliedIndex: number
}

export class PolicyState {
  readonly format: PolicyFormat
  readonly #digest: Digest
  readonly #table: ResourceTable
  readonly #requests: RecentRecords<string, RequestRecord>
  readonly #audit: RecentRecords<number, AuditRecord>
  readonly #feed: ChangeFeed
  #appliedIndex: number
  /** `undefined`: of another state. */
  #hash: IndexHash | undefined
  #stopped: Outcome | undefined

  constructor({ digest, format = policyFormat }: PolicyDeps, parts = emptyParts(digest, format)) {
    this.format = format
    this.#digest = digest
    this.#table = parts.table
    this.#requests = parts.requests
    this.#audit = parts.audit
    this.#appliedIndex = parts.appliedIndex
    this.#feed = new ChangeFeed(parts.appliedIndex)
  }

  /** Index of the last command that was applied. Entries without a command leave it as it is. */
  get appliedIndex(): number {
    return this.#appliedIndex
  }

  get table(): ResourceTable {
    return this.#table
  }

  /**
   * Applies the command of one log entry.
   *
   * @param index Higher than that of the command before.
   */
  apply(index: number, commandText: string): Outcome {
    assert(index > this.#appliedIndex, 'commands are applied in the order of the log')
    if (this.#stopped !== undefined) return this.#stopped
    const reading = decodeCommand(commandText, this.format)
    if (reading.status === 'unsupported') {
      this.#stopped = unsupported(reading.version, this.format)
      return this.#stopped
    }
    const outcome: Outcome =
      reading.status === 'refused'
        ? { status: 'refused', isRepetition: false, ...reading.refusal }
        : this.#applyCommand(index, reading.command)
    this.#appliedIndex = index
    this.#hash = undefined
    return outcome
  }

  /**
   * What a command would do now, without doing it: for an author who wants to see it first.
   *
   * @returns the changes as they would come, or why it would be refused.
   */
  preview(commandText: string): Outcome {
    const reading = decodeCommand(commandText, this.format)
    if (reading.status === 'unsupported') return unsupported(reading.version, this.format)
    if (reading.status === 'refused') {
      return { status: 'refused', isRepetition: false, ...reading.refusal }
    }
    const { outcome } = this.#carryOut(this.#appliedIndex + 1, reading.command)
    this.#table.rollback()
    return outcome
  }

  /** Equal states have equal hashes, on every peer and after every restart. */
  get hash(): string {
    return this.hashNow.text
  }

  /** The hash of the state as it is now, also if it is asked for its text later. */
  get hashNow(): IndexHash {
    this.#hash ??= new IndexHash(this.#digest, this.#appliedIndex, {
      resources: this.#table.hashSum,
      requests: this.#requests.hashSum,
      audit: this.#audit.hashSum,
    })
    return this.#hash
  }

  changesSince(revision: number): ChangesSince {
    return this.#feed.since(revision)
  }

  /** Oldest first. */
  auditTrail(countMax?: number): readonly AuditRecord[] {
    return this.#audit.newest(countMax)
  }

  /** For a snapshot. Shares what the state will change: read it before the next command. */
  parts(): PolicyParts {
    return {
      table: this.#table,
      requests: this.#requests,
      audit: this.#audit,
      appliedIndex: this.#appliedIndex,
    }
  }

  #applyCommand(index: number, command: Command): Outcome {
    const { requestId } = command
    const operation = this.#digest(canonicalText(command.operation)).slice(0, OPERATION_DIGITS)
    const earlier = this.#requests.get(requestId)
    if (earlier !== undefined) return repeated(earlier, operation)
    const { outcome, changes } = this.#carryOut(index, command)
    if (outcome.status === 'applied') this.#commit(changes)
    else this.#table.rollback()
    const word = outcome.status === 'applied' ? 'applied' : outcome.code
    this.#requests.add(requestId, { index, operation, outcome: word, requestId })
    const { auditItemsMax: itemsMax } = this.format.limits
    this.#audit.add(index, auditRecord({ index, command, outcome: word, changes, itemsMax }))
    return outcome
  }

  #commit(changes: readonly PolicyChange[]): void {
    const before = new Map(this.#table.written().map(line => [refKey(line.ref), line.before]))
    this.#table.commit()
    for (const change of changes) {
      const was = before.get(refKey(change))?.bytes ?? 0
      this.#feed.push(change, was + (this.#table.get(change)?.bytes ?? 0))
    }
  }

  /** Changes the table; whoever calls it commits that or takes it back. */
  #carryOut(index: number, { author, atMs, operation }: Command): CarriedOut {
    const transaction = { table: this.#table, format: this.format, index, author, atMs }
    const refusal = perform(transaction, operation) ?? settle(transaction)
    if (refusal !== undefined) {
      return { outcome: { status: 'refused', isRepetition: false, ...refusal }, changes: [] }
    }
    const changes = changesIn(this.#table, index)
    return {
      outcome: { status: 'applied', revision: index, changes, isRepetition: false },
      changes,
    }
  }
}

export function emptyParts(digest: Digest, format: PolicyFormat): PolicyParts {
  const { limits } = format
  return {
    table: new ResourceTable(format, digest),
    requests: new RecentRecords(limits.requestsKept, digest),
    audit: new RecentRecords(limits.auditKept, digest),
    appliedIndex: 0,
  }
}

interface CarriedOut {
  readonly outcome: Exclude<Outcome, { readonly status: 'unsupported' }>
  readonly changes: readonly PolicyChange[]
}

/** What differs from the last commit, sorted. */
function changesIn(table: ResourceTable, revision: number): readonly PolicyChange[] {
  const changes: PolicyChange[] = []
  for (const { ref, before } of table.written()) {
    const previous = before?.resource
    const resource = table.get(ref)?.resource
    // What came and went within one command was never there.
    if (resource === undefined && previous === undefined) continue
    changes.push({ ...ref, revision, resource, previous })
  }
  return changes.sort(compareRefs)
}

function unsupported(version: number, { commandVersion }: PolicyFormat): Outcome {
  return {
    status: 'unsupported',
    reason: `expected a command of version 1 to ${commandVersion}, found version ${version}`,
    hint: 'Update this peer to the release of the others.',
  }
}

function repeated({ operation, index, outcome }: RequestRecord, asked: string): Outcome {
  if (operation !== asked) {
    const refusal: Refusal = {
      code: 'request-id-reused',
      reason: `expected the command that had this request id at index ${index}, found another`,
    }
    return { status: 'refused', isRepetition: true, ...refusal }
  }
  if (outcome === 'applied') {
    return { status: 'applied', revision: index, changes: [], isRepetition: true }
  }
  const reason = `expected a new request, found one that was refused at index ${index}: ${outcome}`
  return { status: 'refused', isRepetition: true, code: outcome, reason }
}
