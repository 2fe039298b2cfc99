/**
 * The formula of `score.ts` with numbers worked out by hand, and its laws: more work is never
 * better, more free memory never worse, and being picked never makes a peer look better.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { ModelFacts, ModelLoad, PeerLoad } from '../../src/core/peer-state.ts'
import { SpeedSums } from '../../src/scheduler/assumed-speed.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { NOTHING_RESERVED, type Reserved } from '../../src/scheduler/reservations.ts'
import {
  type Contender,
  capacityOf,
  freeSlotCount,
  headroomRatioOf,
  kvNeedRatio,
  parallelismNow,
  parallelismOf,
  scoreTerms,
} from '../../src/scheduler/score.ts'
import { View } from '../../src/scheduler/view.ts'
import { gpu, MODEL, modelFacts, peerFacts, peerLoad } from './scene.ts'

const options = schedulerOptions.parse({})
const size = { inputTokens: 100, outputTokensExpected: 50 }

interface Peer {
  readonly facts?: Partial<ModelFacts>
  readonly load?: Partial<ModelLoad>
  readonly gpus?: PeerLoad['gpus']
  readonly reserved?: Reserved
  readonly rttMs?: number
}

function contenderOf({ facts, load, gpus, reserved = NOTHING_RESERVED, rttMs }: Peer): Contender {
  const view = new View(1)
  view.change({
    peer: 'p',
    status: 'alive',
    facts: peerFacts(modelFacts(facts)),
    load: peerLoad(load, gpus),
    loadAtMs: 0,
    rttMs,
  })
  const entry = view.get('p')
  const model = entry?.models.get(MODEL)
  if (entry === undefined || model === undefined) throw new Error('the view took the peer')
  const assumed = new SpeedSums().assumed(options)
  return { entry, model, reserved, assumed }
}

describe('the terms', () => {
  const cases: {
    readonly rule: string
    readonly peer: Peer
    readonly terms: Partial<ReturnType<typeof scoreTerms>>
  }[] = [
    {
      rule: 'of an idle peer are service and round trip',
      peer: { rttMs: 4 },
      // 100 / 1000 + 50 / 100 tokens per second
      terms: { workLeftMs: 0, serviceMs: 600, netMs: 4, coldMs: 0, etaMs: 604, score: 604 },
    },
    {
      rule: 'count work left by its own rates: all prompts, and of answers, all places busy, a fifth of a whole one',
      peer: {
        rttMs: 0,
        facts: { parallelMax: 4 },
        load: { runningCount: 4, prefillTokensLeft: 2_000, decodeTokensLeft: 600 },
      },
      // 2000 / 1000 + 600 / 100 = 8 s; a whole answer is 6 / (4 / 2) = 3 s
      terms: { workLeftMs: 8_000, parallelism: 4, waitMs: 2_600, etaMs: 3_200, score: 3_200 },
    },
    {
      rule: 'count those that wait for a place before it',
      peer: {
        rttMs: 0,
        facts: { parallelMax: 4 },
        load: { runningCount: 4, queuedCount: 2, prefillTokensLeft: 2_000, decodeTokensLeft: 600 },
      },
      // A whole answer is 6 / (4 / 2 + 2) = 1.5 s; a fifth of it, and a fourth for each that waits.
      terms: { workLeftMs: 8_000, waitMs: 3_050, etaMs: 3_650 },
    },
    {
      rule: 'count a whole queue that an engine has, however many it says it takes at once',
      peer: {
        rttMs: 0,
        facts: { parallelMax: 256 },
        load: { runningCount: 2, queuedCount: 55, decodeTokensLeft: 13_306 },
      },
      // A whole one is 133.06 s / (2 / 2 + 55) = 2.376 s; a third of it, and half of it for each that waits.
      terms: { workLeftMs: 133_060, parallelism: 2, waitMs: (133_060 / 56) * (1 / 3 + 55 / 2) },
    },
    {
      rule: 'count all prompts and a tenth of the answers beside it while a place is free',
      peer: {
        rttMs: 0,
        facts: { parallelMax: 4 },
        load: { runningCount: 3, prefillTokensLeft: 2_000, decodeTokensLeft: 600 },
      },
      terms: { workLeftMs: 8_000, waitMs: 2_150, etaMs: 2_750 },
    },
    {
      rule: 'count what we sent and the peer has not reported',
      peer: {
        rttMs: 0,
        reserved: { ...NOTHING_RESERVED, count: 2, prefillTokens: 1_000, decodeTokens: 100 },
      },
      terms: { workLeftMs: 2_000, etaMs: 2_600, score: 2_600 },
    },
    {
      rule: 'assume the default rates and round trip of a peer that measured none',
      peer: { load: { prefillTokensPerSecond: 0, decodeTokensPerSecond: 0 } },
      // 100 / 1000 + 50 / 30
      terms: { serviceMs: 100 + 50_000 / 30, netMs: 10, etaMs: 110 + 50_000 / 30 },
    },
    {
      rule: 'are not worse for memory in use above the knee',
      peer: { rttMs: 0, load: { kvUsedRatio: 0.55 } },
      terms: { headroomRatio: 1 - 0.55, score: 600 },
    },
    {
      rule: 'are worse by knee over headroom below the knee',
      peer: { rttMs: 0, load: { kvUsedRatio: 0.95 } },
      // 0.05 / 0.45 = 1/9
      terms: { headroomRatio: 1 - 0.95, score: 600 / ((1 - 0.95) / 0.45) },
    },
    {
      rule: 'stay finite when memory is full',
      peer: { rttMs: 0, load: { kvUsedRatio: 1 } },
      // the floor of 0.01 / 0.45
      terms: { headroomRatio: 0, score: 600 / (0.01 / 0.45) },
    },
    {
      rule: 'take the best GPU when the engine does not report its KV cache',
      peer: { rttMs: 0, gpus: [gpu({ vramUsedBytes: 95 }), gpu({ vramUsedBytes: 90 })] },
      terms: { headroomRatio: 1 - 90 / 100, score: 600 / ((1 - 90 / 100) / 0.2) },
    },
    {
      rule: 'prefer the KV cache to the GPU, for it is what limits',
      peer: { rttMs: 0, load: { kvUsedRatio: 0.5 }, gpus: [gpu({ vramUsedBytes: 99 })] },
      terms: { headroomRatio: 0.5, score: 600 },
    },
    {
      rule: 'see no limit of memory at a peer without a GPU',
      peer: { rttMs: 0 },
      terms: { headroomRatio: 1 },
    },
  ]
  for (const { rule, peer, terms } of cases) {
    test(rule, () => {
      const found = scoreTerms(size, contenderOf(peer), options)
      for (const [name, value] of Object.entries(terms)) {
        assert.closeTo(Number(found[name as keyof typeof found]), Number(value), 1e-9, name)
      }
    })
  }
})

describe('the numbers of the systems before us', () => {
  /** A model's rates such that its work left, in ms, is as given, and service and net are as good as none. */
  const peerWith = (workLeftMs: number, freeRatio: number): Peer => ({
    rttMs: 0,
    load: { decodeTokensLeft: workLeftMs / 10, kvUsedRatio: 1 - freeRatio },
  })
  const none = { inputTokens: 0, outputTokensExpected: 0 }
  /** The score is theirs where memory is short in every case: with the knee at all of it. */
  const linear = { ...options, kvKneeRatio: 1 }

  // Seed systems, section 6: cost = work / headroom.
  const worked = [
    { rule: '2 s of work and half the memory', work: 2_000, free: 0.5, score: 4_000 },
    { rule: '1 s of work and a tenth of the memory', work: 1_000, free: 0.1, score: 10_000 },
  ]
  for (const { rule, work, free, score } of worked) {
    test(`${rule} score ${score}`, () => {
      assert.closeTo(scoreTerms(none, contenderOf(peerWith(work, free)), linear).score, score, 1e-6)
    })
  }

  test('no work and 0.9 of the memory score the own service over 0.9, never 0', () => {
    assert.closeTo(scoreTerms(size, contenderOf(peerWith(0, 0.9)), linear).score, 600 / 0.9, 1e-6)
  })

  test('5 requests at 10 a second are half a second of work', () => {
    // Section 1: queue_depth / service_rate; a request is 10 tokens here, at 100 a second.
    const contender = contenderOf({ rttMs: 0, load: { queuedCount: 5, decodeTokensLeft: 50 } })
    assert.equal(scoreTerms(none, contender, options).workLeftMs, 500)
  })

  test('40 of 80 GB used are a headroom of a half, and a GPU without memory has none', () => {
    const of = (used: number, total: number) =>
      headroomRatioOf(contenderOf({ gpus: [gpu({ vramUsedBytes: used, vramTotalBytes: total })] }))
    assert.equal(of(40e9, 80e9), 0.5)
    assert.equal(of(90e9, 80e9), 0)
    assert.equal(of(0, 0), 0)
  })
})

