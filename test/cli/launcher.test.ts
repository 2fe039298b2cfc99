/**
 * bin/skein.js: it starts the program, and tells an old Node what is missing.
 */
import { spawnSync } from 'node:child_process'
import { assert, test } from 'vitest'
import { VERSION } from '../../src/node/version.ts'

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

test('an old Node without a newer one beside it is told in one line', () => {
  const pretend = "Object.defineProperty(process,'versions',{value:{node:'20.19.0'}})"
  const { status, stdout, stderr } = launch(
    ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`],
    ['version'],
  )
  assert.deepEqual(
    { status, stdout, stderr },
    { status: 1, stdout: '', stderr: 'skein: needs Node 22.19 or later, found 20.19.0\n' },
  )
})
