/**
 * /mesh/v1/scheduler: the scheduler for programs that send requests themselves, or want to see where
 * one would go; and a summary of the mesh in four numbers.
 */
import { z } from 'zod'
import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import type { Clock } from '../node/clock.ts'
import type { Gateway, MeshRequest } from '../node/gateway.ts'
import type { Endpoint } from '../node/runtime.ts'
import type { Candidate } from '../scheduler/decision.ts'
import { requireModel } from './caller.ts'
import { errorAnswer } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import { readInferenceRequest } from './inference-request.ts'
import { resolveNode } from './node-routes.ts'
import { readBody } from './read-input.ts'
import type { Route } from './routes.ts'

/** Answers of late over which the average is taken. */
const LATENCY_WINDOW = 100

/** More tokens than any context has. */
const TOKENS_MAX = 100_000_000

const TASK_ENDPOINTS = {
  chat: 'chat/completions',
  completion: 'completions',
  embedding: 'embeddings',
} as const satisfies Record<string, Endpoint>

const TASK_TYPES = ['chat', 'completion', 'embedding'] as const

const target = {
  model: z.string().min(1).max(256),
  inputTokens: z.int().min(0).max(TOKENS_MAX).default(0).describe('Of the prompt, about.'),
  outputTokensMax: z.int().min(0).max(TOKENS_MAX).optional().describe('Of the answer, at most.'),
}

const scoreBody = z.strictObject(target)

const admitBody = z.strictObject({
  ...target,
  peer: z.string().min(1).max(128).optional().describe('The only one that will do, by id or name.'),
})

const reportBody = z.strictObject({
  token: z.string().min(1).max(64),
  outcome: z.enum(['success', 'timeout', 'error', 'rejected', 'cancelled']),
  inputTokens: z.int().min(0).max(TOKENS_MAX).optional(),
  outputTokens: z.int().min(0).max(TOKENS_MAX).optional(),
})

const dispatchBody = z.strictObject({
  taskId: z.string().min(1).max(128).optional().describe('Yours; default: the id of the decision.'),
  taskType: z.enum(TASK_TYPES).default('chat'),
  request: z.looseObject({}).describe('As for /v1; it is not streamed.'),
})

const circuit = z.enum(['closed', 'open', 'half-open'])

const targetAnswer = z.looseObject({
  peer: z.string(),
  circuit,
  exclusion: z.string().optional().describe('Why it is not considered.'),
  terms: z.looseObject({}).optional().describe('Of its score; the lowest wins.'),
})

const dispatchAnswer = z.object({
  taskId: z.string(),
  taskType: z.enum(TASK_TYPES),
  selectedPeer: z.string().nullable().describe('The first choice.'),
  costOptimalPeer: z.string().nullable().describe('The cheapest of those that could have.'),
  dispatchedPeer: z.string().nullable().describe('Who answered in the end.'),
  circuitState: circuit,
  success: z.boolean(),
  error: z.looseObject({}).nullable(),
  latencyMs: z.number(),
  decisionId: z.string().nullable(),
  result: z.unknown(),
})

export interface SchedulerRoutesDeps {
  readonly gateway: Pick<
    Gateway,
    'scheduling' | 'dispatch' | 'decision' | 'nodes' | 'policy' | 'traces'
  >
  readonly clock: Clock
}

export function schedulerRoutes(deps: SchedulerRoutesDeps): readonly Route[] {
  const { gateway } = deps
  const { scheduling } = gateway
  const post = (verb: string, rest: Omit<Route, 'method' | 'path' | 'role'>): Route => ({
    method: 'POST',
    path: `/mesh/v1/scheduler/${verb}`,
    role: 'operator',
    ...rest,
  })
  return [
    post('score-targets', {
      about: {
        summary: 'What every peer that serves the model is worth now, the best first.',
        body: scoreBody,
        answer: z.object({ targets: z.array(targetAnswer) }),
      },
      handle(exchange, request) {
        const query = readBody(scoreBody, request)
        const targets = scheduling
          .scoreTargets(query)
          .map(each => ({ ...each, circuit: circuitOf(deps, each.peer, query.model) }))
        exchange.sendJson(200, { targets })
      },
    }),
    post('admit', {
      about: {
        summary: 'Keeps a place at a peer for a request that you send it yourself.',
        body: admitBody,
        answer: z.object({
          token: z.string(),
          peer: z.string(),
          etaMs: z.number(),
          validForMs: z.number(),
        }),
      },
      handle(exchange, request) {
        const { peer, ...query } = readBody(admitBody, request)
        const only = peer === undefined ? undefined : resolveNode(gateway, peer)
        exchange.sendJson(200, scheduling.admit({ ...query, target: only }))
      },
    }),
    post('report-outcome', {
      about: {
        summary: 'Says how it went, once for each place that was kept.',
        body: reportBody,
        answer: z.object({ reported: z.literal(true) }),
      },
      handle(exchange, request) {
        scheduling.report(readBody(reportBody, request))
        exchange.sendJson(200, { reported: true })
      },
    }),
    post('dispatch', {
      about: {
        summary: 'Sends a request and answers with what became of it, whatever that was.',
        body: dispatchBody,
        answer: dispatchAnswer,
      },
      isInference: true,
      async handle(exchange, request) {
        exchange.sendJson(200, await dispatch(exchange, readBody(dispatchBody, request), deps))
      },
    }),
    {
      method: 'GET',
      path: '/mesh/v1/scheduler/circuits',
      role: 'operator',
      about: {
        summary: 'The breakers of this peer that are not simply closed.',
        answer: z.object({ circuits: z.array(z.looseObject({ peer: z.string() })) }),
      },
      handle: exchange => exchange.sendJson(200, { circuits: scheduling.circuits() }),
    },
    {
      method: 'GET',
      path: '/mesh/v1/metrics/summary',
      role: 'operator',
      about: {
        summary: 'The mesh in four numbers, as this peer sees it.',
        answer: z.object({
          nodesActive: z.int(),
          circuitBreakersOpen: z.int(),
          queueDepth: z.int(),
          averageLatencyMs: z.number().nullable(),
        }),
      },
      handle: exchange => exchange.sendJson(200, summaryOf(gateway)),
    },
  ]
}

