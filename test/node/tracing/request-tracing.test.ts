/**
 * What is written down of a request: stages in their order, times by the clock, spans that hang
 * together.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import type { MeshAnswer, MeshRequest } from '../../../src/node/gateway.ts'
import { RequestTracing } from '../../../src/node/tracing/request-tracing.ts'
import type { Span, SpanStart, Tracer } from '../../../src/node/tracing/tracer.ts'
import { ManualClock } from '../../runtimes/manual-clock.ts'

const SELF = 'peer-self'
const OTHER = 'peer-other'
const TRACE = '0af7651916cd43dd8448eb211c80319c'

interface Told {
  readonly name: string
  readonly start: SpanStart
  readonly attributes: Record<string, unknown>
  readonly events: string[]
  ended: string | undefined
}

/** Remembers what it is told; spans are of one trace. */
class ToldTracer implements Tracer {
  readonly spans: Told[] = []

  start(name: string, start: SpanStart): Span {
    const told: Told = { name, start, attributes: {}, events: [], ended: undefined }
    this.spans.push(told)
    return {
      traceparent: `00-${TRACE}-00000000000000${`${this.spans.length}`.padStart(2, '0')}-01`,
      set: attributes => Object.assign(told.attributes, attributes),
      event: event => told.events.push(event),
      end: error => {
        assert.isUndefined(told.ended, 'a span ends once')
        told.ended = error === undefined ? 'ok' : error.message
      },
    }
  }

  close() {
    return Promise.resolve()
  }
}

async function* bytes(texts: readonly string[]): AsyncGenerator<Uint8Array, undefined> {
  for (const text of texts) yield Buffer.from(text)
  return undefined
}

interface Scene {
  readonly tries: readonly string[]
  readonly chunks?: readonly string[]
  readonly error?: Error
  readonly isCloud?: boolean
  /** What it is a smaller variant of. */
  readonly insteadOf?: string
  /** Who answers. Default: the last that is tried. */
  readonly answering?: string
}

/** What stands behind every name that is asked for. */
const MODEL = 'm'

function sceneOf({ tries, chunks = ['a', 'b', 'c'], error, ...scene }: Scene) {
  const { isCloud, insteadOf, answering } = scene
  const clock = new ManualClock()
  const tracer = new ToldTracer()
  const sent: MeshRequest[] = []
  const tracing = new RequestTracing(
    {
      self: SELF,
      clock,
      tracer,
      scheduler: {
        decision: () => ({ strategy: 'mesh', model: MODEL }) as never,
        facts: (_, model) => (isCloud && model === MODEL ? ({ price: {} } as never) : undefined),
      },
      dispatch: async (asked): Promise<MeshAnswer> => {
        sent.push(asked)
        asked.onDecided?.('d1', undefined)
        for (const peer of tries) {
          clock.advance(10)
          asked.onDecided?.('d1', peer)
        }
        if (error !== undefined) throw error
        clock.advance(100)
        const peer = answering ?? tries.at(-1) ?? ''
        const answer = { status: 200, headers: {}, chunks: bytes(chunks) }
        return { ...answer, model: MODEL, insteadOf, peer, decisionId: 'd1', decisionMs: 1 }
      },
    },
    { tracesKept: 2 },
  )
  return { clock, tracer, sent, tracing }
}

const request = (changes: Partial<MeshRequest> = {}): MeshRequest => ({
  endpoint: 'chat/completions',
  model: 'm',
  isStream: true,
  body: Buffer.from('{}'),
  headers: { 'x-request-id': 'r1' },
  inputTokens: 12,
  outputTokensMax: undefined,
  ...changes,
})

const stagesOf = (trace: { stages: readonly { stage: string; detail?: string | undefined }[] }) =>
  trace.stages.map(({ stage, detail }) => (detail === undefined ? stage : `${stage} = ${detail}`))

async function readAll({ chunks }: MeshAnswer, onChunk: () => void): Promise<void> {
  for await (const _ of chunks) onChunk()
}

