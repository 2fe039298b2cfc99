/**
 * Own picks count until the peer's report must show them or the attempt ends, and no longer.
 */
import fc from 'fast-check'
import { assert, test } from 'vitest'
import { NOTHING_RESERVED, Reservations } from '../../src/scheduler/reservations.ts'

const size = (inputTokens: number, outputTokensExpected = 0) => ({
  inputTokens,
  outputTokensExpected,
})

/** Reservations at peer `p` for model `m`, one per size, made at 0, 1, 2… ms. */
function reservationsOf(...sizes: readonly number[]): Reservations {
  const reservations = new Reservations()
  for (const [index, inputTokens] of sizes.entries()) {
    const id = `r${index}`
    reservations.add({ id, peer: 'p', model: 'm', size: size(inputTokens, 1), atMs: index })
  }
  return reservations
}

test('picks add up per peer and model', () => {
  const reservations = reservationsOf(10, 30, 20)

  const expected = { count: 3, prefillTokens: 60, decodeTokens: 3, largestTokens: 31 }
  assert.deepEqual(reservations.at('p', 'm'), expected)
  assert.deepEqual(reservations.at('p', 'other'), NOTHING_RESERVED)
  assert.deepEqual(reservations.at('q', 'm'), NOTHING_RESERVED)
})

test('a released pick is gone, and the next largest is the largest', () => {
  const reservations = reservationsOf(10, 30, 20)
  reservations.release('r1')
  reservations.release('r1')

  const expected = { count: 2, prefillTokens: 30, decodeTokens: 2, largestTokens: 21 }
  assert.deepEqual(reservations.at('p', 'm'), expected)
  assert.equal(reservations.count, 2)
})

test('a report settles the picks made until then and no later ones', () => {
  const reservations = reservationsOf(10, 30, 20)
  reservations.settle('p', 1)
  reservations.settle('q', 99)

  const expected = { count: 1, prefillTokens: 20, decodeTokens: 1, largestTokens: 21 }
  assert.deepEqual(reservations.at('p', 'm'), expected)
})

test('a pick that is held counts until it is released, whatever is reported', () => {
  const reservations = reservationsOf(10, 30)
  const held = { id: 'held', peer: 'p', model: 'm', size: size(5, 1), atMs: 2, isHeld: true }
  reservations.add(held)
  reservations.add({ ...held, id: 'other', atMs: 3, isHeld: false })
  reservations.settle('p', 99)
  const expected = { count: 1, prefillTokens: 5, decodeTokens: 1, largestTokens: 6 }
  assert.deepEqual(reservations.at('p', 'm'), expected)
  reservations.release('held')
  assert.deepEqual(reservations.at('p', 'm'), NOTHING_RESERVED)
})

/** The same rules in the simplest way: a list that is filtered. */
class Naive {
  left: { id: string; peer: string; tokens: number; atMs: number }[] = []

  settle(peer: string, untilMs: number): void {
    this.left = this.left.filter(pick => pick.peer !== peer || pick.atMs > untilMs)
  }

  release(id: string): void {
    this.left = this.left.filter(pick => pick.id !== id)
  }

  at(peer: string) {
    const tokens = this.left.filter(pick => pick.peer === peer).map(pick => pick.tokens)
    return {
      count: tokens.length,
      prefillTokens: tokens.reduce((a, b) => a + b, 0),
      decodeTokens: 0,
      largestTokens: Math.max(0, ...tokens),
    }
  }
}

test('whatever the order of picks, ends and reports, the sums are those of what is left', () => {
  const peer = fc.constantFrom('p0', 'p1')
  const action = fc.oneof(
    fc.record({ type: fc.constant('add' as const), peer, tokens: fc.nat(100) }),
    fc.record({ type: fc.constant('release' as const), index: fc.nat(30) }),
    fc.record({ type: fc.constant('settle' as const), peer, backMs: fc.nat(5) }),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), actions => {
      const reservations = new Reservations()
      const naive = new Naive()
      for (const [atMs, taken] of actions.entries()) {
        switch (taken.type) {
          case 'add': {
            const pick = { id: `r${atMs}`, peer: taken.peer, atMs }
            reservations.add({ ...pick, model: 'm', size: size(taken.tokens) })
            naive.left.push({ ...pick, tokens: taken.tokens })
            break
          }
          case 'release':
            reservations.release(`r${taken.index}`)
            naive.release(`r${taken.index}`)
            break
          case 'settle':
            reservations.settle(taken.peer, atMs - taken.backMs)
            naive.settle(taken.peer, atMs - taken.backMs)
        }
      }

      assert.equal(reservations.count, naive.left.length)
      for (const name of ['p0', 'p1']) assert.deepEqual(reservations.at(name, 'm'), naive.at(name))
    }),
  )
})
