/**
 * bin/skein.js: it starts the program, and tells an old Node what is missing.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, assert, describe, test } from 'vitest'
import { VERSION } from '../../src/node/version.ts'
import { eventually } from '../e2e/real-peers.ts'

function launch(nodeFlags: readonly string[], args: readonly string[]) {
  return spawnSync(process.execPath, [...nodeFlags, 'bin/skein.js', ...args], {
    encoding: 'utf8',
    timeout: 15_000,
  })
}

test('the launcher runs the program and keeps its exit code', () => {
  const { status, stdout } = launch([], ['version'])
  assert.deepEqual(
    { status, stdout },
    { status: 0, stdout: `skein ${VERSION} (Node ${process.versions.node})\n` },
  )
  assert.equal(launch([], ['fly']).status, 2)
})

const folder = mkdtempSync(join(tmpdir(), 'skein-launcher-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const importOf = (source: string) => [
  '--import',
  `data:text/javascript,${encodeURIComponent(source)}`,
]

/** What makes a Node look like the one of `version` to our launcher. */
const pretend = (version: string) =>
  `Object.defineProperty(process,'versions',{value:{node:'${version}'}})`

test('an old Node without a newer one beside it is told in one line', () => {
  const { status, stdout, stderr } = launch(importOf(pretend('20.19.0')), ['version'])
  assert.deepEqual(
    { status, stdout, stderr },
    { status: 1, stdout: '', stderr: 'skein: needs Node 22.19 or later, found 20.19.0\n' },
  )
})

const UP = ['up', '--json', '--engine', 'none', '--http-port', '0', '--p2p-port', '0']

/**
 * Starts `node …args`, kills it as soon as a line of its stdout matches, and waits until nobody
 * has that stdout open any more, which whoever it started shares.
 */
async function killWhen(wanted: RegExp, args: readonly string[]): Promise<readonly string[]> {
  // A group of its own, so that what is left behind can be ended if the test fails.
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const lines: string[] = []
  const ended = new Promise<void>(resolve => {
    createInterface({ input: child.stdout })
      .on('line', line => {
        lines.push(line)
        if (wanted.test(line)) child.kill('SIGKILL')
      })
      .once('close', resolve)
  })
  const deadline = AbortSignal.timeout(30_000)
  const late = new Promise<never>((_, reject) => {
    deadline.onabort = () => {
      process.kill(-Number(child.pid), 'SIGKILL')
      reject(new Error(`still running after: ${lines.join('\n')}`))
    }
  })
  try {
    await Promise.race([ended, late])
  } finally {
    deadline.onabort = null
  }
  return lines
}

describe('a peer whose starter is killed', { timeout: 40_000 }, () => {
  test('ends gracefully if that is the launcher under an old Node', async () => {
    const old = `${pretend('20.19.0')};Object.defineProperty(process,'execPath',{value:'/old/node'})`
    const dataDir = join(folder, 'launched')
    const loopback = ['--p2p-host', '127.0.0.1', '--data-dir', dataDir]
    const lines = await killWhen(/"ready"/, [...importOf(old), 'bin/skein.js', ...UP, ...loopback])
    assert.equal(lines.at(-1), '{"event":"stopped"}')
  })

  test('ends if that is a command with peers of its own', async () => {
    const dataDir = join(folder, 'owned')
    const args = [...UP, '--p2p-host', '127.0.0.1', '--data-dir', dataDir]
    const options = { name: 'owned', program: 'bin/skein.js', args, variables: {} }
    const owner = `
      const { PeerProcess } = await import(${JSON.stringify(join(process.cwd(), 'src/cli/peer-process.ts'))})
      const peer = new PeerProcess(${JSON.stringify(options)})
      await peer.ready
      console.log('pid ' + peer.pid)`
    const lines = await killWhen(/^pid /, ['--input-type=module', '-e', owner])
    const pid = Number(lines.find(line => line.startsWith('pid '))?.slice('pid '.length))
    assert.isAbove(pid, 1)
    try {
      await eventually(
        async () => isRunning(pid),
        running => !running,
      )
    } finally {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL')
    }
  })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
