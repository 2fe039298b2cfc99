/**
 * What is done about the replicas of a model: one line of the table per rule, and what must hold of
 * any plan.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  planReplica,
  type Replica,
  type ReplicaLimits,
  type ReplicaState,
} from '../../src/scheduler/replica-plan.ts'

const replica = (
  peer: string,
  state: ReplicaState,
  change: Partial<Omit<Replica, 'peer' | 'state'>> = {},
): Replica => ({
  ...{ peer, state, liveCount: 0, hotPrefixCount: 0, headroomRatio: 0.5 },
  ...{ failureCount: 0, isBusy: false },
  ...change,
})

const ready = (peer: string, change: Parameters<typeof replica>[2] = {}) =>
  replica(peer, 'ready', change)
const cold = (peer: string, change: Parameters<typeof replica>[2] = {}) =>
  replica(peer, 'cold', change)

/** What is planned, in short: `load b`. */
function planned(
  replicas: readonly Replica[],
  direction: 'up' | 'down' | undefined,
  [replicasMin, replicasMax]: readonly [number, number | null],
): string | undefined {
  const plan = planReplica({ replicas, direction, limits: { replicasMin, replicasMax } })
  return plan === undefined ? undefined : `${plan.action} ${plan.peer}`
}

interface Rule {
  readonly rule: string
  readonly replicas: readonly Replica[]
  readonly advice?: 'up' | 'down'
  readonly limits: readonly [number, number | null]
  readonly plan: string | undefined
}

const live = { liveCount: 1 }

const amounts: readonly Rule[] = [
  {
    rule: 'does nothing between the limits without advice',
    ...{ replicas: [ready('a'), cold('b')], limits: [1, 2], plan: undefined },
  },
  {
    rule: 'loads below the minimum without advice',
    ...{ replicas: [ready('a'), cold('b')], limits: [2, null], plan: 'load b' },
  },
  {
    rule: 'loads below the minimum whatever the advice',
    ...{ replicas: [ready('a'), cold('b')], advice: 'down', limits: [2, null], plan: 'load b' },
  },
  {
    rule: 'loads on advice up',
    ...{ replicas: [ready('a'), cold('b')], advice: 'up', limits: [0, 2], plan: 'load b' },
  },
  {
    rule: 'loads as many as there are if there is no maximum',
    ...{ replicas: [ready('a'), cold('b')], advice: 'up', limits: [1, null], plan: 'load b' },
  },
  {
    rule: 'loads no more than the maximum',
    ...{ replicas: [ready('a'), cold('b')], advice: 'up', limits: [0, 1], plan: undefined },
  },
  {
    rule: 'unloads on advice down',
    ...{ replicas: [ready('a'), ready('b')], advice: 'down', limits: [1, 2], plan: 'unload a' },
  },
  {
    rule: 'unloads down to none if the minimum is none',
    ...{ replicas: [ready('a')], advice: 'down', limits: [0, 2], plan: 'unload a' },
  },
  {
    rule: 'unloads no more than leaves the minimum',
    ...{ replicas: [ready('a')], advice: 'down', limits: [1, 2], plan: undefined },
  },
  {
    rule: 'unloads what is above the maximum without advice, also if it is up',
    ...{ replicas: [ready('a'), ready('b')], advice: 'up', limits: [0, 1], plan: 'unload a' },
  },
  {
    rule: 'does nothing while it is loading somewhere',
    ...{ replicas: [replica('a', 'loading'), cold('b')], limits: [2, 2], plan: undefined },
  },
  {
    rule: 'unloads nothing while it is loading somewhere',
    ...{ replicas: [replica('a', 'loading'), ready('b'), ready('c')], limits: [0, 1] },
    plan: undefined,
  },
  {
    rule: 'counts one that may be lost against the maximum',
    ...{ replicas: [replica('a', 'unsure'), cold('b')], advice: 'up', limits: [0, 1] },
    plan: undefined,
  },
  {
    rule: 'unloads none because of one that may be lost',
    ...{ replicas: [replica('a', 'unsure'), ready('b')], limits: [0, 1], plan: undefined },
  },
  {
    rule: 'leaves more than one that may be lost',
    ...{ replicas: [replica('a', 'unsure'), ready('b')], advice: 'down', limits: [1, 2] },
    plan: undefined,
  },
  ...(['draining', 'faulty'] as const).map(
    (state): Rule => ({
      rule: `replaces one that is ${state}, and leaves it alone`,
      ...{ replicas: [replica('a', state), cold('b')], limits: [1, 1], plan: 'load b' },
    }),
  ),
  {
    rule: 'loads nowhere if no peer can',
    ...{ replicas: [replica('a', 'draining'), replica('b', 'faulty')], limits: [1, 1] },
    plan: undefined,
  },
]

