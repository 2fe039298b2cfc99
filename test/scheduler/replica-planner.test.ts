/**
 * When something is done about replicas, and that it stays within the limits over any history.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { NEVER } from '../../src/core/machine.ts'
import type { ReplicaState } from '../../src/scheduler/replica-plan.ts'
import {
  ACTIONS_MAX,
  type ActionOutcome,
  type PlacedModel,
  ReplicaPlanner,
  SETTLE_MS,
} from '../../src/scheduler/replica-planner.ts'

const COOLDOWN_MS = 60_000

type States = Readonly<Record<string, ReplicaState>>

function placed(
  model: string,
  states: States,
  change: Partial<Omit<PlacedModel, 'model' | 'replicas'>> = {},
): PlacedModel {
  const replicas = Object.entries(states).map(([peer, state]) => {
    return { peer, state, liveCount: 0, hotPrefixCount: 0, headroomRatio: 0.5 }
  })
  const limits = { replicasMin: 1, replicasMax: 1 }
  return { model, limits, priority: 100, direction: undefined, replicas, ...change }
}

/** What it has done when it sees this, in short: `load m at a`. */
function look(
  planner: ReplicaPlanner,
  nowMs: number,
  models: readonly PlacedModel[],
  cooldownMs = COOLDOWN_MS,
): readonly string[] {
  return planner
    .step({ type: 'looked', models, cooldownMs }, nowMs)
    .map(({ model, action, peer }) => `${action} ${model} at ${peer}`)
}

function end(planner: ReplicaPlanner, nowMs: number, outcome: ActionOutcome, model = 'm') {
  assert.deepEqual(planner.step({ type: 'action-ended', model, outcome }, nowMs), [])
}

const COLD = { a: 'cold', b: 'cold' } as const

describe('the planner', () => {
  test('begins nothing for a model while something is under way for it', () => {
    const planner = new ReplicaPlanner()
    assert.deepEqual(look(planner, 0, [placed('m', COLD)]), ['load m at a'])
    assert.deepEqual(look(planner, 10 * COOLDOWN_MS, [placed('m', COLD)]), [])
  })

  test('keeps the cooldown, from the beginning of the last action', () => {
    const planner = new ReplicaPlanner()
    look(planner, 0, [placed('m', COLD)])
    end(planner, 20_000, 'done')
    const fewer = [
      placed('m', { a: 'ready', b: 'cold' }, { limits: { replicasMin: 2, replicasMax: 2 } }),
    ]
    assert.deepEqual(look(planner, COOLDOWN_MS - 1, fewer), [])
    assert.deepEqual(look(planner, COOLDOWN_MS, fewer), ['load m at b'])
  })

  for (const outcome of ['failed', 'dropped'] as const) {
    test(`tries nothing again before the cooldown if it ${outcome === 'failed' ? 'failed' : 'was dropped'}`, () => {
      const planner = new ReplicaPlanner()
      look(planner, 0, [placed('m', { a: 'cold' })])
      end(planner, 1, outcome)
      assert.deepEqual(look(planner, COOLDOWN_MS - 1, [placed('m', { a: 'cold' })]), [])
      assert.deepEqual(look(planner, COOLDOWN_MS, [placed('m', { a: 'cold' })]), ['load m at a'])
    })
  }

  test('asks another peer after one has failed, and the first again once it was done', () => {
    const planner = new ReplicaPlanner()
    const asked: string[] = []
    for (const [round, outcome] of (['failed', 'done', 'done'] as const).entries()) {
      asked.push(...look(planner, round * COOLDOWN_MS, [placed('m', COLD)]))
      end(planner, round * COOLDOWN_MS + 1, outcome)
    }
    assert.deepEqual(asked, ['load m at a', 'load m at b', 'load m at a'])
  })

  test('forgets that a peer has failed once it can hold the model no more', () => {
    const planner = new ReplicaPlanner()
    look(planner, 0, [placed('m', COLD)])
    end(planner, 1, 'failed')
    look(planner, COOLDOWN_MS, [placed('m', { b: 'cold' })])
    end(planner, COOLDOWN_MS + 1, 'dropped')
    assert.deepEqual(look(planner, 2 * COOLDOWN_MS, [placed('m', COLD)]), ['load m at a'])
  })

  test('waits for the news of what it has done, however short the cooldown', () => {
    const planner = new ReplicaPlanner()
    look(planner, 0, [placed('m', COLD)], 0)
    end(planner, 5_000, 'done')
    assert.deepEqual(look(planner, 5_000 + SETTLE_MS - 1, [placed('m', COLD)], 0), [])
    assert.lengthOf(look(planner, 5_000 + SETTLE_MS, [placed('m', COLD)], 0), 1)
  })

  test('has one model at a time loaded at a peer, the one with the higher priority first', () => {
    const planner = new ReplicaPlanner()
    const low = placed('low', { a: 'cold' })
    const high = placed('m', { a: 'cold' }, { priority: 101 })
    assert.deepEqual(look(planner, 0, [low, high]), ['load m at a'])
    end(planner, 5_000, 'done')
    const after = [low, placed('m', { a: 'ready' }, { priority: 101 })]
    assert.deepEqual(look(planner, 5_000 + SETTLE_MS - 1, after), [])
    assert.deepEqual(look(planner, 5_000 + SETTLE_MS, after), ['load low at a'])
  })

  test('begins a bounded number of actions, and the others once those have ended', () => {
    const planner = new ReplicaPlanner()
    const models = Array.from({ length: ACTIONS_MAX + 1 }, (_, index) =>
      placed(`m${index}`, { [`p${index}`]: 'cold' }),
    )
    assert.lengthOf(look(planner, 0, models), ACTIONS_MAX)
    assert.deepEqual(look(planner, 1, models), [])
    end(planner, 2, 'done', 'm0')
    assert.deepEqual(look(planner, 3, models), [`load m${ACTIONS_MAX} at p${ACTIONS_MAX}`])
  })

  test('forgets a model without a placement, but not what is under way', () => {
    const planner = new ReplicaPlanner()
    look(planner, 0, [placed('m', COLD)])
    look(planner, 1, [])
    assert.deepEqual(look(planner, 2, [placed('m', COLD)]), [])
    end(planner, 3, 'done')
    look(planner, 4, [])
    assert.deepEqual(look(planner, 5, [placed('m', COLD)]), ['load m at a'])
    end(planner, 6, 'done', 'unheard of')
  })

  test('waits for no time', () => {
    const planner = new ReplicaPlanner()
    assert.equal(planner.wakeAtMs, NEVER)
    assert.deepEqual(planner.step({ type: 'tick' }, 0), [])
  })
})

