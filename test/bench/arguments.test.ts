/**
 * The command line of the benchmarks.
 */
import { spawnSync } from 'node:child_process'
import { assert, describe, test } from 'vitest'
import { parseBenchArguments } from '../../bench/arguments.ts'

const parse = (...args: string[]) => parseBenchArguments(args, ['memory', 'request-path'])

const refusals = [
  { args: [], says: /which benchmark/ },
  { args: ['speed'], says: /no benchmark speed/ },
  { args: ['memory', 'request-path'], says: /one benchmark, found memory request-path/ },
  { args: ['memory', '--fast'], says: /--fast/ },
  { args: ['memory', '--paths', 'mesh,moon'], says: /direct,local,mesh.*found moon/ },
  { args: ['memory', '--sizes', '5,2'], says: /sizes from 3 to 64, found 5,2/ },
  { args: ['memory', '--sizes', '5,many'], says: /found 5,many/ },
  { args: ['memory', '--cpu-prof'], says: /cpu-prof/ },
]

describe('the command line', () => {
  test('a benchmark runs in full unless told otherwise', () => {
    assert.deepEqual(parse('memory'), {
      type: 'run',
      name: 'memory',
      options: { isQuick: false, paths: undefined, sizes: undefined, cpuProfileFolder: undefined },
    })
  })

  test('flags narrow it down', () => {
    assert.deepEqual(
      parse('memory', '--quick', '--paths', 'mesh,direct', '--sizes', '5,10', '--cpu-prof', 'out'),
      {
        type: 'run',
        name: 'memory',
        options: {
          isQuick: true,
          paths: ['mesh', 'direct'],
          sizes: [5, 10],
          cpuProfileFolder: 'out',
        },
      },
    )
  })

  for (const { args, says } of refusals) {
    test(`"${args.join(' ')}" is refused with the reason`, () => {
      const command = parse(...args)
      assert.equal(command.type, 'refused')
      assert.match(command.type === 'refused' ? command.message : '', says)
    })
  }

  test('an unknown name lists the benchmarks and ends with 2', () => {
    const { status, stderr } = spawnSync(process.execPath, ['bench/main.ts', 'speed'], {
      encoding: 'utf8',
      timeout: 15_000,
    })

    assert.equal(status, 2)
    assert.match(stderr, /no benchmark speed/)
    assert.match(stderr, /request-path .+\n {2}memory /)
  })
})
