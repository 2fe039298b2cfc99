/**
 * Sweeps: one line for each contestant at each point, one drawing for each way through the grid.
 */
import { assert, describe, test } from 'vitest'
import { columnsOf } from '../../../sim/report/plain-text.ts'
import { cutsAlong, parametersOf, type SweepPoint } from '../../../sim/report/sweep-grid.ts'
import { sweepHtml } from '../../../sim/report/sweep-html.ts'
import { sweepCsv, sweepTable } from '../../../sim/report/sweep-table.ts'
import { comparisonOf } from './comparison-fixture.ts'
import { readCsv } from './csv-reader.ts'
import { NASTY_TEXTS, nastyComparison } from './extremes.ts'
import { readMarkup } from './markup-reader.ts'

const POINTS: readonly SweepPoint[] = [0.9, 0.5].flatMap(loadRatio =>
  ['fresh', 'stale'].map(gossip => ({
    labels: { loadRatio, gossip },
    comparison: comparisonOf({ runs: 2, scale: 1 / (1 - loadRatio) }),
  })),
)

describe('a sweep', () => {
  test('knows its parameters: numbers rise, texts keep their order', () => {
    assert.deepEqual(parametersOf(POINTS), [
      { name: 'loadRatio', values: [0.5, 0.9] },
      { name: 'gossip', values: ['fresh', 'stale'] },
    ])
  })

  test('is cut so that one parameter changes and the others stay', () => {
    const cuts = cutsAlong({ name: 'loadRatio', values: [0.5, 0.9] }, POINTS)

    assert.deepEqual(
      cuts.map(({ label, points }) => [label, points.map(({ labels }) => labels['loadRatio'])]),
      [
        ['gossip fresh', [0.5, 0.9]],
        ['gossip stale', [0.5, 0.9]],
      ],
    )
  })

  test('has one line for each contestant at each point, in the terminal and as values', () => {
    const lines = sweepTable(POINTS, { width: 120, isColor: false }).trim().split('\n')

    assert.equal(lines.length, 2 + 4 * 4)
    assert.match(lines[2] ?? '', /^0\.9 +fresh +1 mesh /)
    assert.equal(readCsv(sweepCsv(POINTS)).length, 1 + 4 * 4)
  })

  test('no line is wider than the terminal', () => {
    for (const width of [40, 60, 80, 100]) {
      const lines = sweepTable(POINTS, { width, isColor: false }).split('\n')
      assert.isTrue(lines.every(line => columnsOf(line) <= width))
    }
  })

  test('its page is well-formed, with a drawing for each number along each parameter and cut', () => {
    const elements = readMarkup(sweepHtml(POINTS))
    const drawings = elements.filter(({ attributes }) => attributes['role'] === 'img')
    const dots = elements.filter(({ attributes }) => attributes['class']?.startsWith('dot '))

    assert.equal(drawings.length, 2 * 2 * 2)
    assert.equal(dots.length, 8 * 2 * 4)
    assert.isTrue(dots.some(({ attributes }) => attributes['class'] === 'dot hollow'))
  })

  test('a contestant has one colour on the page, even where others are missing', () => {
    const [first, second] = POINTS
    const without = {
      labels: { loadRatio: 0.7, gossip: 'fresh' },
      comparison: comparisonOf({ runs: 2, scenario: { strategies: ['random', 'mesh'] } }),
    }
    const page = readMarkup(sweepHtml([...(first && second ? [first, second] : []), without]))
    const classes = page
      .filter(({ name, text }) => name === 'g' && /^mesh/.test(text))
      .map(({ attributes }) => attributes['class'])

    assert.deepEqual([...new Set(classes)], ['s s0'])
  })

  test.each(NASTY_TEXTS)('%j stays text', text => {
    const points = [1, 2].map(place => ({
      labels: { [text]: place, other: text },
      comparison: nastyComparison(text),
    }))
    const page = sweepHtml(points)

    assert.equal(readMarkup(page).filter(({ name }) => name === 'script').length, 1)
    assert.notMatch(page, /NaN|Infinity|undefined|\[object/)
  })

  test('of no points is a page that says so', () => {
    assert.include(sweepHtml([]), 'Empty sweep')
    readMarkup(sweepHtml([]))
  })
})
