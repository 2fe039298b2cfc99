/**
 * `skein demo` with stand-ins for the peers, but real processes and a real kill.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, assert, describe, test } from 'vitest'
import type { StopSignal } from '../../src/cli/io.ts'
import { environment } from '../../src/node/config/config.ts'
import { jsonLines, runSkein, type World } from './run-skein.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-test-demo-'))
afterAll(() => rmSync(folder, { recursive: true }))

const world: World = {
  temporaryFolder: folder,
  respond: request => fetch(request),
  program: fileURLToPath(new URL('fake-peer.ts', import.meta.url)),
  variables: environment(),
  nowMs: () => performance.now(),
}

function isRunning(pid: unknown): boolean {
  try {
    process.kill(Number(pid), 0)
    return true
  } catch {
    // ESRCH: there is no such process.
    return false
  }
}

describe('skein demo', () => {
  test('asks, explains, kills the peer that answered, and is answered by the other', async () => {
    const result = await runSkein(['demo', '--json'], world)
    assert.equal(result.stderr, '')
    assert.equal(result.exitCode, 0)

    const facts = jsonLines(result)
    assert.deepEqual(
      facts.map(({ event, name }) => [event, name]),
      [
        ['peer-started', 'one'],
        ['peer-started', 'two'],
        ['peer-started', 'three'],
        ['answered', facts[3]?.['name']],
        ['decided', undefined],
        ['peer-killed', facts[3]?.['name']],
        ['answered', facts[3]?.['name'] === 'two' ? 'three' : 'two'],
      ],
    )
    for (const { pid } of facts.slice(0, 3)) assert.isFalse(isRunning(pid))
    assert.deepEqual(readdirSync(folder), [])
  })

  test('tells people what happens, that the model is a toy, and how to go on', async () => {
    const { stdout } = await runSkein(['demo'], world)
    assert.match(stdout, /\n {3}answer {4}(two|three) says honk\n/)
    assert.include(stdout, 'Note: A toy: its sentences mean nothing.')
    assert.include(stdout, 'was chosen: its score of 121 ms is the lowest of 2')
    assert.match(stdout, /It is killed now \(SIGKILL, pid \d+\)/)
    assert.include(stdout, 'skein join TICKET')
  })

  test('with --keep runs on until a signal, then ends every peer', async () => {
    let raise: (signal: StopSignal) => void = () => {}
    const result = await runSkein(['demo', '--keep', '--json'], {
      ...world,
      onStart: given => {
        raise = given
      },
      onWrite: text => {
        if (text.startsWith('{"event":"ready"')) raise('SIGINT')
      },
    })
    assert.equal(result.exitCode, 0)
    const facts = jsonLines(result)
    const { http, models } = facts.at(-1) ?? {}
    assert.deepEqual({ http, models }, { http: facts[0]?.['http'], models: ['toy'] })
    for (const { pid } of facts.slice(0, 3)) assert.isFalse(isRunning(pid))
  })

  test('stops at a signal while the peers are still starting', async () => {
    let raise: (signal: StopSignal) => void = () => {}
    const { exitCode } = await runSkein(['demo'], {
      ...world,
      onStart: given => {
        raise = given
      },
      onWrite: text => {
        if (text.startsWith('Starting')) setImmediate(() => raise('SIGTERM'))
      },
    })
    assert.equal(exitCode, 0)
    assert.deepEqual(readdirSync(folder), [])
  })

  test('says which peer failed and shows the end of its stderr', async () => {
    const variables = { ...world.variables, FAKE_PEER_FAILS: 'two' }
    const { exitCode, stderr } = await runSkein(['demo'], { ...world, variables })
    assert.equal(exitCode, 1)
    assert.equal(
      stderr,
      'skein: peer two ended with 3 before it was ready\n  | two finds no engine\n' +
        'hint: The lines above are the last that two wrote to stderr.\n',
    )
    assert.deepEqual(readdirSync(folder), [])
  })

  test('with --keep fails when a peer that is left ends by itself', async () => {
    let entrance = 0
    const { exitCode, stderr } = await runSkein(['demo', '--keep', '--json'], {
      ...world,
      onWrite: text => {
        const { event, name, pid } = JSON.parse(text) as Record<string, unknown>
        if (event === 'peer-started' && name === 'one') entrance = Number(pid)
        if (event === 'ready') process.kill(entrance, 'SIGKILL')
      },
    })
    assert.equal(exitCode, 1)
    assert.include(stderr, 'peer one ended by itself')
  })

  test('does not hand its own settings on to the peers', async () => {
    const variables = { ...world.variables, SKEIN_INGRESS__API_KEY_PATH: '/nonexistent' }
    assert.equal((await runSkein(['demo', '--json'], { ...world, variables })).exitCode, 0)
  })
})
