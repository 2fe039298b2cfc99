/**
 * From runs to places and verdicts; above all, who gets none.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { assembleComparison } from '../../../sim/experiment/compare.ts'
import type { RunResult } from '../../../sim/experiment/run-result.ts'
import { type Invention, inventedRun, SMALLEST } from './invented-run.ts'

function compared(runs: readonly RunResult[]) {
  return assembleComparison({ version: '1.2.3', scenario: SMALLEST, runs, cpuSeconds: 1 })
}

function placesOf(runs: readonly RunResult[]) {
  return compared(runs).contestants.map(({ name, rank }) => [name, rank])
}

/** `by` says how each run of a contestant differs from seed to seed. */
function runsOf(contestant: string, p99s: readonly number[]): readonly RunResult[] {
  return p99s.map((ttftP99Ms, seed) => inventedRun({ contestant, seed, ttftP99Ms }))
}

function verdictOf(runs: readonly RunResult[], contestant: string, metric = 'ttftMs.p99') {
  return compared(runs).differences.find(
    each => each.contestant === contestant && each.metric === metric,
  )?.verdict
}

describe('places', () => {
  test('go by the mean p99 time to first token over all seeds', () => {
    const runs = [...runsOf('a', [100, 300]), ...runsOf('b', [90, 90]), ...runsOf('c', [150, 160])]
    assert.deepEqual(placesOf(runs), [
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ])
  })

  test('are shared by equals', () => {
    const runs = [...runsOf('a', [100]), ...runsOf('b', [100]), ...runsOf('c', [101])]
    assert.deepEqual(placesOf(runs), [
      ['a', 1],
      ['b', 1],
      ['c', 3],
    ])
  })
})

describe('a contestant with the shortest times is not ranked beside a sound one if', () => {
  const cases: readonly (Omit<Invention, 'contestant'> & { readonly why: string; says: string })[] =
    [
      {
        why: 'it left one admitted request in 500 unfinished',
        counts: { completed: 9_980, inFlight: 20 },
        says: 'expected 99.90 % of the admitted requests completed, found 99.80 % (seed 1)',
      },
      {
        why: 'it served 2 % of what it admitted',
        counts: { completed: 200, inFlight: 9_800 },
        says: 'expected 99.90 % of the admitted requests completed, found 2.00 % (seed 1)',
      },
      {
        why: 'it turned 98 % away',
        counts: { completed: 200, rejected: 9_800 },
        says: 'expected 90.00 % of what arrived admitted, found 2.00 % (seed 1)',
      },
      {
        why: 'it turned 0.11 % more away',
        counts: { completed: 9_989, rejected: 11 },
        says: 'expected as much admitted as by the others, 10000 requests, found 9989 (seed 1)',
      },
      {
        why: 'it lost requests to a fault',
        counts: { completed: 9_900, failed: 100 },
        says: 'expected 99.90 % of the admitted requests completed, found 99.00 % (seed 1)',
      },
      {
        why: 'a check of honesty fails',
        checks: [{ name: 'memory returns to zero', holds: false, found: '3 GiB are left' }],
        says: 'the check "memory returns to zero" failed (seed 1): 3 GiB are left',
      },
      {
        why: 'nothing of it was measured',
        measuredCount: 0,
        says: 'no request was measured (seed 1)',
      },
    ]
  for (const { why, says, ...invention } of cases) {
    test(why, () => {
      const sound = inventedRun({ contestant: 'sound', ttftP99Ms: 900 })
      const other = inventedRun({ contestant: 'other', ttftP99Ms: 1, ...invention })
      const { contestants, differences } = compared([other, sound])
      assert.deepEqual(
        contestants.map(({ rank, unrankedBecause }) => [rank, unrankedBecause]),
        [
          [undefined, says],
          [1, undefined],
        ],
      )
      assert.deepEqual(differences, [], 'nothing is said to be better')
    })
  }

  test('it falls short under one seed of three', () => {
    const counts = { completed: 9_900, inFlight: 100 }
    const runs = [1, 2, 3].flatMap(seed => [
      inventedRun({ contestant: 'a', seed }),
      inventedRun({ contestant: 'b', seed, ...(seed === 2 ? { counts } : {}) }),
    ])
    assert.deepEqual(placesOf(runs), [
      ['a', 1],
      ['b', undefined],
    ])
  })
})

describe('a contestant is ranked though', () => {
  test('0.1 % less was admitted, which no percentile shows', () => {
    const counts = { completed: 9_990, rejected: 10 }
    const runs = [inventedRun({ contestant: 'a' }), inventedRun({ contestant: 'b', counts })]
    assert.deepEqual(placesOf(runs), [
      ['a', 1],
      ['b', 1],
    ])
  })

  test('another admitted more and did not serve it', () => {
    const refusing = inventedRun({
      contestant: 'refusing',
      counts: { completed: 9_500, rejected: 500 },
    })
    const drowning = inventedRun({
      contestant: 'drowning',
      counts: { completed: 9_500, inFlight: 500 },
    })
    assert.deepEqual(placesOf([drowning, refusing]), [
      ['drowning', undefined],
      ['refusing', 1],
    ])
  })
})

