/**
 * The ring of decisions.
 */
import { assert, test } from 'vitest'
import type { DecisionRecord } from '../../src/scheduler/decision.ts'
import { DecisionLog } from '../../src/scheduler/decision-log.ts'

const record = (id: string): DecisionRecord => ({
  id,
  atWallMs: 0,
  ingress: 'self',
  model: 'm',
  inputTokens: 1,
  outputTokensExpected: 1,
  strategy: 'mesh',
  candidates: [],
  chosen: undefined,
  attempts: [],
  outcome: 'pending',
})

function logOf(keptMax: number, ...ids: readonly string[]): DecisionLog {
  const log = new DecisionLog(keptMax)
  for (const id of ids) log.add(record(id))
  return log
}

const idsOf = (records: readonly DecisionRecord[]) => records.map(({ id }) => id)

test('the newest come first, as many as asked for', () => {
  const log = logOf(10, 'a', 'b', 'c')
  assert.deepEqual(idsOf(log.recent(2)), ['c', 'b'])
  assert.deepEqual(idsOf(log.recent(99)), ['c', 'b', 'a'])
  assert.deepEqual(log.recent(0), [])
  assert.deepEqual(log.recent(-1), [])
})

test('at its bound the oldest gives way', () => {
  const log = logOf(2, 'a', 'b', 'c')
  assert.equal(log.get('a'), undefined)
  assert.deepEqual(idsOf(log.recent(9)), ['c', 'b'])
})

test('an update changes what is kept and brings nothing back', () => {
  const log = logOf(2, 'a', 'b', 'c')
  log.update('b', { outcome: 'answered' })
  log.update('a', { outcome: 'answered' })

  assert.equal(log.get('b')?.outcome, 'answered')
  assert.equal(log.get('a'), undefined)
  assert.deepEqual(idsOf(log.recent(9)), ['c', 'b'])
})
