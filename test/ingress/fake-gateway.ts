/**
 * A mesh of one peer, made of functions, and an ingress in front of it on a free port.
 */

import type { z } from 'zod'
import { createIngress, type IngressDeps } from '../../src/ingress/ingress.ts'
import { ingressOptions } from '../../src/ingress/options.ts'
import { systemClock } from '../../src/node/clock.ts'
import { EventLog } from '../../src/node/event-log.ts'
import type { Gateway, MeshAnswer, MeshRequest } from '../../src/node/gateway.ts'
import { createLogger } from '../../src/node/log.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { TraceLog } from '../../src/node/tracing/trace-log.ts'
import { localPolicy } from './local-policy.ts'

export const SELF = '12D3KooWSelf'
export const SERVER = '12D3KooWServer'
export const DECISION = 'd'.repeat(32)

export const CHAT = { model: 'tiny', messages: [{ role: 'user', content: 'Hello there' }] }

type Chunks = AsyncIterable<Uint8Array> | Iterable<string>

/** An answer as the mesh gives it. */
export function answerOf(contentType: string, chunks: Chunks, status = 200): MeshAnswer {
  return {
    status,
    headers: { 'content-type': contentType },
    chunks: bytesOf(chunks),
    model: 'tiny',
    peer: SERVER,
    decisionId: DECISION,
    decisionMs: 0.1,
  }
}

export const jsonAnswer = (value: unknown) => answerOf('application/json', [JSON.stringify(value)])

export const eventAnswer = (chunks: Chunks) => answerOf('text/event-stream', chunks)

export const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

async function* bytesOf(chunks: Chunks): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** Waits until the signal is aborted, then throws its reason, as engines do. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

export function fakeGateway(changes: Partial<Gateway> = {}): Gateway {
  return {
    self: SELF,
    meshId: 'a'.repeat(32),
    version: '0.1.0',
    events: new EventLog({ run: 'run', wallMs: () => 0 }),
    traces: new TraceLog(10),
    scheduling: {
      scoreTargets: () => [],
      admit: () => ({ token: 't1', peer: SELF, etaMs: 1, validForMs: 1 }),
      report: () => {},
      circuits: () => [],
    },
    policy: localPolicy(SELF).policy,
    control: {
      act: () => Promise.resolve({ peer: SELF, unready: undefined }),
      loras: () => Promise.resolve([]),
    },
    served: {
      read: peer =>
        Promise.resolve({
          ...{ peer, nowWallMs: 0, next: 'run-0', missedCount: 0, unservedCount: 0, openCount: 0 },
          requests: [],
        }),
    },
    dispatch: (request: MeshRequest) => Promise.resolve(jsonAnswer({ model: request.model })),
    nodes: () => [],
    models: () => [],
    decision: () => undefined,
    decisions: () => [],
    invite: () => Promise.resolve('skein1ticket'),
    readiness: () => ({ isReady: true, problems: [] }),
    ...changes,
  }
}

export interface StartOptions {
  readonly gateway?: Partial<Gateway>
  readonly options?: z.input<typeof ingressOptions>
  readonly deps?: Partial<IngressDeps>
}

/** Starts an ingress on a free port. `await using` closes it. */
export async function startIngress({ gateway, options, deps }: StartOptions = {}) {
  const logLines: string[] = []
  const metrics = createMetrics()
  let idCount = 0
  const ingress = await createIngress(ingressOptions.parse({ port: 0, ...options }), {
    gateway: fakeGateway(gateway),
    metrics,
    logger: createLogger('debug', { write: line => logLines.push(line), wallMs: () => 0 }),
    clock: systemClock,
    newId: () => `id-${++idCount}`,
    apiKeys: [],
    ...deps,
  })
  const { url, port } = await ingress.listen()
  return {
    ingress,
    url,
    port,
    metrics,
    logLines,
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      }),
    get: (path: string, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(10_000) }),
    [Symbol.asyncDispose]: () => ingress.close(0),
  }
}
