/**
 * Who is excluded, and by which reason; and what the caller is told if all are.
 */
import { assert, describe, test } from 'vitest'
import type { Exclusion } from '../../src/scheduler/decision.ts'
import type { SchedulerEvent } from '../../src/scheduler/scheduler.ts'
import {
  arrived,
  dispatched,
  gpu,
  modelFacts,
  peerChanged,
  peerFacts,
  peerLoad,
  refused,
  schedulerOf,
} from './scene.ts'

const otherModel = peerFacts(modelFacts({ id: 'other' }))

interface Case {
  readonly rule: string
  readonly change: Parameters<typeof peerChanged>[1]
  readonly exclusion: Exclusion
  readonly code: string
  /** When the request arrives. */
  readonly atMs?: number
}

const cases: readonly Case[] = [
  {
    rule: 'without the model',
    change: { facts: otherModel },
    exclusion: 'model-missing',
    code: 'ERR_MODEL_NOT_FOUND',
  },
  {
    rule: 'whose model’s id differs by case',
    change: { facts: peerFacts(modelFacts({ id: 'LLAMA' })) },
    exclusion: 'model-missing',
    code: 'ERR_MODEL_NOT_FOUND',
  },
  {
    rule: 'that is suspect',
    change: { status: 'suspect' },
    exclusion: 'not-alive',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'that is dead, and may come back',
    change: { status: 'dead' },
    exclusion: 'not-alive',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'that has left, and with it its models',
    change: { status: 'left' },
    exclusion: 'not-alive',
    code: 'ERR_MODEL_NOT_FOUND',
  },
  {
    rule: 'that drains',
    change: { load: { ...peerLoad(), isDraining: true } },
    exclusion: 'draining',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'whose load was neither told nor confirmed for longer than stateMaxAgeMs',
    change: {},
    atMs: 60_001,
    exclusion: 'state-stale',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'that never told its load',
    change: { load: undefined },
    exclusion: 'state-stale',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'with a faulty GPU among good ones',
    change: { load: peerLoad({}, [gpu(), gpu({ isFaulty: true })]) },
    exclusion: 'gpu-faulty',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'whose model runs on the faulty GPU',
    change: {
      facts: peerFacts(modelFacts({ gpus: ['good', 'bad'] })),
      load: peerLoad({}, [gpu({ uuid: 'good' }), gpu({ uuid: 'bad', isFaulty: true })]),
    },
    exclusion: 'gpu-faulty',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'that could not load the model',
    change: { load: peerLoad({ unready: { state: 'failed' } }) },
    exclusion: 'model-failed',
    code: 'ERR_NO_CAPACITY',
  },
  {
    rule: 'whose queue is full',
    change: { load: peerLoad({ queuedCount: 128, decodeTokensLeft: 500 }) },
    exclusion: 'queue-full',
    code: 'ERR_OVERLOADED',
  },
  {
    rule: 'with a free slot and less memory than the request needs',
    change: {
      facts: peerFacts(modelFacts({ parallelMax: 2, contextTokens: 1_000 })),
      // 150 of 2000 tokens are needed, 0.07 are free.
      load: peerLoad({ runningCount: 1, kvUsedRatio: 0.93 }),
    },
    exclusion: 'headroom-too-small',
    code: 'ERR_OVERLOADED',
  },
]

describe('a peer is excluded', () => {
  for (const { rule, change, exclusion, code, atMs = 0 } of cases) {
    test(rule, () => {
      const scheduler = schedulerOf({ events: [peerChanged('p', change)] })
      const refusal = refused(scheduler.step(arrived('r'), atMs))

      assert.equal(refusal.code, code)
      const record = scheduler.decision('r')
      assert.equal(record?.candidates[0]?.exclusion, exclusion)
      assert.equal(record?.candidates[0]?.terms, undefined)
      assert.equal(record?.chosen, undefined)
      assert.equal(record?.outcome, 'failed')
    })

    test(`${rule}, and the one beside it is chosen`, () => {
      const good = peerChanged('good', { loadAtMs: atMs })
      const scheduler = schedulerOf({ events: [peerChanged('p', change), good] })
      assert.equal(dispatched(scheduler.step(arrived('r'), atMs)), 'good')
    })
  }
})

