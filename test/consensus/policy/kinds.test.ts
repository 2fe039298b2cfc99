/**
 * What each kind of resource takes, and how it refuses the rest: by path, expected, found and hint.
 */
import { assert, describe, test } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../../../src/consensus/policy/canonical.ts'
import { policyFormat } from '../../../src/consensus/policy/format.ts'
import type { KindName } from '../../../src/consensus/policy/kinds/policy-kinds.ts'
import { settingDefaults } from '../../../src/consensus/policy/kinds/settings.ts'
import type { FieldProblem } from '../../../src/consensus/policy/problems.ts'
import { withoutSecrets } from '../../../src/consensus/policy/resource.ts'
import { judgeContent } from '../../../src/consensus/policy/write-resource.ts'
import { consensusOptions } from '../../../src/consensus/replica/options.ts'
import { digest, KEY_HASH, TICKET_HASH } from './scribe.ts'

interface Sample {
  readonly name: string
  readonly spec: JsonObject
}

/** The least that each kind needs to be said. */
const samples: Readonly<Record<KindName, Sample>> = {
  routing: { name: 'default', spec: {} },
  placements: { name: 'meta-llama/Llama-3.1-8B', spec: {} },
  aliases: { name: 'fast', spec: { targets: [{ model: 'qwen2.5:7b' }] } },
  keys: { name: 'k1', spec: { hash: KEY_HASH } },
  quotas: { name: 'tenant:acme', spec: { concurrencyMax: 4 } },
  tenants: { name: 'acme', spec: {} },
  tickets: { name: '00112233aabbccdd', spec: { hash: TICKET_HASH, expiresAtMs: 5_000 } },
  roster: { name: 'peer-b', spec: { nodeId: 7, admittedBy: 'peer:a', admittedAtMs: 1 } },
  denied: { name: 'peer-x', spec: {} },
  drains: { name: 'peer-a', spec: {} },
  settings: { name: 'breaker', spec: {} },
}

const judge = (kind: string, name: string, spec: JsonObject, schemaVersion = 1) =>
  judgeContent(policyFormat, { kind, name, owner: 'key:ops', labels: {}, schemaVersion, spec })

function problems(kind: string, name: string, spec: JsonObject): readonly FieldProblem[] {
  const judgement = judge(kind, name, spec)
  return judgement.isValid ? [] : judgement.problems
}

describe('every kind', () => {
  for (const [kind, { name, spec }] of Object.entries(samples)) {
    test(`${kind}: what is left out has a default, and a full spec stays as it is`, () => {
      const judgement = judge(kind, name, spec)
      assert.isTrue(judgement.isValid, JSON.stringify(judgement))
      if (!judgement.isValid) return
      assert.deepEqual(judge(kind, name, judgement.resource.spec), judgement)
    })

    test(`${kind}: an unknown field is refused by its path, and its value is not told`, () => {
      const [problem] = problems(kind, name, { ...spec, surprise: 'secret-in-the-wrong-place' })
      assert.equal(problem?.path, 'spec.surprise')
      assert.include(problem?.expected, 'one of the known fields')
      assert.notInclude(JSON.stringify(problem), 'secret-in-the-wrong-place')
    })
  }

  test('is told what was meant by a mistyped field, also deep inside', () => {
    assert.equal(
      problems('routing', 'default', { stratgy: 'mesh' })[0]?.hint,
      'Did you mean `strategy`?',
    )
    const targets = [{ model: 'a', wieght: 1 }]
    const [problem] = problems('aliases', 'fast', { targets })
    assert.equal(problem?.path, 'spec.targets[0].wieght')
    assert.equal(problem?.hint, 'Did you mean `weight`?')
    const [inHash] = problems('keys', 'k1', { hash: { ...KEY_HASH, costLog: 14 } })
    assert.equal(inHash?.path, 'spec.hash.costLog')
    assert.equal(inHash?.hint, 'Did you mean `costLog2`?')
  })

  test('says what was expected and what was found', () => {
    const [problem] = problems('settings', 'breaker', { failuresMax: 0 })
    assert.deepEqual(problem, {
      path: 'spec.failuresMax',
      expected: 'a number of at least 1',
      found: '0',
    })
    const fallbacks = Array.from({ length: 20 }, (_, at) => `m${at}`)
    const [long] = problems('aliases', 'a', { targets: [{ model: 'm' }], fallbacks })
    assert.deepInclude(long, { expected: 'a list of at most 8', found: 'a list of 20' })
    const [none] = problems('aliases', 'a', { targets: [] })
    assert.deepInclude(none, { expected: 'a list of at least 1', found: 'an empty list' })
    const [strategy] = problems('routing', 'default', { strategy: 'best' })
    assert.include(strategy?.expected, 'round-robin')
    assert.equal(strategy?.found, '"best"')
  })
})

