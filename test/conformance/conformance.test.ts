/**
 * Our Raft against the test data of another implementation, and the runner that compares them.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { createConfchange } from './confchange.ts'
import { type Handler, parseCases } from './data-driven.ts'
import { withoutLog } from './file-kind.ts'
import { runQuorum } from './quorum.ts'
import { runCases, runFile } from './run-file.ts'

const FOLDER = join(import.meta.dirname, 'etcd-raft')

describe('etcd-raft', () => {
  for (const kind of ['quorum', 'confchange', 'interaction']) {
    for (const name of readdirSync(join(FOLDER, kind))) {
      test(`${kind}/${name} passes`, () => {
        const path = join(FOLDER, kind, name)
        const report = runFile(path, readFileSync(path, 'utf8'))
        assert.deepEqual(report.failures, [])
        assert.isAbove(report.passedCount, 0)
      })
    }
  }
})

/** Cases of files that stand nowhere else here, and what their own harness prints. */
function outputs(handler: Handler, text: string): string[] {
  return parseCases(text).map(handler)
}

describe('quorum files', () => {
  test('may ask for votes of joint quorums', () => {
    const votes = ['y,y,_,_', 'y,y,y,_', 'y,y,y,y', 'n,y,_,_', 'y,y,n,_', '_,_,_,n']
    const text = votes
      .map(values => `vote cfg=(1,2) cfgj=(3,4) votes=(${values})\n----\n\n`)
      .join('')
    assert.deepEqual(outputs(runQuorum, text), [
      'VotePending\n',
      'VotePending\n',
      'VoteWon\n',
      'VoteLost\n',
      'VoteLost\n',
      'VoteLost\n',
    ])
  })

  test('name a voter of both halves once', () => {
    const text =
      'vote cfg=(2,1) cfgj=(1,3) votes=(y,n,y)\n----\n\nvote cfg=(1) cfgj=zero votes=(y)\n----\n'
    assert.deepEqual(outputs(runQuorum, text), ['VoteLost\n', 'VoteWon\n'])
  })

  test('with too few or too many values are answered with both', () => {
    const text = 'vote cfg=(3,1) votes=(y)\n----\n\ncommitted cfg=(1) cfgj=(2) idx=(7,_,8)\n----\n'
    assert.deepEqual(outputs(runQuorum, text), [
      'error: mismatched input (explicit or _) for voters map[1:{} 3:{}]: [2]',
      'error: mismatched input (explicit or _) for voters map[1:{} 2:{}]: [7 0 8]',
    ])
  })

  test('that make no sense are refused', () => {
    const cases = [
      'win cfg=(1)',
      'vote x=(1)',
      'vote cfg=(1) votes=(z)',
      'committed cfg=(1) idx=(0)',
      'committed cfg=(1) cfgj=(zero,2) idx=(1,2)',
      'committed cfg=(x) idx=(1)',
    ]
    for (const line of cases) assert.throws(() => outputs(runQuorum, `${line}\n----\n`))
  })
})

describe('confchange files', () => {
  test('are told of input that cannot be read', () => {
    const inputs = ['v', 'v1 x2', 'vx', 'v1  v2', 'v99999999999999999999']
    const text = inputs.map(input => `simple\n${input}\n----\n\n`).join('')
    assert.deepEqual(outputs(createConfchange(), text), [
      'unknown token v\n',
      'unknown input: x2\n',
      'strconv.ParseUint: parsing "x": invalid syntax\n',
      'unknown token \n',
      'strconv.ParseUint: parsing "99999999999999999999": value out of range\n',
    ])
  })

  test('are told of commands that are none or are misused', () => {
    const text =
      'change\n----\n\nleave-joint\nv1\n----\n\nleave-joint\n----\n\nenter-joint\nv1\n----\n'
    assert.deepEqual(outputs(createConfchange(), text), [
      'unknown command\n',
      'this command takes no input\n',
      "can't leave a non-joint config\n",
      "can't make a zero-voter config joint\n",
    ])
  })

  test('count refused changes too when new members start', () => {
    const text = 'simple\nv1\n----\n\nsimple\nr1\n----\n\nsimple\nr1\n----\n\nsimple\nv2\n----\n'
    const [, , , last] = outputs(createConfchange(), text)
    assert.include(last, '2: StateProbe match=0 next=3\n')
  })
})

