/**
 * POST /mesh/v1/models/{id}:pin and its like: where a model is to be, and getting it ready.
 */
import type { Operation } from '../consensus/policy/command.ts'
import { MeshError } from '../core/errors.ts'
import type { ModelFacts } from '../core/peer-state.ts'
import { unknownModel } from '../core/unknown-model.ts'
import type { Clock } from '../node/clock.ts'
import type { Gateway, MeshAnswer, MeshRequest, ModelView } from '../node/gateway.ts'
import type { PolicyControl } from '../node/policy/policy-port.ts'
import type { Endpoint } from '../node/runtime.ts'
import type { Exchange } from './exchange.ts'
import { resolveNode } from './node-routes.ts'
import { changeAs, newestVersion, requireKinds } from './policy-access.ts'
import { noBody, pinBody, warmAnswer, written } from './policy-schemas.ts'
import { readBody, readRequestId } from './read-input.ts'
import type { Route } from './routes.ts'

type Mesh = Pick<Gateway, 'nodes' | 'policy' | 'models' | 'dispatch'>

export interface ModelActionDeps {
  readonly gateway: Mesh
  readonly clock: Clock
}

const KIND = 'placements'

const nameIn = (params: unknown) => (params as { '*': string })['*']

export function modelActionRoutes({ gateway, clock }: ModelActionDeps): readonly Route[] {
  const { policy } = gateway
  const route = (verb: string, rest: Omit<Route, 'method' | 'path' | 'role'>): Route => ({
    method: 'POST',
    path: `/mesh/v1/models/*:${verb}`,
    role: 'operator',
    ...rest,
  })
  return [
    route('pin', {
      about: {
        summary: 'Says which peers are to hold the model.',
        body: pinBody,
        answer: written,
        changes: 'any',
      },
      async handle(exchange, request) {
        requireKinds(exchange.caller, [KIND])
        const { peers = [], labels = {} } = readBody(pinBody, request)
        const ids = [...new Set(peers.map(word => resolveNode(gateway, word)))]
        const operation = pinning(policy, nameIn(request.params), { peers: ids, labels })
        const init = { policy, requestId: readRequestId(request) }
        exchange.sendJson(200, await changeAs(exchange.caller, operation, init))
      },
    }),
    route('unpin', {
      about: {
        summary: 'Any peer may hold the model again.',
        body: noBody,
        answer: written,
        changes: 'any',
      },
      async handle(exchange, request) {
        requireKinds(exchange.caller, [KIND])
        readBody(noBody, request)
        const operation = unpinning(policy, nameIn(request.params))
        const init = { policy, requestId: readRequestId(request) }
        exchange.sendJson(200, await changeAs(exchange.caller, operation, init))
      },
    }),
    route('warm', {
      about: {
        summary:
          'Has one token made, so that an engine that loads models when asked has it loaded.',
        body: noBody,
        answer: warmAnswer,
      },
      async handle(exchange, request) {
        readBody(noBody, request)
        const model = servedModel(gateway, nameIn(request.params))
        exchange.sendJson(200, await warm(exchange, model, { gateway, clock }))
      },
    }),
    ...(['load', 'unload'] as const).map(verb =>
      route(verb, {
        about: {
          summary: `Asks the engines to ${verb} the model. None of today’s can.`,
          body: noBody,
          answer: noBody,
        },
        handle(_exchange, request) {
          readBody(noBody, request)
          throw notLoadable(servedModel(gateway, nameIn(request.params)), verb)
        },
      }),
    ),
  ]
}

interface Pin {
  readonly peers: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** Replicas and priority that were set stay. */
function pinning(policy: PolicyControl, name: string, { peers, labels }: Pin): Operation {
  const target = { kind: KIND, name, schemaVersion: newestVersion(KIND) }
  const before = policy.get(KIND, name)
  if (before === undefined) {
    return { type: 'put', ...target, spec: { peers, labels }, expected: 'absent' }
  }
  // Labels that are to go must be named.
  const gone = Object.keys(before.spec['labels'] ?? {}).map(label => [label, null] as const)
  const patch = { spec: { peers, labels: { ...Object.fromEntries(gone), ...labels } } }
  return { type: 'patch', ...target, patch, expected: before.revision }
}

/** Goes altogether if nothing else is said of the model. */
function unpinning(policy: PolicyControl, name: string): Operation {
  const before = policy.get(KIND, name)
  const { minReplicas, maxReplicas, priority } = before?.spec ?? {}
  const isRest =
    before !== undefined &&
    !(minReplicas === 0 && maxReplicas === null && priority === PRIORITY_DEFAULT)
  if (!isRest) return { type: 'delete', kind: KIND, name }
  const target = { kind: KIND, name, schemaVersion: newestVersion(KIND) }
  return { type: 'patch', ...target, patch: { spec: { peers: null, labels: null } } }
}

/** Of docs/reference/policy.md. */
const PRIORITY_DEFAULT = 100

/** @throws MeshError ERR_MODEL_NOT_FOUND. */
function servedModel(gateway: Mesh, id: string): ModelView {
  const models = gateway.models()
  const model = models.find(each => each.id === id)
  if (model !== undefined) return model
  const served = models.map(each => each.id)
  throw new MeshError(unknownModel(id, served), { code: 'ERR_MODEL_NOT_FOUND' })
}

function notLoadable({ facts, peers }: ModelView, verb: 'load' | 'unload'): MeshError {
  const found = `${peers.length} peer(s) whose engines (${facts.engine}) decide that themselves`
  return new MeshError(
    `expected an engine that can ${verb} ${facts.id} on request, found ${found}`,
    {
      code: 'ERR_NOT_SUPPORTED',
      hint:
        verb === 'load'
          ? 'POST :warm has an engine that loads models when asked load it; or start a peer with it.'
          : 'Unload it at the engine itself; `skein drain` keeps requests from a peer meanwhile.',
    },
  )
}

async function warm(
  exchange: Exchange,
  { id, facts }: ModelView,
  { gateway, clock }: ModelActionDeps,
): Promise<{ model: string; peer: string; tookMs: number }> {
  const canceller = new AbortController()
  const { response } = exchange
  response.once('close', () => canceller.abort())
  const startMs = clock.nowMs()
  const answer = await gateway.dispatch(tinyRequest(id, facts, exchange.id), canceller.signal)
  await readToEnd(answer)
  if (answer.status >= 400) {
    throw new MeshError(`expected one token of ${id}, found status ${answer.status}`, {
      code: 'ERR_ENGINE',
      details: { decisionId: answer.decisionId },
    })
  }
  return { model: answer.model, peer: answer.peer, tookMs: Math.round(clock.nowMs() - startMs) }
}

async function readToEnd({ chunks }: MeshAnswer): Promise<void> {
  for await (const _ of chunks);
}

/** As little work as the model can be given. */
function tinyRequest(model: string, facts: ModelFacts, requestId: string): MeshRequest {
  const [endpoint, input] = tinyInput(facts)
  const limit = endpoint === 'embeddings' ? {} : { max_tokens: 1 }
  return {
    endpoint,
    model,
    isStream: false,
    body: Buffer.from(JSON.stringify({ model, ...limit, ...input })),
    headers: { 'x-request-id': requestId },
    inputTokens: 1,
    outputTokensMax: 1,
  }
}

function tinyInput({ capabilities }: ModelFacts): readonly [Endpoint, object] {
  if (capabilities.includes('chat')) {
    return ['chat/completions', { messages: [{ role: 'user', content: '.' }] }]
  }
  if (capabilities.includes('completion')) return ['completions', { prompt: '.' }]
  return ['embeddings', { input: '.' }]
}
