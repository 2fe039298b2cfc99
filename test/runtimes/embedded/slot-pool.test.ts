/**
 * Who gets a place of the batch, and which one.
 */
import { assert, describe, test } from 'vitest'
import { type Slot, SlotPool } from '../../../src/runtimes/embedded/slot-pool.ts'

/** A slot whose cache holds the letters of a word. */
class WordSlot implements Slot {
  readonly held: string

  constructor(held: string) {
    this.held = held
  }

  get promptTokens(): number {
    return this.held.length
  }

  commonTokens(prompt: readonly number[]): number {
    const held = letters(this.held)
    const different = held.findIndex((letter, index) => letter !== prompt[index])
    return different < 0 ? held.length : different
  }
}

const letters = (word: string) => [...word].map(letter => letter.charCodeAt(0))

const forever = new AbortController().signal

function poolOf(words: readonly string[], queueMax = 8): SlotPool<WordSlot> {
  return new SlotPool(
    words.map(word => new WordSlot(word)),
    queueMax,
  )
}

describe('a slot pool', () => {
  test('chooses the slot that holds the longest start of the prompt', async () => {
    const pool = poolOf(['', 'he', 'hell'])
    const slot = await pool.acquire(letters('hello'), forever)
    assert.equal(slot.held, 'hell')
  })

  test('chooses the one idle longest rather than throw away more than is saved', async () => {
    const pool = poolOf(['old', 'he did much else'])
    const slot = await pool.acquire(letters('hello'), forever)
    assert.equal(slot.held, 'old')
  })

  test('gives back slots in the order in which they became idle', async () => {
    const pool = poolOf(['a', 'b'])
    const first = await pool.acquire(letters('x'), forever)
    const second = await pool.acquire(letters('x'), forever)
    pool.release(second)
    pool.release(first)
    assert.equal(await pool.acquire(letters('x'), forever), second)
  })

  test('serves those who wait in the order in which they came', async () => {
    const pool = poolOf(['a'])
    const slot = await pool.acquire([], forever)
    const served: number[] = []
    const waiting = [0, 1, 2].map(async index => {
      const mine = await pool.acquire([], forever)
      served.push(index)
      pool.release(mine)
    })
    assert.equal(pool.queuedCount, 3)

    pool.release(slot)
    await Promise.all(waiting)

    assert.deepEqual(served, [0, 1, 2])
  })

  test('is full when nobody more may wait', async () => {
    const pool = poolOf(['a'], 1)
    const slot = await pool.acquire([], forever)
    assert.notOk(pool.isFull)
    const waiting = pool.acquire([], forever)
    assert.ok(pool.isFull)

    pool.release(slot)
    await waiting
    assert.notOk(pool.isFull)
  })

  test('lets one who gives up leave the queue at once', async () => {
    const pool = poolOf(['a'], 1)
    await pool.acquire([], forever)
    const gone = new AbortController()
    const waiting = pool.acquire([], gone.signal).catch((error: unknown) => error)

    const reason = new Error('gone')
    gone.abort(reason)

    assert.equal(pool.queuedCount, 0)
    assert.equal(await waiting, reason)
  })
})
