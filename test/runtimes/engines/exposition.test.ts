/**
 * The text that Prometheus servers scrape, read back (prometheus/docs,
 * docs/instrumenting/exposition_formats.md, version 0.0.4).
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import {
  byLabel,
  EXPOSITION_LENGTH_MAX,
  EXPOSITION_SAMPLES_MAX,
  histogramOf,
  meanOf,
  parseExposition,
  type Sample,
  sumOf,
} from '../../../src/runtimes/engines/exposition.ts'

const metric = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/)
const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,20}$/)
const sample = fc.record({
  name: metric,
  labels: fc.dictionary(label, fc.string({ unit: 'binary' }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
})

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

function written({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

describe('an exposition', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(sample), samples => {
        assert.deepEqual([...parseExposition(samples.map(written).join('\n'))], samples)
      }),
    )
  })

  test('never makes the reader throw, whatever its lines', () => {
    const anything = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'a{="\\,} 1#\t') }))
    fc.assert(
      fc.property(fc.array(anything), texts => {
        for (const { value } of parseExposition(texts.join('\n'))) assert.ok(Number.isFinite(value))
      }),
    )
  })

  const lines: readonly (readonly [string, string, Sample | undefined])[] = [
    ['a number alone', 'up 1', { name: 'up', labels: {}, value: 1 }],
    ['a timestamp behind', 'up 1 1395066363000', { name: 'up', labels: {}, value: 1 }],
    [
      'an exemplar behind',
      'up{a="b"} 2 # {id="x"} 9',
      { name: 'up', labels: { a: 'b' }, value: 2 },
    ],
    [
      'blanks everywhere',
      ' up { a = "b" , } 1e3 \r',
      { name: 'up', labels: { a: 'b' }, value: 1_000 },
    ],
    ['escapes', 'up{a="C:\\\\d\\"e\\nf"} 1', { name: 'up', labels: { a: 'C:\\d"e\nf' }, value: 1 }],
    ['braces in a value', 'up{a="}"} 1', { name: 'up', labels: { a: '}' }, value: 1 }],
    ['a comment', '# TYPE up gauge', undefined],
    ['no value', 'up', undefined],
    ['no number', 'up one', undefined],
    ['not a number', 'up NaN', undefined],
    ['an infinity', 'up +Inf', undefined],
    ['labels that never end', 'up{a="b" 1', undefined],
    ['a quote that never ends', 'up{a="b} 1', undefined],
    ['a name that is none', '1up 1', undefined],
  ]
  for (const [what, text, expected] of lines) {
    test(`with ${what} gives ${expected === undefined ? 'nothing' : 'its sample'}`, () => {
      assert.deepEqual(
        parseExposition(`ok 1\n${text}\nok 2`).slice(1, -1),
        expected ? [expected] : [],
      )
    })
  }

  test('is refused as a whole beyond its bounds', () => {
    const refused = (text: string) => {
      try {
        parseExposition(text)
        return false
      } catch (error) {
        return hasCode(error, 'ERR_ENGINE')
      }
    }
    const full = 'a 1\n'.repeat(EXPOSITION_SAMPLES_MAX)
    assert.isFalse(refused(full))
    assert.isTrue(refused(`${full}a 1`))
    assert.isFalse(refused(' '.repeat(EXPOSITION_LENGTH_MAX)))
    assert.isTrue(refused(' '.repeat(EXPOSITION_LENGTH_MAX + 1)))
  })
})

describe('a metric', () => {
  const samples = parseExposition(`
    running{model="a",engine="0"} 2
    running{model="a",engine="1"} 3
    running{model="b",engine="0"} 7
    usage{model="a",engine="0"} 0.2
    usage{model="a",engine="1"} 0.4
    uptime 9
    took_seconds_bucket{model="a",le="1"} 4
    took_seconds_bucket{model="a",le="+Inf"} 6
    took_seconds_bucket{model="a",le="0.5"} 1
    took_seconds_bucket{model="b",le="0.5"} 1
    took_seconds_bucket{model="b",le="1"} 1
    took_seconds_bucket{model="b",le="+Inf"} 1
    broken_bucket{le="1"} 4
  `)

  test('is the sum of its series', () => {
    assert.equal(sumOf(samples, 'running'), 12)
    assert.equal(sumOf(samples, 'running', { model: 'a' }), 5)
    assert.equal(sumOf(samples, 'running', { model: 'c' }), undefined)
    assert.equal(sumOf(samples, 'runnin'), undefined)
  })

  test('that is a ratio is the mean of its series', () => {
    assert.closeTo(meanOf(samples, 'usage') ?? 0, 0.3, 1e-9)
    assert.equal(meanOf(samples, 'usages'), undefined)
  })

  test('that is a histogram has its buckets in order, in milliseconds, added up', () => {
    assert.deepEqual(histogramOf(samples, 'took_seconds'), [
      { untilMs: 500, count: 2 },
      { untilMs: 1_000, count: 5 },
      { untilMs: Number.POSITIVE_INFINITY, count: 7 },
    ])
    const labels = { model: 'b' }
    assert.equal(histogramOf(samples, 'took_seconds', { labels, unitMs: 1 })?.[0]?.untilMs, 0.5)
    assert.equal(histogramOf(samples, 'broken'), undefined, 'it has no last bucket')
    assert.equal(histogramOf(samples, 'took'), undefined)
  })

  test('is grouped by the model it is of', () => {
    const models = byLabel(samples, 'model')
    assert.deepEqual([...models.keys()].toSorted(), ['', 'a', 'b'])
    assert.deepEqual(models.get('')?.[0], { name: 'uptime', labels: {}, value: 9 })
  })
})