test('whoever is ranked has completed 89.9 % of all that arrived', () => {
  const share = fc.integer({ min: 0, max: 1_000 })
  fc.assert(
    fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 5 }), shares => {
      const runs = shares.map(([rejected, inFlight], index) => {
        const counts = {
          arrived: 1_000,
          rejected,
          inFlight: Math.min(inFlight, 1_000 - rejected),
          completed: Math.max(0, 1_000 - rejected - inFlight),
        }
        return inventedRun({ contestant: String(index), counts })
      })
      for (const { rank, runs: own } of compared(runs).contestants) {
        if (rank === undefined) continue
        for (const { counts } of own) assert.isAtLeast(counts.completed, 0.899 * counts.arrived)
      }
    }),
  )
})

describe('a verdict', () => {
  const base = runsOf('base', [100, 900, 400, 2_000])

  test('is better where each pair says so, though seeds differ far more', () => {
    const runs = [...base, ...runsOf('faster', [90, 889, 391, 1_990])]
    assert.equal(verdictOf(runs, 'faster'), 'better')
  })

  test('is worse the other way round', () => {
    const runs = [...base, ...runsOf('slower', [110, 911, 409, 2_010])]
    assert.equal(verdictOf(runs, 'slower'), 'worse')
  })

  test('is no significant difference where pairs disagree', () => {
    const runs = [...base, ...runsOf('else', [50, 1_000, 300, 2_300])]
    assert.equal(verdictOf(runs, 'else'), 'no significant difference')
  })

  test('is no significant difference of one run, whatever the difference', () => {
    const runs = [...runsOf('base', [1_000]), ...runsOf('faster', [1])]
    assert.equal(verdictOf(runs, 'faster'), 'no significant difference')
  })

  test('knows of which numbers more is better', () => {
    const wins = { goodputRatio: 0.9, kvHitRatio: 0.9, fairness: 0.1, energyKwh: 0.5 }
    const runs = [1, 2, 3].flatMap(seed => [
      inventedRun({ contestant: 'base', seed, metrics: { goodputRatio: 0.5 } }),
      inventedRun({ contestant: 'else', seed, metrics: wins }),
    ])
    assert.equal(verdictOf(runs, 'else', 'goodputRatio'), 'better')
    assert.equal(verdictOf(runs, 'else', 'kvHitRatio'), 'better')
    assert.equal(verdictOf(runs, 'else', 'fairness'), 'worse')
    assert.equal(verdictOf(runs, 'else', 'energyKwh'), 'better')
  })

  test('that would hold alone does not hold as one of six', () => {
    // Alone: t = 4.04 where 3.18 is needed, p = 0.027.
    const faster = runsOf('faster', [90, 870, 385, 1_985])
    assert.equal(verdictOf([...base, ...faster], 'faster'), 'better')
    const noise = ['v', 'w', 'x', 'y', 'z'].flatMap(name => runsOf(name, [99, 901, 401, 1_999]))
    const among = [...base, ...faster, ...noise]
    assert.equal(verdictOf(among, 'faster'), 'no significant difference')
  })

  test('comes with the difference and its share', () => {
    const { differences } = compared([...runsOf('a', [100, 300]), ...runsOf('b', [110, 330])])
    const found = differences.find(({ metric }) => metric === 'ttftMs.p99')
    assert.equal(found?.against, 'a')
    assert.equal(found?.difference.mean, 20)
    assert.equal(found?.ratio, 0.1)
  })
})

test('estimates have the interval of the runs', () => {
  const [first] = compared(runsOf('a', [90, 100, 110])).contestants
  const estimate = first?.estimates['ttftMs.p99']
  assert.equal(estimate?.mean, 100)
  assert.closeTo(estimate?.halfWidth ?? 0, (4.3027 * 10) / Math.sqrt(3), 0.001)
})

test('the order in which runs come back changes nothing', () => {
  const runs = ['a', 'b'].flatMap(name => runsOf(name, [3, 1, 2]))
  const [first = runsOf('a', [3]), ...others] = [runs.slice(0, 3), runs.slice(3)]
  const shuffled = [...first.toReversed(), ...others.flatMap(each => each.toReversed())]
  assert.deepEqual(compared(shuffled), compared(runs))
})

test('runs without their pairs are not compared', () => {
  assert.throws(() => compared([...runsOf('a', [1, 2]), ...runsOf('b', [1])]), /same seeds/)
})
