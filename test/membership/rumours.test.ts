/**
 * What rides along on messages, and how often.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, section 4.1: each item λ log(N) times, the least
 * often sent first.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { Rumours } from '../../src/membership/rumours.ts'
import { accusationOf } from './scene.ts'

/** λ as by default. */
const MULTIPLIER = 4

const accusedPeers = (rumours: Rumours, memberCount = 8) =>
  rumours.take(memberCount).accusations.map(({ peer }) => peer)

describe('an item is sent', () => {
  // 4 times ceil(log10(N + 1)).
  const cases = [
    { memberCount: 1, limit: 4 },
    { memberCount: 9, limit: 4 },
    { memberCount: 10, limit: 8 },
    { memberCount: 99, limit: 8 },
    { memberCount: 100, limit: 12 },
    { memberCount: 1_000, limit: 16 },
  ]
  for (const { memberCount, limit } of cases) {
    test(`${limit} times in a mesh of ${memberCount}, and then no more`, () => {
      const rumours = new Rumours(MULTIPLIER)
      rumours.addClaim('a')
      rumours.addAccusation(accusationOf())
      let [claimCount, accusationCount] = [0, 0]
      for (let message = 0; message < 40; message += 1) {
        const { claims, accusations } = rumours.take(memberCount)
        claimCount += claims.length
        accusationCount += accusations.length
      }
      assert.deepEqual(
        { claimCount, accusationCount },
        { claimCount: limit, accusationCount: limit },
      )
      assert.equal(rumours.count, 0)
    })
  }

  test('with the least often sent first', () => {
    const rumours = new Rumours(MULTIPLIER)
    for (const peer of ['a', 'b', 'c']) rumours.addClaim(peer)
    assert.deepEqual(rumours.take(8).claims, ['a', 'b', 'c'])
    rumours.addClaim('d')
    assert.deepEqual(rumours.take(8).claims, ['d', 'a', 'b'])
    assert.deepEqual(rumours.take(8).claims, ['c', 'd', 'a'])
  })

  test('with three claims and eight accusations on one message', () => {
    const rumours = new Rumours(MULTIPLIER)
    for (let index = 0; index < 20; index += 1) {
      rumours.addClaim(`c${index}`)
      rumours.addAccusation(accusationOf({ peer: `a${index}` }))
    }
    const { claims, accusations } = rumours.take(8)
    assert.deepEqual([claims.length, accusations.length], [3, 8])
  })
})

describe('about one member there is one item', () => {
  test('the newest, which is sent as often as if it were the first', () => {
    const rumours = new Rumours(MULTIPLIER)
    rumours.addAccusation(accusationOf())
    for (let sent = 0; sent < 3; sent += 1) rumours.take(8)
    rumours.addAccusation(accusationOf({ status: 'dead' }))
    assert.equal(rumours.count, 1)
    for (let sent = 0; sent < MULTIPLIER; sent += 1) {
      assert.equal(rumours.take(8).accusations[0]?.status, 'dead')
    }
    assert.deepEqual(accusedPeers(rumours), [])
  })

  test('be it a claim or an accusation', () => {
    const rumours = new Rumours(MULTIPLIER)
    rumours.addAccusation(accusationOf({ peer: 'a' }))
    rumours.addClaim('a')
    assert.deepEqual(rumours.take(8), { claims: ['a'], accusations: [] })
  })

  test('and none once it is forgotten', () => {
    const rumours = new Rumours(MULTIPLIER)
    rumours.addClaim('a')
    rumours.forget('a')
    assert.deepEqual(rumours.take(8), { claims: [], accusations: [] })
  })
})

describe('a new accusation is urgent', () => {
  test('until it was asked for, and a claim is not', () => {
    const rumours = new Rumours(MULTIPLIER)
    assert.isFalse(rumours.takeUrgency())
    rumours.addClaim('a')
    assert.isFalse(rumours.takeUrgency())
    rumours.addAccusation(accusationOf())
    assert.isTrue(rumours.takeUrgency())
    assert.isFalse(rumours.takeUrgency())
  })
})

const bounds = [
  {
    what: '512 accusations',
    max: 512,
    add: (rumours: Rumours, peer: string) => rumours.addAccusation(accusationOf({ peer })),
  },
  { what: '32 claims', max: 32, add: (rumours: Rumours, peer: string) => rumours.addClaim(peer) },
]
for (const { what, max, add } of bounds) {
  test(`of more than ${what} the one most often sent goes`, () => {
    const rumours = new Rumours(MULTIPLIER)
    add(rumours, 'old')
    rumours.take(100)
    for (let index = 0; index < 600; index += 1) add(rumours, `p${index}`)
    assert.equal(rumours.count, max)
    const seen = new Set<string>()
    while (rumours.count > 0) {
      const { claims, accusations } = rumours.take(100)
      for (const peer of [...claims, ...accusations.map(each => each.peer)]) seen.add(peer)
    }
    assert.isFalse(seen.has('old'))
    assert.isTrue(seen.has('p599'))
  })
}

test('in any sequence, what was sent less often goes before what was sent more often', () => {
  const happening = fc.oneof(
    fc.nat(9).map(index => `p${index}`),
    fc.constant(undefined),
  )
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), happenings => {
      const rumours = new Rumours(MULTIPLIER)
      const sentCounts = new Map<string, number>()
      for (const added of happenings) {
        if (added === undefined) checkTaken(rumours, sentCounts)
        else {
          rumours.addClaim(added)
          sentCounts.set(added, 0)
        }
      }
    }),
  )
})

/** Takes one message's worth. @param sentCounts Peer → how often it was sent; kept up to date. */
function checkTaken(rumours: Rumours, sentCounts: Map<string, number>): void {
  const { claims } = rumours.take(8)
  const most = Math.max(0, ...claims.map(peer => sentCounts.get(peer) ?? 0))
  for (const [peer, count] of sentCounts) {
    if (!claims.includes(peer)) assert.isAtLeast(count, most)
  }
  for (const peer of claims) {
    const count = (sentCounts.get(peer) ?? 0) + 1
    if (count === MULTIPLIER) sentCounts.delete(peer)
    else sentCounts.set(peer, count)
  }
  assert.equal(rumours.count, sentCounts.size)
}
