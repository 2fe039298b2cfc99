/**
 * What a benchmark prints.
 */
import { assert, describe, test } from 'vitest'
import { formatNumber, formatTable, resultLine } from '../../bench/benchmark.ts'
import { type Measurement, type Round, summarize } from '../../bench/request-path-summary.ts'

const NOTHING: Measurement = {
  requestsPerSecond: 0,
  tokensPerSecond: 0,
  responseP50Ms: undefined,
  responseP99Ms: undefined,
  ttftP50Ms: undefined,
  ttftP99Ms: undefined,
  tokenGapP50Ms: undefined,
  tokenGapP99Ms: undefined,
  gatewayCpuUs: undefined,
  ingressRssBytes: undefined,
}

const json32 = (requestsPerSecond: number): Measurement => ({ ...NOTHING, requestsPerSecond })
const sse32 = (ttftP50Ms: number): Measurement => ({ ...NOTHING, ttftP50Ms, ttftP99Ms: ttftP50Ms })

/** The machine is `speed` times as fast in this round. */
const roundAt = (speed: number): Round => ({
  direct: { json32: json32(100 * speed), sse32: sse32(1 / speed) },
  mesh: { json32: json32(20 * speed), sse32: sse32(2 / speed) },
  fastify: { json32: json32(40 * speed), sse32: sse32(3 / speed) },
})

describe('the last line', () => {
  test('it is one JSON object, with null for what is missing', () => {
    const line = resultLine('memory', {
      table: '',
      figures: { rss: { before: 123_456_789, after: undefined } },
      ratios: { afterToBefore: undefined, peakToLimit: 0.333333 },
      errors: [],
    })

    assert.equal(
      line,
      '{"bench":"memory","figures":{"rss":{"before":123500000,"after":null}},"ratios":{"afterToBefore":null,"peakToLimit":0.3333}}',
    )
  })
})

describe('the table', () => {
  test('its columns line up', () => {
    const table = formatTable([
      ['path', 'ms'],
      ['x', formatNumber(12.345, 1)],
      ['y', formatNumber(undefined)],
    ])

    assert.equal(table, 'path    ms\nx     12.3\ny        -')
  })
})

describe('the request path', () => {
  test('its ratios do not depend on the speed of the machine in a round', () => {
    const { ratios } = summarize([], [roundAt(1), roundAt(3), roundAt(0.5)], [])

    assert.equal(ratios['meshToDirectRequestsPerSecondAt32'], 0.2)
    assert.equal(ratios['meshToFastifyRequestsPerSecondAt32'], 0.5)
    assert.approximately(ratios['meshToFastifyAddedTtftP50At32'] ?? Number.NaN, 0.5, 1e-9)
  })

  test('its figures are medians over the rounds', () => {
    const { figures } = summarize(['mesh'], [roundAt(1), roundAt(3), roundAt(0.5)], [])

    const mesh = figures['mesh'] as Record<string, Record<string, number>>
    assert.equal(mesh['json32']?.['requestsPerSecond'], 20)
    assert.equal(mesh['sse32']?.['addedTtftP50Ms'], 1)
  })

  test('a way that was not measured has no figures, and its ratios are missing', () => {
    const { ratios, figures } = summarize(['direct'], [{ direct: { json32: json32(5) } }], [])

    assert.isUndefined(ratios['meshToFastifyRequestsPerSecondAt32'])
    assert.isUndefined(ratios['meshToFastifyAddedTtftP99At32'])
    assert.deepEqual(Object.keys(figures), ['direct'])
  })
})
