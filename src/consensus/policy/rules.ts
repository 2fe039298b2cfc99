/**
 * What must hold between resources when a command has been carried out: who names another names
 * one that exists, aliases arrive, the mesh keeps a member, and no bound is passed.
 *
 * Judged at the end, so that a batch may bring a tenant and its keys in any order.
 */
import { refuseAliasPath } from './alias-paths.ts'
import type { Reference, ResourceRef } from './kinds/kind.ts'
import { invalid, type Refusal } from './outcome.ts'
import { compareRefs, kindOf, refKey } from './resource.ts'
import type { JournalLine } from './resource-table.ts'
import type { Transaction } from './transaction.ts'

/** Takes along what goes with the changes, then judges the whole. */
export function settle(transaction: Transaction): Refusal | undefined {
  const { table } = transaction
  const refusal = takeAlong(transaction)
  if (refusal !== undefined) return refusal
  const lines = [...table.written()].sort((a, b) => compareRefs(a.ref, b.ref))
  for (const line of lines) {
    const broken = refuseLine(transaction, line)
    if (broken !== undefined) return broken
  }
  return refuseBounds(transaction, lines) ?? refuseEmptyRoster(transaction, lines)
}

function takeAlong(transaction: Transaction): Refusal | undefined {
  const { table } = transaction
  const asked = new Set(table.written().map(({ ref }) => refKey(ref)))
  const done = new Set<string>()
  for (;;) {
    const lines = table.written().filter(({ ref }) => !done.has(refKey(ref)))
    if (lines.length === 0) return undefined
    for (const line of lines) {
      done.add(refKey(line.ref))
      const refusal = follow(transaction, line, asked)
      if (refusal !== undefined) return refusal
    }
  }
}

/** What a resource that came evicts, and what goes with one that went. */
function follow(
  transaction: Transaction,
  { ref, before }: JournalLine,
  asked: ReadonlySet<string>,
): Refusal | undefined {
  const { table, format } = transaction
  if (table.get(ref) === undefined) return release(transaction, ref, asked)
  if (before !== undefined) return undefined
  for (const other of kindOf(format, ref.kind)?.evicts?.(ref.name) ?? []) {
    if (table.get(other) !== undefined) table.remove(other)
  }
  return undefined
}

/** @param asked What the command itself wrote: that is not taken away without a word. */
function release(
  { table }: Transaction,
  gone: ResourceRef,
  asked: ReadonlySet<string>,
): Refusal | undefined {
  const referrers = table.referrers(gone)
  for (const referrer of referrers) {
    const references = table.get(referrer)?.references ?? []
    const rule = references.find(reference => refKey(reference) === refKey(gone))?.rule
    if (rule === 'required' || (rule === 'owned' && asked.has(refKey(referrer)))) {
      const more = referrers.length > 1 ? ` and ${referrers.length - 1} more` : ''
      return {
        code: 'in-use',
        reason: `expected nothing to need ${gone.kind}/${gone.name}, found ${referrer.kind}/${referrer.name}${more}`,
        hint: 'Change or delete those first, or in the same batch.',
      }
    }
    if (rule === 'owned') table.remove(referrer)
  }
  return undefined
}

function refuseLine({ table }: Transaction, { ref, before }: JournalLine): Refusal | undefined {
  const after = table.get(ref)
  if (after === undefined) return undefined
  const named = new Set(before?.references.map(refKey))
  const isMissing = (reference: Reference) =>
    reference.rule !== 'mentioned' &&
    !(reference.rule === 'checked' && named.has(refKey(reference))) &&
    table.get(reference) === undefined
  const missing = after.references.find(isMissing)
  if (missing !== undefined) {
    const expected = `${missing.kind}/${missing.name}, which it names, to exist`
    const hint = 'Create it first, or in the same batch.'
    return invalid([{ path: `${ref.kind}/${ref.name}`, expected, found: 'nothing', hint }])
  }
  return ref.kind === 'aliases' ? refuseAliasPath(table, ref.name) : undefined
}

function refuseBounds(
  { table, format }: Transaction,
  lines: readonly JournalLine[],
): Refusal | undefined {
  const { stateMaxBytes } = format.limits
  // Whoever takes something away is welcome, also above a bound.
  const grown = lines.filter(({ ref }) => table.get(ref) !== undefined)
  for (const kind of new Set(grown.map(({ ref }) => ref.kind))) {
    const countMax = kindOf(format, kind)?.countMax ?? 0
    if (table.count(kind) > countMax) {
      const found = table.count(kind)
      return { code: 'too-many', reason: `expected at most ${countMax} ${kind}, found ${found}` }
    }
  }
  if (grown.length === 0 || table.bytes <= stateMaxBytes) return undefined
  const reason = `expected a policy of at most ${stateMaxBytes} bytes, found ${table.bytes}`
  return { code: 'too-many', reason }
}

/** A mesh without a member could agree on nothing more, not even on a new one. */
function refuseEmptyRoster(
  { table }: Transaction,
  lines: readonly JournalLine[],
): Refusal | undefined {
  if (!lines.some(({ ref }) => ref.kind === 'roster')) return undefined
  for (const { resource } of table.ofKind('roster')) {
    if (resource.spec['role'] === 'member') return undefined
  }
  const expected = 'one peer at least with the role `member`'
  return invalid([{ path: 'roster', expected, found: 'none' }])
}
