/**
 * The tokenizers that engines offer: how each is asked, and what of its answer is believed. Forms of
 * questions and answers as the fixtures of each kind name their source; that of llama.cpp is recorded.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import type { EngineKind } from '../../../src/node/engine-kind.ts'
import { PROFILES } from '../../../src/runtimes/engines/profiles.ts'
import { type DoubleAnswer, doubleOf, type EngineDouble } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'

const model = 'a-model'
const text = 'Hello world'

interface Tokenizer {
  readonly kind: EngineKind
  readonly question: string
  readonly body: object
  readonly count: number
  /** An answer of that form that has no sense. */
  readonly senseless: object
}

const TOKENIZERS: readonly Tokenizer[] = [
  {
    kind: 'vllm',
    question: 'POST /tokenize',
    body: { model, prompt: text, add_special_tokens: false },
    count: 2,
    senseless: { count: -1, max_model_len: 8, tokens: [] },
  },
  {
    kind: 'sglang',
    question: 'POST /tokenize',
    body: { model, prompt: text, add_special_tokens: false },
    count: 2,
    senseless: { count: [2], max_model_len: 8, tokens: [[1, 2]] },
  },
  {
    kind: 'tgi',
    question: 'POST /tokenize',
    body: { inputs: text },
    count: 2,
    senseless: [{ text: 'Hello' }],
  },
  {
    kind: 'llama-cpp',
    question: 'POST /tokenize',
    body: { model, content: text, add_special: false },
    count: 5,
    senseless: { tokens: 'many' },
  },
  {
    kind: 'ovms',
    question: 'POST /v3/tokenize',
    body: { model, text, add_special_tokens: false },
    count: 2,
    senseless: { tokens: [[9906, 1917]] },
  },
]

function countBy({ kind, ask }: EngineDouble): Promise<number> {
  const { countTokens } = PROFILES.find(profile => profile.kind === kind) ?? {}
  assert.isDefined(countTokens)
  return countTokens(ask, { model, text }, soon())
}

for (const { kind, question, body, count, senseless } of TOKENIZERS) {
  describe(`the tokenizer of ${kind}`, () => {
    test('counts a text, without the tokens around a prompt', async () => {
      const double = await doubleOf(kind)
      assert.equal(await countBy(double), count)
      assert.deepEqual(double.questions, [question])
      assert.deepEqual(double.bodies, [body])
    })

    const answers: readonly [string, DoubleAnswer][] = [
      ['has no sense', { json: senseless }],
      ['is no JSON', { text: '<!doctype html><title>Welcome</title>' }],
      ['is a refusal', { status: 500, json: { error: 'no tokenizer' } }],
      ['is that there is none', { status: 404 }],
    ]
    for (const [what, answer] of answers) {
      test(`is not believed if the answer ${what}`, async () => {
        const double = await doubleOf(kind)
        double.set(question, answer)
        assert.ok(hasCode(await failure(countBy(double)), 'ERR_ENGINE'))
      })
    }
  })
}

test('a router of llama.cpp is not made to load a model for it', async () => {
  const double = await doubleOf('llama-cpp')
  double.set('POST /tokenize?autoload=false', { json: { tokens: [1] } })
  assert.equal(await countBy(double), 1)
})

test('no other kind of engine is asked to count', () => {
  const asked = PROFILES.filter(({ countTokens }) => countTokens !== undefined)
  assert.sameMembers(
    asked.map(({ kind }) => kind),
    TOKENIZERS.map(({ kind }) => kind),
  )
})