describe('the trace of a request', () => {
  test('that is answered has all stages in order, with times from its arrival', async () => {
    const { tracing, clock } = sceneOf({ tries: [OTHER] })
    const answer = await tracing.dispatch(request(), AbortSignal.any([]))
    await readAll(answer, () => clock.advance(50))
    const trace = tracing.get('d1')
    assert.isDefined(trace)
    assert.deepEqual(stagesOf(trace), [
      'workflow.start',
      'router.policy = mesh',
      'router.backend_selection = remote',
      'inference.start',
      'streaming.tokens = token_1',
      'metrics.latency_ms = 110.0',
      'metrics.tokens_streamed = 3',
      'metrics.tokens_per_second = 13.3',
      'workflow.complete = answered',
    ])
    assert.deepInclude(trace, { outcome: 'answered', requestId: 'r1', traceId: TRACE })
    assert.deepEqual(trace.metrics, {
      backend: 'remote',
      peer: OTHER,
      latencyMs: 110,
      timeToFirstTokenMs: 110,
      tokensStreamed: 3,
      tokensPerSecond: 2_000 / 150,
      totalTimeMs: 260,
    })
  })

  test('that a smaller variant answers says in whose place', async () => {
    const { tracing, tracer } = sceneOf({ tries: [OTHER], insteadOf: 'm-f16' })
    await readAll(await tracing.dispatch(request(), AbortSignal.any([])), () => {})
    const stages = stagesOf(tracing.get('d1') ?? assert.fail())
    assert.include(stages, 'inference.start = m instead of m-f16')
    assert.equal(tracer.spans[0]?.attributes['skein.degraded_from'], 'm-f16')
  })

  test('that is sent to another peer names both, and that it stayed here in the end', async () => {
    const { tracing } = sceneOf({ tries: [OTHER, SELF] })
    await readAll(await tracing.dispatch(request(), AbortSignal.any([])), () => {})
    const stages = stagesOf(tracing.get('d1') ?? assert.fail())
    assert.deepEqual(
      stages.filter(stage => stage.startsWith('router')),
      [
        'router.policy = mesh',
        'router.backend_selection = remote',
        'router.backend_selection = local',
      ],
    )
  })

  test('that is paid for says cloud', async () => {
    const { tracing } = sceneOf({ tries: [SELF], isCloud: true })
    await tracing.dispatch(request(), AbortSignal.any([]))
    assert.include(stagesOf(tracing.get('d1') ?? assert.fail()), 'router.backend_selection = cloud')
  })

  test('that is paid for says cloud, also behind an alias', async () => {
    const { tracing } = sceneOf({ tries: [SELF], isCloud: true })
    const asked = request({ model: 'an-alias' })
    await readAll(await tracing.dispatch(asked, AbortSignal.any([])), () => {})
    const trace = tracing.get('d1') ?? assert.fail()
    assert.include(stagesOf(trace), 'router.backend_selection = cloud')
    assert.equal(trace.metrics?.backend, 'cloud')
    assert.equal(trace.model, 'an-alias')
  })

  test('that was sent to two at once is of the one that answered', async () => {
    const { tracing, tracer } = sceneOf({ tries: [SELF], answering: OTHER })
    await readAll(await tracing.dispatch(request(), AbortSignal.any([])), () => {})
    const { metrics } = tracing.get('d1') ?? assert.fail()
    assert.deepInclude(metrics, { peer: OTHER, backend: 'remote' })
    assert.equal(tracer.spans[0]?.attributes['skein.peer'], OTHER)
  })

  test('that fails says with which error', async () => {
    const error = new MeshError('expected one', { code: 'ERR_ENGINE' })
    const { tracing, tracer } = sceneOf({ tries: [OTHER], error })
    const thrown = await tracing.dispatch(request(), AbortSignal.any([])).catch(caught => caught)
    assert.equal(thrown, error)
    assert.deepInclude(tracing.get('d1'), { outcome: 'failed', errorCode: 'ERR_ENGINE' })
    assert.equal(tracer.spans[0]?.ended, 'expected one')
  })

  test('whose client leaves is cancelled, which is nobody’s failure', async () => {
    const { tracing, tracer } = sceneOf({ tries: [OTHER] })
    const client = new AbortController()
    await tracing.dispatch(request(), client.signal)
    client.abort()
    assert.deepInclude(tracing.get('d1'), { outcome: 'cancelled' })
    assert.equal(tracer.spans[0]?.ended, 'ok')
  })

  test('whose time runs out before an answer has failed, and says so', async () => {
    const error = new MeshError('too late', { code: 'ERR_DEADLINE_EXCEEDED' })
    const { tracing } = sceneOf({ tries: [OTHER], error })
    await tracing.dispatch(request(), AbortSignal.abort(error)).catch(() => {})
    assert.deepInclude(tracing.get('d1'), { outcome: 'failed', errorCode: 'ERR_DEADLINE_EXCEEDED' })
  })

  test('that is not streamed has no first token, and its tokens are estimated', async () => {
    const { tracing } = sceneOf({ tries: [OTHER], chunks: ['x'.repeat(700)] })
    const answer = await tracing.dispatch(request({ isStream: false }), AbortSignal.any([]))
    await readAll(answer, () => {})
    const { metrics } = tracing.get('d1') ?? assert.fail()
    assert.deepInclude(metrics, { timeToFirstTokenMs: undefined, tokensStreamed: 100 })
  })
})

describe('a span', () => {
  test('takes the place of the client’s in what is sent on', async () => {
    const { tracing, tracer, sent } = sceneOf({ tries: [OTHER] })
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`
    await tracing.dispatch(request({ headers: { traceparent } }), AbortSignal.any([]))
    assert.equal(tracer.spans[0]?.start.traceparent, traceparent)
    assert.equal(sent[0]?.headers['traceparent'], `00-${TRACE}-0000000000000001-01`)
    assert.equal(tracer.spans[0]?.name, 'chat m')
    assert.deepInclude(tracer.spans[0]?.start.attributes, { 'gen_ai.request.model': 'm' })
  })
})
