/**
 * The buffer between engine and client: bounded, in order, and honest about how it ended.
 */
import { assert, describe, test } from 'vitest'
import { ChunkBuffer } from '../../../src/runtimes/embedded/chunk-buffer.ts'

/** Whether a promise has settled once all that can happen now has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise(resolve => setImmediate(resolve, 'pending'))
  return (await Promise.race([promise, later])) !== 'pending'
}

describe('a chunk buffer', () => {
  test('gives the chunks in order, then ends', async () => {
    const buffer = new ChunkBuffer<number>(8, () => assert.fail('nobody left'))
    for (const chunk of [1, 2, 3]) await buffer.push(chunk)
    buffer.end()

    const seen: number[] = []
    for await (const chunk of buffer) seen.push(chunk)
    assert.deepEqual(seen, [1, 2, 3])
  })

  test('holds its writer at the bound until the reader takes one', async () => {
    const buffer = new ChunkBuffer<number>(2, () => {})
    await buffer.push(1)
    const second = buffer.push(2)
    assert.notOk(await isSettled(second))

    const reader = buffer[Symbol.asyncIterator]()
    assert.equal((await reader.next()).value, 1)
    assert.ok(await isSettled(second))
    assert.equal(buffer.length, 1)
  })

  test('wakes a reader that waits', async () => {
    const buffer = new ChunkBuffer<number>(2, () => {})
    const next = buffer[Symbol.asyncIterator]().next()
    assert.notOk(await isSettled(next))
    await buffer.push(1)
    assert.deepEqual(await next, { done: false, value: 1 })
  })

  test('tells of a failure at once, before what is buffered', async () => {
    const buffer = new ChunkBuffer<number>(8, () => {})
    const failure = new Error('broken')
    await buffer.push(1)
    buffer.fail(failure)

    const found = await buffer[Symbol.asyncIterator]()
      .next()
      .catch((error: unknown) => error)
    assert.equal(found, failure)
  })

  test('tells its owner once when the reader leaves, and lets the writer go', async () => {
    let leftCount = 0
    const buffer = new ChunkBuffer<number>(1, () => {
      leftCount += 1
    })
    const held = buffer.push(1)
    const reader = buffer[Symbol.asyncIterator]()
    await reader.return?.()
    await reader.return?.()

    assert.equal(leftCount, 1)
    assert.ok(await isSettled(held))
    await buffer.push(2)
    assert.equal(buffer.length, 0)
  })

  test('does not call it leaving when the reader has seen the end', async () => {
    const buffer = new ChunkBuffer<number>(1, () => assert.fail('nobody left'))
    buffer.end()
    const reader = buffer[Symbol.asyncIterator]()
    assert.equal((await reader.next()).done, true)
    await reader.return?.()
  })
})