describe('a model that is not in memory', () => {
  const coldMs = (unready: ModelLoad['unready']) =>
    scoreTerms(size, contenderOf({ load: { unready } }), options).coldMs
  const cases = [
    { rule: 'costs nothing if it is', unready: undefined, expected: 0 },
    {
      rule: 'costs what the peer says',
      unready: { state: 'cold', readyInMs: 7_000 },
      expected: 7_000,
    },
    {
      rule: 'costs the default if the peer does not say',
      unready: { state: 'cold' },
      expected: 30_000,
    },
    {
      rule: 'costs what is left of the default while it loads',
      unready: { state: 'loading', progressRatio: 0.75 },
      expected: 7_500,
    },
    {
      rule: 'costs nothing that makes no sense',
      unready: { state: 'sleeping', readyInMs: Number.NaN },
      expected: 0,
    },
  ] as const
  for (const { rule, unready, expected } of cases) {
    test(rule, () => assert.equal(coldMs(unready), expected))
  }
})

describe('a model on certain GPUs', () => {
  const used = (uuid: string, vramUsedBytes: number) => gpu({ uuid, vramUsedBytes })

  test('has the headroom of the fullest of them, whatever the others have', () => {
    const gpus = [used('a', 90), used('b', 50), used('c', 0)]
    assert.closeTo(headroomRatioOf(contenderOf({ facts: { gpus: ['a', 'b'] }, gpus })), 0.1, 1e-9)
    assert.equal(headroomRatioOf(contenderOf({ facts: { gpus: ['c'] }, gpus })), 1)
  })

  test('has that of the best if the load does not know them', () => {
    const gpus = [used('a', 90), used('b', 50)]
    assert.equal(headroomRatioOf(contenderOf({ facts: { gpus: ['x'] }, gpus })), 0.5)
  })
})

