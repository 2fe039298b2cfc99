/**
 * The configuration: which source wins, and that every mistake is told at once with its key, what
 * was expected, what was found and where.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, assert, describe, test } from 'vitest'
import { z } from 'zod'
import { hasCode, type MeshError } from '../../src/core/errors.ts'
import { type ConfigSources, environment, loadConfig } from '../../src/node/config/config.ts'
import type { ConfigProblem } from '../../src/node/config/config-problem.ts'
import { describeOptions } from '../../src/node/config/config-schema.ts'
import type { FlagSetting } from '../../src/node/config/config-sources.ts'
import { enginesOptions, nodeOptions, p2pOptions } from '../../src/node/options.ts'

const prober = z
  .strictObject({
    intervalMs: z.int().min(10).max(60_000).meta({ unit: 'ms' }).default(1_000).describe('I.'),
    timeoutMs: z.int().min(1).max(60_000).meta({ unit: 'ms' }).default(500).describe('T.'),
    ratio: z.number().min(0).max(1).default(0.5).describe('R.'),
    limit: z.int().min(1).meta({ unit: 'peers' }).nullable().default(null).describe('L.'),
    isEager: z.boolean().default(false).describe('E.'),
  })
  .refine(options => options.timeoutMs < options.intervalMs, {
    error: 'timeoutMs must be smaller than intervalMs',
    path: ['timeoutMs'],
  })

const sections = { node: nodeOptions, p2p: p2pOptions, engines: enginesOptions, prober }

const folder = mkdtempSync(join(tmpdir(), 'skein-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

let fileCount = 0
function fileOf(content: unknown): string {
  const path = join(folder, `config-${fileCount++}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function flagsOf(flags: Readonly<Record<string, FlagSetting['value']>>): ConfigSources['flags'] {
  const named = Object.entries(flags).map(
    ([key, value]) => [key, { flag: `--${key}`, value }] as const,
  )
  return new Map(named)
}

/** Nothing set, and a data folder without a config.json. */
const nothing: ConfigSources = {
  variables: { SKEIN_NODE__DATA_DIR: join(folder, 'none') },
  flags: new Map(),
}

const load = (sources: Partial<ConfigSources>) =>
  loadConfig(sections, {
    ...nothing,
    ...sources,
    variables: { ...nothing.variables, ...sources.variables },
  })

function problemsOf(sources: Partial<ConfigSources>): readonly ConfigProblem[] {
  try {
    load(sources)
  } catch (error) {
    assert.ok(hasCode(error, 'ERR_CONFIG'), String(error))
    const { details }: MeshError = error
    return details['problems'] as readonly ConfigProblem[]
  }
  return []
}

describe('the source that wins', () => {
  const key = 'prober.intervalMs'
  const file = fileOf({ prober: { intervalMs: 1_001 } })
  const variables = { SKEIN_PROBER__INTERVAL_MS: '1002' }
  const flags = flagsOf({ [key]: '1003' })
  const cases = [
    { rule: 'the default holds alone', sources: {}, value: 1_000, source: 'default' },
    {
      rule: 'a file beats the default',
      sources: { file },
      value: 1_001,
      source: `file ${file}`,
    },
    {
      rule: 'the environment beats a file',
      sources: { file, variables },
      value: 1_002,
      source: 'environment SKEIN_PROBER__INTERVAL_MS',
    },
    {
      rule: 'a flag beats the environment',
      sources: { file, variables, flags },
      value: 1_003,
      source: 'flag --prober.intervalMs',
    },
    {
      rule: 'a flag beats a file',
      sources: { file, flags },
      value: 1_003,
      source: `flag --${key}`,
    },
  ]
  for (const { rule, sources, value, source } of cases) {
    test(rule, () => {
      const { config, entries } = load(sources)
      assert.equal(config.prober.intervalMs, value)
      assert.deepEqual(
        entries.find(entry => entry.key === key),
        { key, value, source },
      )
    })
  }

  test('config.json in the data folder counts unless --config names another file', () => {
    const dataDir = mkdtempSync(join(folder, 'data-'))
    writeFileSync(join(dataDir, 'config.json'), '{"node": {"zone": "inner"}}')
    const inFolder = { SKEIN_NODE__DATA_DIR: dataDir }
    assert.equal(load({ variables: inFolder }).config.node.zone, 'inner')
    assert.equal(load({ flags: flagsOf({ 'node.dataDir': dataDir }) }).config.node.zone, 'inner')
    const named = fileOf({ node: { name: 'x' } })
    assert.equal(load({ variables: inFolder, file: named }).config.node.zone, '')
  })
})

