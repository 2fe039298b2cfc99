/**
 * Who is probed when, and what becomes of a probe.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, sections 3.1 (indirect probes) and 4.3 (the order
 * of probes); Dadgar, Phillips, Currey, "Lifeguard", 2017, section IV.A (nacks, slower probes).
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { NEVER } from '../../src/core/machine.ts'
import { Random } from '../../src/core/random.ts'
import { Prober, type ProbeScope, type ProbeStep } from '../../src/membership/prober.ts'
import type { RoundTrip } from '../../src/membership/round-trip.ts'

const options = {
  probeIntervalMs: 500,
  probeTimeoutMinMs: 100,
  probeTimeoutMaxMs: 250,
  indirectProbeCount: 3,
}

interface Init {
  readonly targets?: readonly string[]
  readonly unreachable?: readonly string[]
  readonly helpers?: readonly string[]
  readonly roundTrip?: RoundTrip
  readonly seed?: number
  readonly ward?: string
}

/** A prober of these targets that are all heard never, and whose first period begins at 0 ms. */
function scene({
  targets = ['z'],
  unreachable = [],
  helpers = [],
  roundTrip,
  seed = 1,
  ward,
}: Init = {}) {
  const present = new Set(targets)
  const heardAtMs = new Map<string, number>()
  const asked: { readonly target: string; readonly count: number }[] = []
  const scope: ProbeScope = {
    targets: () => [...present],
    isTarget: peer => present.has(peer),
    ward: () => ward,
    isReachable: peer => !unreachable.includes(peer),
    helpers: (target, count) => {
      asked.push({ target, count })
      return helpers
    },
    heardAtMs: peer => heardAtMs.get(peer) ?? Number.NEGATIVE_INFINITY,
    roundTrip: () => roundTrip,
  }
  let sequence = 0
  const random = new Random(seed)
  const prober = new Prober(options, { scope, random, nextSequence: () => (sequence += 1) })
  prober.tick(0, 1)
  const startMs = prober.wakeAtMs
  return { prober, present, heardAtMs, asked, startMs }
}

/** Ends the period that is running, and begins the next. */
function nextPeriod(prober: Prober): readonly ProbeStep[] {
  const steps: ProbeStep[] = []
  for (;;) {
    const taken = prober.tick(prober.wakeAtMs, 1)
    steps.push(...taken)
    if (taken.some(({ type }) => type === 'ping')) return steps
  }
}

