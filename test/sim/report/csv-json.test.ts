/**
 * Tables and JSON of a comparison: RFC 4180, and one text for one comparison.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { csvText } from '../../../sim/report/csv.ts'
import { csvReports } from '../../../sim/report/csv-reports.ts'
import { jsonReport } from '../../../sim/report/json-report.ts'
import { comparisonOf } from './comparison-fixture.ts'
import { readCsv } from './csv-reader.ts'
import { comparisons } from './extremes.ts'

describe('comma-separated values', () => {
  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['=a,b', '"\'=a,b"'],
    ['\tx', "'\tx"],
  ])('the text %j is written as %j', (text, written) => {
    assert.equal(csvText([[text]]), `${written}\r\n`)
  })

  test.each([
    [-1.5, '-1.5'],
    [1e-9, '1e-9'],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, ''],
  ])('the number %d is written as %j', (value, written) => {
    assert.equal(csvText([[value]]), `${written}\r\n`)
  })

  test('is read back as it was, but for what could be a formula', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', ',', '\r\n', ' ', '=', "'"))
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 4 })
    fc.assert(
      fc.property(rows, cells => {
        const read = readCsv(csvText(cells))

        assert.deepEqual(
          read.map(row => row.map(text => text.replace(/^'(?=[=+\-@\t\r])/, ''))),
          cells.map(row => row.map(text => text.replace(/^'(?=[=+\-@\t\r])/, ''))),
        )
        assert.isFalse(read.flat().some(text => /^[=+\-@]/.test(text)))
      }),
      { seed: 7 },
    )
  })
})

describe('the tables of a comparison', () => {
  test('have one line for each run, estimate, difference and interval', () => {
    const comparison = comparisonOf({ runs: 3 })
    const reports = csvReports(comparison)
    const lines = (name: keyof typeof reports) => readCsv(reports[name]).length - 1

    assert.equal(lines('runs.csv'), 4 * 3)
    assert.equal(lines('estimates.csv'), 4 * 45)
    assert.equal(lines('differences.csv'), comparison.differences.length)
    assert.equal(lines('timeline.csv'), 4 * 3 * 124)
  })

  test('keep every digit', () => {
    const comparison = comparisonOf({ runs: 2 })
    const [head = [], first = []] = readCsv(csvReports(comparison)['runs.csv'])

    const p99 = Number(first[head.indexOf('ttftMs.p99')])
    assert.equal(p99, comparison.contestants[0]?.runs[0]?.summaries.ttftMs.p99)
  })

  test('all lines are as long as their heads, and no cell is a number that is none', () => {
    fc.assert(
      fc.property(comparisons, comparison => {
        for (const text of Object.values(csvReports(comparison))) {
          const [head, ...rows] = readCsv(text)
          assert.isTrue(rows.every(row => row.length === head?.length))
          assert.notMatch(text, /NaN|Infinity|undefined|\[object/)
        }
      }),
      { numRuns: 25, seed: 7 },
    )
  })
})

describe('the JSON of a comparison', () => {
  test('does not depend on the order in which fields were set', () => {
    const comparison = comparisonOf({ runs: 2 })
    const turned = Object.fromEntries(Object.entries(comparison).toReversed())

    assert.equal(jsonReport({ ...comparison, ...turned }), jsonReport(comparison))
    assert.isBelow(
      jsonReport(comparison).indexOf('"contestants"'),
      jsonReport(comparison).indexOf('"version"'),
    )
  })
})
