/**
 * Coordinates: the round trip between two peers that never talked is told from where they are.
 *
 * Source: Dabek, Cox, Kaashoek, Morris, "Vivaldi", SIGCOMM 2004.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { Random } from '../../src/core/random.ts'
import {
  type Coordinate,
  DIMENSIONS,
  distanceMs,
  isSane,
  Place,
  predictedMs,
} from '../../src/membership/vivaldi.ts'

const at = (x: number, change: Partial<Coordinate> = {}): Coordinate => ({
  vector: [x, 0, 0, 0],
  heightMs: 1,
  errorRatio: 0.2,
  ...change,
})

const START = new Place(new Random(1)).coordinate

describe('a distance', () => {
  test('is the length between, and the heights of both', () => {
    const a = at(3, { vector: [3, 4, 0, 0], heightMs: 2 })
    assert.equal(distanceMs(a, at(0, { vector: [0, 0, 0, 0], heightMs: 5 })), 5 + 2 + 5)
  })

  test('is told of two places that are more than a guess, and of no others', () => {
    assert.equal(predictedMs(at(0), at(10)), 12)
    assert.isUndefined(predictedMs(at(0), at(10, { errorRatio: 1 })))
    assert.isUndefined(predictedMs(START, at(10)))
  })
})

describe('our place', () => {
  test('begins nowhere, as a guess', () => {
    assert.deepEqual(START, { vector: [0, 0, 0, 0], heightMs: 0.01, errorRatio: 1.5 })
  })

  test('moves away from whoever is further than it seems, and towards whoever is nearer', () => {
    const other = at(10)
    for (const [rttMs, compare] of [
      [40, 'further'],
      [1, 'nearer'],
    ] as const) {
      const place = new Place(new Random(1))
      const before = distanceMs(place.coordinate, other)
      place.observe(other, rttMs)
      const after = distanceMs(place.coordinate, other)
      assert.equal(after > before ? 'further' : 'nearer', compare)
    }
  })

  test('leaves a place that it shares with another', () => {
    const place = new Place(new Random(1))
    place.observe(START, 20)
    assert.isAbove(distanceMs(place.coordinate, START), 0.03)
  })

  const unusable: readonly (readonly [string, Coordinate, number])[] = [
    ['no round trip', at(10), 0],
    ['a negative one', at(10), -1],
    ['one that is no number', at(10), Number.NaN],
    ['one beyond this planet', at(10), 60_001],
    ['a place beyond this planet', at(60_001), 5],
  ]
  for (const [what, other, rttMs] of unusable) {
    test(`does not move for ${what}`, () => {
      const place = new Place(new Random(1))
      place.observe(other, rttMs)
      assert.strictEqual(place.coordinate, START)
    })
  }

  test('stays one to compute with, whatever is observed', () => {
    const other = fc.record({
      vector: fc.array(fc.double(), { minLength: 3, maxLength: 5 }),
      heightMs: fc.double(),
      errorRatio: fc.double(),
    })
    const usable = fc.record({
      vector: fc.array(fc.double({ min: -60_000, max: 60_000, noNaN: true }), {
        minLength: DIMENSIONS,
        maxLength: DIMENSIONS,
      }),
      heightMs: fc.double({ min: 0.001, max: 60_000, noNaN: true }),
      errorRatio: fc.double({ min: 0, max: 1.5, noNaN: true }),
    })
    const sample = fc.tuple(fc.oneof(other, usable), fc.oneof(fc.double(), fc.nat(60_000)))
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 30 }), samples => {
        const place = new Place(new Random(1))
        for (const [coordinate, rttMs] of samples) place.observe(coordinate, rttMs)
        const { vector, heightMs, errorRatio } = place.coordinate
        assert.lengthOf(vector, DIMENSIONS)
        assert.isTrue([...vector, heightMs, errorRatio].every(Number.isFinite))
        assert.isAtLeast(heightMs, 0.01)
        assert.ok(errorRatio >= 0 && errorRatio <= 1.5)
      }),
    )
  })
})

describe('a coordinate makes sense', () => {
  const cases: readonly (readonly [string, Coordinate, boolean])[] = [
    ['as it begins', START, true],
    ['with one axis too few', at(0, { vector: [0, 0, 0] }), false],
    ['with a place that is no number', at(Number.NaN), false],
    ['with no height', at(0, { heightMs: 0 }), false],
    ['with a height that is no number', at(0, { heightMs: Number.NaN }), false],
    ['with an endless height', at(0, { heightMs: Number.POSITIVE_INFINITY }), false],
    ['with an error below none', at(0, { errorRatio: -0.1 }), false],
    ['with an error above a guess', at(0, { errorRatio: 1.51 }), false],
    ['with an error that is no number', at(0, { errorRatio: Number.NaN }), false],
  ]
  for (const [rule, coordinate, is] of cases) {
    test(`${rule}: ${is}`, () => assert.equal(isSane(coordinate), is))
  }
})

test('peers on a map find places that tell the round trips between those that never talked', () => {
  // Three sites, 40 to 90 ms apart; six peers each, 1 ms from the others of their site.
  const sites = [
    [0, 40, 70],
    [40, 0, 90],
    [70, 90, 0],
  ]
  const random = new Random(7)
  const peers = Array.from({ length: 18 }, (_, index) => ({
    site: index % 3,
    place: new Place(new Random(index)),
  }))
  const rttMs = (a: number, b: number) => 1 + (sites[a]?.[b] ?? 0)
  // Each peer talks to four others only.
  for (let round = 0; round < 400; round += 1) {
    for (const [index, { site, place }] of peers.entries()) {
      const other = peers[(index + 1 + random.nextIndex(4)) % peers.length]
      if (other !== undefined) place.observe(other.place.coordinate, rttMs(site, other.site))
    }
  }
  const errors = peers.flatMap((a, index) =>
    peers.slice(index + 5).map(b => {
      const told = predictedMs(a.place.coordinate, b.place.coordinate) ?? Number.NaN
      return Math.abs(told - rttMs(a.site, b.site)) / Math.max(10, rttMs(a.site, b.site))
    }),
  )
  const median = errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]
  assert.isBelow(median ?? 1, 0.15)
})
