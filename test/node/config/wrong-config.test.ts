/**
 * What is told of a configuration with many mistakes, large ones and malicious ones.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { hasCode, type MeshError } from '../../../src/core/errors.ts'
import { loadConfig } from '../../../src/node/config/config.ts'
import type { ConfigProblem } from '../../../src/node/config/config-problem.ts'
import { nodeOptions, p2pOptions } from '../../../src/node/options.ts'
import { tracingOptions } from '../../../src/node/tracing/options.ts'

const sections = { node: nodeOptions, p2p: p2pOptions, tracing: tracingOptions }

const folder = mkdtempSync(join(tmpdir(), 'skein-wrong-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

let fileCount = 0
function fileOf(text: string): string {
  const path = join(folder, `config-${fileCount++}.json`)
  writeFileSync(path, text)
  return path
}

function errorOf(
  file: string | undefined,
  variables: Readonly<Record<string, string>> = {},
): MeshError {
  try {
    loadConfig(sections, { file, variables, flags: new Map() })
  } catch (error) {
    assert.ok(hasCode(error, 'ERR_CONFIG'), String(error))
    return error
  }
  throw new Error('the configuration was taken')
}

const problemsOf = (error: MeshError) => error.details['problems'] as readonly ConfigProblem[]

/** `key: what was expected`, of a file with this text. */
const toldOf = (text: string) =>
  problemsOf(errorOf(fileOf(text))).map(({ key, expected }) => `${key}: ${expected}`)

describe('a key that JSON has and JavaScript hides', () => {
  const unknown = 'there is no such option'

  test('is an unknown section, an unknown option, an unknown label', () => {
    assert.deepEqual(toldOf('{"__proto__": {"zone": "a"}, "p2p": {"port": "x"}}'), [
      `__proto__: ${unknown}`,
      'p2p.port: expected an integer from 0 to 65535',
    ])
    assert.deepEqual(toldOf('{"node": {"__proto__": 1, "constructor": 2}}'), [
      `node.__proto__: ${unknown}`,
      `node.constructor: ${unknown}`,
    ])
    assert.deepEqual(toldOf('{"node": {"labels": {"__proto__": "x"}}}'), [
      `node.labels[__proto__]: ${unknown}`,
    ])
  })
})

describe('what is told', () => {
  test('of a text that is no address is that one was expected', () => {
    assert.deepEqual(toldOf('{"tracing": {"otlpUrl": "nonsense"}}'), [
      'tracing.otlpUrl: expected a URL that begins with http:// or https://, without user and password, or null',
    ])
  })

  test('is twenty problems and how many more there are', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`option${n}`, n]))
    const error = errorOf(fileOf(JSON.stringify({ node: many, p2p: { port: -1 } })))
    assert.lengthOf(problemsOf(error), 20)
    assert.equal(error.details['moreCount'], 49_981)
    assert.match(error.message, /^50001 problems/)
    assert.match(error.message, /\n {2}and 49981 more$/)
  })

  test('is exactly twenty without a rest', () => {
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`option${n}`, n]))
    const error = errorOf(fileOf(JSON.stringify({ node: twenty })))
    assert.lengthOf(error.message.split('\n'), 21)
    assert.notInclude(error.message, 'more')
  })

  test('is the beginning of a long key and of a long value', () => {
    const { message } = errorOf(
      fileOf(JSON.stringify({ ['k'.repeat(9_000)]: 1, p2p: { port: 'v'.repeat(9_000) } })),
    )
    assert.include(message, `${'k'.repeat(120)}…: there is no such option`)
    assert.isBelow(message.length, 1_000)
  })

  test('is that a value is nested too deep to be shown', () => {
    const depth = 300_000
    const error = errorOf(fileOf(`{"node": {"zone": ${'['.repeat(depth)}${']'.repeat(depth)}}}`))
    assert.equal(problemsOf(error)[0]?.found, 'a value that is nested too deep')
  })
})

test('a file without end is read to its bound', { skip: process.platform === 'win32' }, () => {
  assert.include(errorOf('/dev/zero').message, 'expected at most 1048576 bytes')
})

describe('labels', () => {
  const wrong = [
    { rule: 'text that is no JSON', json: 'gpu=h200', key: 'node.labels', found: '"gpu=h200"' },
    { rule: 'a value that is no text', json: '{"gpu": 1}', key: 'node.labels[gpu]', found: '1' },
    { rule: 'a name with a space', json: '{"a b": "x"}', key: 'node.labels[a b]', found: '"x"' },
    { rule: 'an empty name', json: '{"": "x"}', key: 'node.labels[]', found: '"x"' },
    {
      rule: 'a control character in a value',
      json: '{"gpu": "\\u001b[31m"}',
      key: 'node.labels[gpu]',
      found: '"\\u001b[31m"',
    },
  ]
  for (const { rule, json, key, found } of wrong) {
    test(`may not be ${rule}; the form and the characters are told`, () => {
      const [problem] = problemsOf(errorOf(undefined, { SKEIN_NODE__LABELS: json }))
      assert.deepInclude(problem, { key, found })
      assert.match(
        problem?.expected ?? '',
        /^expected `{"name": "value"}` with up to 32 names of 1 to 64 letters, digits/,
      )
    })
  }

  test('are at most 32', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, '']))
    const [problem] = problemsOf(errorOf(undefined, { SKEIN_NODE__LABELS: JSON.stringify(many) }))
    assert.include(problem?.expected, 'up to 32 names')
  })
})

describe('where a peer listens and is dialled', () => {
  for (const host of ['999.1.1.1', 'gpu1.local', '[::1]', 'fe80::1%eth0', '127.0.0.1:1']) {
    test(`is no address like ${host}`, () => {
      const [problem] = problemsOf(errorOf(undefined, { SKEIN_P2P__HOST: host }))
      assert.match(problem?.expected ?? '', /^expected an IPv4 or IPv6 address of this machine/)
      assert.equal(problem?.found, JSON.stringify(host))
    })
  }

  test('is an address of either family', () => {
    for (const host of ['0.0.0.0', '::', '127.0.0.1', 'fd00::5']) {
      const variables = { SKEIN_P2P__HOST: host }
      assert.equal(loadConfig(sections, { variables, flags: new Map() }).config.p2p.host, host)
    }
  })

  const multiaddrs: readonly (readonly [string, boolean])[] = [
    ['/ip4/10.0.0.5/tcp/7734', true],
    ['/ip6/fd00::5/tcp/1', true],
    ['/dns4/gpu1/tcp/7734/p2p/12D3KooWJ1EE2fDgLgQvRbRkCFW4nDMPyJCBbAKBEdhqCKJuvWVC', true],
    ['/ip4/999.0.0.5/tcp/7734', false],
    ['/ip6/10.0.0.5/tcp/7734', false],
    ['/ip4/10.0.0.5/tcp/0', false],
    ['/ip4/10.0.0.5/tcp/65536', false],
    ['/ip4/10.0.0.5/udp/7734', false],
    ['/nonsense', false],
    ['gpu1:7734', false],
  ]
  for (const [address, isGood] of multiaddrs) {
    test(`${isGood ? 'may' : 'may not'} be announced as ${address}`, () => {
      const variables = { SKEIN_P2P__ANNOUNCE: JSON.stringify([address]) }
      if (isGood) loadConfig(sections, { variables, flags: new Map() })
      else {
        const [problem] = problemsOf(errorOf(undefined, variables))
        assert.equal(problem?.key, 'p2p.announce[0]')
        assert.match(problem?.expected ?? '', /^expected a TCP multiaddr such as/)
      }
    })
  }
})
