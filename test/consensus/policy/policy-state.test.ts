/**
 * What becomes of commands: compare-and-set, exactly once, all or nothing, and a stop before what
 * cannot be judged.
 */
import { assert, describe, test } from 'vitest'
import { z } from 'zod'
import { policyFormat } from '../../../src/consensus/policy/format.ts'
import { plainName } from '../../../src/consensus/policy/kinds/fields.ts'
import { ANY_NAME, firstVersion } from '../../../src/consensus/policy/kinds/kind.ts'
import { PolicyState } from '../../../src/consensus/policy/policy-state.ts'
import { digest, KEY_HASH, patch, put, remove, Scribe, textOf } from './scribe.ts'

describe('a resource', () => {
  test('has the index of its last change as its revision', () => {
    const scribe = Scribe.founded()
    const { revision } = scribe.applied(put('tenants', 'acme', {}))
    assert.equal(revision, scribe.state.appliedIndex)
    assert.equal(scribe.views.get('tenants', 'acme')?.revision, revision)

    const next = scribe.applied(patch('tenants', 'acme', { priority: 'high' }))
    assert.isAbove(next.revision, revision)
    assert.deepEqual(scribe.views.get('tenants', 'acme'), {
      kind: 'tenants',
      name: 'acme',
      revision: next.revision,
      owner: 'key:ops',
      labels: {},
      schemaVersion: 1,
      spec: { priority: 'high', isSuspended: false, description: '' },
    })
  })

  test('belongs to its first author until somebody says otherwise', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('tenants', 'acme', {}), { author: 'key:anna' })
    scribe.applied(put('tenants', 'acme', { priority: 'low' }), { author: 'key:bert' })
    assert.equal(scribe.views.get('tenants', 'acme')?.owner, 'key:anna')
    scribe.applied(put('tenants', 'acme', {}, { owner: 'key:bert' }))
    assert.equal(scribe.views.get('tenants', 'acme')?.owner, 'key:bert')
  })

  test('that is written as it is keeps its revision, and nobody is told', () => {
    const scribe = Scribe.founded()
    const { revision } = scribe.applied(put('tenants', 'acme', {}))
    const again = scribe.applied(put('tenants', 'acme', { priority: 'normal' }))
    assert.deepEqual(again.changes, [])
    assert.equal(scribe.views.get('tenants', 'acme')?.revision, revision)
  })

  test('is patched by what differs: `null` is back to the default, the rest stays', () => {
    const scribe = Scribe.founded()
    scribe.applied(
      put('tenants', 'acme', { priority: 'high', description: 'x' }, { labels: { a: '1' } }),
    )
    const operation = patch('tenants', 'acme', { priority: null })
    const labels = { b: '2', a: null }
    scribe.applied({ ...operation, patch: { ...operation.patch, labels } })
    const resource = scribe.views.get('tenants', 'acme')
    assert.deepEqual(resource?.spec, { priority: 'normal', isSuspended: false, description: 'x' })
    assert.deepEqual(resource?.labels, { b: '2' })
  })

  test('is not what a wrong patch would make of it', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('tenants', 'acme', {}))
    const { code, problems } = scribe.refused(patch('tenants', 'acme', { priority: 'utmost' }))
    assert.equal(code, 'invalid')
    assert.equal(problems?.[0]?.path, 'spec.priority')
    assert.equal(scribe.refused(patch('tenants', 'other', {})).code, 'not-found')
    assert.equal(scribe.refused(remove('tenants', 'other')).code, 'not-found')
  })
})