/** Who is probed in so many periods. All answer. */
function probed(prober: Prober, count: number): readonly string[] {
  const peers: string[] = []
  while (peers.length < count) {
    for (const step of nextPeriod(prober)) {
      if (step.type !== 'ping') continue
      peers.push(step.to)
      prober.acked(step.to, step.sequence, prober.wakeAtMs)
    }
  }
  return peers
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`)

describe('the order of probes', () => {
  test('has everyone once in each round, whoever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(1_000), (count, seed) => {
        const targets = names(count)
        const { prober } = scene({ targets, seed })
        for (let round = 0; round < 3; round += 1) {
          assert.deepEqual(probed(prober, count).toSorted(), targets.toSorted())
        }
      }),
      { numRuns: 50 },
    )
  })

  test('is another in each round', () => {
    const { prober } = scene({ targets: names(10) })
    const rounds = [1, 2, 3].map(() => probed(prober, 10).join(' '))
    assert.equal(new Set(rounds).size, 3)
  })

  test('has a newcomer within the round in which it comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(11), fc.nat(1_000), (count, at, seed) => {
        const { prober, present } = scene({ targets: names(count), seed })
        const before = at % count
        probed(prober, before)
        present.add('new')
        prober.add('new')
        assert.include(probed(prober, count - before + 1), 'new')
      }),
    )
  })

  test('has whoever is added twice once', () => {
    const { prober, present } = scene({ targets: [] })
    present.add('a')
    prober.add('a')
    prober.add('a')
    present.add('b')
    assert.deepEqual(probed(prober, 3).toSorted(), ['a', 'a', 'b'])
  })

  test('has the ward in every other period, and everyone in those between', () => {
    const targets = names(5)
    const { prober } = scene({ targets, ward: 'p3' })
    const peers = probed(prober, 20)
    const isWards = (_: string, position: number) => position % 2 === 0
    assert.deepEqual(new Set(peers.filter(isWards)), new Set(['p3']))
    const others = peers.filter((_, position) => position % 2 === 1)
    assert.deepEqual(others.slice(0, 5).toSorted(), targets)
    assert.deepEqual(others.slice(5).toSorted(), targets)
  })

  test('has no ward that was heard within the last period', () => {
    const { prober, heardAtMs } = scene({ targets: names(5), ward: 'p3' })
    const quiet = probed(prober, 1)
    heardAtMs.set('p3', prober.wakeAtMs + 100 * options.probeIntervalMs)
    const talking = probed(prober, 5)
    assert.deepEqual(quiet, ['p3'])
    assert.deepEqual(talking.toSorted(), names(5))
  })

  test('leaves out who is no target any more', () => {
    const { prober, present } = scene({ targets: names(4) })
    const [first = ''] = probed(prober, 1)
    const gone = names(4).find(name => name !== first) ?? ''
    present.delete(gone)
    assert.notInclude(probed(prober, 8), gone)
  })

  test('has whom others doubt next, and after that goes on', () => {
    const { prober } = scene({ targets: names(10) })
    const before = probed(prober, 3)
    const waiting = names(10).filter(name => !before.includes(name))
    const doubted = before[0] as string
    prober.hurry(doubted)
    assert.deepEqual(probed(prober, 1), [doubted])
    assert.deepEqual(probed(prober, 7).toSorted(), waiting.toSorted())
  })

  test('hurries for so many that wait, and no more', () => {
    const targets = names(40)
    const { prober } = scene({ targets })
    for (const name of targets) prober.hurry(name)
    assert.deepEqual(probed(prober, 16), targets.slice(0, 16))
    assert.notDeepEqual(probed(prober, 4), targets.slice(16, 20))
  })

  test('passes over a doubted one that is gone', () => {
    const { prober } = scene({ targets: ['a'] })
    prober.hurry('gone')
    assert.deepEqual(probed(prober, 1), ['a'])
  })
})

describe('a period', () => {
  test('begins by chance within the first interval, so that a mesh does not probe at one moment', () => {
    const starts = names(20).map((_, seed) => scene({ seed }).startMs)
    for (const startMs of starts) assert.ok(startMs >= 0 && startMs <= 500, `${startMs}`)
    assert.isAbove(new Set(starts).size, 10)
  })

  test('without a target passes in silence', () => {
    const { prober, startMs } = scene({ targets: [] })
    assert.deepEqual(prober.tick(startMs, 1), [])
    assert.equal(prober.wakeAtMs, startMs + 500)
  })

  test('pings, asks when the answer is late, fails at its end, and begins the next', () => {
    const { prober, asked, startMs } = scene({ helpers: ['a', 'b'] })
    assert.deepEqual(prober.tick(startMs, 1), [{ type: 'ping', to: 'z', sequence: 1 }])
    assert.equal(prober.wakeAtMs, startMs + 250)
    assert.deepEqual(prober.tick(startMs + 250, 1), [
      { type: 'ask', helpers: ['a', 'b'], target: 'z', sequence: 1 },
    ])
    assert.deepEqual(asked, [{ target: 'z', count: 3 }])
    assert.equal(prober.wakeAtMs, startMs + 500)
    assert.deepEqual(prober.tick(startMs + 500, 1), [
      { type: 'failed', peer: 'z', healthDelta: 0 },
      { type: 'ping', to: 'z', sequence: 2 },
    ])
  })

  test('whose target cannot be sent a message asks at once', () => {
    const { prober, startMs } = scene({ unreachable: ['z'], helpers: ['a'] })
    assert.deepEqual(prober.tick(startMs, 1), [
      { type: 'ask', helpers: ['a'], target: 'z', sequence: 1 },
    ])
    assert.equal(prober.wakeAtMs, startMs + 500)
  })

  const waits = [
    { rule: 'the longest if nothing was measured', roundTrip: undefined, waitMs: 250 },
    {
      rule: 'the mean and four deviations',
      roundTrip: { meanMs: 80, deviationMs: 20 },
      waitMs: 160,
    },
    { rule: 'no less than the least', roundTrip: { meanMs: 1, deviationMs: 0.5 }, waitMs: 100 },
    { rule: 'no more than the most', roundTrip: { meanMs: 900, deviationMs: 9 }, waitMs: 250 },
  ]
  for (const { rule, roundTrip, waitMs } of waits) {
    test(`waits for an answer ${rule}`, () => {
      const { prober, startMs } = scene(roundTrip === undefined ? {} : { roundTrip })
      prober.tick(startMs, 1)
      assert.closeTo(prober.wakeAtMs, startMs + waitMs, 1e-6)
    })
  }

  test('is longer, and more patient, the less we trust ourselves', () => {
    const { prober, startMs } = scene({ helpers: ['a'] })
    prober.tick(startMs, 3)
    assert.equal(prober.wakeAtMs, startMs + 750)
    prober.tick(startMs + 750, 3)
    assert.equal(prober.wakeAtMs, startMs + 1_500)
  })

  test('ends later by as long as we were deaf', () => {
    const { prober, startMs } = scene()
    prober.tick(startMs, 1)
    prober.tick(startMs + 250, 1)
    prober.extend(3_000)
    assert.deepEqual(prober.tick(startMs + 500, 1), [])
    assert.equal(prober.wakeAtMs, startMs + 3_500)
  })
})

describe('a probe succeeds', () => {
  test('by an ack of the target, which measures the round trip', () => {
    const { prober, startMs } = scene({ helpers: ['a'] })
    prober.tick(startMs, 1)
    assert.equal(prober.acked('z', 1, startMs + 17), 17)
    assert.deepEqual(prober.tick(startMs + 250, 1), [], 'nobody is asked')
    assert.deepEqual(prober.tick(startMs + 500, 1)[0], { type: 'reached', peer: 'z' })
  })

  test('by an ack that a helper brings, which measures nothing', () => {
    const { prober, startMs } = scene({ helpers: ['a'] })
    prober.tick(startMs, 1)
    prober.tick(startMs + 250, 1)
    assert.isUndefined(prober.acked('a', 1, startMs + 300))
    assert.deepEqual(prober.tick(startMs + 500, 1)[0], { type: 'reached', peer: 'z' })
  })

  test('by anything that comes from the target', () => {
    const { prober, heardAtMs, startMs } = scene()
    prober.tick(startMs, 1)
    heardAtMs.set('z', startMs + 499)
    assert.deepEqual(prober.tick(startMs + 500, 1)[0], { type: 'reached', peer: 'z' })
  })

  test('not by what came before it began', () => {
    const { prober, heardAtMs, startMs } = scene()
    heardAtMs.set('z', startMs)
    prober.tick(startMs, 1)
    assert.equal(prober.tick(startMs + 500, 1)[0]?.type, 'failed')
  })

  test('not by an ack of another ping, nor before any was sent', () => {
    const { prober, startMs } = scene()
    assert.isUndefined(prober.acked('z', 1, 0))
    prober.tick(startMs, 1)
    assert.isUndefined(prober.acked('z', 2, startMs + 3))
    assert.equal(prober.tick(startMs + 500, 1)[0]?.type, 'failed')
  })
})

describe('a probe that failed says of our own health', () => {
  const abc = ['a', 'b', 'c']
  const cases = [
    { helpers: [], heard: [], nackCount: 0, healthDelta: 1, rule: 'one sign if nobody could help' },
    { helpers: abc, heard: abc, nackCount: 3, healthDelta: 0, rule: 'nothing if all said no' },
    { helpers: abc, heard: abc, nackCount: 1, healthDelta: 2, rule: 'a sign for each who kept it' },
    { helpers: abc, heard: [], nackCount: 0, healthDelta: 0, rule: 'nothing if all are silent' },
    { helpers: ['a'], heard: ['a'], nackCount: 4, healthDelta: 0, rule: 'nothing good' },
  ]
  for (const { helpers, heard, nackCount, healthDelta, rule } of cases) {
    test(rule, () => {
      const { prober, heardAtMs, startMs } = scene({ helpers })
      prober.tick(startMs, 1)
      prober.tick(startMs + 250, 1)
      for (const helper of heard) heardAtMs.set(helper, startMs + 300)
      for (let left = nackCount; left > 0; left -= 1) prober.nacked(1)
      prober.nacked(99)
      const [failed] = prober.tick(startMs + 500, 1)
      assert.deepEqual(failed, { type: 'failed', peer: 'z', healthDelta })
    })
  }
})

test('a prober always wakes later than it was woken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), fc.nat(1_000), (count, seed) => {
      const { prober } = scene({ targets: names(count), helpers: ['h'], seed })
      for (let left = 50; left > 0; left -= 1) {
        const atMs = prober.wakeAtMs
        prober.tick(atMs, 1 + (left % 3))
        assert.isAbove(prober.wakeAtMs, atMs)
        assert.isBelow(prober.wakeAtMs, NEVER)
      }
    }),
  )
})
