/**
 * /mesh/v1/scheduler and the summary, over HTTP.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import type { Gateway } from '../../src/node/gateway.ts'
import type { AdmitQuery } from '../../src/node/scheduling-desk.ts'
import { fakeGateway, SELF, startIngress } from './fake-gateway.ts'

const node = (peer: string, name: string, change: object = {}) => ({
  ...{ peer, isSelf: peer === SELF, status: 'alive' as const, incarnation: 1, load: NO_LOAD },
  facts: { version: '1', name, zone: '', labels: {}, addresses: [], models: [] },
  ...{ ageMs: 0, rttMs: 0, isConnected: true, path: 'self' as const },
  ...change,
})

async function ask(gateway: Partial<Gateway>, path: string, body?: object) {
  await using ingress = await startIngress({ gateway })
  const response = await fetch(`${ingress.url}/mesh/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const scheduling = fakeGateway().scheduling

describe('a place at a peer', () => {
  test('is kept at the peer that was asked for by name', async () => {
    const asked: AdmitQuery[] = []
    const admit: typeof scheduling.admit = query => {
      asked.push(query)
      return { token: 't1', peer: 'p2', etaMs: 12, validForMs: 600_000 }
    }
    const { status, body } = await ask(
      { nodes: () => [node('p2', 'gpu2')], scheduling: { ...scheduling, admit } },
      'scheduler/admit',
      { model: 'm', inputTokens: 7, peer: 'gpu2' },
    )
    assert.equal(status, 200)
    assert.deepEqual(body, { token: 't1', peer: 'p2', etaMs: 12, validForMs: 600_000 })
    assert.deepEqual(asked, [{ model: 'm', inputTokens: 7, target: 'p2' }])
  })

  test('that nobody has is refused as a request is', async () => {
    const admit: typeof scheduling.admit = () => {
      throw new MeshError('full', { code: 'ERR_OVERLOADED', details: { retryAfterMs: 2_000 } })
    }
    const { status } = await ask({ scheduling: { ...scheduling, admit } }, 'scheduler/admit', {
      model: 'm',
    })
    assert.equal(status, 429)
  })

  for (const [what, body] of [
    ['without a model', { inputTokens: 1 }],
    ['with a word that there is not', { model: 'm', tokens: 1 }],
    ['with less than no tokens', { model: 'm', inputTokens: -1 }],
  ] as const) {
    test(`${what} is a mistake`, async () => {
      const { status } = await ask({}, 'scheduler/admit', body)
      assert.equal(status, 400)
    })
  }
})

test('targets are told with the state of their circuits, which is asked for once', async () => {
  let askedCount = 0
  const { body } = await ask(
    {
      scheduling: {
        ...scheduling,
        scoreTargets: () => [
          { peer: 'p1', stateAgeMs: 1, reservedCount: 0 },
          { peer: 'p2', stateAgeMs: 1, reservedCount: 0, exclusion: 'breaker-open' },
        ],
        circuits: () => {
          askedCount += 1
          return [
            {
              ...{ peer: 'p2', model: 'm', state: 'open', failureCount: 0 },
              ...{ openForMs: 100, openingCount: 1 },
            },
          ]
        },
      },
    },
    'scheduler/score-targets',
    { model: 'm' },
  )
  const targets = body['targets'] as { peer: string; circuit: string }[]
  assert.deepEqual(
    targets.map(({ peer, circuit }) => `${peer} ${circuit}`),
    ['p1 closed', 'p2 open'],
  )
  assert.equal(askedCount, 1)
})

describe('the summary', () => {
  test('counts live peers, open breakers, what queues and how long answers take', async () => {
    const queued = { ...NO_LOAD, models: [{ queuedCount: 3 }] }
    const { body } = await ask(
      {
        nodes: () => [
          node(SELF, 'a', { load: queued }),
          node('p2', 'b', { load: queued }),
          node('p3', 'c', { status: 'dead', load: queued }),
        ],
        scheduling: {
          ...scheduling,
          circuits: () => [{ state: 'open' }, { state: 'closed' }, { state: 'half-open' }] as never,
        },
        traces: {
          get: () => undefined,
          recent: () =>
            [
              { outcome: 'answered', metrics: { totalTimeMs: 100 } },
              { outcome: 'answered', metrics: { totalTimeMs: 300 } },
              { outcome: 'failed', metrics: { totalTimeMs: 9_000 } },
              { outcome: 'pending' },
            ] as never,
        },
      },
      'metrics/summary',
    )
    assert.deepEqual(body, {
      ...{ nodesActive: 2, circuitBreakersOpen: 2, queueDepth: 6, averageLatencyMs: 200 },
    })
  })

  test('knows no latency before there was an answer', async () => {
    const { body } = await ask({}, 'metrics/summary')
    assert.deepEqual(body, {
      ...{ nodesActive: 0, circuitBreakersOpen: 0, queueDepth: 0, averageLatencyMs: null },
    })
  })
})
