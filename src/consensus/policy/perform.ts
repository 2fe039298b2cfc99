/**
 * Carries out one operation on the table. Refused at any point, the whole is taken back by the
 * caller.
 */

import { admitPeer, deny, foundMesh, leave } from './admission.ts'
import { compareText } from './canonical.ts'
import type { Operation, ResourceOperation } from './command.ts'
import { invalid, type Refusal } from './outcome.ts'
import { refKey } from './resource.ts'
import type { StoredResource } from './resource-table.ts'
import type { Transaction } from './transaction.ts'
import { writeResource } from './write-resource.ts'

export function perform(transaction: Transaction, operation: Operation): Refusal | undefined {
  switch (operation.type) {
    case 'put':
    case 'patch':
    case 'delete':
      return writeResource(transaction, operation)
    case 'batch':
      return performAll(transaction, operation.operations)
    case 'found-mesh':
      return foundMesh(transaction, operation)
    case 'admit-peer':
      return admitPeer(transaction, operation)
    case 'leave':
      return leave(transaction, operation)
    case 'deny':
      return deny(transaction, operation)
    case 'purge-expired':
      purgeExpired(transaction, operation.kinds)
      return undefined
  }
}

function performAll(
  transaction: Transaction,
  operations: readonly ResourceOperation[],
): Refusal | undefined {
  const seen = new Set<string>()
  for (const [at, operation] of operations.entries()) {
    const key = refKey(operation)
    const refusal = seen.has(key) ? twice(operation) : writeResource(transaction, operation)
    if (refusal !== undefined) return placed(refusal, at, operation)
    seen.add(key)
  }
  return undefined
}

/** A second change could only be meant for what the first left, which its author has not seen. */
function twice({ name }: ResourceOperation): Refusal {
  return invalid([{ path: 'name', expected: 'each resource once', found: JSON.stringify(name) }])
}

/** Says which change of the batch it is about. */
function placed(refusal: Refusal, at: number, { kind, name }: ResourceOperation): Refusal {
  const problems = refusal.problems?.map(problem => ({
    ...problem,
    path: `operations[${at}].${problem.path}`,
  }))
  const reason = `change ${at + 1}, ${kind}/${name}: ${refusal.reason}`
  return { ...refusal, reason, ...(problems === undefined ? {} : { problems }) }
}

function purgeExpired({ table, format, atMs }: Transaction, kinds: readonly string[]): void {
  const past = [...new Set(kinds)]
    .flatMap(kind => [...table.ofKind(kind)])
    .filter(stored => isPast(stored, atMs))
    .map(({ resource }) => resource)
    .sort((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name))
  for (const resource of past.slice(0, format.limits.purgeMax)) table.remove(resource)
}

function isPast({ resource }: StoredResource, atMs: number): boolean {
  const { expiresAtMs, usesLeft } = resource.spec
  return usesLeft === 0 || (typeof expiresAtMs === 'number' && expiresAtMs <= atMs)
}
