/**
 * The format of data-driven files, all of it.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { parseCases, parseDirective } from './data-driven.ts'

const lines = (...texts: string[]) => `${texts.join('\n')}\n`

describe('a directive', () => {
  const cases = [
    { line: 'stabilize', args: [] },
    { line: 'stabilize 1 2', args: [['1'], ['2']] },
    {
      line: 'x a=1 b=',
      args: [
        ['a', '1'],
        ['b', ''],
      ],
    },
    { line: 'x a=(1,2, 3)  b', args: [['a', '1', '2', '3'], ['b']] },
    { line: 'x a=() b=(1)', args: [['a'], ['b', '1']] },
    { line: 'x a=(_,,y)', args: [['a', '_', '', 'y']] },
    { line: 'x a=(f(1, 2), (b (c)) d)', args: [['a', 'f(1, 2)', '(b (c)) d']] },
    { line: 'x a=b=c', args: [['a', 'b=c']] },
  ]
  for (const { line, args } of cases) {
    test(`is read: ${line}`, () => {
      const read = parseDirective(line).args.map(({ key, values }) => [key, ...values])
      assert.deepEqual(read, args)
    })
  }

  test('says where it stops making sense', () => {
    const problems = ['x =1', 'x a=(1', 'x a=((1)'].map(line => {
      try {
        return parseDirective(line)
      } catch (error) {
        return String(error)
      }
    })
    assert.deepEqual(problems, [
      'Error: expected the name of an argument at column 3, found: x =1',
      'Error: expected a closing parenthesis at column 7, found: x a=(1',
      'Error: expected a closing parenthesis at column 9, found: x a=((1)',
    ])
  })

  test('reads back the arguments it was made of', () => {
    const word = fc.stringMatching(/^[a-z0-9_-]{1,6}$/)
    const argument = fc.record({ key: word, values: fc.array(word, { maxLength: 4 }) })
    fc.assert(
      fc.property(word, fc.array(argument), (command, args) => {
        const texts = args.map(({ key, values }) =>
          values.length === 0 ? key : `${key}=(${values.join(', ')})`,
        )
        assert.deepEqual(parseDirective([command, ...texts].join(' ')), { command, args })
      }),
    )
  })
})

describe('a file', () => {
  test('is a list of cases, with comments and blank lines between', () => {
    const text = lines(
      '# About this file. \\',
      '',
      'first a=1',
      'input 1',
      '# input, not a comment',
      '',
      'input 2',
      '----',
      'output',
      '  indented',
      '',
      '# Between.',
      'second',
      '----',
    )
    assert.deepEqual(parseCases(text), [
      {
        command: 'first',
        args: [{ key: 'a', values: ['1'] }],
        line: 3,
        text: 'first a=1',
        input: 'input 1\n# input, not a comment\n\ninput 2',
        expected: 'output\n  indented\n',
      },
      { command: 'second', args: [], line: 13, text: 'second', input: '', expected: '' },
    ])
  })

  test('has outputs with blank lines between double separators', () => {
    const text = lines('x', '----', '----', 'a', '', '----', 'b', '----', '----', 'y', '----', 'c')
    const outputs = parseCases(text).map(({ command, expected }) => [command, expected])
    assert.deepEqual(outputs, [
      ['x', 'a\n\n----\nb\n'],
      ['y', 'c\n'],
    ])
  })

  test('may go on with a directive in the next line', () => {
    const [only] = parseCases(lines('x a=(1, \\', '  2) \\', '  b', '----', 'ok'))
    assert.deepEqual(only?.args, [
      { key: 'a', values: ['1', '2'] },
      { key: 'b', values: [] },
    ])
  })

  test('may group cases into subtests', () => {
    const text = lines(
      'subtest a',
      '',
      'x',
      '----',
      'ok',
      '',
      'subtest end a',
      '',
      'y',
      '----',
      'ok',
    )
    assert.deepEqual(
      parseCases(text).map(({ command }) => command),
      ['x', 'y'],
    )
  })

  test('may have line ends of Windows, and none at its end', () => {
    assert.equal(parseCases('x\r\n----\r\nok')[0]?.expected, 'ok\n')
  })

  const broken = [
    { text: 'x\n\ny\n', says: 'line 1: expected a line ----, found the end' },
    { text: '#\nx\n----\n----\na\n', says: 'line 2: expected two lines ---- behind the output' },
    { text: 'x a=(\n----\n', says: 'line 1: expected a closing parenthesis at column 6' },
    { text: 'subtest a\n', says: 'expected an end of subtest a' },
    { text: 'subtest end\n', says: 'line 1: expected the end of subtest (none), found an end' },
    { text: 'subtest a\nsubtest end b\n', says: 'line 2: expected the end of subtest a, found b' },
  ]
  for (const { text, says } of broken) {
    test(`that is broken says so: ${says}`, () => {
      assert.throws(() => parseCases(text), says)
    })
  }
})
