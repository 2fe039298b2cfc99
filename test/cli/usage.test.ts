/**
 * The command line itself: which command runs, what a mistake is answered with, the help.
 */
import { assert, describe, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { VERSION } from '../../src/node/version.ts'
import { jsonLines, runSkein } from './run-skein.ts'

describe('a mistake on the command line', () => {
  const cases = [
    {
      args: ['nodse'],
      says: 'skein: there is no command nodse\nhint: Did you mean `skein nodes`?\n',
    },
    {
      args: ['config'],
      says: 'skein: there is no command config\nhint: Did you mean `skein config show`?\n',
    },
    {
      args: ['config', 'shwo'],
      says: 'skein: there is no command config\nhint: Did you mean `skein config show`?\n',
    },
    {
      args: ['sim', 'rnu'],
      says: 'skein: there is no command sim\nhint: Did you mean `skein sim run`?\n',
    },
    {
      args: ['raft'],
      says: 'skein: there is no command raft\nhint: After `skein raft` comes one of status, transfer, promote, demote, recover, forget.\n',
    },
    {
      args: ['fly'],
      says: 'skein: there is no command fly\nhint: `skein help` lists them.\n',
    },
    {
      args: ['up', '--htp-port', '0'],
      says: 'skein: `skein up` has no flag --htp-port\nhint: Did you mean --http-port?\n',
    },
    {
      args: ['nodes', '--frobnicate'],
      says: 'skein: `skein nodes` has no flag --frobnicate\nhint: `skein help nodes` lists its flags.\n',
    },
    {
      args: ['join'],
      says: 'skein: `skein join` needs a ticket\nhint: `skein help join` lists its words and flags.\n',
    },
    {
      args: ['why'],
      says: 'skein: `skein why` needs an id\nhint: `skein help why` lists its words and flags.\n',
    },
    {
      args: ['nodes', 'all'],
      says: 'skein: `skein nodes` does not know what to do with all\nhint: `skein help nodes` lists its words and flags.\n',
    },
    {
      args: ['up', '--name'],
      says: 'skein: expected NAME after --name\nhint: `skein help up` lists its words and flags.\n',
    },
    {
      args: ['up', '--name', '--zone', 'a'],
      says: 'skein: expected NAME after --name, found --zone\nhint: If that is the value, write --name=--zone\n',
    },
    {
      args: ['nodes', '--json=yes'],
      says: 'skein: expected --json without a value, found --json=yes\nhint: `skein help nodes` lists its words and flags.\n',
    },
    {
      args: ['up', '--name', 'a', '--name', 'b'],
      says: 'skein: expected --name once, found it twice\n',
    },
    {
      args: ['invite', '--uses', '0'],
      says: 'skein: expected --uses from 1 to 10000, found 0\n',
    },
    {
      args: ['why', ''],
      says: 'skein: expected an id, found an empty text\nhint: If it comes from a variable of the shell, that is not set.\n',
    },
    {
      args: ['nodes', '--node='],
      says: 'skein: expected URL after --node, found an empty text\nhint: If it comes from a variable of the shell, that is not set.\n',
    },
    {
      args: ['nodes', '--node', 'gpu1:7733'],
      says: 'skein: expected the http(s) URL of a peer, found gpu1:7733\nhint: Try http://127.0.0.1:7733\n',
    },
  ]
  for (const { args, says } of cases) {
    test(`skein ${args.join(' ')} exits with 2 and says what is meant`, async () => {
      const { exitCode, stdout, stderr } = await runSkein(args)
      assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 2, stdout: '', stderr: says })
    })
  }

  for (const variable of ['SKEIN_NODE', 'SKEIN_API_KEY_FILE']) {
    test(`is an empty ${variable} too, which would ask another peer or without a key`, async () => {
      const { exitCode, stderr } = await runSkein(['nodes'], { variables: { [variable]: '' } })
      assert.equal(exitCode, 2)
      assert.include(stderr, `expected a value in the variable ${variable}, found an empty text`)
    })
  }

  test('is a JSON line too if JSON was asked for', async () => {
    const result = await runSkein(['nodes', '--jsn', '--json'])
    assert.deepEqual(jsonLines(result), [
      {
        event: 'error',
        code: 'ERR_USAGE',
        message: '`skein nodes` has no flag --jsn',
        hint: 'Did you mean --json?',
      },
    ])
  })
})

describe('help', () => {
  test('names every command', async () => {
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const { exitCode, stdout } = await runSkein(args)
      assert.equal(exitCode, 0)
      for (const { name } of commands) assert.include(stdout, `  ${name} `)
    }
  })

  for (const command of commands) {
    test(`of ${command.name} names its flags and words, in both ways to ask`, async () => {
      const words = command.name.split(' ')
      const { exitCode, stdout } = await runSkein(['help', ...words])
      assert.equal(exitCode, 0)
      assert.include(stdout, `Usage: skein ${command.name}`)
      for (const flag of Object.keys(command.flags)) assert.include(stdout, `--${flag}`)
      for (const { name } of command.words) assert.include(stdout, `<${name}>`)
      assert.equal((await runSkein([...words, '--help'])).stdout, stdout)
    })
  }
})

test('the version is that of the package', async () => {
  assert.match((await runSkein(['--version'])).stdout, new RegExp(`^skein ${VERSION} `))
  const [line] = jsonLines(await runSkein(['version', '--json']))
  assert.deepEqual(line, { version: VERSION, node: process.versions.node })
})
