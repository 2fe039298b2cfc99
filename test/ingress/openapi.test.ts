/**
 * The OpenAPI document says of every route what it does, and of nothing else.
 */
import { assert, describe, test } from 'vitest'
import type { z } from 'zod'
import { policyFormat } from '../../src/consensus/policy/format.ts'
import { ingressRoutes } from '../../src/ingress/ingress.ts'
import { templateOf } from '../../src/ingress/openapi.ts'
import { ingressOptions } from '../../src/ingress/options.ts'
import type { Route } from '../../src/ingress/routes.ts'
import { systemClock } from '../../src/node/clock.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { silent } from '../node/recorded-network.ts'
import { fakeGateway, SELF } from './fake-gateway.ts'
import { ALIAS, CHAT_ALIAS, startPolicyServer } from './policy-server.ts'

interface Operation {
  readonly operationId: string
  readonly security: readonly object[]
  readonly parameters?: readonly { name: string; in: string; schema: object }[]
  readonly requestBody?: { content: Record<string, { schema: object }> }
  readonly responses: Record<string, unknown>
}

interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, unknown> }
}

const routes = ingressRoutes(ingressOptions.parse({}), {
  gateway: fakeGateway(),
  metrics: createMetrics(),
  logger: silent,
  clock: systemClock,
  newId: () => 'id',
  apiKeys: [],
  stopping: new AbortController().signal,
})

async function served(): Promise<Document> {
  await using server = await startPolicyServer()
  const { body } = await server.ask('GET /mesh/v1/openapi.json')
  return body
}

const document = await served()

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

describe('the document', () => {
  test('has every route, and no other', () => {
    const documented = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    const table = routes.map(({ method, path }) => `${method} ${templateOf(path)}`)
    assert.deepEqual(documented.toSorted(), table.toSorted())
    assert.equal(document.openapi, '3.1.0')
  })

  test('is answered for: each of its operations leads somewhere', async () => {
    await using server = await startPolicyServer()
    for (const { path, method } of operations) {
      if (path.endsWith(':watch') || path.endsWith('/events')) continue
      const filled = path.replace('{kind}', 'aliases').replaceAll(/\{\w+\}/g, 'box')
      const body = method === 'get' || method === 'delete' ? undefined : {}
      const answer = await server.ask(`${method.toUpperCase()} ${filled}`, { body })
      const { error } = answer.body
      assert.notEqual(answer.status, 405, `${method} ${filled}`)
      assert.notInclude(String(error?.message ?? ''), 'There is nothing at', `${method} ${filled}`)
      assert.notEqual(answer.status, 500, `${method} ${filled}`)
    }
  })

  test('names each operation once, and refers to nothing that is not there', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    const text = JSON.stringify(document)
    for (const [, name = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      const [, , , id = ''] = name.split('/')
      assert.isTrue(name.startsWith('#/components/schemas/'), name)
      assert.property(document.components.schemas, id)
    }
    assert.notInclude(text, '$defs')
  })

  test('says of each path which parameters it has', () => {
    for (const { path, operation } of operations) {
      const wanted = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      const given = operation.parameters?.filter(each => each.in === 'path') ?? []
      assert.deepEqual(
        given.map(({ name }) => name),
        wanted,
        path,
      )
    }
  })

  test('says which routes are open, what role the others need, and how bodies look', () => {
    for (const route of routes) {
      const operation = document.paths[templateOf(route.path)]?.[route.method.toLowerCase()]
      assert.equal(operation?.security.length === 0, route.isOpen === true, route.path)
      assert.equal(operation?.requestBody !== undefined, route.about.body !== undefined, route.path)
      assert.property(operation?.responses, String(route.about.status ?? 200))
    }
  })

  test('has the spec of every kind', () => {
    for (const kind of Object.keys(policyFormat.kinds)) {
      const known = Object.keys(document.components.schemas)
      assert.isTrue(
        known.some(name => name === `spec.${kind}` || name.startsWith(`spec.${kind}.`)),
        kind,
      )
    }
  })
})

describe('an answer', () => {
  const asked = [
    { route: 'GET /v1/models' },
    { route: 'GET /mesh/v1/nodes', path: '/mesh/v1/nodes' },
    { route: 'GET /mesh/v1/decisions' },
    { route: 'GET /mesh/v1/policy' },
    { route: 'GET /mesh/v1/policy:log' },
    { route: 'GET /mesh/v1/policy/roster', path: '/mesh/v1/policy/:kind' },
    { route: `GET /mesh/v1/policy/roster/${SELF}`, path: '/mesh/v1/policy/:kind/*' },
    { route: `PUT ${CHAT_ALIAS}`, path: '/mesh/v1/policy/:kind/*', body: { spec: ALIAS } },
    {
      route: 'POST /mesh/v1/policy:apply',
      body: { resources: [{ kind: 'aliases', name: 'a', spec: ALIAS }] },
    },
    { route: 'POST /mesh/v1/nodes/box:drain', path: '/mesh/v1/nodes/*:drain', body: {} },
    { route: 'POST /mesh/v1/keys', body: { name: 'app' } },
    { route: 'GET /mesh/v1/raft' },
    { route: 'POST /mesh/v1/raft:transfer', body: { peer: SELF } },
    { route: 'POST /mesh/v1/tickets', body: {} },
    { route: 'GET /healthz' },
    { route: 'GET /readyz' },
  ]
  for (const { route, path, body } of asked) {
    test(`to ${route.replace(SELF, 'PEER')} has the fields that are documented, and no other`, async () => {
      const [method = '', asPath = ''] = route.split(' ')
      const { about } = routes.find(
        each => each.method === method && each.path === (path ?? asPath),
      ) as Route
      const nodes = () => [
        { peer: SELF, isSelf: true, status: 'alive', path: 'self', facts: { name: 'box' } },
      ]
      await using server = await startPolicyServer({ gateway: { nodes: nodes as never } })
      const answer = await server.ask(route, { body })
      assert.equal(answer.status, about.status ?? 200)
      const schema = about.answer as z.ZodType
      // What a schema does not know it leaves out.
      assert.deepEqual(schema.parse(answer.body), answer.body)
    })
  }
})
