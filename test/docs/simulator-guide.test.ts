/**
 * The guide to the simulator works as it stands: its scenario is one, and its commands run in the order
 * in which they are shown, shortened, each with the files that the ones before left.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { parseScenario } from '../../sim/scenario/parse.ts'
import { runSkein } from '../cli/run-skein.ts'
import { servedMesh } from '../cli/simulate/served-mesh.ts'
import { arrived, peerChanged, schedulerOf } from '../scheduler/scene.ts'
import { randomLog } from '../sim/replay/random-log.ts'
import { shownCommands } from './shell-commands.ts'

const page = readFileSync('docs/guide/simulator.md', 'utf8')

/** What needs a peer is tested with the other guides. */
const commands = shownCommands(page).filter(({ args }) => args[0] === 'sim')

const [, scenario = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []

const folder = mkdtempSync(join(tmpdir(), 'skein-guide-'))
const inFolder = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Of the recorded events. */
const events = randomLog(5, 80)
const [, decided = ''] = /"dispatch","id":"(r\d+)"/.exec(events.join('\n')) ?? []

beforeAll(() => {
  const scheduler = schedulerOf({})
  scheduler.step(peerChanged('a'), 0)
  scheduler.step(arrived('r'), 1)
  writeFileSync(inFolder('chat.yaml'), scenario)
  writeFileSync(inFolder('decision.json'), JSON.stringify(scheduler.decision('r')))
  writeFileSync(inFolder('events.jsonl'), events.map(line => `${line}\n`).join(''))
})

const A_MOMENT = ['--duration-ms', '2000', '--set', 'warmUpMs=200', '--threads', '1']

/** As long as it takes to see that it works, and nothing outside the folder. */
const SHORTENED: Readonly<Record<string, readonly string[]>> = {
  run: ['--runs', '2', ...A_MOMENT],
  sweep: ['--runs', '1', ...A_MOMENT],
  init: ['-o', inFolder('preset.yaml')],
}

const isFile = (word: string) => /\.(?:yaml|json|jsonl|html)$/.test(word)

function madeShort(words: readonly string[]): readonly string[] {
  const placed = words.map((word, index) => {
    if (word === 'ID') return decided
    return isFile(word) || words[index - 1] === '-o' ? inFolder(word) : word
  })
  return [...placed, ...(SHORTENED[words[1] ?? ''] ?? [])]
}

describe('the guide to the simulator', () => {
  test('shows a scenario', () => {
    assert.equal(parseScenario(scenario, 'simulator.md').name, 'chat')
  })

  test('shows every command of the simulator', () => {
    const shown = new Set(commands.map(({ args }) => args[1]))
    const all = ['init', 'validate', 'run', 'compare', 'sweep', 'report']
    assert.sameMembers([...shown], [...all, 'record', 'calibrate', 'replay'])
  })

  for (const [index, { line, args }] of commands.entries()) {
    test(`${index + 1}: ${line}`, async () => {
      const mesh = servedMesh()
      for (let atMs = 500; atMs < 30_000; atMs += 1_000) {
        mesh.at(atMs, 'a', { inputTokens: atMs / 100, ttftMs: 20 + atMs / 200 })
      }
      const { exitCode, stderr } = await runSkein(madeShort(args), mesh.world)
      assert.equal(exitCode, 0, stderr)
    })
  }
})
