/**
 * What a peer may have to read before it sends a request back: told while there is somebody else, and
 * another attempt.
 */
import { assert, describe, test } from 'vitest'
import type { Scheduler } from '../../src/scheduler/scheduler.ts'
import { arrived, failed, peerChanged, peerLoad, schedulerOf } from './scene.ts'

const ASKED = { inputTokens: 1_000, outputTokensMax: 50 }

/** Reads 1,000 tokens a second. */
const peer = (name: string, prefillTokensLeft: number) =>
  peerChanged(name, { load: peerLoad({ prefillTokensLeft, runningCount: 1 }), rttMs: 10 })

function limitOf(scheduler: Scheduler, change: object = {}): number | undefined {
  const [effect] = scheduler.step(arrived('r', { ...ASKED, ...change }), 0)
  assert.equal(effect?.type, 'dispatch')
  return effect?.type === 'dispatch' ? effect.readWaitMaxMs : undefined
}

describe('how much may be read before a request', () => {
  test('is what is known, half of what the next is worse by, the way there and a little', () => {
    const scheduler = schedulerOf({ events: [peer('a', 300), peer('b', 700)] })
    assert.closeTo(limitOf(scheduler) ?? 0, 300 + 400 / 2 + 10 + 20, 1e-6)
  })

  test('is as much as patience has for a home', () => {
    const events = [peer('a', 300), peer('b', 300)]
    const prefix = { characterCount: 4_000, root: 5, marks: [1, 2, 3, 4] }
    const scheduler = schedulerOf({ events, options: { stickyPatience: 6 } })
    // The best reads the prompt in a second; the home may be six worse.
    assert.closeTo(limitOf(scheduler, { prefix }) ?? 0, 300 + 6_000 / 2 + 10 + 20, 1e-6)
  })

  test('is not told if there is nobody else', () => {
    assert.isUndefined(limitOf(schedulerOf({ events: [peer('a', 300)] })))
  })

  test('is not told for what somebody else sends, who does not send it again', () => {
    const events = [peer('a', 300), peer('b', 700)]
    assert.isUndefined(limitOf(schedulerOf({ events }), { isHeld: true }))
  })

  test('is not told by strategies that do not go by it', () => {
    const events = [peer('a', 300), peer('b', 700)]
    for (const strategy of ['prequal', 'least-work', 'random', 'round-robin'] as const) {
      assert.isUndefined(limitOf(schedulerOf({ events, options: { strategy } })), strategy)
    }
  })

  test('is told as long as it may be sent back once more, and then it is taken', () => {
    const events = ['a', 'b', 'c', 'd', 'e'].map(name => peer(name, 300))
    const told = (options: object) => {
      const scheduler = schedulerOf({ events, options })
      const limits: boolean[] = []
      let [effect] = scheduler.step(arrived('r', ASKED), 0)
      while (effect?.type === 'dispatch') {
        limits.push(effect.readWaitMaxMs !== undefined)
        const back = { errorCode: 'ERR_OVERLOADED', isRetryable: true } as const
        ;[effect] = scheduler.step(failed('r', effect.peer, back), 0)
      }
      return limits
    }
    assert.deepEqual(told({ bouncesMax: 2, attemptsMax: 5 }), [true, true, false])
    assert.deepEqual(told({ bouncesMax: 4, attemptsMax: 3 }), [true, true, false])
    assert.deepEqual(told({ bouncesMax: 0 }), [false])
  })
})
