/**
 * Scales and lines of drawings: every value has its place, and ticks are round and few.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { heatMapPlot } from '../../../sim/report/plot/heat-map.ts'
import { pathOf } from '../../../sim/report/plot/line-chart.ts'
import { linearScale, logScale } from '../../../sim/report/plot/scale.ts'
import { pooledCurve } from '../../../sim/report/pooled.ts'
import { readMarkup } from './markup-reader.ts'

const LOOK = { labelSize: 46 }

const values = fc.array(
  fc.oneof(
    fc.double({ min: -1e300, max: 1e300, noNaN: true }),
    fc.constantFrom(0, 5e-324, 1e-300, 0.1, 0.3, 1, 1e308),
  ),
  { maxLength: 6 },
)

describe('ticks', () => {
  test.each([
    ['from 0', [0, 7], [0, 2, 4, 6, 8]],
    ['of fractions', [0.1, 0.3], [0.1, 0.15, 0.2, 0.25, 0.3]],
    ['around 0', [-1, 1], [-1, -0.5, 0, 0.5, 1]],
    ['of one value', [10], [9, 9.5, 10, 10.5, 11]],
    ['of nothing', [], [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('linear, %s', (_, found, ticks) => {
    assert.deepEqual(linearScale(found, [0, 400], LOOK).ticks, ticks)
  })

  test.each([
    ['decades', [1, 1e6], [1, 10, 100, 1_000, 1e4, 1e5, 1e6]],
    ['thirds of two decades', [1, 100], [1, 2, 5, 10, 20, 50, 100]],
    ['even steps within one decade', [200, 600], [200, 300, 400, 500, 600]],
    ['only of what is above 0', [0, -5, 1, 10], [1, 2, 5, 10]],
    ['nothing', [], [1, 2, 5, 10]],
  ])('logarithmic, %s', (_, found, ticks) => {
    assert.deepEqual(logScale(found, [0, 400], LOOK).ticks, ticks)
  })
})

describe('a scale', () => {
  test.each([
    ['linear', linearScale],
    ['logarithmic', logScale],
  ])('%s, keeps the order of values, within its ends, with few ticks that rise', (_, scaleOf) => {
    fc.assert(
      fc.property(values, fc.boolean(), (found, isTight) => {
        const scale = scaleOf(found, [10, 410], { ...LOOK, isTight })
        const shown = found.filter(scale.has).toSorted((a, b) => a - b)
        const places = shown.map(scale.at)

        assert.isTrue(places.every(place => place >= 10 && place <= 410))
        assert.isTrue(places.every((place, index) => place >= (places[index - 1] ?? 10)))
        assert.isAtMost(scale.ticks.length, 24)
        assert.isTrue(
          scale.ticks.every(
            (tick, index) => tick > (scale.ticks[index - 1] ?? tick - 1) || index === 0,
          ),
        )
        assert.isTrue(scale.ticks.every(Number.isFinite))
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})

describe('a line', () => {
  const x = linearScale([0, 100], [0, 100], LOOK)
  const y = logScale([1, 10], [100, 0], LOOK)

  test('has a gap where a point has no place', () => {
    const points = [1, 10, 0, 10].map((value, index) => ({ x: index * 10, y: value }))

    assert.equal(pathOf(points, x, y), 'M0 100L10 0M30 0')
  })

  test('of many points is as short as the screen is wide, and keeps its peaks', () => {
    const points = Array.from({ length: 50_000 }, (_, index) => ({
      x: index / 500,
      y: index === 25_003 ? 10 : 1.5,
    }))
    const path = pathOf(points, x, y)

    assert.isBelow(path.split('L').length, 450)
    assert.match(path, /L50 0L/)
  })
})

describe('a heat map', () => {
  const plotOf = (rows: number, columns: number) =>
    heatMapPlot({
      id: 'h',
      title: 't',
      description: 'd',
      showTime: String,
      map: {
        bucketMs: 1_000,
        rows: Array.from({ length: rows }, (_, row) => ({
          label: `row ${row}`,
          ratios: Array.from({ length: columns }, (__, column) => (column < columns / 2 ? 1 : 0)),
        })),
      },
    }).text

  test('draws neighbours of one colour as one rectangle', () => {
    const paths = readMarkup(plotOf(2, 100)).filter(({ name }) => name === 'path')

    assert.deepEqual(
      paths.map(({ attributes }) => [attributes['class'], attributes['d']?.split('Z').length]),
      [
        ['h0', 3],
        ['h10', 3],
      ],
    )
  })

  test('stays small however many nodes there are', () => {
    assert.isBelow(plotOf(5_000, 1_000).length, 40_000)
  })
})

describe('curves of several runs', () => {
  test('are one curve that rises to all, between those of the runs', () => {
    const run = (values_: readonly number[]) => ({ values: values_, ratios: [0.5, 1] })

    assert.deepEqual(pooledCurve([run([10, 20]), run([20, 40])]), [
      { x: 10, y: 0.25 },
      { x: 20, y: 0.75 },
      { x: 40, y: 1 },
    ])
  })
})
