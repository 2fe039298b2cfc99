/**
 * Runs of small fleets: equal arguments, equal results; nothing is lost, whatever goes wrong; what should
 * make a difference does, and what should not does not.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { CONTESTANTS } from '../../../sim/scenario/scenario.ts'
import { CLASS, fleetOf, runAll, runFirst } from './small-fleet.ts'

describe('a run', () => {
  test('comes out the same, to the last digit, with equal scenario and seed', () => {
    const twice = [1, 2].map(() => JSON.stringify(runAll(fleetOf(6), 7)))
    assert.equal(twice[0], twice[1])
  })

  test('comes out differently with another seed', () => {
    const [one, other] = [1, 2].map(seed => runFirst(fleetOf(6), seed))
    assert.notEqual(one?.summaries.ttftMs.mean, other?.summaries.ttftMs.mean)
  })

  test('sends the same requests to every contestant, and loses none with any', () => {
    const results = runAll(fleetOf(6, { strategies: [...CONTESTANTS] }))
    const arrived = results.map(({ counts }) => counts.arrived)
    assert.deepEqual(arrived, arrived.fill(arrived[0] ?? 0))
    for (const { checks, contestant, counts } of results) {
      const broken = checks.filter(({ holds }) => !holds)
      assert.deepEqual(broken, [], contestant)
      assert.equal(counts.completed, counts.arrived, contestant)
    }
  })

  test('begins its times after the warm-up, and counts what came before all the same', () => {
    const { counts, summaries } = runFirst(fleetOf(4))
    assert.isBelow(summaries.ttftMs.count, counts.completed)
    assert.approximately(summaries.ttftMs.count / counts.completed, 18 / 20, 0.05)
  })

  test('knows where requests are that it ends before', () => {
    const cut = fleetOf(2, {
      ...{ durationMs: 3_000, warmUpMs: 0, drainMaxMs: 0 },
      workload: { arrivals: { type: 'poisson', requestsPerSecond: 20 }, classes: [CLASS] },
    })
    const { counts, checks } = runFirst(cut)
    assert.isAbove(counts.inFlight, 0)
    assert.isTrue(checks.every(({ holds }) => holds))
  })

  test('draws who is still served when no more come', () => {
    const busy = fleetOf(2, {
      ...{ durationMs: 6_000, warmUpMs: 0 },
      workload: { arrivals: { type: 'poisson', requestsPerSecond: 40 }, classes: [CLASS] },
    })
    const { timeline, simulatedMs } = runFirst(busy)
    const drain = timeline.filter(({ atMs }) => atMs >= 6_000 && atMs + 100 < simulatedMs)
    assert.isAbove(drain.length, 10)
    for (const { atMs, queued, running } of drain) assert.isAbove(queued + running, 0, `${atMs}`)
  })

  test('draws no more than ten times its length', () => {
    const short = fleetOf(1, {
      ...{ durationMs: 200, warmUpMs: 0 },
      workload: {
        arrivals: { type: 'poisson', requestsPerSecond: 20 },
        classes: [{ ...CLASS, outputTokens: { type: 'constant', value: 1_000 } }],
      },
    })
    const { counts, timeline, simulatedMs } = runFirst(short)
    assert.isAbove(simulatedMs, 5_000)
    assert.isAtMost(timeline.length, 600)
    assert.isAbove(counts.completed, 0)
  })

  test('writes what is only drawn in four digits', () => {
    const { curves, heatMap } = runFirst(fleetOf(2))
    const drawn = [...curves.ttftMs.values, ...(heatMap.rows[0]?.ratios ?? [])]
    assert.isAbove(drawn.length, 200)
    for (const value of drawn) assert.equal(value, Number(value.toPrecision(4)))
  })

  test('spends no time on the GPU that nobody was served with', () => {
    const { metrics } = runFirst(fleetOf(4))
    assert.approximately(metrics.utilizationMean, 0.9, 0.15)
    assert.equal(metrics.wastedRatio, 0)
  })
})

describe('the network', () => {
  const across = (baseRttMs: number) =>
    runFirst(
      fleetOf(4, {
        topology: {
          cells: [
            { coordinates: [0], nodes: [{ count: 4, gpu: 'fast' }] },
            // The second ingress stands here; its node is too slow to be chosen.
            { coordinates: [0], nodes: [{ count: 1, gpu: 'slow', speedRatio: 0.05 }] },
          ],
        },
        network: { interCell: { baseRttMs, noiseRatio: 0, msPerUnit: 0, dimensions: 1 } },
        workload: { arrivals: { type: 'poisson', requestsPerSecond: 2 }, classes: [CLASS] },
      }),
    ).summaries.ttftMs.mean

  test('makes answers later by the round trip, for those that are far away', () => {
    // Half of the requests come in at the far ingress.
    assert.approximately(across(200) - across(100), 50, 8)
  })
})

describe('signals', () => {
  const at = (updateIntervalMs: number, strategy: 'least-queue' | 'mesh') => {
    const signals = { updateIntervalMs, delayMaxMs: 5, isOnAnswers: false }
    return runFirst(fleetOf(16, { signals, strategies: [strategy], ingresses: { count: 8 } }))
  }

  test('that are older make ingresses herd that follow them blindly, and answers slower', () => {
    const [fresh, old] = [at(0, 'least-queue'), at(500, 'least-queue')]
    assert.isAbove(old.metrics.herdingIndex, 2 * fresh.metrics.herdingIndex)
    assert.isAbove(old.summaries.ttftMs.p99, 2 * fresh.summaries.ttftMs.p99)
  })

  test('that are old hurt those less that look at a few', () => {
    const [blind, sampled] = [at(500, 'least-queue'), at(500, 'mesh')]
    assert.isBelow(sampled.metrics.herdingIndex, 0.7 * blind.metrics.herdingIndex)
    assert.isBelow(sampled.summaries.ttftMs.p99, 0.7 * blind.summaries.ttftMs.p99)
  })

  test('are not needed by whoever takes turns, and it visits nodes evenly', () => {
    const [inTurn, byChance] = runAll(
      fleetOf(8, { strategies: ['round-robin', 'random'], ingresses: { count: 1 } }),
    )
    assert.isBelow(inTurn?.metrics.herdingIndex ?? 1, 0.7 * (byChance?.metrics.herdingIndex ?? 0))
  })
})

describe('images and sound', () => {
  const batched = (requestsPerSecond: number) =>
    runFirst(
      fleetOf(1, {
        gpus: { fast: { vision: { windowMs: 8, batchBaseMs: 20, perUnitMs: 2, batchMax: 4 } } },
        ingresses: { count: 1 },
        workload: {
          arrivals: { type: 'poisson', requestsPerSecond },
          classes: [{ kind: 'vision', model: 'v', share: 1 }],
        },
      }),
    )

  test('are worked on when the window closes, though nothing else comes', () => {
    const { summaries, counts } = batched(1)
    assert.equal(counts.completed, counts.arrived)
    // 8 + 20 + 2, a round trip, and a quarter of a megabyte over 10 Gbit/s.
    assert.approximately(summaries.endToEndMs.p50, 30.6, 0.4)
  })

  test('share a batch when many come', () => {
    const { summaries, counts } = batched(100)
    assert.equal(counts.completed, counts.arrived)
    assert.isBelow(summaries.endToEndMs.p99, 200)
  })
})

describe('whatever goes wrong', () => {
  const fault = fc.oneof(
    fc.record({
      type: fc.constant('crash' as const),
      atMs: fc.nat(10_000),
      forMs: fc.option(fc.integer({ min: 100, max: 8_000 }), { nil: undefined }),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({
      type: fc.constant('drain' as const),
      atMs: fc.nat(10_000),
      forMs: fc.option(fc.integer({ min: 100, max: 8_000 }), { nil: undefined }),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({
      type: fc.constant('slow' as const),
      atMs: fc.nat(10_000),
      forMs: fc.integer({ min: 100, max: 8_000 }),
      factor: fc.integer({ min: 2, max: 8 }),
    }),
    fc.record({
      type: fc.constant('partition' as const),
      atMs: fc.nat(10_000),
      forMs: fc.integer({ min: 100, max: 8_000 }),
      cells: fc.constant([1]),
    }),
    fc.record({ type: fc.constant('join' as const), atMs: fc.nat(10_000) }),
  )

  test('no request is lost without a word, no memory stays taken, and no work counts twice', () => {
    fc.assert(
      fc.property(
        fc.array(fault, { maxLength: 4 }),
        fc.nat(1_000),
        fc.constantFrom(...CONTESTANTS),
        (planned, seed, strategy) => {
          const { checks, counts } = runFirst(
            fleetOf(5, {
              ...{ durationMs: 12_000, strategies: [strategy] },
              topology: {
                cells: [
                  { nodes: [{ count: 3, gpu: 'fast' }] },
                  {
                    nodes: [
                      { count: 2, gpu: 'fast' },
                      { count: 1, gpu: 'slow' },
                    ],
                  },
                ],
              },
              scheduler: { isHedging: true },
              faults: { planned: planned as never, detectMs: 1_500 },
              workload: {
                arrivals: { type: 'poisson', requestsPerSecond: 15 },
                classes: [CLASS],
                beginWithinMs: 4_000,
              },
            }),
            seed,
          )
          const broken = checks.filter(({ holds }) => !holds)
          assert.deepEqual(broken, [])
          assert.equal(counts.inFlight, 0)
        },
      ),
      { numRuns: 40, seed: 5 },
    )
  })

  test('requests at a node that goes are taken up by others before their first token', () => {
    const { counts } = runFirst(
      fleetOf(4, {
        faults: { planned: [{ type: 'crash', atMs: 8_500, count: 2 }], detectMs: 500 },
      }),
    )
    assert.isAbove(counts.retries, 0)
    // Also what was on its way there when it was found to be gone.
    assert.equal(counts.inFlight, 0)
    // What had begun to answer is lost: it is not continued elsewhere yet.
    assert.equal(counts.failed + counts.completed, counts.arrived)
    assert.deepEqual(Object.keys(counts.reasons), counts.failed > 0 ? ['peer-lost'] : [])
  })

  test('what is too late is turned away, and says why', () => {
    const { counts } = runFirst(
      fleetOf(2, {
        workload: {
          arrivals: { type: 'poisson', loadRatio: 2 },
          classes: [CLASS],
          beginWithinMs: 300,
        },
      }),
    )
    assert.isAbove(counts.rejected, 0)
    assert.equal(counts.rejected, counts.reasons['deadline'])
  })

  test('a node that joins gets requests', () => {
    const { heatMap } = runFirst(
      fleetOf(3, { faults: { planned: [{ type: 'join', atMs: 10_000 }] } }),
    )
    const joined = heatMap.rows.filter(({ ratios }) =>
      ratios.slice(0, 25).every(each => each === 0),
    )
    assert.lengthOf(joined, 1)
    assert.isAbove(Math.max(...(joined[0]?.ratios ?? [])), 0)
  })
})

describe('the two levels', () => {
  test('come to the same within a few percent, where gossip is as scarce as production has it', () => {
    const [full, aggregate] = (['full', 'aggregate'] as const).map(level =>
      runFirst(fleetOf(12, { level, signals: { delayMaxMs: 50 } })),
    )
    const [one, other] = [full?.summaries.endToEndMs, aggregate?.summaries.endToEndMs]
    assert.approximately((one?.mean ?? 0) / (other?.mean ?? 1), 1, 0.05)
  })

  test('both notice a node that is gone', () => {
    for (const level of ['full', 'aggregate'] as const) {
      const faults = { planned: [{ type: 'crash' as const, atMs: 8_000 }] }
      const { counts, checks } = runFirst(fleetOf(6, { level, faults }))
      assert.isTrue(
        checks.every(({ holds }) => holds),
        level,
      )
      assert.equal(counts.inFlight, 0, level)
    }
  })
})
