/**
 * Every member is looked after by the one before it in the ring of ids.
 */
import { assert, describe, test } from 'vitest'
import {
  accused,
  answering,
  heard,
  membershipOf,
  met,
  ofType,
  runUntil,
  type Scene,
} from './scene.ts'

/** The longest time, in ms, for which `m` probed a member not. */
function longestGapMs(scene: Scene, others: readonly string[], peer: string): number {
  const machine = membershipOf(scene)
  const done = runUntil(machine, 20_000, answering(...others))
  const pingedAtMs = done.flatMap(({ atMs, effect }) => {
    const [send] = ofType([effect], 'send')
    return send?.message.body.type === 'ping' && send.to === peer ? [atMs] : []
  })
  return Math.max(
    ...[...pingedAtMs, 20_000].map((atMs, index) => atMs - (pingedAtMs[index - 1] ?? 0)),
  )
}

/** Two periods, and the one by chance before the first. */
const OFTEN_MS = 1_500

describe('the ward of a member', () => {
  test('is the next in the ring', () => {
    const others = ['a', 'b', 'c', 'd', 'e', 'n', 'z']
    const gaps = others.map(peer => longestGapMs({ events: met(...others) }, others, peer))
    const often = others.filter((_, index) => (gaps[index] ?? 0) <= OFTEN_MS)
    assert.deepEqual(often, ['n'])
  })

  test('is the first if nobody comes after it', () => {
    const others = ['c', 'a', 'b', 'd', 'e', 'f', 'g']
    assert.isAtMost(longestGapMs({ events: met(...others) }, others, 'a'), OFTEN_MS)
    assert.isAbove(longestGapMs({ events: met(...others) }, others, 'g'), OFTEN_MS)
  })

  test('is the one behind it if that one is doubted', () => {
    const others = ['a', 'b', 'c', 'd', 'e', 'z']
    const doubt = accused({ peer: 'n', accuser: 'a', incarnation: 1 })
    const events = [...met(...others), heard({ peer: 'n' }), doubt]
    const scene = { events, options: { suspicionMultiplier: 50 } }
    assert.isAtMost(longestGapMs(scene, others, 'z'), OFTEN_MS)
  })

  test('in a large mesh is nobody: few see each other there', () => {
    const others = ['n', 'o', 'p', 'q', 'r', 's', 't']
    const options = { fullMeshMax: 3 }
    for (const peer of others) {
      assert.isAbove(longestGapMs({ events: met(...others), options }, others, peer), OFTEN_MS)
    }
  })
})
