/**
 * A mesh of real peers, each a process of its own on loopback without an engine, that is told what
 * its members see of each other.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Child, parsedLine, startChild } from './child-process.ts'
import { StatusWatch } from './status-watch.ts'

const PROGRAM = fileURLToPath(new URL('../bin/skein.js', import.meta.url))

/** Many peers that start on few cores take their time. */
const READY_MAX_MS = 60_000
const VIEW_MAX_MS = 30_000
const POLL_INTERVAL_MS = 10

export interface JoinTimes {
  /** From the start of the process to its line that says ready. */
  readonly readyMs: number
  /** From the start of the process until it sees all others alive, and they see it. */
  readonly fullViewMs: number
}

export interface GroupPeer {
  /** Which of all that were ever started, from 0. */
  readonly number: number
  readonly id: string
  readonly http: string
  readonly child: Child
}

const readyLine = z.object({ peerId: z.string(), http: z.string(), ticket: z.string().nullable() })

const nodesAnswer = z.object({
  nodes: z.array(
    z.object({
      peer: z.string(),
      isSelf: z.boolean(),
      status: z.string(),
      rttMs: z.number().nullish(),
    }),
  ),
})

/** What a peer says of another. */
export type NodeView = z.output<typeof nodesAnswer>['nodes'][number]

type Config = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Sections of the configuration of a peer, by its number, from 0. */
export type ConfigOf = (number: number) => Promise<Config>

/** On any free ports, unless it says another. */
function onLoopback(config: Config): Config {
  return {
    ...config,
    p2p: { host: '127.0.0.1', port: 0, ...config['p2p'] },
    ingress: { host: '127.0.0.1', port: 0, ...config['ingress'] },
  }
}

export class PeerGroup {
  readonly watch = new StatusWatch()
  readonly #folder: string
  readonly #configOf: ConfigOf
  readonly #peers: GroupPeer[] = []
  #ticket: string | undefined
  #count = 0

  constructor(folder: string, configOf: ConfigOf = () => Promise.resolve({})) {
    this.#folder = folder
    this.#configOf = configOf
  }

  /** Those running, the first of the mesh first. */
  get peers(): readonly GroupPeer[] {
    return this.#peers
  }

  /** One more peer. Resolves when it and all others see each other. */
  async add(): Promise<JoinTimes> {
    const number = this.#count
    this.#count += 1
    const configFile = `${join(this.#folder, `peer-${number}`)}.json`
    writeFileSync(configFile, JSON.stringify(onLoopback(await this.#configOf(number))))
    return await this.#start(number, this.#ticket === undefined ? ['up'] : ['join', this.#ticket])
  }

  /** Starts one again that was stopped or killed, with what is in its folder. */
  restart({ number }: GroupPeer): Promise<JoinTimes> {
    return this.#start(number, ['up'])
  }

  async #start(number: number, verb: readonly string[]): Promise<JoinTimes> {
    const folder = join(this.#folder, `peer-${number}`)
    const configFile = `${folder}.json`
    const startMs = performance.now()
    let id: string | undefined
    const early: string[] = []
    const child = await startChild({
      name: `peer ${number}`,
      args: [
        ...[PROGRAM, ...verb, '--json', '--engine', 'none', '--name', `peer-${number}`],
        ...['--data-dir', folder, '--config', configFile],
      ],
      readyMaxMs: READY_MAX_MS,
      onLine: line => {
        if (id === undefined) early.push(line)
        else this.#read(id, line)
      },
    })
    const readyMs = performance.now() - startMs
    const ready = readyLine.parse(child.ready)
    id = ready.peerId
    for (const line of early) this.#read(id, line)
    this.#ticket ??= ready.ticket ?? undefined
    const others = this.#peers.map(peer => peer.id)
    const newcomer = { number, id, http: ready.http, child }
    this.#peers.push(newcomer)

    const seen = await this.watch.allBelieve(others, { subject: id, status: 'alive' }, VIEW_MAX_MS)
    const sees = others.length === 0 ? 0 : await whenAllAlive(newcomer, others)
    return { readyMs, fullViewMs: Math.max(readyMs, seen - startMs, sees - startMs) }
  }

  /** `kill -9`, without waiting for what the others say. */
  async kill(victim: GroupPeer): Promise<void> {
    this.#without(victim)
    await victim.child.kill()
  }

  /** As a crash does it. @returns ms until the last of the others says that it is dead. */
  async crash(victim: GroupPeer, deadlineMs: number): Promise<number> {
    const observers = this.#without(victim)
    const startMs = performance.now()
    const killed = victim.child.kill()
    try {
      return await this.#untilDead(victim, observers, { startMs, deadlineMs })
    } finally {
      await killed
    }
  }

  /** Stops it without closing anything. @returns as `crash`. */
  async freeze(victim: GroupPeer, deadlineMs: number): Promise<number> {
    const observers = this.#without(victim)
    const startMs = performance.now()
    victim.child.process.kill('SIGSTOP')
    try {
      return await this.#untilDead(victim, observers, { startMs, deadlineMs })
    } finally {
      await victim.child.kill()
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#peers.splice(0).map(({ child }) => child.kill()))
  }

  async #untilDead(
    { id: subject }: GroupPeer,
    observers: readonly string[],
    { startMs, deadlineMs }: { readonly startMs: number; readonly deadlineMs: number },
  ): Promise<number> {
    const atMs = await this.watch.allBelieve(observers, { subject, status: 'dead' }, deadlineMs)
    return atMs - startMs
  }

  /** Takes one out. @returns the ids of those left. */
  #without(victim: GroupPeer): string[] {
    this.#peers.splice(this.#peers.indexOf(victim), 1)
    return this.#peers.map(({ id }) => id)
  }

  #read(observer: string, line: string): void {
    const printed = parsedLine(line)
    const status = /^peer-(alive|suspect|dead|left)$/.exec(String(printed?.['event']))?.[1]
    if (status !== undefined) this.watch.note(observer, String(printed?.['peer']), status)
  }
}

/** When it says of all of them that they are alive. What it said before it was ready is not printed. */
async function whenAllAlive(peer: GroupPeer, others: readonly string[]): Promise<number> {
  const deadline = AbortSignal.timeout(VIEW_MAX_MS)
  for (;;) {
    const views = await viewOf(peer, deadline)
    const alive = new Set(views.flatMap(view => (view.status === 'alive' ? [view.peer] : [])))
    if (others.every(other => alive.has(other))) return performance.now()
    await sleep(POLL_INTERVAL_MS, undefined, { signal: deadline })
  }
}

/** What it says of all others. */
export async function viewOf({ http }: GroupPeer, signal: AbortSignal): Promise<NodeView[]> {
  const response = await fetch(`${http}/mesh/v1/nodes`, { signal })
  const { nodes } = nodesAnswer.parse(await response.json())
  return nodes.filter(({ isSelf }) => !isSelf)
}
