/**
 * POST /mesh/v1/scheduler/dispatch: sends a request as /v1 would, reads the whole answer, and tells
 * what became of it.
 *
 *     what the client got wrong         an HTTP status, as of /v1
 *     all that goes wrong from then on  200 with `error`: it is what was asked for
 *
 * Nothing is told before the answer is whole, so `requestTimeoutMs` counts until then.
 */
import { z } from 'zod'
import { MeshError } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import type { Gateway, MeshAnswer, MeshRequest } from '../node/gateway.ts'
import type { Endpoint } from '../node/runtime.ts'
import type { CircuitView } from '../scheduler/breaker-table.ts'
import type { DecisionRecord } from '../scheduler/decision.ts'
import { errorAnswer } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import { meshRequestOf } from './inference-routes.ts'
import { armDeadline, type DeadlineDeps } from './relay.ts'

/** What is kept in memory as one text. About four million tokens. */
const ANSWER_MAX_BYTES = 16 * 1024 ** 2

const TASK_ENDPOINTS = {
  chat: 'chat/completions',
  completion: 'completions',
  embedding: 'embeddings',
} as const satisfies Record<string, Endpoint>

const TASK_TYPES = ['chat', 'completion', 'embedding'] as const

export const dispatchBody = z.strictObject({
  taskId: z.string().min(1).max(128).optional().describe('Yours; default: the id of the decision.'),
  taskType: z.enum(TASK_TYPES).default('chat'),
  request: z.looseObject({}).describe('As for /v1; it is not streamed.'),
})

export const circuit = z.enum(['closed', 'open', 'half-open'])

export const dispatchAnswer = z.object({
  taskId: z.string(),
  taskType: z.enum(TASK_TYPES),
  selectedPeer: z.string().nullable().describe('The first choice.'),
  costOptimalPeer: z.string().nullable().describe('The cheapest of those that could have.'),
  dispatchedPeer: z
    .string()
    .nullable()
    .describe('Who answered; if nobody did, who was tried last.'),
  circuitState: circuit,
  success: z.boolean(),
  error: z.looseObject({}).nullable(),
  latencyMs: z.number(),
  decisionId: z.string().nullable(),
  result: z.unknown(),
})

export interface DispatchDeps extends DeadlineDeps {
  readonly gateway: Pick<Gateway, 'scheduling' | 'dispatch' | 'decision' | 'nodes' | 'policy'>
}

/** What was decided, and who was chosen last. */
interface Chosen {
  readonly id?: DecisionId
  readonly peer?: PeerId | undefined
}

/** @throws MeshError if the request is one that /v1 would not take. */
export async function dispatchTask(
  exchange: Exchange,
  { taskId, taskType, request }: z.output<typeof dispatchBody>,
  deps: DispatchDeps,
): Promise<z.input<typeof dispatchAnswer>> {
  const { gateway, clock } = deps
  const whole = taskType === 'embedding' ? request : { ...request, stream: false }
  const sent = Buffer.from(JSON.stringify(whole))
  const asked = meshRequestOf(exchange, TASK_ENDPOINTS[taskType], sent, gateway)
  const startMs = clock.nowMs()
  let chosen: Chosen = {}
  const onDecided = (id: DecisionId, first: PeerId | undefined) => {
    chosen = { id, peer: first ?? chosen.peer }
    exchange.decided(id, first)
  }
  const { answer, result, error } = await outcomeOf(exchange, { ...asked, onDecided }, deps)
  if (answer !== undefined) exchange.decided(answer.decisionId, answer.peer)
  const decisionId = answer?.decisionId ?? chosen.id
  const record = decisionId === undefined ? undefined : gateway.decision(decisionId)
  const model = answer?.model ?? record?.model ?? asked.model
  const peer = answer?.peer ?? record?.attempts.at(-1)?.peer ?? chosen.peer
  const circuits = gateway.scheduling.circuits()
  return {
    ...{ taskId: taskId ?? decisionId ?? exchange.id, taskType },
    selectedPeer: record?.attempts[0]?.peer ?? peer ?? null,
    costOptimalPeer: (record && cheapest(record, gateway)) ?? null,
    dispatchedPeer: peer ?? null,
    circuitState: peer === undefined ? 'closed' : circuitOf(circuits, peer, model),
    ...{ success: error === null, error, latencyMs: clock.nowMs() - startMs },
    ...{ decisionId: decisionId ?? null, result },
  }
}

