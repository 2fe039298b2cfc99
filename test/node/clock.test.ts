/**
 * The end of a turn: once, for all that was asked for until then and all that this gives rise to.
 */
import { assert, describe, test } from 'vitest'
import { systemClock } from '../../src/node/clock.ts'
import { turn } from './until.ts'

describe('the end of a turn', () => {
  test('comes after what happens now, in the order in which it was asked for', async () => {
    const seen: string[] = []
    systemClock.atTurnEnd(() => seen.push('first'))
    systemClock.atTurnEnd(() => seen.push('second'))
    seen.push('now')
    await turn()
    assert.deepEqual(seen, ['now', 'first', 'second'])
  })

  test('is one also for what it gives rise to', async () => {
    const seen: string[] = []
    systemClock.atTurnEnd(() => {
      seen.push('decided')
      systemClock.atTurnEnd(() => seen.push('sent'))
      setImmediate(() => seen.push('next turn'))
    })
    await turn()
    assert.deepEqual(seen, ['decided', 'sent'])
    await turn()
    assert.deepEqual(seen, ['decided', 'sent', 'next turn'])
  })

  test('does not go on for ever, should each give rise to another', async () => {
    let count = 0
    let isOver = false
    const again = () => {
      count += 1
      if (!isOver) systemClock.atTurnEnd(again)
    }
    again()
    await turn()
    const afterOne = count
    await turn()
    isOver = true
    assert.isAbove(count, afterOne)
    assert.isBelow(afterOne, 10)
    await turn()
  })
})