describe('defaults', () => {
  test('the name is the name of the host and the data folder lies in the home folder', () => {
    const dataDir = join(homedir(), '.skein-that-does-not-exist')
    const { config } = load({ variables: { SKEIN_NODE__DATA_DIR: '~/.skein-that-does-not-exist' } })
    assert.equal(config.node.name, hostname().slice(0, 64))
    assert.equal(config.node.dataDir, dataDir)
    assert.equal(nodeOptions.parse({}).dataDir, join(homedir(), '.skein'))
  })
})

describe('a wrong configuration', () => {
  test('is reported whole: every source and section at once', () => {
    const file = fileOf({ p2p: { prot: 1 }, probr: {}, prober: { ratio: 2 }, engines: [] })
    const problems = problemsOf({
      file,
      variables: { SKEIN_PROBER__INTERVAL_MS: 'abc', SKEIN_P2P__PROT: '1' },
      flags: flagsOf({ 'p2p.port': '99999' }),
    })
    assert.deepEqual(problems, [
      {
        key: 'p2p.prot',
        expected: 'there is no such option; did you mean p2p.port?',
        found: undefined,
        source: `file ${file}`,
      },
      {
        key: 'probr',
        expected: 'there is no such option; did you mean prober?',
        found: undefined,
        source: `file ${file}`,
      },
      {
        key: 'engines',
        expected: 'expected an object of options',
        found: '[]',
        source: `file ${file}`,
      },
      {
        key: 'SKEIN_P2P__PROT',
        expected: 'there is no such option; did you mean SKEIN_P2P__PORT?',
        found: undefined,
        source: 'environment',
      },
      {
        key: 'p2p.port',
        expected: 'expected an integer from 0 to 65535',
        found: '99999',
        source: 'flag --p2p.port',
      },
      {
        key: 'prober.intervalMs',
        expected: 'expected an integer from 10 to 60000',
        found: '"abc"',
        source: 'environment SKEIN_PROBER__INTERVAL_MS',
      },
      {
        key: 'prober.ratio',
        expected: 'expected a number from 0 to 1',
        found: '2',
        source: `file ${file}`,
      },
    ])
  })

  test('says which rule over several options is broken, beside wrong single options', () => {
    const problems = problemsOf({
      variables: { SKEIN_PROBER__TIMEOUT_MS: '2000', SKEIN_PROBER__IS_EAGER: 'yes' },
    })
    assert.deepEqual(
      problems.map(problem => `${problem.key}: ${problem.expected}, found ${problem.found}`),
      [
        'prober.isEager: expected true or false, found "yes"',
        'prober.timeoutMs: timeoutMs must be smaller than intervalMs, found 2000',
      ],
    )
  })

  test('names the place inside a list', () => {
    const [problem] = problemsOf({ variables: { SKEIN_ENGINES__LIST: '["embedded", "vllm"]' } })
    assert.equal(problem?.key, 'engines.list[1]')
    assert.match(problem?.expected ?? '', /embedded, none or the http\(s\) URL/)
  })

  test('names what is wrong with an engine', () => {
    const cloud = { url: 'https://cloud.example', kind: 'cloud' }
    const list = [{ url: 'http://a', kind: 'vlm' }, cloud, { url: 'ftp://a' }]
    const problems = problemsOf({ variables: { SKEIN_ENGINES__LIST: JSON.stringify(list) } })
    const texts = problems.map(({ key, expected }) => `${key}: ${expected}`).join('\n')
    assert.match(texts, /engines\.list\[0\]: expected .*kind.*vllm/)
    assert.match(texts, /engines\.list\[1\]\[models\]: a cloud lists hundreds/)
    assert.match(texts, /engines\.list\[1\]\[price\]: a cloud has a price/)
    assert.match(texts, /engines\.list\[2\]\[url\]: expected the http\(s\) URL of an engine/)
  })

  test('a list in the environment must be JSON', () => {
    const [problem] = problemsOf({ variables: { SKEIN_ENGINES__LIST: 'embedded' } })
    assert.equal(problem?.expected, 'expected a list of at most 16 as JSON')
  })

  test('an option that may be null says so', () => {
    const [problem] = problemsOf({ variables: { SKEIN_PROBER__LIMIT: '0' } })
    assert.equal(problem?.expected, 'expected an integer of at least 1, or null')
  })

  test('a missing or broken file is named, a missing config.json is not', () => {
    const missing = join(folder, 'absent.json')
    assert.match(problemsOf({ file: missing })[0]?.expected ?? '', /can be read, found ENOENT/)
    assert.match(problemsOf({ file: fileOf('{"a": ') })[0]?.expected ?? '', /^expected JSON: /)
    assert.equal(problemsOf({ file: fileOf('[1]') })[0]?.expected, 'expected an object')
    const large = fileOf(JSON.stringify('x'.repeat(1_048_577)))
    assert.equal(problemsOf({ file: large })[0]?.expected, 'expected at most 1048576 bytes')
    assert.deepEqual(problemsOf({}), [])
  })

  test('is reported also where a stronger source overrides it', () => {
    const file = fileOf({
      p2p: { port: 'x', host: 'gpu1' },
      prober: { timeoutMs: 2_000 },
      engines: { list: ['y'] },
    })
    const problems = problemsOf({
      file,
      variables: { SKEIN_P2P__PORT: '-1', SKEIN_ENGINES__LIST: '[]' },
      flags: flagsOf({ 'p2p.port': '1', 'p2p.host': '::1', 'prober.timeoutMs': '5' }),
    })
    assert.deepEqual(
      problems.map(({ key, found, source }) => ({ key, found, source })),
      [
        { key: 'p2p.host', found: '"gpu1"', source: `file ${file}` },
        { key: 'p2p.port', found: '"x"', source: `file ${file}` },
        { key: 'p2p.port', found: '-1', source: 'environment SKEIN_P2P__PORT' },
        { key: 'engines.list[0]', found: '"y"', source: `file ${file}` },
      ],
    )
  })

  test('is not one that begins with a byte order mark', () => {
    const file = fileOf('\ufeff{"p2p": {"port": 9}}')
    assert.equal(load({ file }).config.p2p.port, 9)
  })

  test('the file in the data folder cannot name another data folder', () => {
    const dataDir = mkdtempSync(join(folder, 'data-'))
    writeFileSync(join(dataDir, 'config.json'), '{"node": {"dataDir": "/elsewhere"}}')
    const [problem] = problemsOf({ variables: { SKEIN_NODE__DATA_DIR: dataDir } })
    assert.equal(problem?.key, 'node.dataDir')
  })

  test('the value of an unknown key is never shown, since it may be a secret', () => {
    const variables = { SKEIN_PROBER__API_KEY: 'sk-very-secret' }
    assert.throws(() => load({ variables }), /SKEIN_PROBER__API_KEY/)
    assert.notInclude(JSON.stringify(problemsOf({ variables })), 'sk-very-secret')
  })

  test('a password in an address is not shown', () => {
    const variables = { SKEIN_ENGINES__LIST: '["ftp://me:sec@ret@host/path"]' }
    assert.deepPropertyVal(problemsOf({ variables })[0], 'found', '"ftp://…@host/path"')
  })

  test("the variables of the client commands are not the peer's", () => {
    const variables = { SKEIN_NODE: 'http://h:1', SKEIN_API_KEY_FILE: 'f', HOME: '/h' }
    assert.deepEqual(problemsOf({ variables }), [])
  })
})