export function circuitOf(circuits: readonly CircuitView[], peer: PeerId, model: string) {
  return circuits.find(each => each.peer === peer && each.model === model)?.state ?? 'closed'
}

interface Outcome {
  /** Its head. `undefined`: there was none. */
  readonly answer: MeshAnswer | undefined
  readonly result: unknown
  readonly error: Record<string, unknown> | null
}

/** The answer, or the error in its place. */
async function outcomeOf(
  exchange: Exchange,
  request: MeshRequest,
  deps: DispatchDeps,
): Promise<Outcome> {
  const { response, id } = exchange
  const canceller = new AbortController()
  const { signal } = canceller
  const cancelDeadline = armDeadline(exchange, request, deps, error => canceller.abort(error))
  const leave = () => canceller.abort(clientLeft())
  response.once('close', leave)
  let answer: MeshAnswer | undefined
  try {
    // Engines may be slow to hear of the end, so it does not wait for them.
    answer = await Promise.race([deps.gateway.dispatch(request, signal), abortOf(signal)])
    const result = await Promise.race([jsonOf(answer), abortOf(signal)])
    if (answer.status >= 400) return { answer, result: null, error: errorIn(result) }
    return { answer, result, error: null }
  } catch (error) {
    // What an engine makes of the end says less than why it was ended.
    const cause: unknown = signal.aborted ? signal.reason : error
    canceller.abort(cause)
    if (!(cause instanceof MeshError)) throw cause
    return { answer, result: null, error: errorIn(errorAnswer(cause, id).body) }
  } finally {
    cancelDeadline()
    response.off('close', leave)
  }
}

/** Nobody reads it; but it is no bug. */
function clientLeft(): MeshError {
  return new MeshError('expected the client to wait for the answer, found that it has left', {
    code: 'ERR_REQUEST_TIMEOUT',
  })
}

/** Rejects with the reason once the signal is aborted. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** @throws MeshError ERR_ENGINE if it is no JSON, or too long. */
async function jsonOf({ chunks, status }: MeshAnswer): Promise<unknown> {
  const text = await textOf(chunks)
  try {
    return JSON.parse(text)
  } catch {
    // Without `cause`: it quotes the answer, and that must not reach logs.
    // biome-ignore lint/style/useErrorCause: see above.
    throw new MeshError(
      `expected JSON of the engine, found ${text.length} characters that are none (status ${status})`,
      { code: 'ERR_ENGINE' },
    )
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > ANSWER_MAX_BYTES) {
      throw new MeshError(
        `expected an answer of at most ${ANSWER_MAX_BYTES} bytes, found at least ${size}`,
        { code: 'ERR_ENGINE', hint: 'Ask for less, or ask at /v1, where answers have no bound.' },
      )
    }
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString()
}

/** What runs in the mesh costs nothing; of equals, the first is the best. */
function cheapest(
  { candidates, model }: DecisionRecord,
  gateway: Pick<Gateway, 'nodes'>,
): PeerId | undefined {
  const nodes = new Map(gateway.nodes().map(({ peer, facts }) => [peer, facts?.models ?? []]))
  const priceOf = (peer: PeerId) => {
    const price = nodes.get(peer)?.find(({ id }) => id === model)?.price
    return price === undefined ? 0 : price.inputPerMillion + price.outputPerMillion
  }
  const scored = candidates.filter(({ terms }) => terms !== undefined)
  return scored.toSorted((a, b) => priceOf(a.peer) - priceOf(b.peer))[0]?.peer
}

function errorIn(body: unknown): Record<string, unknown> {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : body
  return typeof error === 'object' && error !== null ? { ...error } : { message: String(error) }
}
