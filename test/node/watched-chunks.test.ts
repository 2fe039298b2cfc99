/** One answer that several watch: each hears once how it ended, in the order in which they came. */
import { assert, describe, test } from 'vitest'
import { type ChunksObserver, WatchedChunks } from '../../src/node/watched-chunks.ts'

const USAGE = '{"usage":{"prompt_tokens":7,"completion_tokens":2}}'

async function* twoChunks(): AsyncGenerator<Uint8Array, undefined> {
  yield Buffer.from('{"choices":[],')
  yield Buffer.from(USAGE.slice(1))
}

/** What two observers are told, written down by name. */
function scene(inner: AsyncIterable<Uint8Array, undefined> = twoChunks()) {
  const client = new AbortController()
  const told: string[] = []
  const observer = (name: string): ChunksObserver => ({
    onFirst: () => told.push(`${name} first`),
    onEnd: (end, { chunkCount }) => told.push(`${name} ${end} after ${chunkCount}`),
  })
  const one = WatchedChunks.of(inner, client.signal, observer('one'))
  return { client, told, observer, one }
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

describe('an answer that two watch', () => {
  test('is one iterator, and both hear of its first chunk and its end', async () => {
    const { client, told, observer, one } = scene()
    const both = WatchedChunks.of(one, client.signal, observer('two'))

    await readAll(both)
    client.abort()

    assert.equal(both, one)
    assert.deepEqual(told, [
      'one first',
      'two first',
      'one answered after 2',
      'two answered after 2',
    ])
  })

  test('is cancelled for both when the client leaves', async () => {
    const { client, told, observer, one } = scene()
    const both = WatchedChunks.of(one, client.signal, observer('two'))
    await both.next()

    client.abort()
    await both.return()

    assert.deepEqual(told.slice(2), ['one cancelled after 1', 'two cancelled after 1'])
  })

  test('has ended for whoever comes later', () => {
    const { client, told, observer, one } = scene()
    client.abort()

    WatchedChunks.of(one, client.signal, observer('two'))

    assert.deepEqual(told, ['one cancelled after 0', 'two cancelled after 0'])
  })

  test('is watched apart if they go by different signals', () => {
    const { client, told, observer, one } = scene()
    const other = new AbortController()
    const both = WatchedChunks.of(one, other.signal, observer('two'))

    other.abort()
    assert.deepEqual(told, ['two cancelled after 0'])

    client.abort()
    assert.notEqual(both, one)
    assert.deepEqual(told, ['two cancelled after 0', 'one cancelled after 0'])
  })

  test('tells both what the engine counted', async () => {
    const { signal } = new AbortController()
    const counted: unknown[] = []
    const onEnd: ChunksObserver['onEnd'] = (_end, _size, usageOf) => counted.push(usageOf())
    const one = WatchedChunks.of(twoChunks(), signal, { onEnd })
    const both = WatchedChunks.of(one, signal, { onEnd })

    await readAll(both)

    const usage = { inputTokens: 7, cachedTokens: undefined, outputTokens: 2 }
    assert.deepEqual(counted, [usage, usage])
  })
})
