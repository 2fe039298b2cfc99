/**
 * Seeded pseudo-random numbers: one generator per machine, so that a seed replays a run.
 *
 * xoshiro128** with its state filled by splitmix32. Fast, 2^128 - 1 long, and good enough for
 * sampling and jitter; never for secrets, which come from the `Entropy` port of the node.
 *
 * Source: Blackman, Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021,
 * section 4.
 */
import { assert } from './assert.ts'

const TWO_POW_32 = 2 ** 32

export class Random {
  readonly #state: Uint32Array

  /** @param seed Any integer; only its low 32 bits count. */
  constructor(seed: number) {
    let mix = seed >>> 0
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mix = (mix + 0x9e3779b9) >>> 0
      let word = mix ^ (mix >>> 16)
      word = Math.imul(word, 0x21f0aaad)
      word ^= word >>> 15
      word = Math.imul(word, 0x735a2d97)
      return (word ^ (word >>> 15)) >>> 0
    })
  }

  /** A number in [0, 1). */
  next(): number {
    return this.#nextWord() / TWO_POW_32
  }

  /** An integer in [0, count). */
  nextIndex(count: number): number {
    assert(count > 0, 'there is something to choose from')
    return Math.floor(this.next() * count)
  }

  #nextWord(): number {
    const state = this.#state as unknown as [number, number, number, number]
    const scrambled = Math.imul(state[1], 5)
    const word = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
    const shifted = state[1] << 9
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = (state[3] << 11) | (state[3] >>> 21)
    return word
  }
}