interface World {
  readonly states: Record<string, 'ready' | 'cold'>
  readonly limits: { readonly replicasMin: number; readonly replicasMax: number }
}

const PEERS = ['a', 'b', 'c', 'd', 'e']

interface Step {
  readonly passedMs: number
  readonly direction: 'up' | 'down' | undefined
  readonly outcome: ActionOutcome
  readonly tookMs: number
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  passedMs: fc.nat(90_000),
  direction: fc.constantFrom('up' as const, 'down' as const, undefined),
  outcome: fc.constantFrom<ActionOutcome>('done', 'done', 'failed', 'dropped'),
  tookMs: fc.nat(30_000),
})

/** News of what was done is this old at most. */
const NEWS_MS = 2_000

describe('any history', () => {
  const history = fc.tuple(
    fc.subarray(PEERS),
    fc.nat(2),
    fc.nat(3),
    fc.array(anyStep, { minLength: 1, maxLength: 40 }),
  )

  test('of one planner stays within the limits once there, though its news is late', () => {
    fc.assert(
      fc.property(history, ([readyAtFirst, replicasMin, more, steps]) => {
        const limits = { replicasMin, replicasMax: replicasMin + more }
        const states = Object.fromEntries(
          PEERS.map(peer => [peer, readyAtFirst.includes(peer) ? 'ready' : 'cold'] as const),
        )
        run({ states, limits }, steps)
      }),
    )
  })
})

/** Checks after each action that it led towards the limits, or stayed within them. */
function run({ states, limits }: World, steps: readonly Step[]) {
  const planner = new ReplicaPlanner()
  let nowMs = 0
  let seen: States = { ...states }
  let newsAtMs = 0
  let lastBeganMs = Number.NEGATIVE_INFINITY
  const readyCount = () => Object.values(states).filter(state => state === 'ready').length
  for (const { passedMs, direction, outcome, tookMs } of steps) {
    nowMs += passedMs
    if (nowMs >= newsAtMs) seen = { ...states }
    const before = readyCount()
    const models = [placed('m', seen, { limits, direction })]
    const [effect] = planner.step({ type: 'looked', models, cooldownMs: 20_000 }, nowMs)
    if (effect === undefined) continue
    assert.isAtLeast(nowMs - lastBeganMs, 20_000)
    lastBeganMs = nowMs
    if (outcome === 'done') states[effect.peer] = effect.action === 'load' ? 'ready' : 'cold'
    nowMs += tookMs
    newsAtMs = nowMs + NEWS_MS
    planner.step({ type: 'action-ended', model: 'm', outcome }, nowMs)
    if (effect.action === 'load') assert.isBelow(before, limits.replicasMax)
    else assert.isAbove(before, limits.replicasMin)
  }
}
