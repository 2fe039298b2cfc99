/**
 * Every expression of the dashboard and of the alerts, asked of a real Prometheus that scrapes two
 * real peers while requests run. Skipped where none is installed (Debian: `prometheus`).
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { freePort } from '../../bench/free-port.ts'
import { askedOfPrometheus } from '../observability/asked.ts'
import { eventually, RealPeers } from './real-peers.ts'

const DEADLINE_MS = 60_000

const isInstalled = spawnSync('prometheus', ['--version']).error === undefined

const peers = new RealPeers()
const folder = mkdtempSync(join(tmpdir(), 'skein-prometheus-'))
let prometheus: ChildProcess | undefined
let exporter: Server | undefined

afterAll(async () => {
  prometheus?.kill('SIGKILL')
  exporter?.closeAllConnections()
  exporter?.close()
  await peers.close()
  rmSync(folder, { recursive: true, force: true })
})

const answer = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
})

async function startPrometheus(targets: readonly string[]): Promise<string> {
  const configFile = join(folder, 'prometheus.yml')
  const scrape = {
    job_name: 'skein',
    ...{ scrape_interval: '250ms', scrape_timeout: '250ms' },
    static_configs: [{ targets: targets.map(url => new URL(url).host) }],
  }
  writeFileSync(configFile, stringify({ scrape_configs: [scrape] }))
  const address = `127.0.0.1:${await freePort()}`
  prometheus = spawn(
    'prometheus',
    [
      ...[`--config.file=${configFile}`, `--storage.tsdb.path=${join(folder, 'data')}`],
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  )
  return `http://${address}`
}

/** Numbers that are there for it now; what is not a number is not there. */
async function valuesOf(url: string, expr: string): Promise<readonly number[]> {
  const query = new URLSearchParams({ query: expr })
  const response = await fetch(`${url}/api/v1/query?${query}`).catch(() => undefined)
  // It takes a moment until it listens.
  if (response === undefined || response.status === 503) return []
  const body: unknown = await response.json()
  const { data } = answer.parse(body)
  return data.result.map(({ value }) => Number(value[1])).filter(Number.isFinite)
}

async function chat(url: string, model: string): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ model, stream: true, max_tokens: 16, stream_options: { include_usage: true } },
      messages: [{ role: 'user', content: 'Say something.' }],
    }),
  })
  await response.text()
  assert.equal(response.status, 200)
}

/** Of the fixture: whoever has one of these errors gets no requests. */
const BROKEN = /gpu="1"|_ECC_|_REMAP_/

/** A dcgm-exporter, so that there is a GPU on a machine without. */
async function serveGpus(): Promise<string> {
  const lines = readFileSync('test/gpu/fixtures/dcgm-exporter.prom', 'utf8').split('\n')
  const text = lines.filter(line => !BROKEN.test(line)).join('\n')
  exporter = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1')
  await once(exporter, 'listening')
  return `http://127.0.0.1:${(exporter.address() as AddressInfo).port}/metrics`
}

/** Something to agree on. */
async function changePolicy(url: string): Promise<void> {
  const response = await fetch(`${url}/mesh/v1/policy/tenants/somebody`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ spec: {} }),
  })
  assert.isTrue(response.ok)
}

test.skipIf(!isInstalled)(
  'the dashboard and the alerts get data from two peers that work (prometheus is installed)',
  async () => {
    const dcgmUrl = await serveGpus()
    const config = join(folder, 'peer.json')
    writeFileSync(config, JSON.stringify({ gpu: { dcgmUrl } }))
    const first = await peers.up('--engine', 'embedded', '--config', config)
    const second = await peers.join(first.ready.ticket, '--engine', 'none')
    const urls = [first.ready.http, second.ready.http]
    const { data } = (await (await fetch(`${urls[0]}/v1/models`)).json()) as {
      readonly data: readonly { readonly id: string }[]
    }
    const model = data[0]?.id ?? assert.fail('no model')
    const prometheusUrl = await startPrometheus(urls)
    await eventually(
      () => valuesOf(prometheusUrl, 'up'),
      up => up.length === 2 && up.every(value => value === 1),
      DEADLINE_MS,
    )
    for (const { what, expr } of askedOfPrometheus()) {
      await eventually(
        async () => {
          await chat(urls[1] ?? '', model)
          await changePolicy(urls[1] ?? '')
          return { what, expr, values: await valuesOf(prometheusUrl, expr) }
        },
        ({ values }) => values.length > 0,
        DEADLINE_MS,
      )
    }
  },
  2 * DEADLINE_MS,
)
