/**
 * Who asks, and what they may do: the roles of the policy's API keys, each of which may do all that
 * the one before may.
 */
import { MeshError } from '../core/errors.ts'
import type { Caller as QuotaCaller } from '../node/gateway.ts'
import type { KeyHolder } from '../node/policy/key-ring.ts'

export const ROLES = ['inference', 'operator', 'admin'] as const

export type Role = (typeof ROLES)[number]

export interface Caller {
  /** As the policy writes down who made a change: `key:NAME`, `local`. */
  readonly author: string
  readonly role: Role
  /** `undefined`: they have no key of the policy, and no quota of one. */
  readonly quota: QuotaCaller | undefined
  /** By the name clients ask for. `undefined`: all. */
  readonly models: ReadonlySet<string> | undefined
}

/** Whoever may use this machine, without a key. */
export const LOCAL: Caller = { author: 'local', role: 'admin', quota: undefined, models: undefined }

/** Whoever has a key of this peer's own key file. */
export const KEY_FILE: Caller = { ...LOCAL, author: 'key-file' }

export function callerOf(
  { name, spec: { roles, tenant } }: KeyHolder,
  models: 'all' | ReadonlySet<string> | undefined,
): Caller {
  const role = ROLES.findLast(each => roles.includes(each)) ?? 'inference'
  return {
    author: `key:${name}`,
    role,
    quota: { key: name, tenant: tenant ?? undefined },
    models: models === 'all' ? undefined : models,
  }
}

export function mayDo({ role }: Caller, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** @throws MeshError ERR_FORBIDDEN. */
export function requireRole(caller: Caller, needed: Role, what: string): void {
  if (mayDo(caller, needed)) return
  throw new MeshError(`${what} needs an API key with the role ${needed}; found ${caller.role}.`, {
    code: 'ERR_FORBIDDEN',
    hint: 'Ask an admin of the mesh: `skein keys create NAME --role ROLE` makes such a key.',
  })
}

export function maySee({ models }: Caller, model: string): boolean {
  return models === undefined || models.has(model)
}

/** @throws MeshError ERR_FORBIDDEN, with the code that OpenAI uses for it. */
export function requireModel(caller: Caller, model: string): void {
  if (maySee(caller, model)) return
  throw new MeshError(`The API key may not ask for the model ${JSON.stringify(model)}.`, {
    code: 'ERR_FORBIDDEN',
    details: { param: 'model', code: 'model_not_found' },
    hint: 'GET /v1/models lists those it may ask for.',
  })
}
