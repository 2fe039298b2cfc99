/**
 * POST /mesh/v1/models/{id}:pin and its like: where a model is to be, and getting it ready.
 */
import type { z } from 'zod'
import type { Operation } from '../consensus/policy/command.ts'
import { MeshError } from '../core/errors.ts'
import { unknownModel } from '../core/unknown-model.ts'
import type { Clock } from '../node/clock.ts'
import type { Gateway, MeshAnswer, ModelView } from '../node/gateway.ts'
import type { PolicyControl } from '../node/policy/policy-port.ts'
import type { ModelAction } from '../node/runtime.ts'
import { tinyRequest } from '../node/tiny-request.ts'
import type { Exchange } from './exchange.ts'
import { resolveNode } from './node-routes.ts'
import { changeAs, newestVersion, requireKinds } from './policy-access.ts'
import {
  actionAnswer,
  actionBody,
  lorasAnswer,
  noBody,
  pinBody,
  written,
} from './policy-schemas.ts'
import { readBody, readRequestId } from './read-input.ts'
import type { Route } from './routes.ts'
import { untilClosed } from './until-closed.ts'

type Mesh = Pick<Gateway, 'self' | 'nodes' | 'policy' | 'models' | 'dispatch' | 'control'>

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
          'Has one token made, so that an engine that loads models when asked has it loaded. ' +
          'Without a peer named, wherever a request would go.',
        body: actionBody,
        answer: actionAnswer,
      },
      async handle(exchange, request) {
        const { peer } = readBody(actionBody, request)
        const name = nameIn(request.params)
        const answer =
          peer === undefined
            ? warm(exchange, servedModel(gateway, name), { gateway, clock })
            : act(exchange, { model: name, action: 'warm', peer }, { gateway, clock })
        exchange.sendJson(200, await answer)
      },
    }),
    {
      method: 'GET',
      path: '/mesh/v1/models/*:loras',
      role: 'operator',
      about: {
        summary: 'The LoRA adapters that the engine of this peer has in memory beside the model.',
        answer: lorasAnswer,
      },
      async handle(exchange, request) {
        const model = nameIn(request.params)
        const loras = await gateway.control.loras(model, untilClosed(exchange))
        exchange.sendJson(200, { model, peer: gateway.self, loras })
      },
    },
    ...(['load', 'unload', 'sleep', 'wake'] as const).map(action =>
      route(action, {
        about: { summary: SUMMARIES[action], body: actionBody, answer: actionAnswer },
        async handle(exchange, request) {
          const { peer } = readBody(actionBody, request)
          const asked = { model: nameIn(request.params), action, peer }
          exchange.sendJson(200, await act(exchange, asked, { gateway, clock }))
        },
      }),
    ),
  ]
}

const SUMMARIES = {
  load: 'Has an engine load the model into memory, and answers when it has.',
  unload: 'Has an engine take the model out of memory, unless requests run on it.',
  sleep: 'Has an engine put the weights of its model aside, unless requests run on it.',
  wake: 'Has an engine bring back what it has put aside.',
} as const

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

interface Asked {
  readonly model: string
  readonly action: ModelAction
  /** Id or name. */
  readonly peer: string | undefined
}

async function act(
  exchange: Exchange,
  { model, action, peer }: Asked,
  { gateway, clock }: ModelActionDeps,
): Promise<z.input<typeof actionAnswer>> {
  const named = peer === undefined ? undefined : resolveNode(gateway, peer, 'peer')
  const startMs = clock.nowMs()
  const done = await gateway.control.act({ model, action, peer: named }, untilClosed(exchange))
  return { model, ...done, tookMs: Math.round(clock.nowMs() - startMs) }
}

async function warm(
  exchange: Exchange,
  { id, facts }: ModelView,
  { gateway, clock }: ModelActionDeps,
): Promise<{ model: string; peer: string; tookMs: number }> {
  const startMs = clock.nowMs()
  const request = {
    ...tinyRequest(id, facts),
    headers: { 'x-request-id': exchange.id },
    inputTokens: 1,
    outputTokensMax: 1,
  }
  const answer = await gateway.dispatch(request, untilClosed(exchange))
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
