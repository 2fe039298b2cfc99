/**
 * What is assumed of a peer that has not measured itself, and that it then gets work.
 */
import { assert, describe, test } from 'vitest'
import { Random } from '../../src/core/random.ts'
import { SpeedSums } from '../../src/scheduler/assumed-speed.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { Scheduler } from '../../src/scheduler/scheduler.ts'
import { MODEL, modelFacts, peerFacts, peerLoad } from './scene.ts'

const options = schedulerOptions.parse({})

function loadAt([decodeTokensPerSecond, prefillTokensPerSecond]: readonly [number, number]) {
  return peerLoad({ decodeTokensPerSecond, prefillTokensPerSecond }).models[0]
}

describe('the assumed speed', () => {
  const cases = [
    {
      rule: 'is the default while nobody has measured',
      served: [[0, 0]],
      decode: 30,
      prefill: 1_000,
    },
    { rule: 'is the only one measured', served: [[400, 9_000]], decode: 400, prefill: 9_000 },
    {
      rule: 'is the mean of those measured, without those not',
      served: [
        [400, 9_000],
        [0, 0],
        [200, 3_000],
      ],
      decode: 300,
      prefill: 6_000,
    },
    {
      rule: 'takes each rate for itself',
      served: [
        [0, 9_000],
        [200, 0],
      ],
      decode: 200,
      prefill: 9_000,
    },
  ] as const
  for (const { rule, served, decode, prefill } of cases) {
    test(rule, () => {
      const sums = new SpeedSums()
      for (const rates of served) sums.change(undefined, loadAt(rates))
      assert.deepEqual(sums.assumed(options), {
        decodeTokensPerSecond: decode,
        prefillTokensPerSecond: prefill,
      })
    })
  }

  test('follows what each says last, and forgets who goes', () => {
    const sums = new SpeedSums()
    const [slow, fast] = [loadAt([100, 1_000]), loadAt([300, 5_000])]
    sums.change(undefined, slow)
    sums.change(slow, fast)
    assert.equal(sums.assumed(options).decodeTokensPerSecond, 300)
    sums.change(fast, undefined)
    assert.equal(sums.assumed(options).decodeTokensPerSecond, 30)
  })
})

test('a newcomer that is otherwise equal gets half of the requests', () => {
  const scheduler = new Scheduler('ingress', options, new Random(1))
  const rates = { decodeTokensPerSecond: 4_000, prefillTokensPerSecond: 50_000 }
  const unmeasured = { decodeTokensPerSecond: 0, prefillTokensPerSecond: 0 }
  for (const [peer, load] of [
    ['measured', peerLoad(rates)],
    ['newcomer', peerLoad(unmeasured)],
  ] as const) {
    const facts = peerFacts(modelFacts())
    scheduler.step({ type: 'peer-changed', peer, status: 'alive', facts, load, rttMs: 1 }, 0)
  }

  const picks = new Map<string, number>()
  for (let index = 0; index < 200; index += 1) {
    const id = `request-${index}`
    const request = { id, model: MODEL, inputTokens: 20, atWallMs: 0 }
    for (const effect of scheduler.step({ type: 'request-arrived', request }, 1)) {
      if (effect.type === 'dispatch') picks.set(effect.peer, (picks.get(effect.peer) ?? 0) + 1)
    }
    scheduler.step({ type: 'request-ended', id, outcome: 'answered' }, 1)
  }
  assert.isAbove(picks.get('newcomer') ?? 0, 60)
  assert.isAbove(picks.get('measured') ?? 0, 60)
})