const places: readonly Rule[] = [
  {
    rule: 'loads where most memory is free',
    ...{ replicas: [cold('a', { headroomRatio: 0.2 }), cold('b', { headroomRatio: 0.6 })] },
    ...{ limits: [1, 1], plan: 'load b' },
  },
  {
    rule: 'wakes one that sleeps',
    ...{ replicas: [replica('a', 'sleeping')], limits: [1, 1], plan: 'wake a' },
  },
  {
    rule: 'loads at a peer that failed after all others',
    ...{ replicas: [cold('a', { failureCount: 1, headroomRatio: 1 }), cold('b')] },
    ...{ limits: [1, 1], plan: 'load b' },
  },
  {
    rule: 'loads at a peer that failed if there is no other',
    ...{ replicas: [cold('a', { failureCount: 3 })], limits: [1, 1], plan: 'load a' },
  },
  {
    rule: 'loads at no peer that is busy with another model',
    ...{ replicas: [cold('a', { isBusy: true })], limits: [1, 1], plan: undefined },
  },
  {
    rule: 'unloads none with requests',
    ...{ replicas: [ready('a', live), ready('b', live)], limits: [0, 1], plan: undefined },
  },
  {
    rule: 'unloads the one that has no requests',
    ...{ replicas: [ready('a', live), ready('b', { hotPrefixCount: 9 })] },
    ...{ limits: [0, 1], plan: 'unload b' },
  },
  {
    rule: 'unloads the one that was used least',
    ...{ replicas: [ready('a', { hotPrefixCount: 9 }), ready('b', { hotPrefixCount: 2 })] },
    ...{ limits: [0, 1], plan: 'unload b' },
  },
  {
    rule: 'unloads where memory is short, of those used alike',
    ...{ replicas: [ready('a'), ready('b', { headroomRatio: 0.1 })] },
    ...{ limits: [0, 1], plan: 'unload b' },
  },
  {
    rule: 'unloads at a peer that failed after all others',
    ...{ replicas: [ready('a', { failureCount: 1 }), ready('b', { hotPrefixCount: 9 })] },
    ...{ limits: [0, 1], plan: 'unload b' },
  },
  {
    rule: 'unloads at no peer that is busy with another model',
    ...{ replicas: [ready('a', { isBusy: true })], advice: 'down', limits: [0, 1] },
    plan: undefined,
  },
  {
    rule: 'goes by id if all else is alike',
    ...{ replicas: [cold('b'), cold('B'), cold('a')], limits: [1, 1], plan: 'load B' },
  },
]

for (const [subject, rules] of Object.entries({ amounts, places })) {
  describe(`the plan, by ${subject},`, () => {
    for (const { rule, replicas, advice, limits, plan } of rules) {
      test(rule, () => assert.equal(planned(replicas, advice, limits), plan))
    }
  })
}

const STATES: readonly ReplicaState[] = [
  ...(['ready', 'cold', 'sleeping', 'loading', 'unsure', 'draining', 'faulty'] as const),
]

const anyReplicas = fc.uniqueArray(
  fc.record({
    peer: fc.string({ minLength: 1, maxLength: 3 }),
    state: fc.constantFrom(...STATES),
    liveCount: fc.nat(2),
    hotPrefixCount: fc.nat(3),
    headroomRatio: fc.constantFrom(0, 0.5, 1),
    failureCount: fc.nat(2),
    isBusy: fc.boolean(),
  }),
  { selector: ({ peer }) => peer, maxLength: 8 },
)

const anyLimits: fc.Arbitrary<ReplicaLimits> = fc
  .tuple(fc.nat(5), fc.option(fc.nat(5)))
  .map(([replicasMin, more]) => ({
    replicasMin,
    replicasMax: more === null ? null : replicasMin + more,
  }))

const anySituation = fc.record({
  replicas: anyReplicas,
  limits: anyLimits,
  direction: fc.constantFrom('up' as const, 'down' as const, undefined),
})

describe('any plan', () => {
  test('stays within the limits, takes nothing from requests, and waits for what loads', () => {
    fc.assert(
      fc.property(anySituation, situation => {
        const { replicas, limits } = situation
        const plan = planReplica(situation)
        if (plan === undefined) return
        const at = replicas.find(({ peer }) => peer === plan.peer)
        const held = replicas.filter(({ state }) => state === 'ready' || state === 'unsure')
        const readyCount = held.filter(({ state }) => state === 'ready').length
        assert.isFalse(at?.isBusy)
        assert.isTrue(replicas.every(({ state }) => state !== 'loading'))
        if (plan.action === 'unload') {
          assert.deepInclude(at, { state: 'ready', liveCount: 0 })
          assert.isAtLeast(readyCount - 1, limits.replicasMin)
        } else {
          assert.equal(at?.state, plan.action === 'wake' ? 'sleeping' : 'cold')
          assert.isAtMost(held.length + 1, limits.replicasMax ?? Number.POSITIVE_INFINITY)
        }
      }),
    )
  })

  test('is the same whoever makes it', () => {
    const seen = anySituation.chain(situation =>
      fc.tuple(
        fc.constant(situation),
        fc.shuffledSubarray([...situation.replicas], { minLength: situation.replicas.length }),
      ),
    )
    fc.assert(
      fc.property(seen, ([situation, replicas]) => {
        assert.deepEqual(planReplica({ ...situation, replicas }), planReplica(situation))
      }),
    )
  })
})
