/** The ring of traces: bounded, newest first. */
import { assert, test } from 'vitest'
import type { RequestTrace } from '../../../src/node/tracing/request-trace.ts'
import { TraceLog } from '../../../src/node/tracing/trace-log.ts'

const traceOf = (decisionId: string, model = 'm'): RequestTrace => ({
  decisionId,
  requestId: undefined,
  traceId: undefined,
  model,
  stages: [],
  outcome: 'pending',
})

test('the oldest gives way, and what becomes of one takes its place', () => {
  const log = new TraceLog(2)
  for (const id of ['a', 'b']) log.put(traceOf(id))
  log.put(traceOf('a', 'other'))
  assert.deepEqual(
    log.recent(10).map(({ decisionId, model }) => `${decisionId} ${model}`),
    ['b m', 'a other'],
  )
  log.put(traceOf('c'))
  assert.isUndefined(log.get('a'))
  assert.deepEqual(
    log.recent(1).map(({ decisionId }) => decisionId),
    ['c'],
  )
  log.forget('b')
  assert.isUndefined(log.get('b'))
})
