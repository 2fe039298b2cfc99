/**
 * The ways from a client to the engine that the benchmarks compare. Each is started with processes
 * of its own, its own engine included, and stopped before the next, so that none disturbs another.
 *
 *     direct    client → engine
 *     local     client → ingress peer, which has the engine
 *     mesh      client → ingress peer → lane → serving peer → engine
 *     fastify   client → a one-hop proxy on fastify and undici → engine
 *     portkey   client → @portkey-ai/gateway → engine
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child-process.ts'
import { MOCK_MODEL } from './mock-engine.ts'

export const PATH_NAMES = ['direct', 'local', 'mesh', 'fastify', 'portkey'] as const

export type PathName = (typeof PATH_NAMES)[number]

/** A peer starts within 2 s on an idle machine; a busy one is given more. */
const READY_MAX_MS = 20_000
/** From ready to the first answer; in the mesh the ingress must first hear of the model. */
const ANSWER_MAX_MS = 15_000
const ANSWER_RETRY_INTERVAL_MS = 50

export interface GatewayPath {
  readonly name: PathName
  /** Where the client connects to. */
  readonly port: number
  readonly enginePort: number
  readonly headers: Readonly<Record<string, string>>
  /** Of the process the client talks to; `undefined` if that is the engine. */
  readonly ingressPid: number | undefined
  /** Of all that stands between client and engine. */
  readonly gatewayPids: readonly number[]
  stop(): Promise<void>
}

export interface PathOptions {
  /** Where gateways leave a CPU profile when they end. */
  readonly cpuProfileFolder?: string | undefined
}

interface Route {
  readonly port: number
  readonly headers?: Readonly<Record<string, string>>
  /** The ingress first. */
  readonly gateways: readonly Child[]
}

/** What a way is built with. */
interface Workshop {
  readonly enginePort: number
  /** Empty, removed at the end. */
  readonly folder: string
  readonly start: (name: string, args: readonly string[]) => Promise<Child>
}

const ROUTES: Readonly<Record<PathName, (workshop: Workshop) => Promise<Route>>> = {
  direct: ({ enginePort }) => Promise.resolve({ port: enginePort, gateways: [] }),

  async local(workshop) {
    const peer = await startPeer(workshop, 'serving')
    return { port: httpPort(peer), gateways: [peer] }
  },

  async mesh(workshop) {
    const serving = await startPeer(workshop, 'serving')
    const ingress = await startPeer(workshop, 'ingress', String(serving.ready['ticket']))
    return { port: httpPort(ingress), gateways: [ingress, serving] }
  },

  async fastify({ enginePort, start }) {
    const script = fileURLToPath(new URL('./fastify-proxy.ts', import.meta.url))
    const engine = `http://127.0.0.1:${enginePort}`
    const proxy = await start('the fastify proxy', [script, '--engine', engine])
    return { port: portOf(proxy), gateways: [proxy] }
  },

  async portkey({ enginePort, start }) {
    const preload = new URL('./portkey-preload.ts', import.meta.url).href
    const script = fileURLToPath(import.meta.resolve('@portkey-ai/gateway/build/start-server.js'))
    const args = ['--import', preload, script, '--port=0', '--headless']
    const gateway = await start('Portkey', args)
    const headers = {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${enginePort}/v1`,
      authorization: 'Bearer none',
    }
    return { port: portOf(gateway), headers, gateways: [gateway] }
  },
}

/** @throws Error if a process does not start or the path gives no answer in time. */
export async function startPath(name: PathName, options: PathOptions): Promise<GatewayPath> {
  const folder = mkdtempSync(join(tmpdir(), 'skein-bench-'))
  const children: Child[] = []
  const stop = async () => {
    // The client's side first, so that nobody is left to complain about a missing engine.
    for (const child of children.toReversed()) await child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const { cpuProfileFolder } = options
  const profile =
    cpuProfileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProfileFolder}`]
  const start = async (childName: string, args: readonly string[]) => {
    const child = await startChild({ name: childName, args, readyMaxMs: READY_MAX_MS })
    children.push(child)
    return child
  }

  try {
    const script = fileURLToPath(new URL('./mock-engine.ts', import.meta.url))
    const enginePort = portOf(await start('the mock engine', [script]))
    const route = await ROUTES[name]({
      enginePort,
      folder,
      start: (childName, args) => start(childName, [...profile, ...args]),
    })
    const path: GatewayPath = {
      name,
      port: route.port,
      enginePort,
      headers: route.headers ?? {},
      ingressPid: route.gateways[0]?.pid,
      gatewayPids: route.gateways.map(gateway => gateway.pid),
      stop,
    }
    await firstAnswer(path)
    return path
  } catch (error) {
    await stop()
    throw error
  }
}

/** The mock engine takes any number at once, and what is measured must not wait for a slot. */
const PEER_CONFIG = { openai: { parallelMax: 4096 } }

function startPeer({ enginePort, folder, start }: Workshop, role: string, ticket?: string) {
  const script = fileURLToPath(new URL('../bin/skein.js', import.meta.url))
  const verb = ticket === undefined ? ['up'] : ['join', ticket]
  const engine = ticket === undefined ? `http://127.0.0.1:${enginePort}` : 'none'
  const config = join(folder, `${role}.json`)
  writeFileSync(config, JSON.stringify(PEER_CONFIG))
  return start(`the ${role} peer`, [
    script,
    ...verb,
    ...['--json', '--p2p-host', '127.0.0.1', '--http-port', '0', '--p2p-port', '0'],
    ...['--data-dir', join(folder, role), '--engine', engine, '--config', config],
  ])
}

function portOf(child: Child): number {
  return Number(child.ready['port'])
}

function httpPort(peer: Child): number {
  return Number(new URL(String(peer.ready['http'])).port)
}

export const CHAT_PATH = '/v1/chat/completions'

/** Waits until the whole path answers, which it may not do at once. */
async function firstAnswer({ name, port, headers }: GatewayPath): Promise<void> {
  const deadline = AbortSignal.timeout(ANSWER_MAX_MS)
  const body = JSON.stringify({
    model: MOCK_MODEL,
    messages: [{ role: 'user', content: 'Are you there?' }],
  })
  let last = 'nothing'
  while (!deadline.aborted) {
    const response = await fetch(`http://127.0.0.1:${port}${CHAT_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: deadline,
    })
    const text = await response.text()
    if (response.ok) return
    last = `${response.status} ${text.slice(0, 300)}`
    await sleep(ANSWER_RETRY_INTERVAL_MS)
  }
  throw new Error(`${name} gave no answer within ${ANSWER_MAX_MS} ms, last: ${last}`)
}
