/**
 * What `up` and `join` share: start a peer, say that it is ready, follow it until a signal or its
 * end.
 *
 *     start --> ready --> events … --> signal --> stop --> exit 0
 *                            '-------> fatal  -----------> exit 1
 */
import { createLogger, LOG_LEVELS, type LogLevel } from '../node/log.ts'
import type { PeerEvent, RunningPeer, StartCommand } from '../node/start.ts'
import type { CliDeps, ConfiguredPeer, Io } from './io.ts'
import { writeJson, writeLine } from './io.ts'
import { configSources, type PeerFlagValues } from './peer-flags.ts'
import { readyText } from './ready-text.ts'
import { commandName } from './shell-word.ts'
import { stopRequest } from './stop-request.ts'
import { safeText } from './table.ts'

function textOf({ entries }: ConfiguredPeer, key: string): string | undefined {
  const value = entries.find(entry => entry.key === key)?.value
  return typeof value === 'string' ? value : undefined
}

function logLevel(configured: ConfiguredPeer): LogLevel {
  const level = textOf(configured, 'node.logLevel')
  return LOG_LEVELS.find(each => each === level) ?? 'warn'
}

/** `peer-joined {"peer":"…"}` → `peer joined: peer=…`. */
function eventLine({ event, ...facts }: PeerEvent): string {
  const shown = Object.entries(facts).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${name}=${text}`
  })
  const head = event.replaceAll('-', ' ')
  return safeText(shown.length === 0 ? head : `${head}: ${shown.join(' ')}`)
}

function announce(
  peer: RunningPeer,
  configured: ConfiguredPeer,
  { io, isJson }: { readonly io: Io; readonly isJson: boolean },
): void {
  const { peerId, http, p2p, meshId, ticket, models } = peer.ready
  if (isJson) {
    const ids = models.map(({ id }) => id)
    const shown = { peerId, http, p2p, meshId, ticket: ticket ?? null, models: ids }
    writeJson(io, { event: 'ready', ...shown })
    peer.onEvent(event => writeJson(io, event))
    return
  }
  const keyFile = textOf(configured, 'ingress.apiKeyPath')
  const name = textOf(configured, 'node.name') ?? peerId
  io.write(readyText(peer.ready, { keyFile, name, program: commandName(io.variables) }))
  peer.onEvent(event => writeLine(io, eventLine(event)))
}

/** In the form of a log line, since it stands among them. */
function progressJson(message: string, wallMs: number): string {
  return JSON.stringify({ time: new Date(wallMs).toISOString(), level: 'progress', message })
}

/** @returns the exit code. */
export async function runPeer(
  command: StartCommand,
  flags: PeerFlagValues,
  io: Io,
  deps: CliDeps,
): Promise<number> {
  const configured = deps.configure(configSources(flags, io))
  const level = logLevel(configured)
  const format = flags.json || level === 'debug' ? 'json' : 'text'
  const logger = createLogger(level, {
    write: line => io.complain(safeText(line.trimEnd())),
    wallMs: io.wallMs,
    format,
  })
  const onProgress = (line: string) =>
    io.complain(format === 'json' ? progressJson(line, io.wallMs()) : safeText(line))
  const stop = stopRequest(io)
  try {
    const peer = await startUnlessStopped()
    if (peer === undefined) return 0
    if (!stop.signal.aborted) announce(peer, configured, { io, isJson: flags.json })

    await Promise.race([stop.requested, peer.stopped])
    if (stop.signal.aborted) onProgress('stopping; once more ends at once')
    await peer.stop()
    await peer.stopped
    if (flags.json) writeJson(io, { event: 'stopped' })
    return 0
  } finally {
    stop.release()
  }

  /** `undefined`: a signal came first. */
  async function startUnlessStopped(): Promise<RunningPeer | undefined> {
    const { signal } = stop
    try {
      return await configured.start({ command, onProgress, logger, signal })
    } catch (error) {
      if (signal.aborted) return undefined
      throw error
    }
  }
}
