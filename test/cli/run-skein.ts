/**
 * Runs the `skein` command in process, in a world made for the test: what it writes is kept, and
 * HTTP goes to a function.
 */
import { z } from 'zod'
import type { CliDeps, Io, StopSignal } from '../../src/cli/io.ts'
import { runCli } from '../../src/cli/run.ts'
import { loadConfig } from '../../src/node/config/config.ts'
import { enginesOptions, filePath, nodeOptions, p2pOptions } from '../../src/node/options.ts'
import type { PeerEvent, Ready, RunningPeer, StartDeps } from '../../src/node/start.ts'

/** The sections that flags set, without those of the edges. */
const sections = {
  node: nodeOptions,
  p2p: p2pOptions,
  ingress: z.strictObject({
    host: z.string().default('127.0.0.1').describe('H.'),
    port: z.int().min(0).max(65_535).default(7_733).describe('P.'),
    apiKeyPath: filePath().nullable().prefault(null).describe('K.'),
  }),
  engines: enginesOptions,
  embedded: z.strictObject({ modelPath: z.string().nullable().default(null).describe('M.') }),
}

/** A data folder that does not exist, so that no config.json is read by accident. */
const NO_FOLDER = { SKEIN_NODE__DATA_DIR: '/nonexistent/skein' }

export const READY: Ready = {
  peerId: '12D3KooWFirstPeerFirstPeerFirst',
  http: 'http://127.0.0.1:40001',
  p2p: ['/ip4/192.168.1.5/tcp/7734'],
  meshId: '3f2a5b6c7d8e9f00112233445566778',
  ticket: 'skein1abc',
  models: [{ id: 'toy-15m', engine: 'embedded', caution: 'A toy.', canChat: true, isReady: true }],
  engines: ['llama.cpp on CPU, 1 thread'],
}

export type Respond = (request: Request) => Response | Promise<Response>

export interface World {
  readonly respond?: Respond
  readonly variables?: Io['variables']
  readonly input?: readonly string[]
  /** What starting a peer does. */
  readonly start?: (config: unknown, deps: StartDeps) => Promise<RunningPeer>
  /** Gets the function that raises a signal, at the moment given by `nowMs`. */
  readonly onStart?: (raise: (signal: StopSignal) => void) => void
  readonly nowMs?: () => number
  readonly wallMs?: () => number
  /** What waiting does; without it no time passes. */
  readonly wait?: Io['wait']
  /** Gets everything written to stdout as it is written. */
  readonly onWrite?: (text: string) => void
  /** As if a terminal were there. */
  readonly showStatus?: (text: string) => void
  /** What commands run that start peers of their own. */
  readonly program?: string
  readonly temporaryFolder?: string
}

export interface Result {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Of `exitNow`, in order. */
  readonly exits: readonly number[]
}

export async function runSkein(args: readonly string[], world: World = {}): Promise<Result> {
  let stdout = ''
  let stderr = ''
  const exits: number[] = []
  const listeners = new Set<(signal: StopSignal) => void>()
  const { respond = () => Response.error(), nowMs = () => 0 } = world

  const io: Io = {
    write: text => {
      stdout += text
      world.onWrite?.(text)
    },
    complain: line => {
      stderr += `${line}\n`
    },
    async *lines() {
      yield* world.input ?? []
    },
    showStatus: world.showStatus,
    fetch: async (target, init) => {
      const request = new Request(target, init)
      request.signal.throwIfAborted()
      return await respond(request)
    },
    variables: { ...NO_FOLDER, ...world.variables },
    onSignal: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exitNow: code => {
      exits.push(code)
    },
    nowMs,
    wallMs: world.wallMs ?? (() => 0),
    wait: world.wait ?? ((_, signal) => untilAborted(signal)),
  }
  const deps: CliDeps = {
    configure(sources) {
      const { config, entries } = loadConfig(sections, sources)
      const start = async (startDeps: StartDeps) => {
        if (world.start === undefined) throw new Error('this test starts no peer')
        return await world.start(config, startDeps)
      }
      return { entries, start }
    },
    program: world.program ?? '/nonexistent/skein.js',
    temporaryFolder: world.temporaryFolder ?? '/nonexistent',
  }

  const running = runCli(args, io, deps)
  world.onStart?.(signal => {
    for (const listener of [...listeners]) listener(signal)
  })
  const exitCode = await running
  return { exitCode, stdout, stderr, exits }
}

/** Rejects when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

/** Each line of stdout as JSON. */
export function jsonLines({ stdout }: Result): readonly Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => z.record(z.string(), z.unknown()).parse(JSON.parse(line)))
}

export interface FakePeer extends RunningPeer {
  /** As if something happened to the peer. */
  emit(event: PeerEvent): void
  /** As if the peer could not go on. */
  fail(error: unknown): void
}

/** A peer that is ready at once and ends when it is told to. */
export function fakePeer(ready: Ready = READY): FakePeer {
  const listeners = new Set<(event: PeerEvent) => void>()
  let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined
  const stopped = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return {
    ready,
    stopped,
    onEvent: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => settle?.resolve(),
    emit: event => {
      for (const listener of listeners) listener(event)
    },
    fail: error => settle?.reject(error),
  }
}
