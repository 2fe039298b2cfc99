/**
 * The tokens that an engine tells of, read off as the answer passes.
 */
import { assert, describe, test } from 'vitest'
import { UsageReader } from '../../../src/node/policy/usage-reader.ts'

async function read(...chunks: readonly string[]) {
  const usage = new UsageReader()
  const passed: string[] = []
  async function* source() {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  for await (const chunk of usage.read(source())) passed.push(Buffer.from(chunk).toString())
  assert.deepEqual(passed, chunks)
  return usage.totalTokens
}

describe('a usage', () => {
  test('is read from an answer, and from the last event of a stream', async () => {
    assert.equal(await read('{"usage":{"total_tokens": 42}}'), 42)
    const event = 'data: {"choices":[],"usage":{"total_tokens":7,"x":1}}\n\n'
    assert.equal(await read('data: {}\n\n', event, 'data: [DONE]\n\n'), 7)
  })

  test('is not what a model says of it', async () => {
    assert.isUndefined(await read('{"content":"\\"total_tokens\\": 9"}'))
    assert.equal(await read('{"content":"\\"total_tokens\\": 9","usage":{"total_tokens":1}}'), 1)
  })

  test('that is not told, or cut, is not known', async () => {
    assert.isUndefined(await read('{"choices":[]}'))
    assert.isUndefined(await read('{"usage":{"total_tok', 'ens":3}}'))
    assert.isUndefined(await read('{"usage":{"total_tokens":null}}'))
  })

  test('stops its source when its reader does', async () => {
    let isStopped = false
    async function* endless() {
      try {
        for (;;) yield Buffer.from('x')
      } finally {
        isStopped = true
      }
    }
    for await (const _ of new UsageReader().read(endless())) break
    assert.isTrue(isStopped)
  })
})
