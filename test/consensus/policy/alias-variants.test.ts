/**
 * Smaller variants of a model behind an alias: who is asked first, by how much room each has.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { resolveAlias } from '../../../src/consensus/policy/alias-route.ts'
import type { AliasSpec } from '../../../src/consensus/policy/kinds/aliases.ts'

const to = (model: string, rest: Partial<AliasSpec> = {}): AliasSpec => ({
  targets: [{ model, weight: 100 }],
  variants: [],
  fallbacks: [],
  ...rest,
})

const specs: Readonly<Record<string, AliasSpec>> = {
  chat: to('f16', { variants: ['q8', 'q4'], fallbacks: ['cloud'] }),
  plain: to('f16', { fallbacks: ['q8'] }),
  outer: to('plain', { fallbacks: ['chat'] }),
  nested: to('chat', { variants: ['tiny'] }),
  canary: to('q8', { variants: ['f16', 'q8', 'q4'] }),
}

/** How long each waits. Who is not named begins at once. */
type Ranks = Readonly<Record<string, number>>

function routeOf(name: string, ranks: Ranks = {}) {
  const aliasOf = (each: string) => (Object.hasOwn(specs, each) ? specs[each] : undefined)
  const found = resolveAlias(aliasOf, { name, draw: 0, rankOf: model => ranks[model] ?? 0 })
  return { ...found, order: [found.model, ...found.fallbacks].join(' ') }
}

describe('an alias with variants', () => {
  const cases: readonly (readonly [string, Ranks, string])[] = [
    ['leads to its target while that can begin', {}, 'f16 q8 q4 cloud'],
    ['leads to the next smaller one while that cannot', { f16: 1 }, 'q8 q4 cloud f16'],
    ['leads to the smallest if only that can', { f16: 1, q8: 1, cloud: 1 }, 'q4 f16 q8 cloud'],
    ['leads elsewhere if no variant can', { f16: 1, q8: 1, q4: 1 }, 'cloud f16 q8 q4'],
    ['waits for the best if nobody can', { f16: 1, q8: 1, q4: 1, cloud: 1 }, 'f16 q8 q4 cloud'],
    ['waits for none that does not fit', { f16: 2, q8: 1, q4: 1, cloud: 2 }, 'q8 q4 f16 cloud'],
  ]
  for (const [does, ranks, order] of cases) {
    test(does, () => assert.equal(routeOf('chat', ranks).order, order))
  }

  test('says for which larger model each variant serves', () => {
    const { insteadOf } = routeOf('chat', { f16: 1 })
    assert.deepEqual(Object.fromEntries(insteadOf), { q8: 'f16', q4: 'f16' })
  })

  test('asks nothing larger than its target, even if that is one of the variants', () => {
    assert.equal(routeOf('canary').order, 'q8 q4')
    assert.equal(routeOf('canary', { q8: 1 }).order, 'q4 q8')
  })

  test('may lead to another such alias, whose order holds among its own', () => {
    const { order, insteadOf } = routeOf('nested', { f16: 1, cloud: 1 })
    assert.equal(order, 'q8 q4 tiny f16 cloud')
    assert.deepEqual(Object.fromEntries(insteadOf), { q8: 'f16', q4: 'f16', tiny: 'chat' })
  })

  test('changes nothing for aliases without variants, and asks nothing on their behalf', () => {
    assert.equal(routeOf('plain', { f16: 1 }).order, 'f16 q8')
    assert.equal(routeOf('outer', { f16: 1, q8: 1 }).order, 'f16 q8 q4 cloud')
    assert.isUndefined(routeOf('outer', { f16: 1 }).insteadOf.get('q8'), 'it comes as a fallback')
    resolveAlias(name => specs[name], {
      name: 'plain',
      draw: 0,
      rankOf: () => assert.fail('nobody asks'),
    })
  })
})

test('a ladder never gives a larger model than asked, nor a smaller one than it must', () => {
  const rungs = ['q8', 'q4', 'q3', 'q2']
  const arbitrary = fc.record({
    target: fc.constantFrom('f16', ...rungs),
    ranks: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 }),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  fc.assert(
    fc.property(arbitrary, ({ target, ranks, draw }) => {
      const ladder = ['f16', ...rungs]
      const waitOf = (name: string) => ranks[ladder.indexOf(name)] ?? 0
      const aliases = new Map([['chat', to(target, { variants: rungs })]])
      const wish = { name: 'chat', draw, rankOf: waitOf }
      const { model, fallbacks, insteadOf } = resolveAlias(name => aliases.get(name), wish)
      const allowed = ladder.slice(ladder.indexOf(target))
      assert.sameMembers([model, ...fallbacks], allowed)
      const least = Math.min(...allowed.map(waitOf))
      assert.equal(
        model,
        allowed.find(each => waitOf(each) === least),
      )
      assert.equal(insteadOf.get(model), model === target ? undefined : target)
    }),
  )
})
