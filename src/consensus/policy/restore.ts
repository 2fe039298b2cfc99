/**
 * Makes a state of the lines of a snapshot (`snapshot.ts`), one by one as they come.
 *
 * Nothing is believed: a line must be one that the schemas of its kind allow, and the whole must
 * have the hash that was written with it.
 */
import { z } from 'zod'
import type { AuditRecord } from './audit-trail.ts'
import { type JsonObject, readJson } from './canonical.ts'
import { type PolicyFormat, policyFormat } from './format.ts'
import { problemText, REFUSAL_CODES } from './outcome.ts'
import { emptyParts, type PolicyDeps, type PolicyParts, PolicyState } from './policy-state.ts'
import { problemsOf } from './problems.ts'
import { kindOf, type Resource } from './resource.ts'
import { judgeContent } from './write-resource.ts'

const index = () => z.int().min(0)

const resourceLine = z.strictObject({
  kind: z.string(),
  name: z.string(),
  revision: index(),
  owner: z.string(),
  labels: z.record(z.string(), z.string()),
  schemaVersion: z.int().min(1),
  spec: z.custom<JsonObject>(value => typeof value === 'object' && value !== null, 'an object'),
})

const outcome = z.enum(['applied', ...REFUSAL_CODES])

const requestLine = z.strictObject({
  requestId: z.string(),
  operation: z.string(),
  index: index(),
  outcome,
})

const auditLine = z.strictObject({
  index: index(),
  atMs: index(),
  author: z.string(),
  requestId: z.string(),
  action: z.string() as z.ZodType<AuditRecord['action']>,
  outcome,
  items: z.array(
    z.strictObject({
      kind: z.string(),
      name: z.string(),
      verb: z.enum(['create', 'update', 'delete', 'put', 'patch']),
    }),
  ),
  moreCount: index(),
})

const headLine = z.strictObject({
  format: z.literal('skein-policy'),
  version: z.int().min(1),
  appliedIndex: index(),
})

const bodyLine = z.union([
  z.strictObject({ resource: resourceLine }),
  z.strictObject({ request: requestLine }),
  z.strictObject({ audit: auditLine }),
  z.strictObject({ end: z.strictObject({ hash: z.string(), lines: index() }) }),
])

type BodyLine = z.output<typeof bodyLine>

export type Restored =
  | { readonly status: 'restored'; readonly state: PolicyState }
  /** The lines are not what `snapshotLines` wrote. */
  | { readonly status: 'damaged'; readonly reason: string }
  /** Written by a later release, with schemas that this one does not know. */
  | { readonly status: 'unsupported'; readonly reason: string }

type Failed = Exclude<Restored, { readonly status: 'restored' }>

/** @param lines Without line ends. */
export function restorePolicy(deps: PolicyDeps, lines: Iterable<string>): Restored {
  const reader = new SnapshotReader(deps)
  for (const line of lines) {
    const failed = reader.push(line)
    if (failed !== undefined) return failed
  }
  return reader.finish()
}

/** For lines that do not come all at once. */
export class SnapshotReader {
  readonly #deps: PolicyDeps
  readonly #format: PolicyFormat
  readonly #parts: PolicyParts
  #appliedIndex: number | undefined
  #end: { readonly hash: string; readonly lines: number } | undefined
  #bodyLines = 0

  constructor(deps: PolicyDeps) {
    this.#deps = deps
    this.#format = deps.format ?? policyFormat
    this.#parts = emptyParts(deps.digest, this.#format)
  }

  /** @returns why there is no use in going on; `undefined`: the line is right. */
  push(text: string): Failed | undefined {
    if (this.#appliedIndex === undefined) return this.#pushHead(text)
    if (this.#end !== undefined) return damaged('expected nothing after the end, found a line')
    const line = readLine(bodyLine, text)
    if (typeof line === 'string') return damaged(this.#placed(line))
    if ('end' in line) {
      this.#end = line.end
      return undefined
    }
    const fault = takeLine(this.#format, this.#parts, line)
    if (fault !== undefined) return damaged(this.#placed(fault))
    this.#bodyLines += 1
    return undefined
  }

  finish(): Restored {
    const end = this.#end
    const appliedIndex = this.#appliedIndex
    if (appliedIndex === undefined || end === undefined)
      return damaged('expected an end, found none')
    if (end.lines !== this.#bodyLines) {
      return damaged(`expected ${end.lines} lines, found ${this.#bodyLines}`)
    }
    this.#parts.table.commit()
    const state = new PolicyState(this.#deps, { ...this.#parts, appliedIndex })
    if (state.hash !== end.hash) return damaged(`expected hash ${end.hash}, found ${state.hash}`)
    return { status: 'restored', state }
  }

  #pushHead(text: string): Failed | undefined {
    const head = readLine(headLine, text)
    if (typeof head === 'string') return damaged(head)
    const { commandVersion } = this.#format
    if (head.version <= commandVersion) {
      this.#appliedIndex = head.appliedIndex
      return undefined
    }
    const expected = `expected a snapshot of version 1 to ${commandVersion}`
    return { status: 'unsupported', reason: `${expected}, found version ${head.version}` }
  }

  #placed(fault: string): string {
    return `line ${this.#bodyLines + 2}: ${fault}`
  }
}

function readLine<T>(schema: z.ZodType<T>, text: string): T | string {
  const json = readJson(text)
  if (!json.isJson) return problemText(json.fault)
  const parsed = schema.safeParse(json.value)
  if (parsed.success) return parsed.data
  // Values are not shown: a line may hold the hash of a key.
  const judged = { schema, value: undefined, path: '' }
  return problemsOf(parsed.error, judged).map(problemText).join('; ')
}

/** @returns what is wrong with the line. */
function takeLine(format: PolicyFormat, parts: PolicyParts, line: BodyLine): string | undefined {
  if ('request' in line) {
    if (parts.requests.has(line.request.requestId)) return 'a request twice'
    parts.requests.add(line.request.requestId, line.request)
  } else if ('audit' in line) {
    if (parts.audit.has(line.audit.index)) return 'an index twice'
    parts.audit.add(line.audit.index, line.audit)
  } else if ('resource' in line) {
    return takeResource(format, parts, line.resource)
  }
  return undefined
}

function takeResource(
  format: PolicyFormat,
  { table }: PolicyParts,
  resource: Resource,
): string | undefined {
  const kind = kindOf(format, resource.kind)
  if (kind?.versions[resource.schemaVersion - 1] === undefined) return 'an unknown kind or schema'
  const judgement = judgeContent(format, resource)
  if (!judgement.isValid) return judgement.problems.map(problemText).join('; ')
  if (table.get(resource) !== undefined) return 'a resource twice'
  table.put(resource)
  return undefined
}

function damaged(reason: string): Failed {
  return { status: 'damaged', reason }
}
