/**
 * The summary for a terminal: everything is told within the width there is.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { columnsOf } from '../../../sim/report/plain-text.ts'
import { terminalSummary } from '../../../sim/report/terminal-summary.ts'
import { comparisonOf } from './comparison-fixture.ts'
import { comparisons, NASTY_TEXTS, nastyComparison } from './extremes.ts'

const TYPICAL = comparisonOf({
  runs: 3,
  scenario: { strategies: ['mesh', 'least-queue', 'round-robin', 'random'] },
})

const HEADS = ['TTFT', 'e2e', 'slowdown', 'TPOT', 'good', 'done', 'busy', 'herd', '1k tok']

describe('the summary of a comparison', () => {
  test('is one table at 100 columns', () => {
    const lines = terminalSummary(TYPICAL, { width: 100, isColor: false }).split('\n')

    assert.equal(lines.filter(line => line.startsWith('# contestant')).length, 1)
    for (const head of HEADS) assert.include(lines.join('\n'), head)
  })

  test('is two tables at 80 columns, with nothing left out', () => {
    const lines = terminalSummary(TYPICAL, { width: 80, isColor: false }).split('\n')

    assert.equal(lines.filter(line => line.startsWith('# contestant')).length, 2)
    for (const head of HEADS) assert.include(lines.join('\n'), head)
  })

  test('tells broken checks first, then places, then who has none and why', () => {
    const text = terminalSummary(comparisonOf(), { width: 100, isColor: false })
    const places = ['BROKEN', '1 mesh', '– slow', 'slow is not ranked, because', 'Against mesh']

    const found = places.map(part => text.indexOf(part))
    assert.isTrue(found.every(place => place > 0))
    assert.deepEqual(
      found.toSorted((a, b) => a - b),
      found,
    )
  })

  test('says verdicts, and from which distribution news was late', () => {
    const text = terminalSummary(comparisonOf(), { width: 100, isColor: false })

    assert.match(text, /TTFT p99 +\+58 % +worse/)
    assert.include(text, 'uniform from 1 ms to 200 ms')
  })

  test('one run has no intervals', () => {
    const text = terminalSummary(comparisonOf({ runs: 1 }), { width: 100, isColor: false })

    assert.notInclude(text, '±')
    assert.include(text, 'no significant difference')
    assert.include(text, 'no confidence intervals')
  })

  test('has colours only if they are wanted', () => {
    const look = (isColor: boolean) => terminalSummary(comparisonOf(), { width: 100, isColor })

    assert.notInclude(look(false), '\u001b')
    assert.include(look(true), '\u001b[31mBROKEN')
    assert.equal(look(true).replaceAll(/\p{Cc}\[\d+m/gu, ''), look(false))
  })

  test.each(NASTY_TEXTS)('%j reaches no terminal as anything but text', text => {
    const summary = terminalSummary(nastyComparison(text), { width: 80, isColor: false })

    assert.notMatch(summary, /[^\P{Cc}\n]|\u202e/u)
  })

  test('no line is wider than the terminal, whatever is compared', () => {
    fc.assert(
      fc.property(comparisons, fc.integer({ min: 40, max: 160 }), (comparison, width) => {
        const text = terminalSummary(comparison, { width, isColor: false })

        for (const line of text.split('\n')) assert.isAtMost(columnsOf(line), width, line)
        assert.notMatch(text, /NaN|Infinity|undefined|\[object/)
      }),
      { numRuns: 40, seed: 7 },
    )
  })
})
