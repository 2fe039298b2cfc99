/**
 * The order of claims, and that merging them does not depend on theirs.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  isNewer,
  type KnownClaim,
  mergeClaim,
  type PeerClaim,
} from '../../src/membership/peer-claim.ts'
import { claimOf, factsOf, loadOf } from './scene.ts'

describe('a claim is newer', () => {
  const cases = [
    { a: [1, 2], b: [1, 1], isNews: true, rule: 'with a higher version' },
    { a: [2, 0], b: [1, 9], isNews: true, rule: 'with a higher incarnation, whatever the version' },
    { a: [1, 9], b: [2, 0], isNews: false, rule: 'not with a lower incarnation' },
    { a: [1, 1], b: [1, 2], isNews: false, rule: 'not with a lower version' },
    { a: [1, 1], b: [1, 1], isNews: false, rule: 'not than itself' },
  ] as const
  for (const { a, b, isNews, rule } of cases) {
    const of = ([incarnation, version]: readonly [number, number]) => ({ incarnation, version })
    test(rule, () => assert.equal(isNewer(of(a), of(b)), isNews))
  }
})

describe('merging', () => {
  test('takes facts that come late with an older claim', () => {
    const newer = claimOf({ version: 5, facts: undefined, factsVersion: 2 })
    const older = claimOf({ version: 4, facts: factsOf('late'), factsVersion: 2 })
    const known = mergeClaim(mergeClaim(undefined, newer), older)
    assert.equal(known.claim.version, 5)
    assert.equal(known.claim.facts?.name, 'late')
  })

  test('keeps the facts of an earlier incarnation until there are others', () => {
    const before = mergeClaim(undefined, claimOf({ facts: factsOf('old'), factsVersion: 7 }))
    const silent = claimOf({ incarnation: 2, facts: undefined, factsVersion: 1 })
    const between = mergeClaim(before, silent)
    assert.equal(between.claim.facts?.name, 'old')
    const after = claimOf({ incarnation: 2, version: 2, facts: factsOf('new'), factsVersion: 1 })
    assert.equal(mergeClaim(between, after).claim.facts?.name, 'new')
  })

  test('of a claim that brings nothing returns what was known, itself', () => {
    const known = mergeClaim(undefined, claimOf({ version: 3 }))
    assert.strictEqual(mergeClaim(known, claimOf({ version: 3 })), known)
    assert.strictEqual(mergeClaim(known, claimOf({ version: 2 })), known)
  })

  /** Claims of one honest author: equal versions mean equal content. */
  const claim: fc.Arbitrary<PeerClaim> = fc
    .record({
      incarnation: fc.integer({ min: 1, max: 2 }),
      version: fc.nat(6),
      hasFacts: fc.boolean(),
    })
    .map(({ incarnation, version, hasFacts }) => {
      const factsVersion = Math.floor(version / 2)
      const facts = hasFacts ? factsOf(`${incarnation}.${factsVersion}`) : undefined
      const isLeaving = version === 6
      return claimOf({
        incarnation,
        version,
        facts,
        factsVersion,
        load: loadOf(version),
        isLeaving,
      })
    })

  const knownFrom = (claims: readonly PeerClaim[]) =>
    claims.reduce<KnownClaim | undefined>(mergeClaim, undefined)

  test('gives the same in any order and however often each claim is heard', () => {
    const heardTwice = fc
      .array(claim, { minLength: 1, maxLength: 8 })
      .chain(claims =>
        fc.tuple(
          fc.constant(claims),
          fc.shuffledSubarray([...claims, ...claims], { minLength: claims.length * 2 }),
        ),
      )
    fc.assert(
      fc.property(heardTwice, ([claims, shuffled]) => {
        assert.deepEqual(knownFrom(shuffled), knownFrom(claims))
      }),
    )
  })
})
