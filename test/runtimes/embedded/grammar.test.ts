/**
 * Grammars of real llama.cpp: they give JSON of the values that a schema names, and are built without
 * a word on stderr.
 */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, assert, describe, test } from 'vitest'
import type { Runtime } from '../../../src/node/runtime.ts'
import { answerTo, chat, refusal, soon } from './ask.ts'
import { closeAll, runtimeSaying } from './runtime-saying.ts'

afterEach(closeAll)

async function answerOf(runtime: Runtime, schema: object): Promise<unknown> {
  const response_format = { type: 'json_schema', json_schema: { name: 'x', schema } }
  const fields = { temperature: 0, max_tokens: 200, response_format }
  const answer = await answerTo(runtime, chat(runtime, 'x', fields))
  return JSON.parse(answer.text)
}

describe('an answer of a schema', () => {
  const texts = ['\t\n\r"\\/', '\\u0001', '', '😀', '\u007f\u2028\ufeff', '\\', '"', '\n\n\n\n']

  test('has the very values and names that it allows', async () => {
    const runtime = await runtimeSaying('Hello')
    for (const value of [...texts, 0.1, -1e-7, 1e21, true, null]) {
      assert.deepEqual(await answerOf(runtime, { enum: [value] }), value)
    }
    for (const name of texts) {
      const schema = { type: 'object', properties: { [name]: { const: name } } }
      assert.deepEqual(await answerOf(runtime, schema), { [name]: name })
    }
  })

  const numbers = [
    { type: 'number', said: '3e700200', as: 'finite', is: Number.isFinite },
    { type: 'integer', said: '5e-3', as: 'whole', is: Number.isInteger },
  ]
  for (const { type, said, as, is } of numbers) {
    test(`has ${as} numbers if they are to be of type ${type}, whatever the model says`, async () => {
      const runtime = await runtimeSaying(said)
      const value = await answerOf(runtime, { type })
      assert.isNumber(value)
      assert.ok(is(value), String(value))
    })
  }

  test('is refused if there is none, also of a tool that must be called', async () => {
    const runtime = await runtimeSaying('Hello')
    for (const tool_choice of ['required', 'auto']) {
      const tools = [{ type: 'function', function: { name: 'a', parameters: { enum: [] } } }]
      const pending = runtime.generate(chat(runtime, 'x', { tools, tool_choice }), soon())
      const { details } = await refusal(pending, 'ERR_INVALID_REQUEST')
      assert.equal(details['param'], 'tools.0.function.parameters.enum')
    }
  })
})

const SCRIPT = fileURLToPath(new URL('build-grammars.ts', import.meta.url))

async function buildAll(schemas: readonly object[]) {
  const child = spawn(process.execPath, ['--no-warnings', SCRIPT], {
    signal: AbortSignal.timeout(60_000),
  })
  child.stdin.end(JSON.stringify(schemas))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { results: JSON.parse(stdout) as string[], stderr }
}

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']

/** Words as they should be, mostly, beside each other as they should not. */
function schemaWord(inner: fc.Arbitrary<object>): fc.Arbitrary<[string, unknown]> {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.integer(),
    fc.constant(null),
  )
  const name = fc.constantFrom('a', 'b', '', '"', '\\', '\u0000', '\n')
  const typeName = fc.constantFrom(...TYPES)
  const word = (names: string[], value: fc.Arbitrary<unknown>) =>
    fc.tuple(fc.constantFrom(...names), value)
  return fc.oneof(
    { arbitrary: word(['type'], typeName), weight: 6 },
    word(['type'], fc.uniqueArray(typeName, { maxLength: 3 })),
    word(['enum'], fc.array(scalar, { maxLength: 3 })),
    word(['const'], fc.oneof(scalar, fc.constant({}))),
    {
      arbitrary: word(['properties', '$defs'], fc.dictionary(name, inner, { maxKeys: 2 })),
      weight: 3,
    },
    word(['additionalProperties', 'items'], fc.oneof(fc.boolean(), inner)),
    word(['prefixItems', 'anyOf', 'oneOf'], fc.array(inner, { maxLength: 2 })),
    word(['$ref'], fc.constantFrom('#/$defs/a', '#/definitions/b')),
    word(['format'], fc.constantFrom('date', 'time', 'email')),
    word(
      ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
      fc.oneof({ arbitrary: fc.nat(4), weight: 9 }, fc.constantFrom(-1, 0.5, 600, 1_000, 'a')),
    ),
  )
}

function anySchema(depth: number): fc.Arbitrary<object> {
  const inner = depth === 0 ? fc.constantFrom({}, { type: 'null' }) : anySchema(depth - 1)
  return fc.array(schemaWord(inner), { maxLength: 4 }).map(words => Object.fromEntries(words))
}

const STRING = { type: 'string' }
const LONG_STRING = { type: 'string', minLength: 1, maxLength: 1_000 }

function nested(
  depth: number,
  around: (inner: object) => object,
  innermost: object = STRING,
): object {
  return depth === 0 ? innermost : around(nested(depth - 1, around, innermost))
}

/** Definitions of 30 levels each, one after the other. */
function chain(count: number): object {
  const link = (to: object) => nested(29, a => ({ properties: { a } }), to)
  const $defs = Array.from({ length: count }, (_, index) => [
    `a${index}`,
    link(index === count - 1 ? STRING : { $ref: `#/$defs/a${index + 1}` }),
  ])
  return { $ref: '#/$defs/a0', $defs: Object.fromEntries($defs) }
}

/** Each as large as it may be. */
const AT_BOUNDS = [
  chain(16),
  LONG_STRING,
  { enum: Array.from({ length: 1_000 }, (_, index) => `value ${index}`) },
  { type: 'array', minItems: 1_000, maxItems: 1_000, items: LONG_STRING },
  { type: 'array', maxItems: 1_000, items: { enum: ['a', 'b'] } },
  { type: 'array', maxItems: 1_000 },
  { type: 'array', minItems: 1_000 },
  { type: 'array', prefixItems: [LONG_STRING], items: { enum: ['a', 'b'] }, maxItems: 600 },
  { type: 'array', prefixItems: [LONG_STRING], items: { enum: ['a', 'b'] }, minItems: 600 },
  { type: 'array', prefixItems: [LONG_STRING], items: { enum: ['a', 'b'] }, maxItems: 1_000 },
  { type: 'object', maxProperties: 1_000, additionalProperties: { type: 'array', items: STRING } },
  { properties: { a: STRING }, maxProperties: 600, additionalProperties: LONG_STRING },
  { properties: { a: STRING }, minProperties: 600, additionalProperties: LONG_STRING },
  { properties: { a: STRING }, maxProperties: 900, additionalProperties: LONG_STRING },
  nested(32, items => ({ type: 'array', items, maxItems: 300 })),
  nested(32, a => ({ type: 'object', properties: { a } })),
  nested(32, one => ({ anyOf: [one, { type: 'null' }] })),
]

describe('the library', () => {
  test('takes a schema at the bounds, without a word on stderr', async () => {
    const { results, stderr } = await buildAll(AT_BOUNDS)
    assert.equal(stderr, '')
    assert.deepEqual([...new Set(results)], ['taken'])
  }, 60_000)

  test('takes every schema that is not refused before, and never writes to stderr', async () => {
    const schemas = fc.sample(anySchema(3), { numRuns: 3_000, seed: 5 })
    const { results, stderr } = await buildAll(schemas)
    assert.equal(stderr, '')
    assert.deepEqual(
      results.filter(result => result.startsWith('failed')),
      [],
    )
    assert.isAbove(results.filter(result => result === 'taken').length, 100)
  }, 60_000)
})
