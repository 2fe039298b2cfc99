/**
 * /mesh/v1/scheduler: the scheduler for programs that send requests themselves, or want to see where
 * one would go; and a summary of the mesh in four numbers.
 */
import { z } from 'zod'
import type { Gateway } from '../node/gateway.ts'
import { resolveNode } from './node-routes.ts'
import { readBody } from './read-input.ts'
import type { Route } from './routes.ts'
import {
  circuit,
  circuitOf,
  type DispatchDeps,
  dispatchAnswer,
  dispatchBody,
  dispatchTask,
} from './scheduler-dispatch.ts'

/** Answers of late over which the average is taken. */
const LATENCY_WINDOW = 100

/** More tokens than any context has. */
const TOKENS_MAX = 100_000_000

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

const targetAnswer = z.looseObject({
  peer: z.string(),
  circuit,
  exclusion: z.string().optional().describe('Why it is not considered.'),
  terms: z.looseObject({}).optional().describe('Of its score; the lowest wins.'),
})

export interface SchedulerRoutesDeps extends DispatchDeps {
  readonly gateway: DispatchDeps['gateway'] & Pick<Gateway, 'traces'>
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
        const circuits = scheduling.circuits()
        const targets = scheduling
          .scoreTargets(query)
          .map(each => ({ ...each, circuit: circuitOf(circuits, each.peer, query.model) }))
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
        const answer = await dispatchTask(exchange, readBody(dispatchBody, request), deps)
        exchange.sendJson(200, answer)
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
