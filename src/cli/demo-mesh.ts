/**
 * The mesh of the demonstration: three peers in three processes on loopback. `one` has no engine
 * and takes the questions, `two` and `three` have the embedded one.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { assert } from '../core/assert.ts'
import { MeshError } from '../core/errors.ts'
import { type Client, createClient } from './client.ts'
import type { Io } from './io.ts'
import { PeerProcess, type ReadyLine } from './peer-process.ts'
import { modelList } from './wire.ts'

/** From the last peer's start until the first knows its model; gossip takes about a second. */
const MODELS_TIMEOUT_MS = 60_000

const POLL_INTERVAL_MS = 50

export interface DemoPeer {
  readonly process: PeerProcess
  readonly ready: ReadyLine
  readonly engine: 'none' | 'embedded'
}

export interface DemoMeshDeps {
  /** For the peers' data folders. Ours to fill, the caller's to remove. */
  readonly folder: string
  readonly program: string
  readonly io: Io
  readonly signal: AbortSignal
}

export class DemoMesh {
  readonly #deps: DemoMeshDeps
  readonly #processes: PeerProcess[] = []
  #peers: readonly DemoPeer[] = []
  #model = ''
  #caution: string | undefined
  #isStopped = false

  constructor(deps: DemoMeshDeps) {
    this.#deps = deps
  }

  get peers(): readonly DemoPeer[] {
    return this.#peers
  }

  /** The peer without an engine, which takes the questions. */
  get entrance(): ReadyLine {
    const [first] = this.#peers
    assert(first !== undefined, 'the mesh has started')
    return first.ready
  }

  get client(): Client {
    const { io } = this.#deps
    return createClient(
      { fetch: io.fetch, variables: {} },
      { node: this.entrance.http, 'api-key-file': undefined },
    )
  }

  /** What both engines serve. */
  get model(): string {
    return this.#model
  }

  /** What the model itself says a person must know. */
  get caution(): string | undefined {
    return this.#caution
  }

  get signal(): AbortSignal {
    return this.#deps.signal
  }

  nowMs(): number {
    return this.#deps.io.nowMs()
  }

  /** @throws MeshError ERR_UNREACHABLE, naming the peer that failed. */
  async start(): Promise<void> {
    const one = await this.#launch('one', 'none', ['up'])
    this.#peers = [one]
    const others = ['two', 'three'].map(name =>
      this.#launch(name, 'embedded', ['join', one.ready.ticket]),
    )
    this.#peers = [one, ...(await Promise.all(others))]
    await this.#waitForModel()
  }

  /** @throws MeshError ERR_UNREACHABLE if no peer of ours has that id. */
  named(peerId: string | undefined): PeerProcess {
    const found = this.#peers.find(({ ready }) => ready.peerId === peerId)
    if (found !== undefined) return found.process
    throw new MeshError(`expected one of the three peers to answer, found ${peerId}`, {
      code: 'ERR_UNREACHABLE',
    })
  }

  /** The name of every peer by its id. */
  get names(): ReadonlyMap<string, string> {
    return new Map(this.#peers.map(({ process, ready }) => [ready.peerId, process.name]))
  }

  /** Rejects when a peer that still runs ends by itself. */
  async untilOneFails(): Promise<never> {
    const running = this.#processes.filter(({ isExited }) => !isExited)
    const failed = await Promise.race(running.map(peer => peer.exited.then(() => peer)))
    throw failed.failure('ended by itself')
  }

  /** No peer starts after this. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#processes.map(peer => peer.stop()))
  }

  async #launch(
    name: string,
    engine: DemoPeer['engine'],
    command: readonly string[],
  ): Promise<DemoPeer> {
    if (this.#isStopped) throw new MeshError('the demo is stopping', { code: 'ERR_STOPPING' })
    const { folder, program, io } = this.#deps
    const dataDir = join(folder, name)
    mkdirSync(dataDir)
    const local = ['--p2p-host', '127.0.0.1', '--http-port', '0', '--p2p-port', '0']
    const own = ['--data-dir', dataDir, '--name', name, '--engine', engine, '--json']
    const args = [...command, ...local, ...own]
    const peer = new PeerProcess({ name, program, args, variables: io.variables })
    this.#processes.push(peer)
    return { process: peer, ready: await peer.ready, engine }
  }

  /** Until the peer without an engine has heard of the model on both others. */
  async #waitForModel(): Promise<void> {
    const untilMs = this.nowMs() + MODELS_TIMEOUT_MS
    for (;;) {
      const { models } = await this.client.get('/mesh/v1/models', modelList)
      const shared = models.find(({ peers }) => peers.length === 2)
      if (shared !== undefined) {
        this.#model = shared.id
        this.#caution = shared.facts.caution
        return
      }
      if (this.nowMs() > untilMs) {
        const found = models.map(({ id, peers }) => `${id} on ${peers.length}`).join(', ')
        throw new MeshError(
          `expected a model on two peers within ${MODELS_TIMEOUT_MS} ms, found ${found || 'none'}`,
          { code: 'ERR_NO_CAPACITY' },
        )
      }
      await delay(POLL_INTERVAL_MS, undefined, { signal: this.signal })
    }
  }
}
