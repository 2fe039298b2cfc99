/**
 * Puts, patches and deletes one resource, after judging it by itself. What it means for others is
 * judged when the whole command has been carried out, see `rules.ts`.
 */
import { assert } from '../../core/assert.ts'
import { hasSameText, type Json, type JsonObject } from './canonical.ts'
import type {
  DeleteOperation,
  Expected,
  PatchOperation,
  PutOperation,
  ResourceOperation,
} from './command.ts'
import type { PolicyFormat } from './format.ts'
import { type Kind, type ResourceRef, specSchema, upgradeSpec } from './kinds/kind.ts'
import { mergePatch } from './merge-patch.ts'
import { invalid, type Refusal } from './outcome.ts'
import { type FieldProblem, problemsOf } from './problems.ts'
import { kindOf, type Resource, resourceHead } from './resource.ts'
import type { Transaction } from './transaction.ts'

/** What an author says of a resource. */
export interface Content extends ResourceRef {
  readonly owner: unknown
  readonly labels: unknown
  readonly schemaVersion: number
  readonly spec: JsonObject
}

type HeadedContent = Content & Pick<Resource, 'owner' | 'labels'>

type Judgement =
  | { readonly isValid: true; readonly resource: Omit<Resource, 'revision'> }
  | {
      readonly isValid: false
      readonly problems: readonly FieldProblem[]
      /** They are about the name, without which there is no schema to hold the rest against. */
      readonly isName?: boolean
    }

export function writeResource(
  transaction: Transaction,
  operation: ResourceOperation,
): Refusal | undefined {
  switch (operation.type) {
    case 'put':
      return putResource(transaction, operation)
    case 'patch':
      return patchResource(transaction, operation)
    case 'delete':
      return deleteResource(transaction, operation)
  }
}

/** Whether a resource is right by itself. An author may ask before a command is proposed. */
export function judgeContent(format: PolicyFormat, content: Content): Judgement {
  const { owner, labels } = content
  const head = resourceHead.safeParse({ owner, labels })
  if (head.success) return judgeSpec(format, { ...content, ...head.data })
  const headJudged = { schema: resourceHead, value: { owner, labels }, path: '' }
  const headProblems = problemsOf(head.error, headJudged)
  const judgement = judgeSpec(format, { ...content, owner: '', labels: {} })
  if (judgement.isValid) return { isValid: false, problems: headProblems }
  const { problems, isName } = judgement
  return isName ? judgement : { isValid: false, problems: [...headProblems, ...problems] }
}

/** Judges all but the head, which is right or judged by somebody else. */
export function judgeSpec(format: PolicyFormat, content: HeadedContent): Judgement {
  const { kind: kindName, labels, name, owner, schemaVersion } = content
  const kind = kindOf(format, kindName)
  assert(kind !== undefined, 'whoever decodes a command refuses kinds we do not know')
  const nameCheck = kind.name.safeParse(name)
  if (!nameCheck.success) {
    const judged = { schema: kind.name, value: name, path: 'name' }
    return { isValid: false, problems: problemsOf(nameCheck.error, judged), isName: true }
  }
  const schema = specSchema(kind, { schemaVersion, name })
  assert(schema !== undefined, 'a kind has a schema for all its names')
  const spec = schema.safeParse(content.spec)
  if (spec.success) {
    // What a schema gives for JSON is JSON.
    const found = spec.data as JsonObject
    return {
      isValid: true,
      resource: { kind: kindName, labels, name, owner, schemaVersion, spec: found },
    }
  }
  const { secretFields = [] } = kind
  const judged = { schema, value: content.spec, path: 'spec', secretFields }
  return { isValid: false, problems: problemsOf(spec.error, judged) }
}

function putResource(transaction: Transaction, operation: PutOperation): Refusal | undefined {
  const { kind, name, schemaVersion, owner, labels, spec } = operation
  const before = transaction.table.get(operation)?.resource
  const refused = refuseUnexpected(before, operation) ?? refuseNew(transaction, operation, before)
  if (refused !== undefined) return refused
  // Whoever decoded the command has judged the head, see `put` there.
  const judgement = judgeSpec(transaction.format, {
    kind,
    name,
    owner: owner ?? before?.owner ?? transaction.author,
    labels: labels ?? {},
    schemaVersion,
    spec: { ...ownFields(kindOf(transaction.format, kind), before), ...spec },
  })
  return store(transaction, before, judgement)
}

