/**
 * The audit trail: who did what, when, at which index, and what became of it. Part of the state,
 * so it reads the same on every peer.
 *
 * It has names only, never a spec: no hash of a key or ticket can get into it.
 */
import type { Command, Operation } from './command.ts'
import type { ResourceRef } from './kinds/kind.ts'
import type { PolicyChange, RefusalCode } from './outcome.ts'

export type AuditVerb = 'create' | 'update' | 'delete'

export interface AuditItem extends ResourceRef {
  readonly verb: AuditVerb | 'put' | 'patch'
}

export interface AuditRecord {
  readonly index: number
  readonly atMs: number
  readonly author: string
  readonly requestId: string
  readonly action: Operation['type']
  readonly outcome: 'applied' | RefusalCode
  /** What changed; of a refused command, what was to change. Empty: all was so already. */
  readonly items: readonly AuditItem[]
  /** How many more items there were. */
  readonly moreCount: number
}

export interface AuditFacts {
  readonly index: number
  readonly command: Command
  readonly outcome: 'applied' | RefusalCode
  readonly changes: readonly PolicyChange[]
  readonly itemsMax: number
}

export function auditRecord(facts: AuditFacts): AuditRecord {
  const { index, command, outcome, changes, itemsMax } = facts
  const { atMs, author, requestId, operation } = command
  const items = outcome === 'applied' ? changes.map(changed) : intended(operation)
  // In the order of the canonical text, so that nothing is left to sort.
  return {
    action: operation.type,
    atMs,
    author,
    index,
    items: items.length > itemsMax ? items.slice(0, itemsMax) : items,
    moreCount: Math.max(0, items.length - itemsMax),
    outcome,
    requestId,
  }
}

function changed({ kind, name, resource, previous }: PolicyChange): AuditItem {
  if (resource === undefined) return { kind, name, verb: 'delete' }
  return { kind, name, verb: previous === undefined ? 'create' : 'update' }
}

function intended(operation: Operation): readonly AuditItem[] {
  switch (operation.type) {
    case 'put':
    case 'patch':
    case 'delete':
      return [{ kind: operation.kind, name: operation.name, verb: operation.type }]
    case 'batch':
      return operation.operations.flatMap(intended)
    case 'found-mesh':
    case 'admit-peer':
      return [{ kind: 'roster', name: operation.peer, verb: 'create' }]
    case 'leave':
      return [{ kind: 'roster', name: operation.peer, verb: 'delete' }]
    case 'deny':
      return [{ kind: 'denied', name: operation.peer, verb: 'create' }]
    case 'purge-expired':
      return []
  }
}