describe('a peer is not excluded', () => {
  const chosen = (event: SchedulerEvent, atMs = 0) =>
    dispatched(schedulerOf({ events: [event] }).step(arrived('r'), atMs))

  test('at stateMaxAgeMs itself', () => assert.equal(chosen(peerChanged('p'), 60_000), 'p'))

  const confirmations: readonly SchedulerEvent[] = [
    { type: 'peer-confirmed', peer: 'p' },
    { type: 'peers-confirmed' },
  ]
  for (const event of confirmations) {
    test(`for age, stateMaxAgeMs after ${event.type}`, () => {
      const scheduler = schedulerOf({ events: [peerChanged('p')] })
      scheduler.step(event, 50_000)
      assert.equal(dispatched(scheduler.step(arrived('r'), 110_000)), 'p')
      assert.equal(refused(scheduler.step(arrived('s'), 110_001)).code, 'ERR_NO_CAPACITY')
    })
  }

  test('for age, by the confirmation of another', () => {
    const scheduler = schedulerOf({ events: [peerChanged('p'), peerChanged('q')] })
    scheduler.step({ type: 'peer-confirmed', peer: 'q' }, 50_000)
    scheduler.step({ type: 'peer-confirmed', peer: 'nobody' }, 50_000)
    assert.equal(dispatched(scheduler.step(arrived('r'), 60_001)), 'q')
    const [p] = scheduler.decision('r')?.candidates.filter(({ peer }) => peer === 'p') ?? []
    assert.equal(p?.exclusion, 'state-stale')
  })

  test('for age, if it is this node', () => {
    assert.equal(chosen(peerChanged('self'), 1_000_000), 'self')
  })

  test('for memory, if the request has to wait for another one’s in any case', () => {
    const load = peerLoad({ runningCount: 1, kvUsedRatio: 1 })
    assert.equal(chosen(peerChanged('p', { load })), 'p')
  })

  test('for memory, if it has no work and all it holds is a cache', () => {
    assert.equal(chosen(peerChanged('p', { load: peerLoad({ kvUsedRatio: 1 }) })), 'p')
  })

  test('for a faulty GPU that the model does not run on', () => {
    const facts = peerFacts(modelFacts({ gpus: ['good'] }))
    const load = peerLoad({}, [gpu({ uuid: 'good' }), gpu({ uuid: 'bad', isFaulty: true })])
    assert.equal(chosen(peerChanged('p', { facts, load })), 'p')
  })

  test('for a model that has to be loaded first', () => {
    assert.equal(chosen(peerChanged('p', { load: peerLoad({ unready: { state: 'cold' } }) })), 'p')
  })

  test('for a queue one short of full', () => {
    assert.equal(chosen(peerChanged('p', { load: peerLoad({ queuedCount: 127 }) })), 'p')
  })
})

describe('a refusal', () => {
  test('names the models there are, some of them if there are many', () => {
    const models = Array.from({ length: 12 }, (_, index) => modelFacts({ id: `m${index + 10}` }))
    const scheduler = schedulerOf({ events: [peerChanged('p', { facts: peerFacts(...models) })] })

    const { message } = refused(scheduler.step(arrived('r', { model: 'gpt' }), 0))
    assert.equal(
      message,
      'expected a model that the mesh serves, found "gpt"; it serves "m10", "m11", "m12", ' +
        '"m13", "m14", "m15", "m16", "m17", "m18", "m19" and 2 more',
    )
  })

  test('says so if there is no model at all', () => {
    const { message } = refused(schedulerOf({}).step(arrived('r'), 0))
    assert.match(message, /it serves none at present$/)
  })

  test('repeats a long model id in part', () => {
    const model = 'x'.repeat(100_000)
    const { message } = refused(schedulerOf({}).step(arrived('r', { model }), 0))
    assert.isBelow(message.length, 300)
  })

  test('counts the reasons', () => {
    const events = [
      peerChanged('a', { status: 'suspect' }),
      peerChanged('b', { status: 'dead' }),
      peerChanged('c', { load: { ...peerLoad(), isDraining: true } }),
    ]
    const { message } = refused(schedulerOf({ events }).step(arrived('r'), 0))
    assert.equal(
      message,
      'expected a peer that can take a request for "llama" now, found 2 not alive, 1 draining',
    )
  })

  const full = (decodeTokensLeft: number) => ({
    load: peerLoad({ queuedCount: 128, decodeTokensLeft }),
  })

  test('as overload says when the peer with the least work will be done', () => {
    const events = [peerChanged('a', full(900)), peerChanged('b', full(450))]
    // 450 tokens at 100 a second
    assert.equal(refused(schedulerOf({ events }).step(arrived('r'), 0)).retryAfterMs, 4_500)
  })

  test('advises no wait beyond its bounds', () => {
    const wait = (decodeTokensLeft: number) => {
      const scheduler = schedulerOf({ events: [peerChanged('a', full(decodeTokensLeft))] })
      return refused(scheduler.step(arrived('r'), 0)).retryAfterMs
    }
    assert.equal(wait(0), 1_000)
    assert.equal(wait(1e9), 60_000)
  })
})