describe('compare-and-set', () => {
  const scribe = Scribe.founded()
  const { revision } = scribe.applied(put('tenants', 'there', {}))
  const cases = [
    { name: 'there', expected: 'any', wins: true },
    { name: 'there', expected: 'present', wins: true },
    { name: 'there', expected: 'absent', wins: false },
    { name: 'there', expected: revision, wins: true },
    { name: 'there', expected: revision - 1, wins: false },
    { name: 'there', expected: revision + 1, wins: false },
    { name: 'not-there', expected: 'present', wins: false },
    { name: 'not-there', expected: revision, wins: false },
    { name: 'not-there', expected: 'absent', wins: true },
    { name: 'nor-there', expected: 'any', wins: true },
  ] as const
  for (const { name, expected, wins } of cases) {
    test(`${wins ? 'lets' : 'does not let'} a put of ${name} through that expects ${expected}`, () => {
      const outcome = scribe.apply(put('tenants', name, {}, { expected }))
      assert.equal(outcome.status, wins ? 'applied' : 'refused')
      if (outcome.status === 'refused') assert.equal(outcome.code, 'conflict')
    })
  }

  test('lets the first of two through who saw the same', () => {
    const { revision: seen } = scribe.applied(put('tenants', 'both', {}))
    scribe.applied(patch('tenants', 'both', { priority: 'high' }, { expected: seen }))
    assert.equal(scribe.refused(remove('tenants', 'both', { expected: seen })).code, 'conflict')
  })
})

describe('a command that comes again', () => {
  const once = { requestId: 'request-of-a-retry' }

  test('has its first outcome and changes nothing', () => {
    const scribe = Scribe.founded()
    const { revision } = scribe.applied(put('tenants', 'acme', {}), once)
    scribe.applied(remove('tenants', 'acme'))
    const again = scribe.applied(put('tenants', 'acme', {}), { ...once, atMs: 2_000 })
    assert.deepEqual(again, { status: 'applied', revision, changes: [], isRepetition: true })
    assert.isUndefined(scribe.views.get('tenants', 'acme'))
  })

  test('is refused again if it was refused, though it would be right now', () => {
    const scribe = Scribe.founded()
    scribe.refused(patch('tenants', 'acme', { priority: 'high' }), once)
    scribe.applied(put('tenants', 'acme', {}))
    const again = scribe.refused(patch('tenants', 'acme', { priority: 'high' }), once)
    assert.equal(again.code, 'not-found')
    assert.isTrue(again.isRepetition)
  })

  test('is told from another one with its id', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('tenants', 'acme', {}), once)
    assert.equal(scribe.refused(put('tenants', 'other', {}), once).code, 'request-id-reused')
    assert.isUndefined(scribe.views.get('tenants', 'other'))
  })
})

describe('a batch', () => {
  test('is applied as a whole, with one revision', () => {
    const scribe = Scribe.founded()
    const key = put('keys', 'k1', { hash: KEY_HASH, tenant: 'acme' })
    // The key comes before its tenant: who writes a file need not sort it.
    const { changes, revision } = scribe.applied({
      type: 'batch',
      operations: [key, put('tenants', 'acme', {})],
    })
    assert.deepEqual(
      changes.map(change => [change.kind, change.name, change.revision]),
      [
        ['keys', 'k1', revision],
        ['tenants', 'acme', revision],
      ],
    )
  })

  test('leaves nothing behind if one change is refused, and says which', () => {
    const scribe = Scribe.founded()
    scribe.applied(put('tenants', 'acme', {}))
    const [head, ...before] = scribe.snapshot()
    const resources = before.filter(line => line.startsWith('{"resource"'))
    const hash = scribe.state.table.hashSum
    const operations = [
      put('tenants', 'new', {}),
      patch('tenants', 'acme', { priority: 'high' }),
      remove('tenants', 'acme'),
      put('tenants', 'wrong', { priority: 'utmost' }),
    ]
    const refused = scribe.refused({
      type: 'batch',
      operations: operations.filter((_, at) => at !== 2),
    })
    assert.include(refused.reason, 'change 3, tenants/wrong')
    assert.equal(refused.problems?.[0]?.path, 'operations[2].spec.priority')
    assert.equal(scribe.refused({ type: 'batch', operations }).code, 'invalid', 'acme stands twice')
    assert.isDefined(head)
    assert.deepEqual(
      scribe.snapshot().filter(line => line.startsWith('{"resource"')),
      resources,
    )
    assert.equal(scribe.state.table.hashSum, hash)
  })

  test('that is refused by a rule at the end leaves nothing behind either', () => {
    const scribe = Scribe.founded()
    const hash = scribe.state.table.hashSum
    const bytes = scribe.state.table.bytes
    const key = put('keys', 'k1', { hash: KEY_HASH, tenant: 'nobody' })
    scribe.refused({ type: 'batch', operations: [put('tenants', 'acme', {}), key] })
    assert.equal(scribe.state.table.hashSum, hash)
    assert.equal(scribe.state.table.bytes, bytes)
    assert.deepEqual(scribe.state.table.referrers({ kind: 'tenants', name: 'nobody' }), [])
  })
})

