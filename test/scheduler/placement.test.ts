/**
 * Mesh or provider: the table of seed-systems §3(a), its thresholds, and that the scheduler obeys
 * it, for models and for tenants.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  allowedSides,
  knownPlacement,
  type LocalAdmission,
  memoryAdmission,
  PLACEMENT_POLICIES,
  type PlacementPolicy,
  type PlacementVerdict,
  placementVerdict,
} from '../../src/scheduler/placement.ts'
import { NO_POLICY, type SchedulingPolicy } from '../../src/scheduler/policy.ts'
import type { SchedulerEvent } from '../../src/scheduler/scheduler.ts'
import { arrived, gpu, modelFacts, peerChanged, peerFacts, peerLoad, schedulerOf } from './scene.ts'

type Row = Record<LocalAdmission, PlacementVerdict>

describe('the verdict', () => {
  const table: Record<PlacementPolicy, Row> = {
    'local-only': { accept: 'local', defer: 'reject', reject: 'reject' },
    'cloud-only': { accept: 'cloud', defer: 'cloud', reject: 'cloud' },
    'local-first': { accept: 'local', defer: 'cloud', reject: 'cloud' },
    'latency-optimized': { accept: 'local', defer: 'cloud', reject: 'cloud' },
    'cost-optimized': { accept: 'local', defer: 'local', reject: 'cloud' },
  }
  for (const [policy, row] of Object.entries(table)) {
    for (const [admission, verdict] of Object.entries(row)) {
      test(`of ${policy}, where the mesh says ${admission}, is ${verdict}`, () => {
        const offer = { admission: admission as LocalAdmission, hasGpu: true }
        assert.equal(placementVerdict(policy as PlacementPolicy, offer), verdict)
      })
    }
  }

  test('of latency-optimized is cloud where the mesh has no GPU', () => {
    const offer = { admission: 'accept', hasGpu: false } as const
    assert.equal(placementVerdict('latency-optimized', offer), 'cloud')
    assert.equal(placementVerdict('local-first', offer), 'local')
  })
})

describe('memory with the request in it', () => {
  const table = [
    [0, 'accept'],
    [10_000 / 16_384, 'accept'],
    [0.75, 'accept'],
    [0.751, 'defer'],
    [0.9, 'defer'],
    [0.901, 'reject'],
    [16_000 / 16_384, 'reject'],
  ] as const
  for (const [ratio, admission] of table) {
    test(`at ${ratio} makes the mesh ${admission}`, () => {
      assert.equal(memoryAdmission(ratio), admission)
    })
  }
})

test('policies together leave open what each of them does', () => {
  const policy = fc.constantFrom(...PLACEMENT_POLICIES)
  fc.assert(
    fc.property(policy, policy, (a, b) => {
      const both = allowedSides([a, b])
      for (const side of ['local', 'cloud'] as const) {
        const each = allowedSides([a]).includes(side) && allowedSides([b]).includes(side)
        assert.equal(both.includes(side), each)
      }
    }),
  )
  assert.deepEqual(allowedSides([]), ['local', 'cloud'])
})

test('a policy of a later version keeps requests in the mesh', () => {
  assert.equal(knownPlacement('of-a-later-version'), 'local-only')
})

const price = (outputPerMillion: number) => ({ inputPerMillion: 1, outputPerMillion })

const BUSY = peerLoad({ runningCount: 1, decodeTokensLeft: 100 })

const CLOUDS = [
  peerChanged('cheap', { facts: peerFacts(modelFacts({ price: price(1) })), rttMs: 500 }),
  peerChanged('dear', { facts: peerFacts(modelFacts({ price: price(9) })) }),
]

interface Asked {
  readonly model?: string
  readonly tenant?: string
  readonly local?: SchedulerEvent | undefined
  readonly clouds?: readonly SchedulerEvent[]
}

/** Who is chosen of many seeds, or the error. */
function chosen({ model, tenant, local, clouds = CLOUDS }: Asked): readonly string[] {
  const rule = { strategy: 'mesh', attemptsMax: null }
  const policy: SchedulingPolicy = {
    ...NO_POLICY,
    defaultRouting: model === undefined ? undefined : { ...rule, placementPolicy: model },
    tenantPlacements: new Map(tenant === undefined ? [] : [['acme', tenant]]),
  }
  const found = Array.from({ length: 20 }, (_, seed) => {
    const events = [...(local === undefined ? [] : [local]), ...clouds]
    const scheduler = schedulerOf({ events, seed })
    scheduler.step({ type: 'policy-changed', policy }, 0)
    const [effect] = scheduler.step(arrived('r', { tenant: 'acme' }), 0)
    if (effect?.type === 'dispatch') return effect.peer
    return effect?.type === 'refuse' ? effect.code : 'nothing'
  })
  return [...new Set(found)].toSorted()
}

