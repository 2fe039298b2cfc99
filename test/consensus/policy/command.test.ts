/**
 * The text of a command: canonical, bounded, versioned, and never trusted.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { decodeCommand, encodeCommand } from '../../../src/consensus/policy/command.ts'
import { policyFormat } from '../../../src/consensus/policy/format.ts'
import { put, remove, Scribe, textOf } from './scribe.ts'

const envelope = { requestId: 'request-00000001', author: 'key:ops', atMs: 5 }

const read = (text: string) => decodeCommand(text, policyFormat)

describe('a command', () => {
  test('has one text, whatever the order of its fields', () => {
    const operation = put('tenants', 'acme', { priority: 'high', description: 'x' })
    const { type, kind, name, schemaVersion, spec } = operation
    const other = { spec, schemaVersion, name, kind, type }
    const text = encodeCommand({ operation, ...envelope }, policyFormat)
    assert.equal(encodeCommand({ ...envelope, operation: other }, policyFormat), text)
    assert.isTrue(text.startsWith('{"atMs":5,"author":"key:ops","operation":{"kind"'))
  })

  test('is read as it was written', () => {
    const operation = put('tenants', 'acme', {}, { expected: 'absent', labels: { a: 'b' } })
    const reading = read(encodeCommand({ ...envelope, operation }, policyFormat))
    assert.deepEqual(reading, {
      status: 'command',
      command: { ...envelope, version: 1, operation },
    })
  })

  test('that no peer could judge is not written', () => {
    const encode = (operation: ReturnType<typeof put>, more = {}) =>
      encodeCommand({ ...envelope, ...more, operation }, policyFormat)
    assert.throws(() => encode(put('tenant', 'acme', {})), /Did you mean|one of routing/)
    assert.throws(() => encode(put('tenants', 'acme', {}, { schemaVersion: 2 })), /schemaVersion/)
    assert.throws(() => encode(put('tenants', 'acme', {}), { atMs: Number.NaN }), /finite/)
    assert.throws(() => encode(put('tenants', 'acme', {}), { author: '' }), /author/)
    assert.throws(() => encode(put('tenants', 'acme', {}), { requestId: 'short' }), /requestId/)
    const long = put('tenants', 'acme', { description: 'x'.repeat(256 * 1024) })
    assert.throws(() => encode(long), /at most 262144 bytes/)
  })
})

describe('a text that is no command', () => {
  const cases = [
    { text: '', rule: 'nothing' },
    { text: 'null', rule: 'another value' },
    { text: '{"version":1}', rule: 'parts missing' },
    {
      text: textOf(put('tenants', 'a', {}), { author: 'two words' }),
      rule: 'an author of two words',
    },
    { text: textOf(put('tenants', 'a', {}), { atMs: 1.5 }), rule: 'a time with a fraction' },
    { text: textOf(put('tenants', 'a', {}), {}, 1.5), rule: 'a version with a fraction' },
    { text: textOf(put('tenants', 'a', {}), {}, 0), rule: 'a version before the first' },
    { text: textOf(put('nothings', 'a', {})), rule: 'a kind that this version has not' },
    { text: textOf(remove('nothings', 'a')), rule: 'a kind to delete that this version has not' },
    { text: textOf({ type: 'batch', operations: [] }), rule: 'an empty batch' },
    {
      text: textOf(put('tenants', 'a', {})).replace('"tenants"', '"tenants","more":1'),
      rule: 'a field more',
    },
    {
      text: textOf(put('tenants', 'a', {})).replace('{}', '{"__proto__":1}'),
      rule: 'a hidden field',
    },
    { text: ' '.repeat(256 * 1024 + 1), rule: 'too long a text' },
    { text: `"${'é'.repeat(128 * 1024)}"`, rule: 'a text too long in bytes, not in characters' },
  ]
  for (const { text, rule } of cases) {
    test(`is refused and changes nothing but the index: ${rule}`, () => {
      const scribe = Scribe.founded()
      const [, ...before] = scribe.snapshot().slice(0, -1)
      assert.equal(scribe.state.apply(scribe.nextIndex, text).status, 'refused')
      assert.deepEqual(scribe.snapshot().slice(1, -1), before)
    })
  }

  test('is refused whatever it is', () => {
    const scribe = Scribe.founded()
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map(value => JSON.stringify(value)),
    )
    fc.assert(
      fc.property(texts, text => {
        assert.equal(scribe.state.apply(scribe.nextIndex, text).status, 'refused')
      }),
    )
  })

  test('is told without the values in it, which may be secret', () => {
    const operation = put('keys', 'k1', { hash: 'SECRET' })
    const reading = read(textOf(operation).replace('"schemaVersion":1', '"schemaVersion":"SECRET"'))
    assert.equal(reading.status, 'refused')
    assert.notInclude(JSON.stringify(reading), 'SECRET')
  })
})

test('a batch has at most as many changes as the format says', () => {
  const batchOf = (count: number) =>
    textOf({
      type: 'batch',
      operations: Array.from({ length: count }, (_, at) => remove('tenants', `t${at}`)),
    })
  assert.equal(read(batchOf(policyFormat.limits.batchMax)).status, 'command')
  assert.equal(read(batchOf(policyFormat.limits.batchMax + 1)).status, 'refused')
})
