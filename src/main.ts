/**
 * The edge of the process: its words, streams, signals and exit code, handed to the command.
 */
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Io, StopSignal } from './cli/io.ts'
import { runCli } from './cli/run.ts'
import { configPresets, configSections } from './config-sections.ts'
import { environment, loadConfig } from './node/config/config.ts'

/** From both `src/` and `dist/src/`. */
function programPath(): string {
  const isBuilt = import.meta.url.endsWith('.js')
  return fileURLToPath(new URL(isBuilt ? '../../bin/skein.js' : '../bin/skein.js', import.meta.url))
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Whoever starts us with a channel (`bin/skein.js`, `skein demo`) wants us to end with them. If
 * they are killed they cannot say so, but the system closes the channel.
 */
function onSignal(listener: (signal: StopSignal) => void): () => void {
  const starterGone = () => listener('SIGTERM')
  for (const signal of SIGNALS) process.on(signal, listener)
  process.on('disconnect', starterGone)
  // To listen must not keep us alive.
  process.channel?.unref()
  // Without a channel it is undefined.
  if (process.connected === false) setImmediate(starterGone)
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener)
    process.off('disconnect', starterGone)
  }
}

async function* lines(prompt: string): AsyncGenerator<string> {
  const { stdin: input, stdout: output } = process
  const reader = createInterface(input.isTTY ? { input, output, prompt } : { input })
  // In a terminal, readline takes Ctrl-C for itself; a signal to us also ends the input.
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const release = onSignal(() => reader.close())
  try {
    if (input.isTTY) reader.prompt()
    for await (const line of reader) {
      yield line
      if (input.isTTY) reader.prompt()
    }
  } finally {
    release()
    reader.close()
  }
}

/** `\r` to the beginning of the line, `\x1b[2K` empties it. */
function showStatus(text: string): void {
  process.stderr.write(`\r\x1b[2K${text}`)
}

const io: Io = {
  write: text => process.stdout.write(text),
  complain: line => process.stderr.write(`${line}\n`),
  showStatus: process.stderr.isTTY ? showStatus : undefined,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  lines,
  fetch,
  variables: environment(),
  onSignal,
  exitNow: code => process.exit(code),
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  wait: (durationMs, signal) => delay(durationMs, undefined, { signal }),
}

// Whoever reads us may stop early (`skein nodes | head -1`); that is no failure.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

// And with nobody left to read why we end, we still end in order.
process.stderr.on('error', error => {
  if (!('code' in error && error.code === 'EPIPE')) throw error
})

// Libraries wait with timers that do not keep a process alive; it must outlast its command.
const awake = setInterval(() => {}, 2 ** 30)

const exitCode = await runCli(process.argv.slice(2), io, {
  configure(sources) {
    const { config, entries } = loadConfig(configSections, sources, configPresets)
    return {
      entries,
      // Loaded only when a peer starts: the other commands need none of it and answer sooner.
      start: async deps => (await import('./compose.ts')).startPeer(config, deps),
    }
  },
  program: programPath(),
  temporaryFolder: tmpdir(),
})

clearInterval(awake)
// A library's forgotten timer must not keep a finished command alive. What was written is flushed.
process.stdout.write('', () => process.exit(exitCode))