describe('a name', () => {
  const cases = [
    { kind: 'tenants', name: 'a/b', rule: 'of a tenant has no slash' },
    { kind: 'tenants', name: '', rule: 'is not empty' },
    { kind: 'tenants', name: '__proto__', rule: 'begins with a letter or digit' },
    { kind: 'aliases', name: 'a b', rule: 'has no space' },
    { kind: 'aliases', name: 'a/../b', rule: 'leads nowhere else in a URL' },
    { kind: 'aliases', name: 'a/..', rule: 'leads nowhere else at the end of a URL' },
    { kind: 'placements', name: 'a/./b', rule: 'of a model leads nowhere else in a URL' },
    { kind: 'aliases', name: 'm'.repeat(254), rule: 'has 253 characters at most' },
    { kind: 'quotas', name: 'user:x', rule: 'of a quota says whom it limits' },
    { kind: 'settings', name: 'braker', rule: 'of a setting is one of those there are' },
    { kind: 'tickets', name: 'XYZ', rule: 'of a ticket is its id' },
  ]
  for (const { kind, name, rule } of cases) {
    test(rule, () => {
      const sample = samples[kind as KindName]
      assert.equal(problems(kind, name, sample.spec)[0]?.path, 'name')
    })
  }

  test('may have dots otherwise', () => {
    for (const name of ['a..b', 'a/..b', 'a/b..', 'org/v1.5', 'a/...']) {
      assert.deepEqual(problems('aliases', name, samples.aliases.spec), [], name)
    }
  })

  test('may be as long as it may be', () => {
    assert.deepEqual(problems('aliases', 'm'.repeat(253), samples.aliases.spec), [])
  })
})

describe('the rules within a spec', () => {
  const cases: readonly {
    kind: string
    name: string
    spec: JsonObject
    path: string
    rule: string
  }[] = [
    {
      kind: 'placements',
      name: 'm',
      spec: { minReplicas: 3, maxReplicas: 2 },
      path: 'spec.maxReplicas',
      rule: 'no fewer replicas at most than at least',
    },
    {
      kind: 'placements',
      name: 'm',
      spec: { peers: ['a'], minReplicas: 2 },
      path: 'spec.minReplicas',
      rule: 'no more replicas than pinned peers',
    },
    {
      kind: 'placements',
      name: 'm',
      spec: { peers: ['a', 'a'] },
      path: 'spec.peers',
      rule: 'no peer twice',
    },
    {
      kind: 'aliases',
      name: 'a',
      spec: { targets: [{ model: 'm', weight: 0 }] },
      path: 'spec.targets',
      rule: 'some target gets requests',
    },
    {
      kind: 'aliases',
      name: 'a',
      spec: { targets: [{ model: 'm' }, { model: 'm' }] },
      path: 'spec.targets',
      rule: 'no target twice',
    },
    { kind: 'quotas', name: 'model:m', spec: {}, path: 'spec', rule: 'a quota limits something' },
    {
      kind: 'quotas',
      name: 'model:m',
      spec: { limits: [{ windowMs: 60_000 }] },
      path: 'spec.limits[0]',
      rule: 'a limit limits something',
    },
    {
      kind: 'keys',
      name: 'k',
      spec: { hash: { ...KEY_HASH, costLog2: 20, blockSize: 32 } },
      path: 'spec.hash.costLog2',
      rule: 'no hash that costs every ingress a gigabyte',
    },
    {
      kind: 'keys',
      name: 'k',
      spec: { hash: { ...KEY_HASH, algorithm: 'md5' } },
      path: 'spec.hash.algorithm',
      rule: 'no hash but those that are slow',
    },
    {
      kind: 'aliases',
      name: 'm',
      spec: { targets: [{ model: 'a' }, { model: 'b', weight: -1 }] },
      path: 'spec.targets[1].weight',
      rule: 'no weight below 0',
    },
    {
      kind: 'aliases',
      name: 'm',
      spec: { targets: [{ model: 'a/../b' }] },
      path: 'spec.targets[0].model',
      rule: 'no target that leads elsewhere in a URL',
    },
    {
      kind: 'settings',
      name: 'scaling',
      spec: { scaleUpRatio: 0.2 },
      path: 'spec.scaleDownRatio',
      rule: 'scaling down begins below scaling up',
    },
    {
      kind: 'settings',
      name: 'voters',
      spec: { countMax: 2 },
      path: 'spec.countMax',
      rule: 'an odd number of voters',
    },
  ]
  for (const { kind, name, spec, path, rule } of cases) {
    test(rule, () => assert.equal(problems(kind, name, spec)[0]?.path, path))
  }

  test('never tell the hash of a key, even a wrong one', () => {
    const wrong = problems('keys', 'k', { hash: { ...KEY_HASH, digest: 'NOT-HEX-BUT-SECRET' } })
    assert.equal(wrong[0]?.path, 'spec.hash.digest')
    assert.notInclude(JSON.stringify(wrong), 'SECRET')
  })
})