describe('the runner', () => {
  const cases = parseCases('say a\n----\na\n\nsay b\nmore\n----\nc\n\nsay a=(1,2)\n----\nx\n')
  const kind = {
    name: 'say',
    commands: ['say'],
    createHandler:
      (): Handler =>
      ({ args: [first] }) => {
        if (first?.values.length === 2) throw new Error('two values')
        return first?.key ?? ''
      },
  }

  test('compares what each case prints and goes on after a failure', () => {
    const { passedCount, failures } = runCases(cases, kind)
    assert.equal(passedCount, 1)
    const [wrong, thrown] = failures
    assert.deepEqual(wrong, { line: 5, directive: 'say b\nmore', expected: 'c\n', found: 'b\n' })
    assert.deepEqual([thrown?.line, thrown?.directive], [10, 'say a=(1,2)'])
    assert.include(thrown?.found, 'thrown: Error: two values')
  })

  test('compares after what does not count was taken out of both sides', () => {
    const both = { ...kind, normalise: () => 'same' }
    assert.equal(runCases(cases, both).passedCount, 3)
  })

  test('counts a file that cannot be run as a failure', () => {
    const reports = [
      runFile('/x/quorum/bad.txt', 'vote cfg=(\n----\n'),
      runFile('/x/strange.txt', 'dance\n----\n'),
    ]
    assert.deepEqual(
      reports.map(({ passedCount, failures }) => [passedCount, failures.length]),
      [
        [0, 1],
        [0, 1],
      ],
    )
  })

  test('tells the kind of a file by its nearest folder, else by its commands', () => {
    const vote = 'vote cfg=(1) votes=(y)\n----\nVoteWon\n'
    const passed = [
      '/quorum/a.txt',
      '/confchange/b/quorum/c/a.txt',
      '/a.txt',
      '/quorum/confchange/a.txt',
    ].map(path => runFile(path, vote).passedCount)
    assert.deepEqual(passed, [1, 1, 1, 0])
  })
})

describe('lines of the log', () => {
  test('do not count', () => {
    const text = 'INFO 1 became leader\n> 1 handling Ready\n  DEBUG x\n  Ready\n  INFORMED\nWARN\n'
    assert.equal(withoutLog(text), '> 1 handling Ready\n  Ready\n  INFORMED\n')
  })

  test('that stand alone are as good as none', () => {
    assert.equal(withoutLog('INFO newRaft 1\nERROR x\n'), 'ok\n')
    assert.equal(withoutLog('ok\n'), 'ok\n')
  })
})

describe('npm run conformance', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'skein-conformance-'))
    for (const folder of ['good/deep', 'mixed', 'empty']) {
      mkdirSync(join(root, folder), { recursive: true })
    }
    const vote = 'vote cfg=(1) votes=(y)\n----\nVoteWon\n'
    writeFileSync(join(root, 'good/deep/a.txt'), vote)
    writeFileSync(join(root, 'good/notes.md'), 'not a test')
    writeFileSync(join(root, 'mixed/a.txt'), vote)
    writeFileSync(join(root, 'mixed/b.txt'), `${vote}\n${vote.replace('Won', 'Lost')}`)
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['scripts/conformance.ts', ...args],
      { encoding: 'utf8' },
    )
    return { status, stdout, stderr }
  }

  test('runs every file under a folder', () => {
    const { status, stdout } = run(join(root, 'good'))
    assert.deepEqual([status, stdout], [0, 'deep/a.txt: 1 passed, 0 failed\n1 passed, 0 failed\n'])
  })

  test('shows what failed, and fails', () => {
    const { status, stdout } = run(join(root, 'mixed'))
    const expected = [
      'a.txt: 1 passed, 0 failed',
      'b.txt: 1 passed, 1 failed',
      '  line 5: vote cfg=(1) votes=(y)',
      '    expected:',
      '      VoteLost',
      '    found:',
      '      VoteWon',
      '2 passed, 1 failed',
      '',
    ]
    assert.deepEqual([status, stdout], [1, expected.join('\n')])
  })

  test('says what is wrong with a folder that has nothing to run', () => {
    const problems = [
      { args: [], says: 'expected one folder' },
      { args: [join(root, 'nowhere')], says: 'found nothing at' },
      { args: [join(root, 'good/notes.md')], says: 'found a file' },
      { args: [join(root, 'empty')], says: 'found none' },
    ]
    for (const { args, says } of problems) {
      const { status, stderr } = run(...args)
      assert.equal(status, 2)
      assert.include(stderr, says)
      assert.include(stderr, 'usage: npm run conformance -- FOLDER')
    }
  })
})