describe('memory', () => {
  test('that our picks will fill counts as used, as far as they start at once', () => {
    const facts = { parallelMax: 4, contextTokens: 1_000 }
    const reserved = { count: 4, prefillTokens: 300, decodeTokens: 100, largestTokens: 100 }

    const idle = contenderOf({ facts, reserved, load: { kvUsedRatio: 0 } })
    const halfBusy = contenderOf({ facts, reserved, load: { kvUsedRatio: 0.5, runningCount: 2 } })
    const busy = contenderOf({ facts, reserved, load: { kvUsedRatio: 0.5, runningCount: 4 } })

    // The cache holds 4 × 1000 tokens; 400, 200 and none of them are taken now.
    assert.closeTo(headroomRatioOf(idle), 0.9, 1e-9)
    assert.closeTo(headroomRatioOf(halfBusy), 0.45, 1e-9)
    assert.closeTo(headroomRatioOf(busy), 0.5, 1e-9)
  })

  test('that a request needs is its share of all contexts, one context at most', () => {
    const { model } = contenderOf({ facts: { parallelMax: 4, contextTokens: 1_000 } })
    assert.closeTo(kvNeedRatio(size, model), 150 / 4_000, 1e-9)
    assert.equal(kvNeedRatio({ inputTokens: 9_000, outputTokensExpected: 1 }, model), 0.25)
  })

  test('need is unknown when the engine does not tell its context length', () => {
    assert.equal(kvNeedRatio(size, contenderOf({ facts: { contextTokens: 0 } }).model), 0)
  })
})

describe('parallelism', () => {
  const cases = [
    { parallelMax: 0, expected: 1, rule: 'is 1 if the engine does not say' },
    { parallelMax: 8, expected: 8, rule: 'is what the engine says' },
    { parallelMax: 4_000_000_000, expected: 1_024, rule: 'is bounded, whatever a peer claims' },
    { parallelMax: Number.NaN, expected: 1, rule: 'is 1 if it makes no sense' },
  ]
  for (const { parallelMax, expected, rule } of cases) {
    test(rule, () => assert.equal(parallelismOf(modelFacts({ parallelMax })), expected))
  }
})

