/**
 * What a run is measured by: percentiles, crowding, fairness, the network, and the checks of honesty.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { schedulerOptionsOf, signalsOf } from '../../../sim/fleet/contestant-options.ts'
import { Fairness } from '../../../sim/fleet/fairness.ts'
import { Herding } from '../../../sim/fleet/herding.ts'
import { honestyChecks } from '../../../sim/fleet/honesty.ts'
import { Links } from '../../../sim/fleet/links.ts'
import { Samples } from '../../../sim/fleet/samples.ts'
import { unloadedBatchMs, unloadedLanguageMs } from '../../../sim/fleet/unloaded.ts'
import { batchSpeed, languageSpeed } from '../../../sim/scenario/hardware.ts'
import { contestantsOf, scenario } from '../../../sim/scenario/scenario.ts'
import { Random } from '../../../src/core/random.ts'
import { fleetOf } from './small-fleet.ts'

describe('samples', () => {
  const summaryOf = (values: readonly number[]) => {
    const samples = new Samples(1)
    for (const value of values) samples.add(value)
    return samples.summary()
  }

  test('give the nearest rank, whatever the order they came in', () => {
    const values = Array.from({ length: 1_000 }, (_, index) => ((index * 617) % 1_000) + 1)
    const { p50, p90, p95, p99, p999, max, mean, count } = summaryOf(values)
    assert.deepEqual([p50, p90, p95, p99, p999, max], [500, 900, 950, 990, 999, 1_000])
    assert.deepEqual([mean, count], [500.5, 1_000])
  })

  test('that are none are nothing, not infinite', () => {
    assert.deepEqual(Object.values(summaryOf([])), new Array(8).fill(0))
  })

  test('rise along their curve, from the least to the greatest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }),
        values => {
          const samples = new Samples()
          for (const value of values) samples.add(value)
          const { values: curve, ratios } = samples.curve()
          assert.deepEqual(
            curve,
            curve.toSorted((a, b) => a - b),
          )
          assert.deepEqual(
            ratios,
            ratios.toSorted((a, b) => a - b),
          )
          const greatest = Math.max(...values)
          assert.approximately(curve.at(-1) ?? 0, greatest, greatest * 1e-3)
        },
      ),
    )
  })
})

describe('the herding index', () => {
  const indexOf = (pick: (index: number) => number, nodeCount = 10) => {
    const herding = new Herding(new Array(nodeCount).fill(3))
    for (let index = 0; index < 20_000; index += 1) herding.picked(pick(index), index * 2)
    return herding.index
  }

  test('is 1 for picks by chance', () => {
    const random = new Random(4)
    assert.approximately(
      indexOf(() => random.nextIndex(10)),
      1,
      0.1,
    )
  })

  test('is 0 for turns, and as many as there are picks in a window if all go to one', () => {
    assert.approximately(
      indexOf(index => index % 10),
      0,
      0.01,
    )
    assert.approximately(
      indexOf(() => 3),
      50,
      0.01,
    )
  })

  test('knows that a larger node gets more', () => {
    const random = new Random(4)
    const herding = new Herding([9, 1])
    for (let at = 0; at < 40_000; at += 2) herding.picked(random.next() < 0.9 ? 0 : 1, at)
    assert.approximately(herding.index, 1, 0.15)
  })
})

describe('fairness', () => {
  const indexOf = (uses: readonly (readonly [number, number])[]) => {
    const fairness = new Fairness()
    for (const [tenant, [asked, served]] of uses.entries()) {
      fairness.asked(`t${tenant}`, asked)
      fairness.served(`t${tenant}`, served)
    }
    return fairness.index
  }

  const cases = [
    { rule: 'nobody asked', uses: [], index: 1 },
    {
      rule: 'all got all, however much',
      uses: [
        [10, 10],
        [1_000, 1_000],
      ],
      index: 1,
    },
    {
      rule: 'all got half',
      uses: [
        [10, 5],
        [100, 50],
      ],
      index: 1,
    },
    {
      rule: 'one of four got all',
      uses: [
        [5, 5],
        [5, 0],
        [5, 0],
        [5, 0],
      ],
      index: 0.25,
    },
  ] as const

  for (const { rule, uses, index } of cases) {
    test(`is ${index} when ${rule}`, () => assert.approximately(indexOf(uses), index, 1e-12))
  }
})

describe('links', () => {
  const { network } = scenario.parse(
    fleetOf(1, {
      network: {
        intraCell: { rttMs: 1, jitterMs: 0, bandwidthMbps: 80 },
        interCell: { baseRttMs: 20, msPerUnit: 2, dimensions: 2, noiseRatio: 0 },
      },
    }),
  )
  const coordinates = [
    [0, 0],
    [3, 4],
  ]
  const links = new Links(network, coordinates, new Random(1))

  test('take half a round trip, by distance', () => {
    assert.equal(links.rttMs(0, 0), 1)
    assert.equal(links.rttMs(0, 1), 30)
    assert.equal(links.delayMs(0, 0, 0), 0.5)
    assert.equal(links.delayMs(1, 0, 0), 15)
  })

  test('take the time of their bytes', () => {
    // A hundred thousand bytes over 80 Mbit/s.
    assert.approximately(links.delayMs(0, 0, 100_000), 10.5, 1e-9)
  })

  test('are cut between what is parted and what is not, and nowhere else', () => {
    const parted = new Links(network, coordinates, new Random(1))
    parted.partition(new Set([1]))
    assert.isTrue(parted.isCut(0, 1))
    assert.isFalse(parted.isCut(1, 1))
    parted.partition(new Set())
    assert.isFalse(parted.isCut(0, 1))
  })
})

describe('a request on an idle engine', () => {
  test('takes its prompt and a step for each further token', () => {
    const speed = languageSpeed.parse({
      ...{ stepBaseMs: 10, stepPerSequenceMs: 1, prefillTokenMs: 0.5, prefillChunkTokens: 100 },
    })
    const request = { inputTokens: 150, outputTokens: 3, units: 0 }
    // Two chunks, 150 tokens, and two more steps.
    assert.equal(unloadedLanguageMs(speed, request), 2 * 11 + 75 + 2 * 11)
  })

  test('waits for its window', () => {
    const speed = batchSpeed.parse({ windowMs: 8, batchBaseMs: 20, perUnitMs: 2 })
    assert.equal(unloadedBatchMs(speed, { inputTokens: 0, outputTokens: 1, units: 3 }), 34)
  })
})

describe('the checks of honesty', () => {
  const counts = {
    ...{ arrived: 10, completed: 7, rejected: 2, failed: 0, inFlight: 1, reasons: {} },
    ...{ bounces: 0, retries: 0, hedgesSent: 0, hedgesWon: 0 },
  }

  test('find a request that nobody knows of', () => {
    const [accounted] = honestyChecks({ ...counts, inFlight: 0 }, [])
    assert.isFalse(accounted?.holds)
    assert.match(accounted?.found ?? '', /10 arrived; 7 completed, 2 rejected/)
    assert.isTrue(honestyChecks(counts, [])[0]?.holds)
  })

  const nodeWith = (totals: { busyMs: number; serviceMs: number }, kvUsedTokens: number) =>
    ({
      servers: new Map([['m', { engine: { totals, kvUsedTokens } }]]),
      inside: new Set(),
    }) as never

  test('find a GPU that was busy with nothing', () => {
    const [, busy] = honestyChecks(counts, [nodeWith({ busyMs: 100, serviceMs: 99 }, 0)])
    assert.isFalse(busy?.holds)
  })

  test('find memory that is kept when all is done, and only then', () => {
    const node = nodeWith({ busyMs: 1, serviceMs: 1 }, 5)
    const isDone = { ...counts, completed: 8, inFlight: 0 }
    assert.isTrue(honestyChecks(counts, [node])[2]?.holds)
    assert.isFalse(honestyChecks(isDone, [node])[2]?.holds)
  })
})

describe('the options of a contestant', () => {
  const withContestant = (change: object) => {
    const parsed = scenario.parse(
      fleetOf(1, {
        scheduler: { sampleSize: 2 },
        strategies: [{ name: 'x', strategy: 'mesh', ...change }],
      }),
    )
    const [contestant] = contestantsOf(parsed)
    if (contestant === undefined) throw new Error('there is one')
    return { parsed, contestant }
  }

  test('are those of the scenario, and its own before them', () => {
    const { parsed, contestant } = withContestant({ scheduler: { sampleSize: 7 } })
    assert.equal(schedulerOptionsOf(parsed, contestant, 10).sampleSize, 7)
    const other = withContestant({})
    assert.equal(schedulerOptionsOf(other.parsed, other.contestant, 10).sampleSize, 2)
  })

  test('that are none are an error that says where to look', () => {
    const { parsed, contestant } = withContestant({ scheduler: { sampelSize: 7 } })
    assert.throws(() => schedulerOptionsOf(parsed, contestant, 10), /found .*sampelSize/)
  })

  test('let it hear otherwise than the others', () => {
    const { parsed, contestant } = withContestant({ signals: { delayMaxMs: 7 } })
    const { delayMaxMs, refreshMs } = signalsOf(parsed, contestant)
    assert.deepEqual([delayMaxMs, refreshMs], [7, 2_000])
  })
})
