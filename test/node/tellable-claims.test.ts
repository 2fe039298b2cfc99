/**
 * What a peer says of itself is what the others take: a model that cannot be told is left out, and
 * the log says so, once.
 */
import { assert, describe, test } from 'vitest'
import type { PeerClaim } from '../../src/membership/peer-claim.ts'
import { TellableClaims } from '../../src/node/tellable-claims.ts'
import { decodeClaim, encodeClaim } from '../../src/protocols/peer-state-codec.ts'
import { claimOf } from './claims.ts'
import { modelFacts } from './fake-runtime.ts'

const IDLE = {
  queuedCount: 0,
  runningCount: 0,
  prefillTokensLeft: 0,
  decodeTokensLeft: 0,
  prefillTokensPerSecond: 0,
  decodeTokensPerSecond: 0,
}

const LONG = 'x'.repeat(513)

function tellable() {
  const logged: [message: string, facts: unknown][] = []
  const claims = new TellableClaims({ error: (message, facts) => logged.push([message, facts]) })
  return { claims, logged }
}

function claimWith(change: Partial<NonNullable<PeerClaim['facts']>>, loads: readonly string[]) {
  const { facts } = claimOf('author')
  assert.isDefined(facts)
  return claimOf('author', {
    facts: { ...facts, ...change },
    load: { models: loads.map(model => ({ ...IDLE, model })), gpus: [], isDraining: false },
  })
}

describe('a claim of ours', () => {
  test('goes out as it is if the others can read it', () => {
    const { claims, logged } = tellable()
    const claim = claimWith({ models: [modelFacts('a')] }, ['a'])
    assert.strictEqual(claims.of(claim), claim)
    assert.deepEqual(logged, [])
  })

  test('goes out without a model that they would refuse it for, and that is logged once', () => {
    const { claims, logged } = tellable()
    const models = [modelFacts('a'), modelFacts(LONG), modelFacts('b', { digest: LONG })]
    const claim = claimWith({ models }, ['a', LONG])
    for (const told of [claims.of(claim), claims.of({ ...claim, version: 2 })]) {
      const taken = decodeClaim(encodeClaim(told))
      assert.deepEqual(
        taken.facts?.models.map(({ id }) => id),
        ['a'],
      )
      assert.deepEqual(
        taken.load.models.map(({ model }) => model),
        ['a'],
      )
    }
    assert.deepEqual(
      logged.map(([message]) => message),
      [
        'the facts of a model cannot be told: it is left out',
        'the facts of a model cannot be told: it is left out',
        'the load of a model cannot be told: it is left out',
      ],
    )
    assert.isBelow(JSON.stringify(logged).length, 1_000)
  })

  test('that no model is at fault for is logged too', () => {
    const { claims, logged } = tellable()
    claims.of(claimWith({ name: LONG }, []))
    assert.deepEqual(
      logged.map(([message]) => message),
      ['the other peers will not take the facts of this one'],
    )
  })
})
