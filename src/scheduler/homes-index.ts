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
   * The place below `size` with the highest weight for the key. `undefined`: nobody can take requests.
   *
   * @param isFirst Decides between two of equal weight, of which there is one pair in 2^32.
   */
  highest(
    key: number,
    size: number,
    isFirst: (place: number, other: number) => boolean,
  ): number | undefined {
    let best: number | undefined
    let highest = -1
    for (let place = 0; place < size; place++) {
      if (this.#isOpen[place] !== 1) continue
      const weight = rendezvousWeight(key, this.#hashes[place] as number)
      if (weight < highest) continue
      if (weight === highest && best !== undefined && !isFirst(place, best)) continue
      highest = weight
      best = place
    }
    return best
  }

  #grow(): void {
    const [hashes, isOpen] = [this.#hashes, this.#isOpen]
    this.#hashes = new Uint32Array(2 * hashes.length)
    this.#hashes.set(hashes)
    this.#isOpen = new Uint8Array(2 * isOpen.length)
    this.#isOpen.set(isOpen)
  }
}
