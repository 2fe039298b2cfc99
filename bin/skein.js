#!/usr/bin/env node
/**
 * The `skein` command: finds a Node that is new enough, then the program.
 *
 * Plain JavaScript that any Node from 14 on can read, so that an old one gets a clear answer
 * instead of a syntax error. In a clone the source runs as it is; the published package has it
 * built.
 */
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = new URL('../', import.meta.url)
const pathOf = relative => fileURLToPath(new URL(relative, root))

/** `engines` in package.json. */
const NODE_MIN = [22, 19]

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
}

/**
 * Runs this file again with another Node, and ends as that ends. The channel tells the child when
 * we are gone, also if we are killed: see `onSignal` in `src/main.ts`.
 */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal))
  }
  child.on('error', error => fail(`cannot run ${node}: ${error.message}`))
  child.on('close', (code, signal) => {
    // As a shell reports a child that died of a signal.
    process.exit(code === null ? 128 + constants.signals[signal] : code)
  })
}

function fail(message) {
  process.stderr.write(`skein: ${message}\n`)
  process.exit(1)
}

const bundledNode = pathOf('node_modules/node/bin/node')
const source = pathOf('src/main.ts')

if (isNewEnough(process.versions.node)) {
  const program = existsSync(source) ? source : pathOf('dist/src/main.js')
  await import(pathToFileURL(program).href)
} else if (existsSync(bundledNode) && realpathSync(bundledNode) !== process.execPath) {
  runWith(bundledNode)
} else {
  fail(`needs Node ${NODE_MIN.join('.')} or later, found ${process.versions.node}`)
}
