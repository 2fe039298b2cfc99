/**
 * Who may change what of the policy, and what a change is called that does not come about.
 */
import type { Operation } from '../consensus/policy/command.ts'
import { policyFormat } from '../consensus/policy/format.ts'
import type { KindName } from '../consensus/policy/kinds/policy-kinds.ts'
import { kindOf } from '../consensus/policy/resource.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { hasCode, MeshError } from '../core/errors.ts'
import type { PolicyControl, PolicyWrite } from '../node/policy/policy-port.ts'
import { type Caller, requireRole } from './caller.ts'
import type { Exchange } from './exchange.ts'
import { type Condition, etag } from './read-input.ts'

/** Steering. Everything else says who belongs to the mesh, who may use it and how much. */
const OPERATOR_KINDS: ReadonlySet<string> = new Set<KindName>([
  'aliases',
  'drains',
  'placements',
  'routing',
])

/** Of what is repeated to whoever sent it. */
const SHOWN_LENGTH_MAX = 64

/** @throws MeshError ERR_FORBIDDEN. */
export function requireKinds(caller: Caller, kinds: Iterable<string>): void {
  for (const kind of kinds) {
    requireRole(caller, OPERATOR_KINDS.has(kind) ? 'operator' : 'admin', `To change ${kind}`)
  }
}

/** @throws MeshError ERR_NOT_FOUND. */
export function requireKind(kind: string): void {
  if (kindOf(policyFormat, kind) !== undefined) return
  const known = Object.keys(policyFormat.kinds).toSorted()
  const shown = JSON.stringify(kind.slice(0, SHOWN_LENGTH_MAX))
  // Most often it is the kind in the singular.
  const meant = known.find(each => each.startsWith(kind)) ?? didYouMean(kind, known)
  throw new MeshError(`kind: expected one of ${known.join(', ')}, found ${shown}`, {
    code: 'ERR_NOT_FOUND',
    details: { param: 'kind' },
    hint: meant === undefined ? 'See docs/reference/policy.md.' : `Did you mean ${meant}?`,
  })
}

export function newestVersion(kind: string): number {
  return kindOf(policyFormat, kind)?.versions.length ?? 1
}

export interface ChangeInit {
  readonly policy: PolicyControl
  readonly requestId: string | undefined
  readonly condition?: Condition
  readonly isDryRun?: boolean
}

/**
 * Makes a change in the name of whoever asks for it.
 *
 * @throws what `PolicyControl.change` does.
 */
export async function changeAs(
  { author }: Caller,
  operation: Operation,
  { policy, requestId, condition, isDryRun = false }: ChangeInit,
): Promise<PolicyWrite> {
  const by = { author, requestId }
  try {
    return isDryRun ? policy.preview(operation, by) : await policy.change(operation, by)
  } catch (error) {
    const isUnmet = hasCode(error, 'ERR_CONFLICT') && error.details['reason'] === 'conflict'
    if (condition === undefined || !isUnmet) throw error
    const { message, code, details, hint } = error
    throw new MeshError(message, {
      code,
      details: { ...details, isPrecondition: true },
      hint,
      cause: error,
    })
  }
}

/** Answers a change of one resource: its revision is the ETag, as of one that is read. */
export function sendWritten(
  exchange: Exchange,
  write: PolicyWrite,
  found: { readonly policy: PolicyControl; readonly kind: string; readonly name: string },
): void {
  const { policy, kind, name } = found
  const change = write.changes.find(each => each.kind === kind && each.name === name)
  // What was so already keeps its revision.
  const revision =
    write.changes.length === 0 ? policy.get(kind, name)?.revision : change?.resource?.revision
  exchange.sendJson(200, write, revision === undefined ? {} : { etag: etag(revision) })
}
