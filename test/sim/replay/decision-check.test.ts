/**
 * A recorded decision worked out again: whatever the scheduler writes down is confirmed, and each
 * figure that is changed is found.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { checkDecision } from '../../../sim/replay/decision-check.ts'
import type { DecisionRecord } from '../../../src/scheduler/decision.ts'
import { STRATEGIES, type StrategyName } from '../../../src/scheduler/options.ts'
import { NO_POLICY } from '../../../src/scheduler/policy.ts'
import {
  arrived,
  MODEL,
  modelFacts,
  peerChanged,
  peerFacts,
  peerLoad,
  schedulerOf,
} from '../../scheduler/scene.ts'

const busy = fc.record({
  queuedCount: fc.nat(4),
  runningCount: fc.nat(4),
  prefillTokensLeft: fc.nat(2_000),
  decodeTokensLeft: fc.nat(4_000),
  kvUsedRatio: fc.double({ min: 0, max: 0.99, noNaN: true }),
  hotPrefixes: fc.constantFrom([], [1, 2], [2]),
})

interface Chosen {
  readonly strategy: StrategyName
  readonly loads: readonly object[]
  readonly weight?: number
}

/** What is written down of a choice among peers with these loads. */
function decisionAmong({ strategy, loads, weight = 1 }: Chosen): DecisionRecord {
  const scheduler = schedulerOf({ options: { strategy }, seed: 4 })
  for (const [index, load] of loads.entries()) {
    const facts = peerFacts(modelFacts({ parallelMax: 2 }))
    scheduler.step(peerChanged(`peer-${index}`, { facts, load: peerLoad(load), rttMs: index }), 0)
  }
  if (weight !== 1) {
    const weights = { workLeft: weight, service: 1, network: 2, cold: 1, cost: 0 }
    const rule = { strategy, placementPolicy: 'local-first', attemptsMax: null, weights }
    const peerWeights = [{ labels: {}, weight }]
    const routing = new Map([[MODEL, { ...rule, peerWeights }]])
    scheduler.step({ type: 'policy-changed', policy: { ...NO_POLICY, routing } }, 0)
  }
  const prefix = { characterCount: 600, root: 2, marks: [1, 2] }
  scheduler.step(arrived('r', { inputTokens: 300, prefix }), 1)
  const decision = scheduler.decision('r')
  assert.isDefined(decision)
  return decision as DecisionRecord
}

const wrongOf = (decision: DecisionRecord) =>
  checkDecision(decision)
    .filter(({ holds }) => holds === false)
    .map(({ what }) => what)

const LOADS = [
  { decodeTokensLeft: 900, runningCount: 2 },
  { decodeTokensLeft: 100, runningCount: 1 },
  { prefillTokensLeft: 500, queuedCount: 1 },
]

describe('what the scheduler writes down of a choice', () => {
  test('is confirmed, whatever the strategy and the loads', () => {
    const weight = fc.constantFrom(1, 0.5, 3)
    const loads = fc.array(busy, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.constantFrom(...STRATEGIES), loads, weight, (strategy, each, share) => {
        const decision = decisionAmong({ strategy, loads: each, weight: share })
        assert.deepEqual(wrongOf(decision), [])
      }),
      { numRuns: 300 },
    )
  })

  test('of the default strategy is checked to the last figure', () => {
    const decision = decisionAmong({ strategy: 'mesh', loads: LOADS })
    const findings = checkDecision(decision)
    assert.lengthOf(findings, 3 * LOADS.length + 1)
    assert.isTrue(findings.every(({ holds }) => holds === true))
  })

  test('as programs get it, is confirmed too', () => {
    const decision = JSON.parse(JSON.stringify(decisionAmong({ strategy: 'mesh', loads: LOADS })))
    assert.deepEqual(wrongOf(decision), [])
  })
})

describe('a record', () => {
  const decision = decisionAmong({ strategy: 'mesh', loads: LOADS })
  const [best] = decision.candidates

  test.each([
    ['waitMs', ['eta', 'wait', 'score']],
    ['serviceMs', ['eta', 'score']],
    ['etaMs', ['eta']],
    ['requestCount', ['wait']],
  ] as const)('with another %s is found out', (term, found) => {
    const { terms, peer } = best ?? {}
    const value = (terms?.[term] ?? 0) + 1_000
    const changed = { ...best, terms: { ...terms, [term]: value } } as typeof best
    const candidates = [changed, ...decision.candidates.slice(1)] as DecisionRecord['candidates']
    assert.deepEqual(
      wrongOf({ ...decision, candidates }),
      found.map(what => `${what} of ${peer}`),
    )
  })

  test('that names another choice is found out', () => {
    const worst = decision.candidates.at(-1)?.peer
    assert.deepEqual(wrongOf({ ...decision, chosen: worst }), ['choice'])
  })

  test('with a home that should have won is found out', () => {
    const passedOver = decision.candidates.find(({ peer }) => peer !== decision.chosen)?.peer
    const candidates = decision.candidates.map(each => {
      const { home: _, ...rest } = each
      return each.peer === passedOver ? { ...rest, home: 0 } : rest
    })
    const rule = { kvKneeRatio: 0.45, vramKneeRatio: 0.2, stickyPatience: 1_000 }
    assert.deepEqual(wrongOf({ ...decision, candidates, rule }), ['choice'])
  })

  test('of an older version says what cannot be checked, and is not called wrong', () => {
    const candidates = decision.candidates.map(({ terms, ...rest }) => {
      const { requestCount: _, ...old } = terms ?? {}
      return { ...rest, terms: old as NonNullable<typeof terms> }
    })
    const findings = checkDecision({ ...decision, candidates, rule: undefined })
    assert.isFalse(findings.some(({ holds }) => holds === false))
    const unknown = findings.filter(({ holds }) => holds === undefined)
    assert.lengthOf(unknown, 2 * LOADS.length + 1)
  })

  test('by chance or by turn says that its terms do not decide', () => {
    const byChance = decisionAmong({ strategy: 'random', loads: LOADS })
    const choice = checkDecision(byChance).at(-1)
    assert.isUndefined(choice?.holds)
    assert.match(choice?.found ?? '', /turns or chance/)
  })

  test('in which nobody was chosen is right if nobody could take it', () => {
    const candidates = [
      { peer: 'a', stateAgeMs: 1, reservedCount: 0, exclusion: 'draining' as const },
    ]
    const nobody = { ...decision, candidates, chosen: undefined }
    assert.deepEqual(wrongOf(nobody), [])
    const able = [{ peer: 'a', stateAgeMs: 1, reservedCount: 0 }]
    assert.deepEqual(wrongOf({ ...nobody, candidates: able }), ['choice'])
  })
})
