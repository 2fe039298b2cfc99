/**
 * How urgent a request is, and until when its answer is wanted: what the client says, within what
 * it may say.
 *
 *     x-skein-priority: low | normal | high | critical    or the field `priority` of the body
 *     x-skein-deadline-ms: 2000                            until the answer must have begun
 *
 * Who says nothing has the priority of its tenant, else normal. Nobody gets above what is its own:
 * the tenant's, `high` for keys without a tenant, `critical` for operators and admins.
 */
import { MeshError } from '../core/errors.ts'
import type { MeshRequest } from '../node/gateway.ts'
import { withField } from '../node/policy/model-field.ts'
import type { PolicyControl } from '../node/policy/policy-port.ts'
import { isPriority, PRIORITIES, type Priority, rankOf } from '../scheduler/admission/priority.ts'
import { type Caller, mayDo } from './caller.ts'
import type { Exchange } from './exchange.ts'
import { invalid } from './fields.ts'

const DEADLINE_MAX_MS = 86_400_000

export type Urgency = Pick<MeshRequest, 'priority' | 'weight' | 'beginByMs'>

/**
 * @param asked What the body says.
 * @throws MeshError ERR_INVALID_REQUEST, or ERR_FORBIDDEN if it is more urgent than the caller may be.
 */
export function urgencyOf(
  exchange: Exchange,
  asked: Priority | undefined,
  policy: Pick<PolicyControl, 'views'>,
): Urgency {
  const { caller, startMs } = exchange
  const { 'x-skein-priority': named, 'x-skein-deadline-ms': deadline } = exchange.request.headers
  if (named !== undefined && !isPriority(named)) {
    throw invalid('x-skein-priority', `one of ${PRIORITIES.join(', ')}`, named)
  }
  const tenant = caller.quota?.tenant
  const spec = tenant === undefined ? undefined : policy.views.spec('tenants', tenant)
  const own = spec?.priority
  const priority = named ?? asked
  if (priority !== undefined) requireUrgency(caller, priority, own)
  return {
    ...withoutUndefined('priority', priority ?? own),
    ...withoutUndefined('weight', spec?.weight),
    ...(deadline === undefined ? {} : { beginByMs: startMs + deadlineMs(deadline) }),
  }
}

/** Engines that know the field take a number, and none is as 0. */
export function withoutPriority(body: Uint8Array): Uint8Array {
  return withField(body, 'priority', 0)
}

function requireUrgency(caller: Caller, priority: Priority, own: Priority = 'high'): void {
  const highest = mayDo(caller, 'operator') ? 'critical' : own
  if (rankOf(priority) <= rankOf(highest)) return
  throw new MeshError(`The API key may ask for a priority up to ${highest}; found ${priority}.`, {
    code: 'ERR_FORBIDDEN',
    details: { param: 'priority' },
    hint: 'The priority of its tenant is the highest it may ask for; an admin can raise that.',
  })
}

function deadlineMs(text: string | readonly string[]): number {
  const value = typeof text === 'string' && /^\d{1,8}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= DEADLINE_MAX_MS) return value
  throw invalid('x-skein-deadline-ms', `an integer from 1 to ${DEADLINE_MAX_MS}`, text)
}

function withoutUndefined<Name extends string, Value>(name: Name, value: Value | undefined) {
  return value === undefined ? {} : ({ [name]: value } as { readonly [_ in Name]: Value })
}
