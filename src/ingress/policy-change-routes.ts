/**
 * PUT, PATCH and DELETE of resources, and POST /mesh/v1/policy:apply: how the policy is changed.
 *
 * Any peer takes a change and hands it to whoever leads. It is answered once it is agreed on and in
 * force at this peer.
 */
import type { FastifyRequest } from 'fastify'
import type { JsonObject } from '../consensus/policy/canonical.ts'
import type { DeleteOperation, Operation, ResourceOperation } from '../consensus/policy/command.ts'
import { policyFormat } from '../consensus/policy/format.ts'
import { kindOf } from '../consensus/policy/resource.ts'
import type { PolicyControl } from '../node/policy/policy-port.ts'
import type { Exchange } from './exchange.ts'
import {
  type ChangeInit,
  changeAs,
  newestVersion,
  requireKind,
  requireKinds,
  sendWritten,
} from './policy-access.ts'
import { applyBody, changeQueryForm, patchBody, putBody, written } from './policy-schemas.ts'
import { type Condition, readBody, readCondition, readQuery, readRequestId } from './read-input.ts'
import type { Route } from './routes.ts'

const RESOURCE = '/mesh/v1/policy/:kind/*'

export function policyChangeRoutes(policy: PolicyControl): readonly Route[] {
  const change = async (
    exchange: Exchange,
    request: FastifyRequest,
    operationOf: (target: {
      kind: string
      name: string
      expected?: Exclude<Condition, undefined>
    }) => Operation,
  ) => {
    const { kind, '*': name } = request.params as { kind: string; '*': string }
    requireKind(kind)
    requireKinds(exchange.caller, [kind])
    const condition = readCondition(request)
    const target = { kind, name, ...(condition === undefined ? {} : { expected: condition }) }
    const operation = operationOf(target)
    const init = await readChangeInit(request, policy)
    const write = await changeAs(exchange.caller, operation, { ...init, condition })
    sendWritten(exchange, write, { policy, kind, name })
  }
  const about = { query: changeQueryForm, answer: written, changes: 'one' } as const
  return [
    {
      method: 'PUT',
      path: RESOURCE,
      role: 'operator',
      about: { summary: 'Makes a resource what the body says.', body: putBody, ...about },
      handle: (exchange, request) =>
        change(exchange, request, target => {
          const {
            schemaVersion = newestVersion(target.kind),
            spec,
            owner,
            labels,
          } = readBody(putBody, request)
          return {
            type: 'put',
            ...target,
            schemaVersion,
            ...defined({ owner, labels }),
            spec: spec as JsonObject,
          }
        }),
    },
    {
      method: 'PATCH',
      path: RESOURCE,
      role: 'operator',
      about: {
        summary: 'Changes parts of a resource: a JSON merge patch (RFC 7396).',
        body: patchBody,
        ...about,
      },
      handle: (exchange, request) =>
        change(exchange, request, target => {
          const { owner, labels, spec } = readBody(patchBody, request)
          const patch = defined({ owner, labels: labels as JsonObject, spec: spec as JsonObject })
          return { type: 'patch', ...target, schemaVersion: newestVersion(target.kind), patch }
        }),
    },
    {
      method: 'DELETE',
      path: RESOURCE,
      role: 'operator',
      about: { summary: 'Deletes a resource.', ...about },
      handle: (exchange, request) =>
        change(exchange, request, target => ({ type: 'delete', ...target })),
    },
    applyRoute(policy),
  ]
}

function applyRoute(policy: PolicyControl): Route {
  return {
    method: 'POST',
    path: '/mesh/v1/policy:apply',
    role: 'operator',
    about: {
      summary: 'Makes several resources what the body says: all of them, or none.',
      body: applyBody,
      answer: written,
      changes: 'any',
    },
    async handle(exchange, request) {
      const { resources, prune, dryRun: isDryRun } = readBody(applyBody, request)
      const kinds = new Set(resources.map(({ kind }) => kind))
      for (const kind of kinds) requireKind(kind)
      requireKinds(exchange.caller, kinds)
      const puts = resources.map(
        ({ kind, name, spec, owner, labels, schemaVersion }): ResourceOperation => ({
          type: 'put',
          kind,
          name,
          schemaVersion: schemaVersion ?? newestVersion(kind),
          spec: spec as JsonObject,
          ...defined({ owner, labels }),
        }),
      )
      const operations = [...puts, ...(prune ? othersOf(policy, puts) : [])]
      const requestId = readRequestId(request)
      const batch = { type: 'batch', operations } as const
      const write = await changeAs(exchange.caller, batch, { policy, requestId, isDryRun })
      exchange.sendJson(200, write)
    },
  }
}

async function readChangeInit(request: FastifyRequest, policy: PolicyControl): Promise<ChangeInit> {
  const { dryRun: isDryRun, linearizable } = readQuery(changeQueryForm, request)
  if (linearizable) await policy.catchUp()
  return { policy, requestId: readRequestId(request), isDryRun }
}

/** Deletes what stands beside the resources that are put, as it is known here. */
function othersOf(
  policy: PolicyControl,
  puts: readonly ResourceOperation[],
): readonly DeleteOperation[] {
  const named = new Set(puts.map(({ kind, name }) => `${kind} ${name}`))
  const kinds = [...new Set(puts.map(({ kind }) => kind))]
  // Peers come and go by commands of their own.
  return kinds
    .filter(kind => kindOf(policyFormat, kind)?.ownCommand === undefined)
    .flatMap(kind => policy.list(kind, {}))
    .filter(({ kind, name }) => !named.has(`${kind} ${name}`))
    .map(({ kind, name, revision }) => ({ type: 'delete', kind, name, expected: revision }))
}

/** Without the fields that are `undefined`: a command has none such. */
function defined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>
  }
}