function circuitOf({ gateway }: SchedulerRoutesDeps, peer: PeerId, model: string) {
  const known = gateway.scheduling.circuits()
  return known.find(each => each.peer === peer && each.model === model)?.state ?? 'closed'
}

function summaryOf(gateway: SchedulerRoutesDeps['gateway']) {
  const { scheduling, traces } = gateway
  const alive = gateway.nodes().filter(({ status }) => status === 'alive')
  const queued = alive.flatMap(({ load }) => load.models.map(({ queuedCount }) => queuedCount))
  const latencies = traces
    .recent(LATENCY_WINDOW)
    .flatMap(({ outcome, metrics }) => (outcome === 'answered' ? (metrics?.totalTimeMs ?? []) : []))
  const sumMs = latencies.reduce((sum, each) => sum + each, 0)
  return {
    nodesActive: alive.length,
    circuitBreakersOpen: scheduling.circuits().filter(({ state }) => state !== 'closed').length,
    queueDepth: queued.reduce((sum, each) => sum + each, 0),
    averageLatencyMs: latencies.length === 0 ? null : sumMs / latencies.length,
  }
}

async function dispatch(
  exchange: Exchange,
  { taskId, taskType, request }: z.output<typeof dispatchBody>,
  deps: SchedulerRoutesDeps,
): Promise<z.input<typeof dispatchAnswer>> {
  const { gateway, clock } = deps
  const endpoint = TASK_ENDPOINTS[taskType]
  const whole = taskType === 'embedding' ? request : { ...request, stream: false }
  const body = Buffer.from(JSON.stringify(whole))
  const read = readInferenceRequest(endpoint, body)
  requireModel(exchange.caller, read.model)
  const startMs = clock.nowMs()
  let decisionId: string | undefined
  let peer: PeerId | undefined
  const onDecided: NonNullable<MeshRequest['onDecided']> = (id, chosen) => {
    decisionId = id
    peer = chosen ?? peer
    exchange.decided(id, chosen)
  }
  const { result, error } = await answerOf(exchange, gateway, {
    ...{ endpoint, body, headers: { 'x-request-id': exchange.id }, onDecided },
    ...{ caller: exchange.caller.quota, ...read },
  })
  const record = decisionId === undefined ? undefined : gateway.decision(decisionId)
  return {
    ...{ taskId: taskId ?? decisionId ?? exchange.id, taskType },
    selectedPeer: record?.attempts[0]?.peer ?? peer ?? null,
    costOptimalPeer: cheapest(record?.candidates ?? [], read.model, deps) ?? null,
    dispatchedPeer: peer ?? null,
    circuitState: peer === undefined ? 'closed' : circuitOf(deps, peer, read.model),
    ...{ success: error === null, error, latencyMs: clock.nowMs() - startMs },
    ...{ decisionId: decisionId ?? null, result },
  }
}

/** The answer, or the error in its place. */
async function answerOf(
  { response, id }: Exchange,
  gateway: SchedulerRoutesDeps['gateway'],
  request: MeshRequest,
): Promise<{ result: unknown; error: Record<string, unknown> | null }> {
  const canceller = new AbortController()
  response.once('close', () => canceller.abort())
  try {
    const { status, chunks } = await gateway.dispatch(request, canceller.signal)
    const result: unknown = JSON.parse(await textOf(chunks))
    return status < 400 ? { result, error: null } : { result: null, error: errorIn(result) }
  } catch (error) {
    if (!(error instanceof MeshError)) throw error
    return { result: null, error: errorIn(errorAnswer(error, id).body) }
  }
}

/** What runs in the mesh costs nothing; of equals, the first is the best. */
function cheapest(
  candidates: readonly Candidate[],
  model: string,
  { gateway }: SchedulerRoutesDeps,
): PeerId | undefined {
  const nodes = new Map(gateway.nodes().map(({ peer, facts }) => [peer, facts?.models ?? []]))
  const priceOf = ({ peer }: Candidate) => {
    const price = nodes.get(peer)?.find(({ id }) => id === model)?.price
    return price === undefined ? 0 : price.inputPerMillion + price.outputPerMillion
  }
  const scored = candidates.filter(({ terms }) => terms !== undefined)
  return scored.toSorted((a, b) => priceOf(a) - priceOf(b))[0]?.peer
}

function errorIn(body: unknown): Record<string, unknown> {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : body
  return typeof error === 'object' && error !== null ? { ...error } : { message: String(error) }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}