const free = peerChanged('box')
const busy = peerChanged('box', { load: BUSY })
const full = peerChanged('box', { load: peerLoad({ queuedCount: 128 }) })
const withGpu = peerChanged('box', { load: peerLoad({}, [gpu()]) })

describe('a request', () => {
  const cases: readonly (Asked & { readonly rule: string; readonly to: readonly string[] })[] = [
    { rule: 'runs in the mesh while that is free', local: free, to: ['box'] },
    { rule: 'goes to a provider when it would have to wait', local: busy, to: ['dear'] },
    { rule: 'goes to a provider when nobody in the mesh has it', to: ['dear'] },
    { rule: 'waits in the mesh if there is no provider', local: busy, clouds: [], to: ['box'] },
    {
      rule: 'waits in the mesh if local-only',
      model: 'local-only',
      local: busy,
      to: ['box'],
    },
    {
      rule: 'asks the peer itself if local-only and the mesh is full: its tenant may have a claim',
      model: 'local-only',
      local: full,
      to: ['box'],
    },
    {
      rule: 'is refused if local-only and only providers have it',
      model: 'local-only',
      to: ['ERR_NO_CAPACITY'],
    },
    {
      rule: 'goes to a provider if cloud-only, however free the mesh is',
      model: 'cloud-only',
      local: free,
      to: ['dear'],
    },
    {
      rule: 'is refused if cloud-only and there is no provider',
      model: 'cloud-only',
      local: free,
      clouds: [],
      to: ['ERR_NO_CAPACITY'],
    },
    {
      rule: 'waits in the mesh if cost-optimized',
      model: 'cost-optimized',
      local: busy,
      to: ['box'],
    },
    {
      rule: 'goes to the cheapest provider if cost-optimized and the mesh is full',
      model: 'cost-optimized',
      local: full,
      to: ['cheap'],
    },
    {
      rule: 'runs on a GPU of the mesh if latency-optimized',
      model: 'latency-optimized',
      local: withGpu,
      to: ['box'],
    },
    {
      rule: 'goes to a provider if latency-optimized and the mesh has no GPU',
      model: 'latency-optimized',
      local: free,
      to: ['dear'],
    },
    {
      rule: 'of a tenant that is local-only stays, whatever its model says',
      model: 'latency-optimized',
      tenant: 'local-only',
      local: busy,
      to: ['box'],
    },
    {
      rule: 'of a tenant that may go out stays if its model is local-only',
      model: 'local-only',
      tenant: 'cloud-only',
      local: free,
      to: ['ERR_NO_CAPACITY'],
    },
    {
      rule: 'of a tenant goes by its own word where both leave it open',
      model: 'local-first',
      tenant: 'cost-optimized',
      local: busy,
      to: ['box'],
    },
  ]
  for (const { rule, to, ...asked } of cases) {
    test(rule, () => assert.deepEqual(chosen(asked), to))
  }

  test('that failed in the mesh goes to a provider, and not back', () => {
    const scheduler = schedulerOf({ events: [free, ...CLOUDS] })
    scheduler.step(arrived('r'), 0)
    const failed = { type: 'attempt-failed', id: 'r', peer: 'box', isRetryable: true } as const
    const [effect] = scheduler.step({ ...failed, errorCode: 'ERR_PEER_LOST' }, 0)
    assert.equal(effect?.type === 'dispatch' && effect.peer, 'dear')
  })
})
