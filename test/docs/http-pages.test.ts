/**
 * The pages about HTTP, errors and metrics are what the code does.
 */
import { readFileSync } from 'node:fs'
import { assert, describe, test } from 'vitest'
import { type ErrorCode, errorKinds, MeshError } from '../../src/core/errors.ts'
import { errorAnswer } from '../../src/ingress/error-answer.ts'
import { ingressRoutes } from '../../src/ingress/ingress.ts'
import { ingressOptions } from '../../src/ingress/options.ts'
import { systemClock } from '../../src/node/clock.ts'
import { createLogger } from '../../src/node/log.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { fakeGateway } from '../ingress/fake-gateway.ts'

const read = (page: string) => readFileSync(`docs/reference/${page}.md`, 'utf8')

/** The cells of every table row whose first cell is code that matches. */
function rows(page: string, first: RegExp): string[][] {
  return read(page)
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').slice(1, -1))
    .map(cells => cells.map(cell => cell.replaceAll('`', '').trim()))
    .filter(([cell]) => first.test(cell ?? ''))
}

const AGAIN = { never: 'no', later: 'later', elsewhere: 'at another peer' }

describe('errors.md', () => {
  const documented = new Map(rows('errors', /^ERR_/).map(row => [row[0], row]))

  for (const code of Object.keys(errorKinds) as ErrorCode[]) {
    test(`says of ${code} what a client sees and what to do`, () => {
      const { status, body } = errorAnswer(new MeshError('x', { code }), 'id')
      const { type, code: openAiCode } = body.error
      const [, ...cells] = documented.get(code) ?? []
      assert.deepEqual(cells.slice(0, 4), [
        String(status),
        type,
        openAiCode,
        AGAIN[errorKinds[code].retry],
      ])
      assert.isAbove((cells[4] ?? '').split('. ').length, 1, 'meaning, then what to do')
    })
  }

  test('has no code that does not exist', () => {
    assert.equal(documented.size, Object.keys(errorKinds).length)
  })
})

test('http.md lists every route, and no other', () => {
  const routes = ingressRoutes(ingressOptions.parse({}), {
    gateway: fakeGateway(),
    metrics: createMetrics(),
    logger: createLogger('silent', { write: () => {}, wallMs: () => 0 }),
    clock: systemClock,
    newId: () => 'id',
    apiKeys: [],
    stopping: new AbortController().signal,
  }).map(({ method, path }) => `${method} ${path}`)
  const documented = rows('http', /^(GET|POST|PUT|PATCH|DELETE) /).map(([route]) => route)
  assert.deepEqual(documented.toSorted(), routes.toSorted())
})

test('metrics.md has every metric with its type and labels, and no other', async () => {
  const { registry } = createMetrics()
  const metrics = await registry.getMetricsAsJSON()
  const declared = metrics.map(({ name, type }) => {
    const { labelNames } = registry.getSingleMetric(name) as unknown as { labelNames: string[] }
    return [name, String(type), labelNames.join(', ')]
  })
  const documented = rows('metrics', /^skein_/).map(row => row.slice(0, 3))
  assert.deepEqual(documented.toSorted(), declared.toSorted())
})
