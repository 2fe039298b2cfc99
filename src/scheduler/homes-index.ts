/**
 * The places of those that can take requests, for rendezvous: their hashes stand side by side, since
 * each of them is read for every key.
 */
import { rendezvousWeight } from './rendezvous.ts'

const FIRST_CAPACITY = 16

export class HomesIndex {
  #hashes = new Uint32Array(FIRST_CAPACITY)
  /** 1: there is somebody who can take requests. */
  #isOpen = new Uint8Array(FIRST_CAPACITY)

  set(place: number, hash: number, isOpen: boolean): void {
    if (place >= this.#hashes.length) this.#grow()
    this.#hashes[place] = hash
    this.#isOpen[place] = Number(isOpen)
  }

  /**
   * The two places below `size` with the highest weights for the key, the highest first; fewer if fewer
   * can take requests.
   *
   * @param isFirst Decides between two of equal weight, of which there is one pair in 2^32.
   */
  highestTwo(
    key: number,
    size: number,
    isFirst: (place: number, other: number) => boolean,
  ): readonly number[] {
    let [best, second] = [-1, -1]
    let [highest, lower] = [-1, -1]
    for (let place = 0; place < size; place++) {
      if (this.#isOpen[place] !== 1) continue
      const weight = rendezvousWeight(key, this.#hashes[place] as number)
      if (weight < lower) continue
      if (weight > highest || (weight === highest && isFirst(place, best))) {
        second = best
        lower = highest
        best = place
        highest = weight
      } else if (second < 0 || weight > lower || isFirst(place, second)) {
        second = place
        lower = weight
      }
    }
    return [best, second].filter(place => place >= 0)
  }

  #grow(): void {
    const [hashes, isOpen] = [this.#hashes, this.#isOpen]
    this.#hashes = new Uint32Array(2 * hashes.length)
    this.#hashes.set(hashes)
    this.#isOpen = new Uint8Array(2 * isOpen.length)
    this.#isOpen.set(isOpen)
  }
}
