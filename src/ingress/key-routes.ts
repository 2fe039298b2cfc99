/**
 * POST /mesh/v1/keys: makes an API key. It is hashed here, before it goes anywhere: the mesh keeps
 * only what is needed to recognise it, and it is told this once.
 */
import type { PolicyControl } from '../node/policy/policy-port.ts'
import { createdKey, keyBody } from './policy-schemas.ts'
import { readBody, readRequestId } from './read-input.ts'
import type { Route } from './routes.ts'

const CREATED = 201

export function keyRoutes(policy: PolicyControl): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/mesh/v1/keys',
      role: 'admin',
      about: {
        summary: 'Makes an API key.',
        body: keyBody,
        answer: createdKey,
        status: CREATED,
        changes: 'any',
      },
      async handle(exchange, request) {
        const { name, role, tenant, models, expiresAt, description, labels } = readBody(
          keyBody,
          request,
        )
        const expiresAtMs = expiresAt === null ? null : Date.parse(expiresAt)
        const order = { name, roles: [role], tenant, models, expiresAtMs, description, labels }
        const by = { author: exchange.caller.author, requestId: readRequestId(request) }
        const created = await policy.createKey(order, by)
        // A secret: no cache may keep it.
        exchange.sendJson(CREATED, { name, ...created }, { 'cache-control': 'no-store' })
      },
    },
  ]
}