describe('parallelism of an engine at work', () => {
  const cases = [
    { load: {}, now: 8, free: 8, capacity: 800, rule: 'is what it says while it is idle' },
    { load: { runningCount: 3 }, now: 8, free: 5, capacity: 800, rule: 'and while none wait' },
    {
      load: { runningCount: 3, queuedCount: 1 },
      now: 3,
      free: 0,
      capacity: 300,
      rule: 'else what it runs',
    },
    {
      load: { runningCount: 9, queuedCount: 1 },
      now: 8,
      free: 0,
      capacity: 800,
      rule: 'but no more than it says',
    },
    {
      load: { queuedCount: 2 },
      now: 8,
      free: 6,
      capacity: 800,
      rule: 'and what it says while it runs none',
    },
  ]
  for (const { load, now, free, capacity, rule } of cases) {
    test(`${rule}: ${JSON.stringify(load)}`, () => {
      const contender = contenderOf({ facts: { parallelMax: 8 }, load })
      assert.equal(parallelismNow(contender.model), now)
      assert.equal(freeSlotCount(contender), free)
      assert.equal(capacityOf(contender), capacity)
    })
  }
})

test('capacity is the decode rate of all streams together', () => {
  assert.equal(capacityOf(contenderOf({ facts: { parallelMax: 4 } })), 400)
  const unmeasured = contenderOf({ load: { decodeTokensPerSecond: 0 } })
  assert.equal(capacityOf(unmeasured), 30)
})

describe('laws', () => {
  const ratio = fc.double({ min: 0, max: 1, noNaN: true })
  const tokens = fc.nat(100_000)
  const peer = fc.record({
    facts: fc.record({ parallelMax: fc.nat(16), contextTokens: fc.nat(8_192) }),
    load: fc.record({
      queuedCount: fc.nat(50),
      runningCount: fc.nat(50),
      prefillTokensLeft: tokens,
      decodeTokensLeft: tokens,
      prefillTokensPerSecond: fc.nat(10_000),
      decodeTokensPerSecond: fc.nat(200),
      kvUsedRatio: fc.option(ratio, { nil: undefined }),
    }),
    gpus: fc.array(fc.record({ vramUsedBytes: fc.nat(120) }).map(gpu), { maxLength: 3 }),
    rttMs: fc.nat(500),
  })
  const scoreOf = (some: Peer) => scoreTerms(size, contenderOf(some), options).score

  test('more work left is never better', () => {
    fc.assert(
      fc.property(peer, tokens, tokens, (some, prefill, decode) => {
        const busier = {
          ...some.load,
          prefillTokensLeft: some.load.prefillTokensLeft + prefill,
          decodeTokensLeft: some.load.decodeTokensLeft + decode,
        }
        assert.isAtLeast(scoreOf({ ...some, load: busier }), scoreOf(some))
      }),
    )
  })

  test('more free memory is never worse', () => {
    fc.assert(
      fc.property(peer, ratio, ratio, (some, a, b) => {
        const used = (kvUsedRatio: number) => ({ ...some, load: { ...some.load, kvUsedRatio } })
        assert.isAtMost(scoreOf(used(Math.min(a, b))), scoreOf(used(Math.max(a, b))))
      }),
    )
  })

  test('being picked never makes a peer look better', () => {
    fc.assert(
      fc.property(peer, fc.array(tokens, { maxLength: 8 }), (some, picks) => {
        let before = scoreOf(some)
        let reserved = NOTHING_RESERVED
        for (const pick of picks) {
          reserved = {
            count: reserved.count + 1,
            prefillTokens: reserved.prefillTokens + pick,
            decodeTokens: reserved.decodeTokens + 1,
            largestTokens: Math.max(reserved.largestTokens, pick + 1),
          }
          const after = scoreOf({ ...some, reserved })
          assert.isAtLeast(after, before)
          before = after
        }
      }),
    )
  })

  test('a score is a number above 0 and not infinite', () => {
    fc.assert(
      fc.property(peer, some =>
        assert.ok(scoreOf(some) > 0 && scoreOf(some) < Number.POSITIVE_INFINITY),
      ),
    )
  })
})
