/**
 * GET /mesh/v1/openapi.json: the routes for programs, as OpenAPI 3.1.
 *
 * Made from the table of routes and the schemas that judge what comes in, so it cannot say of a
 * body what the code does not. Schemas with an id stand once, under `components`.
 *
 * Source: OpenAPI Specification 3.1.1, 2024. Its schemas are JSON Schema 2020-12, which zod writes.
 */
import { z } from 'zod'
import { policyFormat } from '../consensus/policy/format.ts'
import { ANY_NAME } from '../consensus/policy/kinds/kind.ts'
import { errorKinds } from '../core/errors.ts'
import type { Route, RouteAbout } from './routes.ts'

const PATH = '/mesh/v1/openapi.json'

const PARAMETERS: Readonly<Record<string, string>> = {
  id: 'An id or a name.',
  kind: `Of ${Object.keys(policyFormat.kinds).join(', ')}.`,
  name: 'The name of the resource; slashes in it as %2F or as they are.',
}

type Json = Readonly<Record<string, unknown>>

export function openApiRoute(routes: readonly Route[], version: string): Route {
  const route: Route = {
    method: 'GET',
    path: PATH,
    role: 'inference',
    about: { summary: 'This document.', answer: z.looseObject({ openapi: z.string() }) },
    handle(exchange) {
      text ??= JSON.stringify(openApi([...routes, route], version))
      exchange.send(200, { 'content-type': 'application/json' }, text)
    },
  }
  /** Made when somebody asks: it takes a moment, and most peers are never asked. */
  let text: string | undefined
  return route
}

export function openApi(routes: readonly Route[], version: string): Json {
  const schemas: Record<string, unknown> = { ...specSchemas(), Error: errorSchema }
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = templateOf(route.path)
    const operations = paths[path] ?? {}
    paths[path] = operations
    operations[route.method.toLowerCase()] = operationOf(route, path, schemas)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Skein',
      version,
      description: 'The HTTP side of a peer. docs/reference/http.md tells what all routes share.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas,
    },
  }
}

/** `/v1/models/*` → `/v1/models/{id}`; below a kind, the rest is a name. */
export function templateOf(path: string): string {
  const rest = path.includes(':kind') ? '{name}' : '{id}'
  return path.replace(/\/:(\w+)/g, '/{$1}').replace('*', rest)
}

function operationOf(route: Route, path: string, schemas: Record<string, unknown>): Json {
  const { about, method, role, isOpen } = route
  const { summary, query, body, status = 200 } = about
  const parameters = [...pathParameters(path), ...queryParameters(query), ...headers(route)]
  return {
    operationId: operationId(method, path),
    summary,
    ...(isOpen === true ? { security: [] } : { security: [{ key: [] }], 'x-skein-role': role }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(route, body, schemas) }),
    responses: {
      [status]: { description: summary, content: answerContent(about, schemas) },
      default: {
        description: 'An error.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

/** `GET /mesh/v1/policy/{kind}` → `getMeshV1PolicyKind`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter(word => word !== '')
  return `${method.toLowerCase()}${words.map(word => word[0]?.toUpperCase() + word.slice(1)).join('')}`
}

function pathParameters(path: string): readonly Json[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: PARAMETERS[name] ?? '',
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType | undefined): readonly Json[] {
  if (query === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, { description?: string }>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description = '', ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description,
    schema,
  }))
}

const CONDITIONS = {
  'If-Match': 'The revision that the resource must have, in quotes as in its ETag, or `*`.',
  'If-None-Match': '`*`: only if there is none.',
}

const IDEMPOTENCY = {
  'Idempotency-Key':
    'A name for this change, 16 to 64 letters, digits, `-` or `_`: sent again, it is made once.',
}

function headers({ about: { changes } }: Route): readonly Json[] {
  const described = {
    ...(changes === 'one' ? CONDITIONS : {}),
    ...(changes === undefined ? {} : IDEMPOTENCY),
  }
  return Object.entries(described).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }))
}

function requestBody(route: Route, body: z.ZodType, schemas: Record<string, unknown>): Json {
  const schema = component(body, 'input', schemas)
  const isNeeded = !body.safeParse({}).success
  return {
    required: isNeeded,
    content: {
      'application/json': { schema },
      ...(route.method === 'PATCH' ? { 'application/merge-patch+json': { schema } } : {}),
    },
  }
}

function answerContent({ answer }: RouteAbout, schemas: Record<string, unknown>): Json {
  if (typeof answer === 'string') return { [answer]: { schema: { type: 'string' } } }
  return { 'application/json': { schema: component(answer, 'output', schemas) } }
}

/** The schema, with those that have an id moved to the components. */
function component(
  schema: z.ZodType,
  io: 'input' | 'output',
  schemas: Record<string, unknown>,
): unknown {
  const { $defs = {}, ...rest } = jsonSchema(schema, io) as { $defs?: Record<string, unknown> }
  for (const [id, definition] of Object.entries($defs)) {
    const { id: _, ...plain } = relocated(definition) as { id?: string }
    schemas[id] = plain
  }
  return relocated(rest)
}

function relocated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocated)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    name === '$ref' && typeof each === 'string'
      ? each.replace(/^#\/\$defs\//, '#/components/schemas/')
      : relocated(each),
  ])
  return Object.fromEntries(entries)
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

/** What the spec of each kind may hold, for whoever writes a resource. */
function specSchemas(): Record<string, unknown> {
  const entries = Object.entries(policyFormat.kinds).flatMap(([kind, { versions }]) =>
    Object.entries(versions.at(-1)?.schemas ?? {}).map(([name, schema]) => [
      name === ANY_NAME ? `spec.${kind}` : `spec.${kind}.${name}`,
      jsonSchema(schema, 'input'),
    ]),
  )
  return Object.fromEntries(entries)
}

const errorSchema = jsonSchema(
  z.object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
      skein_code: z.enum(Object.keys(errorKinds)).optional(),
      hint: z.string().optional(),
      details: z.looseObject({}).optional(),
      request_id: z.string().optional(),
    }),
  }),
  'output',
)