test('a value means the same in a file, in the environment and in a flag', () => {
  const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 64 })
  const values = fc.record(
    {
      'node.zone': printable,
      'node.labels': fc.dictionary(
        fc.stringMatching(/^[A-Za-z0-9._/-]{1,64}$/).filter(name => name !== '__proto__'),
        printable,
        { maxKeys: 32, noNullPrototype: true },
      ),
      'p2p.port': fc.nat(65_535),
      'prober.ratio': fc.integer({ min: 0, max: 1_000 }).map(milli => milli / 1_000),
      'prober.isEager': fc.boolean(),
      'prober.limit': fc.option(fc.integer({ min: 1, max: 9 })),
      'engines.list': fc.array(fc.constantFrom('embedded', 'http://127.0.0.1:11434'), {
        maxLength: 16,
      }),
    },
    { requiredKeys: [] },
  )
  const options = describeOptions(sections)
  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

  fc.assert(
    fc.property(values, set => {
      const content: Record<string, Record<string, unknown>> = {}
      const variables: Record<string, string> = {}
      const flags: Record<string, string> = {}
      for (const { key, section, option, variable } of options) {
        const value = set[key as keyof typeof set]
        if (value === undefined) continue
        content[section] = { ...content[section], [option]: value }
        variables[variable] = asText(value)
        flags[key] = asText(value)
      }

      const fromFile = load({ file: fileOf(content) }).config
      assert.deepEqual(load({ variables }).config, fromFile)
      assert.deepEqual(load({ flags: flagsOf(flags) }).config, fromFile)
    }),
    { numRuns: 60 },
  )
})

test('the environment is that of the process', () => {
  assert.equal(environment()['PATH'] !== undefined, true)
})
