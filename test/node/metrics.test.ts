/**
 * What a scrape looks like: names and types as Prometheus wants them, by our own rules and, where
 * it is installed (Debian's `prometheus`), by `promtool`.
 */
import { spawnSync } from 'node:child_process'
import { assert, describe, test } from 'vitest'
import { collectProcessMetrics, createMetrics } from '../../src/node/metrics.ts'

const metrics = createMetrics()
collectProcessMetrics(metrics)
const declared = await metrics.registry.getMetricsAsJSON()

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

/** Of which Prometheus wants the base unit. */
const OTHER_UNITS = /_(ms|milliseconds|us|minutes|hours|kb|mb|kilobytes|megabytes|percent)(_|$)/

describe('a metric', () => {
  for (const { name, help, type } of declared) {
    test(`${name} is named after what it is`, () => {
      assert.match(name, /^(skein|process|nodejs)_[a-z0-9_]+$/)
      assert.equal(name.endsWith('_total'), String(type) === 'counter')
      assert.notMatch(name, OTHER_UNITS)
      assert.isAbove(help.length, 10)
    })
  }
})

test.skipIf(!hasPromtool)('promtool has nothing to say of a scrape (it is installed)', async () => {
  const input = await metrics.registry.metrics()
  const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], { input })
  assert.equal(`${stdout}${stderr}`, '')
  assert.equal(status, 0)
})