function patchResource(transaction: Transaction, operation: PatchOperation): Refusal | undefined {
  const { kind: kindName, name, schemaVersion: to, patch } = operation
  const before = transaction.table.get(operation)?.resource
  if (before === undefined) return notFound(operation)
  const refused = refuseUnexpected(before, operation)
  if (refused !== undefined) return refused
  const from = before.schemaVersion
  if (from > to) {
    const problem = { expected: `${from}, the version it is written in`, found: String(to) }
    return invalid([{ path: 'schemaVersion', ...problem }])
  }
  const kind = kindOf(transaction.format, kindName)
  assert(kind !== undefined, 'a resource in the table is of a kind we know')
  const spec = upgradeSpec(kind, before.spec, { from, to, name })
  const judgement = judgeContent(transaction.format, {
    kind: kindName,
    name,
    owner: patch.owner ?? before.owner,
    labels: mergePatch(before.labels, patch.labels ?? {}),
    schemaVersion: to,
    spec: mergePatch(spec, patch.spec ?? {}),
  })
  return store(transaction, before, judgement)
}

function deleteResource(transaction: Transaction, operation: DeleteOperation): Refusal | undefined {
  const before = transaction.table.get(operation)?.resource
  if (before === undefined) return notFound(operation)
  const refused = refuseUnexpected(before, operation)
  if (refused !== undefined) return refused
  transaction.table.remove(operation)
  return undefined
}

function store(
  { format, table, index }: Transaction,
  before: Resource | undefined,
  judgement: Judgement,
): Refusal | undefined {
  if (!judgement.isValid) return invalid(judgement.problems)
  const { resource } = judgement
  const changed = ownFieldProblems(kindOf(format, resource.kind), before, resource.spec)
  if (changed.length > 0) return invalid(changed)
  // Who writes what is there already changes nothing, so nobody who watches is woken.
  if (before !== undefined && isSame(before, resource)) return undefined
  const { kind, labels, name, owner, schemaVersion, spec } = resource
  // In the order of the canonical text, so that nothing is left to sort.
  table.put({ kind, labels, name, owner, revision: index, schemaVersion, spec })
  return undefined
}

/** @param before Of the same kind and name. */
function isSame(before: Resource, after: Omit<Resource, 'revision'>): boolean {
  return (
    before.owner === after.owner &&
    before.schemaVersion === after.schemaVersion &&
    hasSameText(before.labels, after.labels) &&
    hasSameText(before.spec, after.spec)
  )
}

function notFound({ kind, name }: ResourceRef): Refusal {
  return { code: 'not-found', reason: `expected ${kind}/${name} to exist, found nothing` }
}

function refuseUnexpected(
  before: Resource | undefined,
  { kind, name, expected = 'any' }: ResourceRef & { readonly expected?: Expected | undefined },
): Refusal | undefined {
  if (isAsExpected(before, expected)) return undefined
  const found = before === undefined ? 'nothing' : `revision ${before.revision}`
  const wanted = typeof expected === 'number' ? `at revision ${expected}` : expected
  return {
    code: 'conflict',
    reason: `expected ${kind}/${name} ${wanted}, found ${found}`,
    hint: 'Read it again, then change what you find.',
  }
}

function isAsExpected(before: Resource | undefined, expected: Expected): boolean {
  switch (expected) {
    case 'any':
      return true
    case 'absent':
      return before === undefined
    case 'present':
      return before !== undefined
    default:
      return before?.revision === expected
  }
}

/** Some resources come into being by commands of their own only. */
function refuseNew(
  { format }: Transaction,
  { kind, name }: ResourceRef,
  before: Resource | undefined,
): Refusal | undefined {
  const own = kindOf(format, kind)?.ownCommand
  if (own === undefined || before !== undefined) return undefined
  return {
    code: 'not-found',
    reason: `expected ${kind}/${name} to exist, found nothing`,
    hint: own.hint,
  }
}

/** Fields that an author need not repeat, for only commands of their own may write them. */
function ownFields(kind: Kind | undefined, before: Resource | undefined): JsonObject {
  const fields: [string, Json][] = []
  for (const field of kind?.ownCommand?.fields ?? []) {
    const value = before?.spec[field]
    if (value !== undefined) fields.push([field, value])
  }
  return Object.fromEntries(fields)
}

function ownFieldProblems(
  kind: Kind | undefined,
  before: Resource | undefined,
  after: JsonObject,
): readonly FieldProblem[] {
  const own = kind?.ownCommand
  if (own === undefined || before === undefined) return []
  return own.fields
    .filter(field => before.spec[field] !== after[field])
    .map(field => ({
      path: `spec.${field}`,
      expected: `${JSON.stringify(before.spec[field])}, as it is`,
      found: JSON.stringify(after[field] ?? null),
      hint: 'This field is not for changing.',
    }))
}
