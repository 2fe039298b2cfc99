/**
 * The dashboard and the alerts ask for metrics and labels that there are. Whether they get data is
 * shown against a Prometheus, where one is installed: `test/e2e/observability.test.ts`.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { assert, describe, test } from 'vitest'
import { dashboardText } from '../../scripts/dashboard.ts'
import { collectProcessMetrics, createMetrics } from '../../src/node/metrics.ts'
import { ALERTS_FILE, askedOfPrometheus, DASHBOARD_FILE } from './asked.ts'

const metrics = createMetrics()
collectProcessMetrics(metrics)

const METRIC = /\b(?:skein|process|nodejs)_[a-z0-9_]+/g
const SUFFIX = /_(?:bucket|sum|count)$/

/** Of Prometheus itself. */
const EVERYWHERE = ['instance', 'job', 'le']

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

test('the dashboard is what its table of panels makes (`npm run docs`)', () => {
  assert.equal(readFileSync(DASHBOARD_FILE, 'utf8'), dashboardText())
})

describe('there is all that is asked for by', () => {
  for (const { what, expr } of askedOfPrometheus()) {
    test(`${what}: ${expr.slice(0, 80)}`, () => {
      const named = expr.match(METRIC) ?? []
      assert.isNotEmpty(named)
      const labels = new Set<string>(EVERYWHERE)
      for (const name of named) {
        const metric =
          metrics.registry.getSingleMetric(name) ??
          metrics.registry.getSingleMetric(name.replace(SUFFIX, ''))
        assert.isDefined(metric, name)
        const { labelNames } = metric as unknown as { readonly labelNames: readonly string[] }
        for (const label of labelNames) labels.add(label)
      }
      const matched = [...expr.matchAll(/([a-z_]+)=~?"/g)].map(([, label = '']) => label)
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
        list.split(',').map(label => label.trim()),
      )
      for (const label of [...matched, ...grouped]) assert.include([...labels], label)
    })
  }
})

test.skipIf(!hasPromtool)('promtool takes the alerts (it is installed)', () => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', ALERTS_FILE])
  assert.equal(status, 0, `${stdout}${stderr}`)
})