test('labels have bounds of their own', () => {
  const label = (labels: unknown) => {
    const content = { kind: 'tenants', name: 'a', owner: 'key:ops', schemaVersion: 1, spec: {} }
    const judgement = judgeContent(policyFormat, { ...content, labels })
    return judgement.isValid ? undefined : judgement.problems[0]?.path
  }
  assert.isUndefined(label({ site: 'berlin' }))
  assert.equal(label({ 'no space': 'x' }), 'labels["no space"]')
  assert.equal(label({ a: 'x'.repeat(257) }), 'labels.a')
  const many = Array.from({ length: 33 }, (_, at) => [`l${at}`, ''])
  assert.equal(label(Object.fromEntries(many)), 'labels')
})

test('a setting of the voters that is not written has the value of the option', () => {
  const { countMax, replaceAfterMs } = settingDefaults.voters
  const { votersMax, voterReplaceAfterMs } = consensusOptions.parse({})
  assert.deepEqual([countMax, replaceAfterMs], [votersMax, voterReplaceAfterMs])
})

test('what recognises a secret is not shown', () => {
  for (const kind of ['keys', 'tickets'] as const) {
    const judgement = judge(kind, samples[kind].name, samples[kind].spec)
    assert.isTrue(judgement.isValid)
    if (!judgement.isValid) return
    const shown = withoutSecrets(policyFormat, { ...judgement.resource, revision: 3 })
    assert.notProperty(shown.spec, 'hash')
    assert.property(shown.spec, 'description')
  }
})

describe('a published schema', () => {
  /**
   * Peers of different releases judge one command, so a version never changes: not a bound, not a
   * default. If this fails, put the schema back and add a version with an `upgrade` and a higher
   * `sinceCommandVersion`, see `kinds/kind.ts`. Only words may change.
   */
  const published: Readonly<Record<string, string>> = {
    'routing 1': '63514a009ec76060',
    'placements 1': '5cc87cf20a9593f0',
    'aliases 1': '2a2d4c00605732a3',
    'aliases 2': '78582f6ddf980f33',
    'keys 1': 'a8a8ed8edd853685',
    'quotas 1': 'c07e903c99e57f77',
    'tenants 1': 'a35fc82b7c5ce4dd',
    'tickets 1': 'c5b443e46cbfba72',
    'roster 1': '286f1b5345fed2cd',
    'denied 1': '34d9269a890839cd',
    'drains 1': '8b482f5115ccaedd',
    'settings 1': 'ec95eb2db3dd507b',
  }

  /** The schema without what is said to people. */
  function judgedPart(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(judgedPart)
    if (typeof value !== 'object' || value === null) return value
    const fields = Object.entries(value).filter(
      ([key, part]) =>
        !(typeof part === 'string' && ['description', 'unit', 'expected'].includes(key)),
    )
    return Object.fromEntries(fields.map(([key, part]) => [key, judgedPart(part)]))
  }

  for (const [kind, { versions }] of Object.entries(policyFormat.kinds)) {
    for (const [at, { schemas }] of versions.entries()) {
      test(`is frozen: ${kind} version ${at + 1}`, () => {
        const parts = Object.entries(schemas).map(([name, schema]) => [
          name,
          judgedPart(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })),
        ])
        const print = digest(JSON.stringify(parts)).slice(0, 16)
        assert.equal(print, published[`${kind} ${at + 1}`])
      })
    }
  }
})
