/**
 * The world as a command sees it. The process edge (`src/main.ts`) brings the real one, a test
 * its own.
 */
import type { ConfigEntry, ConfigSources } from '../node/config/config.ts'
import type { RunningPeer, StartDeps } from '../node/start.ts'

/** The signals that ask a command to end. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

export interface Io {
  /** Writes to stdout as it stands. */
  readonly write: (text: string) => void
  /** Writes a line to stderr. */
  readonly complain: (line: string) => void
  /**
   * Shows a line on the terminal in the place of the last one; an empty one takes it away. `undefined`:
   * stderr is no terminal, nobody watches.
   */
  readonly showStatus?: ((text: string) => void) | undefined
  /** Width of the terminal that stdout is. `undefined`: it is none. */
  readonly columns?: number | undefined
  /** Lines of stdin until it ends. `prompt` is shown before each if a person sits there. */
  readonly lines: (prompt: string) => AsyncIterable<string>
  readonly fetch: typeof fetch
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Calls `listener` at each signal that asks us to end. The returned function ends that. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void
  /** Ends the process at once. */
  readonly exitNow: (exitCode: number) => void
  /** Monotonic milliseconds. */
  readonly nowMs: () => number
  readonly wallMs: () => number
  /** Resolves after that time; rejects when the signal is aborted. */
  readonly wait: (durationMs: number, signal: AbortSignal) => Promise<void>
}

/** A configuration that was found right, and the peer it describes. */
export interface ConfiguredPeer {
  readonly entries: readonly ConfigEntry[]
  start(deps: StartDeps): Promise<RunningPeer>
}

/** What only the composition root can give. */
export interface CliDeps {
  /** @throws MeshError ERR_CONFIG with every problem. */
  readonly configure: (sources: ConfigSources) => ConfiguredPeer
  /** Path of the program itself, for commands that start peers of their own. */
  readonly program: string
  /** Where commands make folders that they remove again. */
  readonly temporaryFolder: string
}

export function writeLine(io: Io, line = ''): void {
  io.write(`${line}\n`)
}

/** One JSON value on one line, for programs. */
export function writeJson(io: Io, value: unknown): void {
  writeLine(io, JSON.stringify(value))
}
