/**
 * The laws that the compiler and the linter keep, shown by feeding them files that break one.
 *
 * Each bad file is checked where it would stand, in a copy of the configuration; a law that
 * nobody enforces any more makes its test fail.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, assert, beforeAll, describe, test } from 'vitest'

const BIOME = resolve('node_modules/.bin/biome')
const TSC = resolve('node_modules/.bin/tsc')

const HEADER = '/** A file that breaks a law. */\n'

let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'skein-laws-'))
  for (const file of [
    'biome.json',
    'tsconfig.base.json',
    'tsconfig.machines.json',
    'package.json',
  ]) {
    cpSync(file, join(root, file))
  }
  cpSync('src/core', join(root, 'src/core'), { recursive: true })
  mkdirSync(join(root, 'scripts'))
  for (const rules of ['pure.grit', 'virtual-time.grit']) {
    cpSync(join('scripts', rules), join(root, 'scripts', rules))
  }
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, '.gitignore'), '')
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

function run(command: string, args: readonly string[]): { isGood: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  return { isGood: status === 0, output: stdout + stderr }
}

/** What the linter says of a file with this content at this place. */
function lint(path: string, content: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), HEADER + content)
  const result = run(BIOME, ['lint', '--vcs-enabled=false', path])
  rmSync(join(root, path))
  return result
}

describe('the linter refuses', () => {
  const cases = [
    {
      law: 'a clock in a machine',
      path: 'src/scheduler/bad.ts',
      content: 'export const now = () => Date.now()\n',
      says: 'Take nowMs',
    },
    {
      law: 'global randomness in a machine',
      path: 'src/membership/bad.ts',
      content: 'export const dice = () => Math.random()\n',
      says: 'Take a Random',
    },
    {
      law: 'waiting in a machine',
      path: 'src/consensus/bad.ts',
      content: 'export async function later(x: Promise<void>) {\n  await x\n}\n',
      says: 'Machines are synchronous',
    },
    {
      law: 'a strategy importing another machine',
      path: 'src/scheduler/strategies/bad.ts',
      content: "import { x } from '../../membership/peer-table.ts'\n\nexport const y = x\n",
      says: 'never one another',
    },
    {
      law: 'global randomness in a strategy',
      path: 'src/scheduler/strategies/bad.ts',
      content: 'export const dice = () => Math.random()\n',
      says: 'Take a Random',
    },
    {
      law: 'a machine importing another',
      path: 'src/scheduler/bad.ts',
      content: "import { x } from '../membership/peer-table.ts'\n\nexport const y = x\n",
      says: 'never one another',
    },
    {
      law: 'a machine importing another, from a folder within',
      path: 'src/consensus/raft/bad.ts',
      content: "import { x } from '../../membership/member.ts'\n\nexport const y = x\n",
      says: 'never one another',
    },
    {
      law: 'a machine importing another, from a folder two within',
      path: 'src/consensus/raft/log/bad.ts',
      content: "import { x } from '../../../membership/member.ts'\n\nexport const y = x\n",
      says: 'never one another',
    },
    {
      law: 'core importing a machine',
      path: 'src/core/bad.ts',
      content: "import { x } from '../membership/peer-table.ts'\n\nexport const y = x\n",
      says: 'Core imports itself',
    },
    {
      law: 'a protocol importing a socket',
      path: 'src/protocols/bad.ts',
      content: "import { connect } from 'node:net'\n\nexport const y = connect\n",
      says: 'no sockets',
    },
    {
      law: 'the node importing an edge',
      path: 'src/node/bad.ts',
      content: "import { x } from '../ingress/ingress.ts'\n\nexport const y = x\n",
      says: 'only by its ports',
    },
    {
      law: 'an edge importing an edge',
      path: 'src/ingress/bad.ts',
      content: "import { x } from '../runtimes/discover.ts'\n\nexport const y = x\n",
      says: 'never another edge',
    },
    {
      law: 'an edge importing an edge, from a folder within',
      path: 'src/runtimes/openai/bad.ts',
      content: "import { x } from '../../cli/run.ts'\n\nexport const y = x\n",
      says: 'never another edge',
    },
    {
      law: 'the real clock in the simulated world',
      path: 'sim/bad.ts',
      content: 'export const now = () => performance.now()\n',
      says: 'Time is virtual here',
    },
    {
      law: 'the simulated world importing a socket',
      path: 'sim/bad.ts',
      content: "import { connect } from 'node:net'\n\nexport const y = connect\n",
      says: 'runs machines on virtual time',
    },
    {
      law: 'the environment read anywhere but in the configuration',
      path: 'src/ingress/bad.ts',
      content: 'export const home = process.env.HOME\n',
      says: 'noProcessEnv',
    },
  ]
  for (const { law, path, content, says } of cases) {
    test(law, () => {
      const { isGood, output } = lint(path, content)
      assert.isFalse(isGood, output)
      assert.include(output, says)
    })
  }

  test('nothing in a file that keeps the laws', () => {
    const content = "import { NEVER } from '../core/machine.ts'\n\nexport const never = NEVER\n"
    const { isGood, output } = lint('src/scheduler/good.ts', content)
    assert.isTrue(isGood, output)
  })

  test('nothing in a file of a folder within that imports its own machine and core', () => {
    const content = [
      "import { NEVER } from '../../../core/machine.ts'",
      "import { NO_NODE } from '../node-id.ts'",
      "import { isVoter } from '../quorum/joint.ts'",
      '',
      'export const good = [NEVER, NO_NODE, isVoter]',
      '',
    ].join('\n')
    const { isGood, output } = lint('src/consensus/raft/log/good.ts', content)
    assert.isTrue(isGood, output)
  })
})

describe('the compiler refuses in a machine', () => {
  const check = (content: string) => {
    mkdirSync(join(root, 'src/scheduler'), { recursive: true })
    writeFileSync(join(root, 'src/scheduler/bad.ts'), HEADER + content)
    const result = run(TSC, ['-p', 'tsconfig.machines.json', '--noEmit'])
    rmSync(join(root, 'src/scheduler/bad.ts'))
    return result
  }
  const cases = [
    { law: 'timers', content: 'setTimeout(() => {}, 1)\n', says: "'setTimeout'" },
    { law: 'the console', content: "console.log('x')\n", says: "'console'" },
    { law: 'fetch', content: "export const x = fetch('http://x')\n", says: "'fetch'" },
    {
      law: 'modules of Node',
      content: "import { readFileSync } from 'node:fs'\n\nexport const x = readFileSync\n",
      says: "'node:fs'",
    },
  ]
  for (const { law, content, says } of cases) {
    test(law, () => {
      const { isGood, output } = check(content)
      assert.isFalse(isGood)
      assert.include(output, says)
    })
  }
})
