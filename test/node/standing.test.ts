/**
 * Where a request stands, as it travels: nothing is lost, and nothing that is no standing is one.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  defaultStanding,
  type Standing,
  standingFromText,
  standingToText,
} from '../../src/node/standing.ts'
import { PRIORITIES } from '../../src/scheduler/admission/priority.ts'

describe('a standing as text', () => {
  test('comes back as it was', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000 })
    const standing: fc.Arbitrary<Standing> = fc.record({
      priority: fc.constantFrom(...PRIORITIES),
      weight: fc.integer({ min: 1, max: 10_000 }).map(each => each / 100),
      tenant: fc.string({ maxLength: 64, unit: 'grapheme-ascii' }),
      inputTokens: amount,
      outputTokens: amount,
      beginWithinMs: fc.option(amount, { nil: undefined }),
    })
    fc.assert(
      fc.property(standing, each => {
        assert.deepEqual(standingFromText(standingToText(each)), each)
      }),
    )
  })

  test('is whole and within bounds, whatever was counted', () => {
    const counts = { inputTokens: 1.5, outputTokens: -3, beginWithinMs: 1e12 }
    const text = standingToText({ priority: 'low', tenant: 'a b', weight: 0.5, ...counts })
    assert.equal(text, 'low 2 0 1000000000 0.5 a%20b')
  })

  const wrong = [
    '',
    'normal',
    'urgent 1 1 - 1 a',
    'low -1 1 - 1 a',
    'low 1 1 x 1 a',
    'low 1 1 - x a',
    'low 1 1 - 1 %',
  ]
  for (const text of wrong) {
    test(`is none if it reads ${JSON.stringify(text)}`, () => {
      assert.isUndefined(standingFromText(text))
    })
  }

  test('of a request that came without is that of any other, as long as its body', () => {
    assert.deepEqual(defaultStanding(new Uint8Array(401)), {
      ...{ priority: 'normal', tenant: '', weight: 1, inputTokens: 101, outputTokens: 128 },
    })
  })
})
