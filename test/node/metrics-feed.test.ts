/**
 * What the parts of a peer count by themselves appears in the metrics when those are read.
 */
import { assert, describe, test } from 'vitest'
import { createMetrics } from '../../src/node/metrics.ts'
import { feedMetrics } from '../../src/node/metrics-feed.ts'

function fed() {
  const metrics = createMetrics()
  const lanes = {
    openRequestCount: 2,
    bufferedBytes: 30,
    messagesDroppedCount: 0,
    bytesSent: 100,
    bytesReceived: 7,
  }
  const load = {
    model: 'm',
    queuedCount: 3,
    runningCount: 2,
    prefillTokensLeft: 0,
    decodeTokensLeft: 0,
    prefillTokensPerSecond: 0,
    decodeTokensPerSecond: 0,
  }
  feedMetrics(metrics, {
    lanes: () => lanes,
    gossip: () => undefined,
    statuses: () => ['alive', 'alive', 'dead'],
    health: () => ({ healthScore: 2, stallCount: 3 }),
    agreement: () => ({
      ...{ role: 'leader', term: 4, commitIndex: 30, appliedIndex: 29, staleForMs: 1_500 },
      halted: undefined,
    }),
    models: () => [load, { ...load, unready: { state: 'cold' } }],
    engines: () => ({
      requests: () => ({ queuedCount: 6, runningCount: 4 }),
      scrapeFailureCount: 5,
      metricsAgeMs: 2_500,
    }),
    openRequestCount: () => 9,
    openBreakerCount: () => 3,
  })
  const read = async (line: string) => {
    const text = await metrics.registry.metrics()
    const found = text.split('\n').find(each => each.startsWith(`${line} `))
    return Number(found?.split(' ')[1])
  }
  return { lanes, read }
}

describe('a scrape', () => {
  test('shows what is there now', async () => {
    const { read } = fed()
    assert.equal(await read('skein_lane_open_requests'), 2)
    assert.equal(await read('skein_membership_members{status="alive"}'), 2)
    assert.equal(await read('skein_membership_members{status="left"}'), 0)
    assert.equal(await read('skein_engine_running_requests'), 4)
    assert.equal(await read('skein_engine_queued_requests'), 6)
    assert.equal(await read('skein_engine_scrape_failures_total'), 5)
    assert.equal(await read('skein_scheduler_open_breakers'), 3)
    assert.equal(await read('skein_engine_metrics_age_seconds'), 2.5)
    assert.equal(await read('skein_engine_unready_models{state="cold"}'), 1)
    assert.equal(await read('skein_engine_unready_models{state="loading"}'), 0)
    assert.equal(await read('skein_gossip_mesh_peers'), 0)
    assert.equal(await read('skein_membership_health_score'), 2)
    assert.equal(await read('skein_membership_stalls_total'), 3)
    assert.equal(await read('skein_consensus_role{role="leader"}'), 1)
    assert.equal(await read('skein_consensus_role{role="observer"}'), 0)
    assert.equal(await read('skein_consensus_term'), 4)
    assert.equal(await read('skein_consensus_applied_index'), 29)
    assert.equal(await read('skein_consensus_stale_seconds'), 1.5)
    assert.equal(await read('skein_consensus_halted'), 0)
  })

  test('adds to counters what came since the last one, and never takes away', async () => {
    const { lanes, read } = fed()
    const sent = () => read('skein_lane_bytes_total{direction="out"}')
    assert.equal(await sent(), 100)
    lanes.bytesSent = 130
    assert.equal(await sent(), 130)
    lanes.bytesSent = 50
    assert.equal(await sent(), 130)
  })
})
