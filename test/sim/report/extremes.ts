/**
 * Comparisons that no experiment should make, but a report must survive: any numbers in any place, and
 * names that try to be something else.
 */
import fc from 'fast-check'
import { forkRandom, pick } from '../../../sim/chance.ts'
import type { Comparison } from '../../../sim/experiment/comparison.ts'
import { comparisonOf, withNumbers } from './comparison-fixture.ts'

const NUMBERS = [0, 1e-300, 1e-9, 0.5, 0.999_999_9, 1, 999, 1e9, 1e15, 1e300]

export const NASTY_TEXTS = [
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '<img src=x onerror=alert(1)>',
  '" onload="alert(1)',
  '=HYPERLINK("http://evil")',
  '@sum',
  '-2+3',
  'a,"b"\r\nc',
  '\u001b[31mred\u001b[2J',
  '\u202eevil',
  '長い名前の候補者🚀',
  'NUL\u0000',
  ']]>&amp;&lt;',
]

/** Every number of the results is one of the extremes. */
export function scrambled(comparison: Comparison, seed: number): Comparison {
  const random = forkRandom(seed, 1)
  return withNumbers(comparison, () => pick(random, NUMBERS))
}

const SMALL = { durationMs: 12_000, warmUpMs: 2_000 }

export function nastyComparison(text: string): Comparison {
  return comparisonOf({
    runs: 2,
    scenario: {
      ...SMALL,
      name: text,
      description: text,
      strategies: [
        { name: text, strategy: 'mesh' },
        { name: `${text} 2`, strategy: 'random', isFresh: true },
      ],
    },
  })
}

const strange = fc.oneof(
  fc.constant('plain'),
  fc.constant('scaled'),
  fc.constant('empty'),
  fc.constant('nasty'),
  fc.constant('scrambled'),
)

export const comparisons: fc.Arbitrary<Comparison> = fc
  .record({ kind: strange, seed: fc.nat(1_000), runs: fc.integer({ min: 1, max: 3 }) })
  .map(({ kind, seed, runs }) => {
    if (kind === 'nasty') return nastyComparison(NASTY_TEXTS[seed % NASTY_TEXTS.length] ?? '')
    if (kind === 'empty') return comparisonOf({ runs, isEmpty: true, scenario: SMALL })
    const scale = kind === 'scaled' ? 10 ** ((seed % 24) - 12) : 1
    const found = comparisonOf({ runs, scale, scenario: { ...SMALL, seed } })
    return kind === 'scrambled' ? scrambled(found, seed) : found
  })
