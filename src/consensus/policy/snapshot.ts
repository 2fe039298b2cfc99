/**
 * The state as text, line by line, and back.
 *
 *     {"appliedIndex":…,"format":"skein-policy","version":1}
 *     {"resource":{…}}                  sorted by kind and name
 *     {"request":{…}}                   oldest first
 *     {"audit":{…}}                     oldest first
 *     {"end":{"hash":"…","lines":…}}
 *
 * Equal states have equal text, byte for byte. No line is much longer than a command, so a large
 * state can be written and sent in pieces. The version is the lowest one of the command format that
 * has all the schemas in it.
 */
import { canonicalText } from './canonical.ts'
import type { PolicyFormat } from './format.ts'
import type { PolicyState } from './policy-state.ts'
import { kindOf, type Resource } from './resource.ts'

/**
 * The lines of the state as it is now, without line ends. What is applied later does not change
 * them, so they may be written at leisure.
 */
export function snapshotLines(state: PolicyState): Iterable<string> {
  const { table, requests, audit, appliedIndex } = state.parts()
  const resources = table.all()
  const version = Math.max(1, ...new Set(resources.map(each => neededVersion(state.format, each))))
  const lines = {
    head: { format: 'skein-policy', version, appliedIndex },
    resources,
    requests: requests.texts(),
    audit: audit.texts(),
  }
  return textLines(lines, state.hash)
}

interface Lines {
  readonly head: unknown
  readonly resources: readonly Resource[]
  /** As canonical text. */
  readonly requests: readonly string[]
  readonly audit: readonly string[]
}

function* textLines({ head, resources, requests, audit }: Lines, hash: string): Generator<string> {
  yield canonicalText(head)
  for (const resource of resources) yield canonicalText({ resource })
  for (const text of requests) yield `{"request":${text}}`
  for (const text of audit) yield `{"audit":${text}}`
  const lines = resources.length + requests.length + audit.length
  yield canonicalText({ end: { hash, lines } })
}

function neededVersion(format: PolicyFormat, { kind, schemaVersion }: Resource): number {
  return kindOf(format, kind)?.versions[schemaVersion - 1]?.sinceCommandVersion ?? 1
}
