/**
 * GPUs out of the metrics of a dcgm-exporter: fixtures of its form, served by a server of the test.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assert, describe, onTestFinished, test } from 'vitest'
import { DcgmProbe } from '../../src/gpu/dcgm.ts'
import { readDcgm } from '../../src/gpu/dcgm-reading.ts'
import { parseExposition } from '../../src/runtimes/engines/exposition.ts'

const MEBIBYTE = 1_048_576

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')

const readings = (text: string) => readDcgm(parseExposition(text))

/** A probe of a server that answers so. */
async function probing(status: number, body: string) {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const probe = new DcgmProbe(`http://127.0.0.1:${port}/metrics`, parseExposition)
  return () => probe.read(AbortSignal.timeout(10_000))
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.catch((error: unknown) => error)
  return outcome instanceof Error ? outcome.message : 'no failure'
}

describe('metrics of a dcgm-exporter', () => {
  test('tell of each GPU what they have', () => {
    const [first] = readings(fixture('dcgm-exporter.prom'))
    assert.deepEqual(first, {
      index: 0,
      name: 'NVIDIA H100 80GB HBM3',
      uuid: 'GPU-aaaa',
      driverVersion: '570.86.15',
      vramTotalBytes: 81_559 * MEBIBYTE,
      vramUsedBytes: 73_559 * MEBIBYTE,
      utilizationRatio: 0.98,
      memoryUtilizationRatio: 0.44,
      temperatureCelsius: 67,
      powerWatts: 612.25,
      powerLimitWatts: 700,
      eccUncorrectableCount: 2,
      isRepairPending: true,
      hasRepairFailed: false,
      throttleReasons: ['power cap'],
      pcieGeneration: 5,
      pcieWidth: 16,
      defect: undefined,
    })
  })

  test('say nothing with numbers that stand for nothing', () => {
    const [, second] = readings(fixture('dcgm-exporter.prom'))
    assert.isUndefined(second?.temperatureCelsius)
    assert.isUndefined(second?.powerWatts)
    assert.isUndefined(second?.utilizationRatio)
  })

  test('tell of a GPU that has fallen off the bus', () => {
    const [, second] = readings(fixture('dcgm-exporter.prom'))
    assert.equal(second?.defect, 'lost')
  })

  test('tell of a GPU that is cut up all its instances, and what they have together', () => {
    const found = readings(fixture('dcgm-exporter-mig.prom'))
    assert.equal(found.length, 1)
    assert.equal(found[0]?.vramTotalBytes, 59_000 * MEBIBYTE)
    assert.equal(found[0]?.vramUsedBytes, 40_100 * MEBIBYTE)
    assert.equal(found[0]?.utilizationRatio, 0.99)
    assert.equal(found[0]?.temperatureCelsius, 51)
    const parts = found[0]?.migInstances?.map(({ name, vramTotalBytes }) => [name, vramTotalBytes])
    assert.deepEqual(parts, [
      ['1g.12gb (7)', 12_000 * MEBIBYTE],
      ['3g.47gb (2)', 47_000 * MEBIBYTE],
    ])
  })
})

describe('asking a dcgm-exporter', () => {
  test('gives its GPUs', async () => {
    const read = await probing(200, fixture('dcgm-exporter.prom'))
    assert.equal((await read()).length, 2)
  })

  test('fails if it answers with an error', async () => {
    const read = await probing(503, 'not yet')
    assert.include(await failure(read()), 'found status 503')
  })

  test('fails if it has none yet, or is another server', async () => {
    const read = await probing(200, 'process_cpu_seconds_total 12.5\n')
    assert.include(await failure(read()), 'found none')
  })

  test('fails if it says more than any has to say', async () => {
    const read = await probing(200, '#'.repeat(4_194_305))
    assert.include(await failure(read()), 'found more')
  })
})
