/**
 * `skein sim replay` as a person sees it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, onTestFinished, test } from 'vitest'
import { arrived, peerChanged, schedulerOf } from '../../scheduler/scene.ts'
import { randomLog } from '../../sim/replay/random-log.ts'
import { runSkein } from '../run-skein.ts'

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-replay-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'file')
  await writeFile(path, text)
  return path
}

const log = (...lines: readonly string[]) => fileWith(lines.map(line => `${line}\n`).join(''))

test('a log that comes out the same is called identical', async () => {
  const path = await log(...randomLog(5, 40))
  const { exitCode, stdout, stderr } = await runSkein(['sim', 'replay', path])
  assert.match(stdout, /^40 events, \d+ decisions, identical\n$/)
  assert.deepEqual([exitCode, stderr], [0, ''])
})

test('a log that was changed is named with the line, and the exit code is 1', async () => {
  const lines = randomLog(5, 40)
  const changed = lines.map((line, index) => (index === 9 ? line.replace(/\d/, '7') : line))
  const path = await log(...changed)
  const { exitCode, stdout } = await runSkein(['sim', 'replay', path])
  assert.equal(exitCode, 1)
  assert.match(stdout, /^8 events, \d+ decisions, then a difference\nline 10, event 8/)
})

test('a log that was cut off is replayed as far as it goes, and that is said', async () => {
  const path = await fileWith(randomLog(5, 40).join('\n').slice(0, -200))
  const { exitCode, stdout, stderr } = await runSkein(['sim', 'replay', path])
  assert.match(stdout, /events, \d+ decisions, identical/)
  assert.match(stderr, /cut off/)
  assert.equal(exitCode, 0)
})

test('one decision of a log is shown in the words of skein why', async () => {
  const lines = randomLog(5, 80)
  const id = /"dispatch","id":"(r\d+)"/.exec(lines.join('\n'))?.[1] ?? ''
  const path = await log(...lines)
  const { stdout } = await runSkein(['sim', 'replay', path, '--at', id])
  assert.match(stdout, new RegExp(`^Decision ${id}: `))
  assert.match(stdout, /identical\n$/)
  const none = await runSkein(['sim', 'replay', path, '--at', 'nobody'])
  assert.match(none.stderr, /expected the decision nobody in the log, found none/)
})

test('a decision is worked out again', async () => {
  const scheduler = schedulerOf({})
  scheduler.step(peerChanged('a'), 0)
  scheduler.step(peerChanged('b'), 0)
  scheduler.step(arrived('r'), 1)
  const decision = scheduler.decision('r')
  const right = await fileWith(JSON.stringify(decision))
  const { exitCode, stdout } = await runSkein(['sim', 'replay', right])
  assert.deepEqual([exitCode, stdout], [0, '7 of 7 figures confirmed\n'])
  const wrong = await fileWith(JSON.stringify({ ...decision, chosen: 'c' }, undefined, 2))
  assert.include((await runSkein(['sim', 'replay', wrong])).stdout, 'not checked: choice')
  const text = JSON.stringify(decision).replaceAll(/"etaMs":[\d.]+/g, '"etaMs":3')
  const changed = await runSkein(['sim', 'replay', await fileWith(text)])
  assert.equal(changed.exitCode, 1)
  assert.match(changed.stdout, /^wrong: eta of a: expected \d[\d.]*, found 3\n/)
})

test.each([
  ['nothing at all', undefined, /found none/],
  ['text', 'hello', /found something else/],
  [
    'another format',
    '{"skeinEvents":2,"version":"9","self":"a","seed":1,"atWallMs":0,"options":{}}',
    /found format 2/,
  ],
])('%s is refused with what was expected', async (_name, text, message) => {
  const path = text === undefined ? '/nonexistent/file' : await fileWith(text)
  const { exitCode, stderr } = await runSkein(['sim', 'replay', path])
  assert.match(stderr, message)
  assert.equal(exitCode, 2)
})
