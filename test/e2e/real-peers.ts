/**
 * Real peers for tests: the `skein` command in processes of its own, on loopback, in temporary
 * folders; all of it gone when the test file ends.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PeerProcess, type ReadyLine } from '../../src/cli/peer-process.ts'

const PROGRAM = resolve('bin/skein.js')

const LOOPBACK = ['--p2p-host', '127.0.0.1', '--p2p-port', '0', '--http-port', '0']

export interface RealPeer {
  readonly process: PeerProcess
  readonly ready: ReadyLine
  readonly dataDir: string
}

export interface Ended {
  readonly exitCode: number
  /** The JSON lines it printed. */
  readonly events: readonly Record<string, unknown>[]
  readonly stderr: string
  readonly durationMs: number
}

/** One test file's peers. */
export class RealPeers {
  readonly #root = mkdtempSync(join(tmpdir(), 'skein-e2e-'))
  readonly #processes: PeerProcess[] = []
  readonly #peers: RealPeer[] = []
  #count = 0

  freshDataDir(): string {
    this.#count += 1
    return join(this.#root, `peer-${this.#count}`)
  }

  up(...args: readonly string[]): Promise<RealPeer> {
    return this.#start(['up'], args)
  }

  join(ticket: string, ...args: readonly string[]): Promise<RealPeer> {
    return this.#start(['join', ticket], args)
  }

  /** Starts again on the data folder of an earlier one. */
  again(dataDir: string, ...args: readonly string[]): Promise<RealPeer> {
    return this.#start(['up'], ['--data-dir', dataDir, ...args])
  }

  /** The running peer with this id. */
  find(peerId: string): RealPeer | undefined {
    return this.#peers.findLast(
      ({ ready, process }) => ready.peerId === peerId && !process.isExited,
    )
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map(each => each.kill()))
    rmSync(this.#root, { recursive: true, force: true })
  }

  async #start(command: readonly string[], args: readonly string[]): Promise<RealPeer> {
    const given = args.indexOf('--data-dir')
    const dataDir = given >= 0 ? (args[given + 1] ?? '') : this.freshDataDir()
    const folder = given >= 0 ? [] : ['--data-dir', dataDir]
    const process_ = new PeerProcess({
      name: `peer ${this.#count}`,
      program: PROGRAM,
      args: [...command, '--json', ...LOOPBACK, ...folder, ...args],
      variables: environment,
    })
    this.#processes.push(process_)
    const peer = { process: process_, ready: await process_.ready, dataDir }
    this.#peers.push(peer)
    return peer
  }
}

/** Enough for a program to be found; nothing of the person's own settings. */
export const environment = { PATH: [resolve('node_modules/.bin'), '/usr/bin', '/bin'].join(':') }

/** Runs a command that shall end by itself. */
export async function runSkein(...args: readonly string[]): Promise<Ended> {
  const startMs = performance.now()
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
    timeout: 30_000,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const [exitCode] = await once(child, 'close')
  const lines = stdout.split('\n').filter(line => line.startsWith('{'))
  const events = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  return { exitCode, events, stderr, durationMs: performance.now() - startMs }
}

/** Asks until `isGood` says yes. @throws the last answer after `deadlineMs`. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isGood: (value: Value) => boolean,
  deadlineMs = 10_000,
): Promise<Value> {
  const deadline = AbortSignal.timeout(deadlineMs)
  for (;;) {
    const value = await ask()
    if (isGood(value)) return value
    if (deadline.aborted) {
      throw new Error(`not within ${deadlineMs} ms, at last: ${JSON.stringify(value)}`)
    }
    await new Promise(done => setTimeout(done, 20))
  }
}
