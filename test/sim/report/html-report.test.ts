/**
 * The page of a comparison: what it says, that it can be read by machines, and that nothing from a
 * scenario becomes part of it.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { parse } from 'yaml'
import { htmlReport } from '../../../sim/report/html-report.ts'
import { jsonReport } from '../../../sim/report/json-report.ts'
import { embeddedComparison, parseComparison } from '../../../sim/report/read-report.ts'
import { scenario } from '../../../sim/scenario/scenario.ts'
import { MeshError } from '../../../src/core/errors.ts'
import { comparisonOf } from './comparison-fixture.ts'
import { comparisons, NASTY_TEXTS, nastyComparison } from './extremes.ts'
import { type Element, readMarkup } from './markup-reader.ts'

const page = htmlReport(comparisonOf())
const elements = readMarkup(page)

function textOf(found: readonly Element[], id: string): string {
  return found.find(({ attributes }) => attributes['id'] === id)?.text ?? ''
}

function codes(task: () => unknown): string {
  try {
    task()
  } catch (error) {
    if (error instanceof MeshError) return error.code
    throw error
  }
  return 'none'
}

describe('the page of a comparison', () => {
  test('has every section, and each link in it leads somewhere', () => {
    const ids = new Set(elements.map(({ attributes }) => attributes['id']))
    const links = elements.flatMap(({ attributes }) => attributes['href'] ?? [])

    assert.isAtLeast(links.length, 10)
    for (const link of links) assert.isTrue(ids.has(link.slice(1)), link)
  })

  test('ids are unique', () => {
    const ids = elements.flatMap(({ attributes }) => attributes['id'] ?? [])

    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) < index),
      [],
    )
  })

  test('every drawing has a title and a description, which it is labelled by', () => {
    const drawings = elements.filter(({ attributes }) => attributes['role'] === 'img')

    assert.isAtLeast(drawings.length, 20)
    for (const { attributes } of drawings) {
      for (const id of attributes['aria-labelledby']?.split(' ') ?? ['']) {
        assert.notEqual(textOf(elements, id), '', id)
      }
    }
  })

  test('every table has a caption, and heads that say what they are of', () => {
    const tables = elements.filter(({ name }) => name === 'table')
    const heads = elements.filter(({ name }) => name === 'th')

    assert.equal(elements.filter(({ name }) => name === 'caption').length, tables.length)
    assert.isTrue(heads.every(({ attributes }) => /^(?:col|row)$/.test(attributes['scope'] ?? '')))
  })

  test('asks nobody for anything and runs nothing', () => {
    const scripts = elements.filter(({ name }) => name === 'script')
    const outside = elements.filter(
      ({ attributes }) =>
        attributes['src'] !== undefined || /^(?!#)/.test(attributes['href'] ?? '#'),
    )

    assert.deepEqual(
      scripts.map(({ attributes }) => attributes['type']),
      ['application/json'],
    )
    assert.deepEqual(outside, [])
    assert.notMatch(page, /url\(|@import|javascript:/)
  })

  test('tells broken checks before anything else', () => {
    const alert = elements.find(({ attributes }) => attributes['role'] === 'alert')

    assert.include(alert?.text ?? '', 'slow, seeds 11 to 15: busy time is the sum of service')
    assert.isBelow(page.indexOf('role="alert"'), page.indexOf('id="ranking"'))
  })

  test('has no alert if every check holds', () => {
    const honest = comparisonOf({ runs: 2, scenario: { strategies: ['mesh', 'prequal'] } })

    assert.notInclude(htmlReport(honest), 'role="alert"')
    assert.include(textOf(readMarkup(htmlReport(honest)), 'checks'), 'Every check holds')
  })

  test('ranks by place and says why others are not ranked', () => {
    const ranking = textOf(elements, 'ranking')

    assert.include(ranking, 'mesh is first of 2')
    assert.include(ranking, 'lossy is not ranked, because expected 99.90 % of the admitted')
    assert.include(ranking, 'slow is not ranked, because the check')
  })

  test('says that a difference is none', () => {
    assert.include(textOf(elements, 'differences'), 'no significant difference')
  })

  test('one run has no intervals, and the page says so', () => {
    const single = htmlReport(comparisonOf({ runs: 1 }))

    assert.include(single, 'there are no confidence intervals')
    assert.notInclude(textOf(readMarkup(single), 'metrics'), '±')
  })

  test('the front of cost and time holds only what is ranked', () => {
    const captions = elements.filter(({ name }) => name === 'figcaption').map(({ text }) => text)

    assert.include(
      captions,
      'Cost of all GPU time against p99 time to first token. On the front: mesh, least-queue, fresh',
    )
  })

  test('says from which distribution news was late, and for whom it was otherwise', () => {
    const method = textOf(elements, 'method')

    assert.include(method, 'drawn from a distribution: uniform from 1 ms to 200 ms')
    assert.include(method, 'For slow: uniform from 1 ms to 2 s')
    assert.include(method, 'least-queue, fresh knew the load of every node')
  })

  test('the full level says that gossip was run', () => {
    const full = htmlReport(comparisonOf({ runs: 1, scenario: { level: 'full' } }))

    assert.include(full, 'ran the membership and gossip of production')
    assert.notInclude(full, 'drawn from a distribution')
  })

  test('the scenario in it runs again to the same scenario', () => {
    const yaml = elements.find(({ path }) => path.endsWith('details/pre/code'))?.text ?? ''

    assert.deepEqual(scenario.parse(parse(yaml)), comparisonOf().scenario)
    assert.include(textOf(elements, 'method'), 'skein sim run scenario.yaml --seed 11')
  })
})

describe('a comparison in a page', () => {
  test('is read back as it was, as from JSON', () => {
    const comparison = comparisonOf({ runs: 2 })

    assert.deepEqual(embeddedComparison(htmlReport(comparison)), comparison)
    assert.deepEqual(parseComparison(jsonReport(comparison)), comparison)
  })

  test.each([
    ['no page', '<html></html>'],
    ['cut off', page.slice(0, page.lastIndexOf('</script>'))],
    ['no JSON', page.replace('{"version"', '{version')],
    ['no comparison', page.replace('"version":"0.1.0"', '"version":7')],
    [
      'an unknown key in the scenario',
      page.replace('"runs":3', '"turns":3').replace('"level"', '"lvl"'),
    ],
  ])('is refused if there is %s', (_, text) => {
    assert.equal(
      codes(() => embeddedComparison(text)),
      'ERR_CONFIG',
    )
  })
})

describe('whatever is compared', () => {
  test.each(NASTY_TEXTS)('%j stays text', text => {
    const comparison = nastyComparison(text)
    const found = htmlReport(comparison)
    const read = readMarkup(found)

    assert.deepEqual(
      read.filter(({ name }) => name === 'script').map(({ attributes }) => attributes['id']),
      ['skein-comparison'],
    )
    assert.isFalse(read.some(({ name }) => name === 'img'))
    assert.isFalse(
      read.some(({ attributes }) => Object.keys(attributes).some(key => /^on/.test(key))),
    )
    assert.equal(found.match(/<\/script/gi)?.length, 1)
    assert.deepEqual(embeddedComparison(found), comparison)
  })

  test('the page is well-formed and holds no number that is none', () => {
    fc.assert(
      fc.property(comparisons, comparison => {
        const found = htmlReport(comparison)

        readMarkup(found)
        assert.notMatch(found, /NaN|Infinity|undefined|\[object/)
      }),
      { numRuns: 25, seed: 7 },
    )
  })

  test('equal comparisons give equal pages', () => {
    assert.equal(htmlReport(comparisonOf()), page)
  })
})
