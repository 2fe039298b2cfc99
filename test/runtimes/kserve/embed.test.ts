/**
 * Embeddings by KServe v2 inference, and which models can be asked for them.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import {
  embeddingAnswer,
  inferBody,
  readEmbeddingRequest,
} from '../../../src/runtimes/kserve/embed.ts'
import {
  type EmbeddingInterface,
  interfaceOf,
  modelConfig,
} from '../../../src/runtimes/kserve/model-interface.ts'

const text = { name: 'text', data_type: 'TYPE_STRING', dims: [1] }
const vector = { name: 'embedding', data_type: 'TYPE_FP32', dims: [2] }
const ids = { name: 'ids', data_type: 'TYPE_INT64', dims: [-1] }

const interfaceFor = (fields: object) => interfaceOf(modelConfig.parse({ name: 'm', ...fields }))

describe('a model', () => {
  const model = { does: 'embed', input: 'text', output: 'embedding' }
  const cases = [
    {
      config: { max_batch_size: 8, input: [text], output: [vector] },
      expected: { ...model, isBatched: true, textsMax: 8 },
      rule: 'takes as many texts as its batch',
    },
    {
      config: { max_batch_size: 0, input: [{ ...text, dims: ['-1'] }], output: [vector] },
      expected: { ...model, isBatched: false, textsMax: undefined },
      rule: 'takes any number of texts if its dimension is open',
    },
    {
      config: { max_batch_size: 0, input: [text], output: [vector] },
      expected: { ...model, isBatched: false, textsMax: 1 },
      rule: 'takes one text if its dimension says so',
    },
    {
      config: { input: [text, { ...ids, optional: true }], output: [vector, ids] },
      expected: { ...model, isBatched: false, textsMax: 1 },
      rule: 'may take and give more than is asked for',
    },
    { config: { input: [text, ids], output: [vector] }, rule: 'is no embedder if it needs more' },
    { config: { input: [ids], output: [vector] }, rule: 'is no embedder if it takes numbers' },
    {
      config: { input: [text], output: [vector, vector] },
      rule: 'is none if it gives two vectors',
    },
    { config: { input: 'none' }, rule: 'is nothing we know if it says nothing' },
  ]
  for (const { config, expected, rule } of cases) {
    test(rule, () => assert.deepEqual<unknown>(interfaceFor(config), expected))
  }
})

const embedder: EmbeddingInterface = {
  does: 'embed',
  input: 'text',
  output: 'embedding',
  isBatched: true,
  textsMax: 2,
}

const read = (fields: object) =>
  readEmbeddingRequest(new TextEncoder().encode(JSON.stringify(fields)), embedder)

describe('a request for embeddings', () => {
  test('becomes one inference on all texts', () => {
    assert.deepEqual(inferBody(read({ input: ['one', 'two'] }), embedder), {
      inputs: [{ name: 'text', shape: [2, 1], datatype: 'BYTES', data: ['one', 'two'] }],
      outputs: [{ name: 'embedding' }],
    })
  })

  test('has the shape of one dimension if the model has no batches', () => {
    const single = { ...embedder, isBatched: false }
    assert.deepEqual(inferBody(read({ input: 'one' }), single), {
      inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['one'] }],
      outputs: [{ name: 'embedding' }],
    })
  })

  for (const fields of [
    { input: ['a', 'b', 'c'] },
    { input: [1, 2] },
    { input: 'a', dimensions: 2 },
    { input: 3 },
  ]) {
    test(`is refused if it is ${JSON.stringify(fields)}`, () => {
      try {
        read(fields)
        assert.fail('it was let through')
      } catch (error) {
        assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'), String(error))
      }
    })
  }
})

describe('an answer to embeddings', () => {
  const output = { name: 'embedding', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4.5] }
  const answered = (outputs: object[], format: 'float' | 'base64' = 'float') =>
    embeddingAnswer(
      JSON.stringify({ outputs }),
      { texts: ['a', 'b'], format },
      {
        model: 'm',
        output: 'embedding',
      },
    )

  test('is one vector for each text, in their order', () => {
    assert.deepInclude(answered([output]), {
      data: [
        { object: 'embedding', index: 0, embedding: [1, 2] },
        { object: 'embedding', index: 1, embedding: [3, 4.5] },
      ],
    })
  })

  test('may be in base64, 32 bits a number', () => {
    const [first] = (answered([output], 'base64') as { data: { embedding: string }[] }).data
    const bytes = Buffer.from(first?.embedding ?? '', 'base64')
    assert.deepEqual([bytes.readFloatLE(0), bytes.readFloatLE(4)], [1, 2])
  })

  const wrong: readonly object[][] = [
    [],
    [{ ...output, name: 'other' }],
    [{ ...output, data: [1, 2, 3] }],
    [{ ...output, data: [] }],
    [{ ...output, datatype: 'INT64' }],
  ]
  for (const outputs of wrong) {
    test(`is an error if it is ${JSON.stringify(outputs)}`, () => {
      assert.throws(() => answered(outputs), /expected 2 vectors/)
    })
  }
})