describe('a command of a later version', () => {
  test('stops the machine, which stays what it was', () => {
    const scribe = Scribe.founded()
    const { hash, appliedIndex } = scribe.state
    const text = textOf(put('tenants', 'a', {}), {}, policyFormat.commandVersion + 1)
    const later = scribe.state.apply(scribe.nextIndex, text)
    assert.equal(later.status, 'unsupported')
    assert.equal(scribe.apply(put('tenants', 'acme', {})).status, 'unsupported')
    assert.equal(scribe.state.hash, hash)
    assert.equal(scribe.state.appliedIndex, appliedIndex)
  })
})

test('an index does not come twice: that would be our own fault', () => {
  const scribe = Scribe.founded()
  const text = scribe.command(put('tenants', 'acme', {}))
  assert.throws(() => scribe.state.apply(scribe.state.appliedIndex, text), /order of the log/)
})

describe('a preview', () => {
  test('tells the changes and makes none', () => {
    const scribe = Scribe.founded()
    const { hash } = scribe.state
    const outcome = scribe.state.preview(scribe.command(put('tenants', 'acme', {})))
    assert.equal(outcome.status === 'applied' && outcome.changes[0]?.name, 'acme')
    assert.equal(scribe.state.preview(textOf(remove('tenants', 'acme'))).status, 'refused')
    assert.equal(scribe.state.hash, hash)
    assert.isUndefined(scribe.views.get('tenants', 'acme'))
  })
})

describe('the hash of an index', () => {
  test('is the same in every release, for peers of different releases compare theirs', () => {
    // A kind of our own: those of the policy may still change.
    const spec = z.strictObject({ size: z.number().default(1), names: z.array(z.string()) })
    const about = { meaning: '', nameMeaning: '', countMax: 9 }
    const things = { ...about, name: plainName(), versions: firstVersion({ [ANY_NAME]: spec }) }
    const state = new PolicyState({ digest, format: { ...policyFormat, kinds: { things } } })
    const labels = { b: 'é "x"', '10': 'y', '9': 'z' }
    const operations = [
      put('things', 'one', { size: 0.5, names: ['ü', ''] }, { labels }),
      patch('things', 'one', { names: ['größer'] }),
      { type: 'batch', operations: [put('things', 'two', { names: [] }), remove('things', 'one')] },
      { type: 'batch', operations: [put('things', 'six', { names: [] }), remove('things', 'one')] },
    ] as const
    const texts = operations.map((each, at) => textOf(each, { requestId: `request-0000000${at}` }))
    // Then one that is none, and one that comes again.
    for (const text of [...texts, '{}', texts[1] ?? '']) state.apply(state.appliedIndex + 1, text)
    assert.equal(state.hash, '46dc00c130f3dfb9081466dbf1b63e7524f0d669c608835b09e61af43f6f6951')
  })

  test('is that of the state as it was, also if it is read later', () => {
    const [scribe, other] = [Scribe.founded(), Scribe.founded()]
    const before = scribe.state.hashNow
    scribe.applied(put('tenants', 'acme', {}))
    assert.equal(before.text, other.state.hash)
    assert.notEqual(scribe.state.hashNow.text, before.text)
    assert.equal(scribe.state.hashNow.text, scribe.state.hash)
  })
})
