/**
 * Spans as a collector gets them: of two peers and the engine between them, one trace.
 */
import { afterEach, assert, describe, test } from 'vitest'
import { createMetrics } from '../../../src/node/metrics.ts'
import { tracingOptions } from '../../../src/node/tracing/options.ts'
import { createOtlpTracer } from '../../../src/node/tracing/otlp-tracer.ts'
import type { Tracer } from '../../../src/node/tracing/tracer.ts'
import { MODEL, textOf } from '../fake-runtime.ts'
import { MemoryPeers, type TestPeer } from '../memory-peers.ts'
import { silent } from '../recorded-network.ts'
import { failure, request, STAY } from '../router-scene.ts'
import { Collector } from './collector.ts'

const CLIENT_TRACE = '0af7651916cd43dd8448eb211c80319c'
const CLIENT_SPAN = 'b7ad6b7169203331'
const TRACEPARENT = `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01`

const SERVER = 2
const CLIENT = 3
const ERROR = 2

const metrics = createMetrics()
const lostCount = async () => {
  const { values } = await metrics.tracing.spans.get()
  return values.find(({ labels }) => labels.outcome === 'lost')?.value ?? 0
}

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function collectorOf(): Promise<{ collector: Collector; url: string }> {
  const collector = new Collector()
  closers.push(() => collector.close())
  return { collector, url: await collector.listen() }
}

function tracerTo(url: string, instance: string, options: object = {}): Tracer {
  const deps = { url, instance, metrics, logger: silent }
  return createOtlpTracer(tracingOptions.parse(options), deps)
}

describe('one request over two peers', () => {
  test('is one trace, below the span of the client', async () => {
    const { collector, url } = await collectorOf()
    const tracers = [tracerTo(url, 'a'), tracerTo(url, 'b')] as const
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh(
      { tracer: tracers[0] },
      { models: [MODEL], tracer: tracers[1] },
    )) as [TestPeer, TestPeer]
    const headers = { ...request.headers, traceparent: TRACEPARENT }
    await textOf(await a.peer.dispatch({ ...request, headers }, STAY))
    for (const tracer of tracers) await tracer.close()

    const atIngress = collector.named(`chat ${MODEL}`)
    const atEngine = collector.named(`engine ${MODEL}`)
    assert.deepInclude(atIngress, {
      ...{ traceId: CLIENT_TRACE, parentSpanId: CLIENT_SPAN },
      ...{ kind: SERVER, instance: 'a' },
    })
    assert.deepInclude(atEngine, {
      ...{ traceId: CLIENT_TRACE, parentSpanId: atIngress.spanId },
      ...{ kind: CLIENT, instance: 'b' },
    })
    const toEngine = b.runtime.requests[0]?.headers['traceparent']
    assert.equal(toEngine, `00-${CLIENT_TRACE}-${atEngine.spanId}-01`)
    assert.deepEqual(
      a.peer.traces.recent(1).map(({ traceId }) => traceId),
      [CLIENT_TRACE],
    )
  })

  test('that fails says so, with the code of the error', async () => {
    const { collector, url } = await collectorOf()
    const tracer = tracerTo(url, 'a')
    const mesh = new MemoryPeers()
    const [a] = (await mesh.startMesh({ models: [MODEL], tracer })) as [TestPeer]
    a.runtime.answer = () => Promise.reject(failure('ERR_ENGINE'))
    await a.peer.dispatch(request, STAY).catch(() => {})
    await tracer.close()
    const span = collector.named(`chat ${MODEL}`)
    assert.equal(span.status.code, ERROR)
    const type = span.attributes.find(({ key }) => key === 'error.type')
    assert.deepEqual(type?.value, { stringValue: 'ERR_ENGINE' })
  })
})

describe('whether a span is sent', () => {
  const cases: readonly [string, number, string | undefined, number][] = [
    ['goes by the client’s flag: yes, at a ratio of none', 0, TRACEPARENT, 1],
    ['goes by the client’s flag: no, at a ratio of all', 1, `${TRACEPARENT.slice(0, -1)}0`, 0],
    ['goes by the ratio where the client says nothing: all', 1, undefined, 1],
    ['goes by the ratio where the client says nothing: none', 0, undefined, 0],
    ['does not go by what is no traceparent', 0, 'none of those', 0],
  ]
  for (const [rule, sampleRatio, traceparent, sent] of cases) {
    test(rule, async () => {
      const { collector, url } = await collectorOf()
      const tracer = tracerTo(url, 'a', { sampleRatio })
      const span = tracer.start('it', { kind: 'server', traceparent })
      assert.match(span.traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
      span.end()
      await tracer.close()
      assert.lengthOf(collector.spans, sent)
    })
  }
})

test('a collector that is gone costs the spans and nothing else', async () => {
  const { collector, url } = await collectorOf()
  await collector.close()
  const tracer = tracerTo(url, 'a', { exportTimeoutMs: 50 })
  tracer.start('it', { kind: 'server' }).end()
  await tracer.close()
  assert.equal(await lostCount(), 1)
})
