/**
 * Those that serve one model: found by id, by place, or drawn by chance, without looking at the
 * others.
 *
 * They stand in places 0, 1, 2, … without gaps; the last takes the place of one that goes. Two
 * trees hold their capacity: of those that have measured how fast they are, in tokens a second, and
 * of the others, in streams, since what is assumed of their speed changes with every measurement.
 * Whoever cannot take a request now (`PeerEntry.mayServe`) weighs nothing and is never drawn.
 */
import { assert } from '../core/assert.ts'
import type { PeerId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { textHash } from '../core/text-hash.ts'
import type { TokenDensity } from '../core/token-density.ts'
import { type AssumedSpeed, SpeedSums } from './assumed-speed.ts'
import { HomesIndex } from './homes-index.ts'
import { Mean } from './mean.ts'
import type { SchedulerOptions } from './options.ts'
import type { PeerEntry } from './peer-entry.ts'
import { parallelismNow } from './score.ts'
import { isUsable, type ServedModel } from './served-model.ts'
import { WeightTree } from './weight-tree.ts'

interface Place {
  readonly entry: PeerEntry
  /** Another with each report. */
  model: ServedModel
  readonly hash: number
}

/** How many are drawn, and how many looked at for it at most. */
export interface Draws {
  readonly wantedCount: number
  readonly drawsMax: number
}

export class ServingPeers {
  readonly #places: Place[] = []
  readonly #placeOf = new Map<PeerId, number>()
  readonly #measured = new WeightTree()
  readonly #unmeasured = new WeightTree()
  readonly #homes = new HomesIndex()
  readonly #speeds = new SpeedSums()
  readonly #densities = { ascii: new Mean(), wide: new Mean() }

  get size(): number {
    return this.#places.length
  }

  get hasAlive(): boolean {
    return this.#places.some(({ entry }) => entry.status === 'alive')
  }

  at(place: number): Place {
    const found = this.#places[place]
    assert(found !== undefined, 'a place is below the size')
    return found
  }

  placeOf(peer: PeerId): number | undefined {
    return this.#placeOf.get(peer)
  }

  /** What is assumed of those that have not measured themselves: the mean of those that have. */
  assumedSpeed(options: SchedulerOptions): AssumedSpeed {
    return this.#speeds.assumed(options)
  }

  /**
   * The mean of what they tell: among several, none decides alone, and one number for all is kept up
   * to date at no cost for whoever asks. `undefined`: nobody tells.
   */
  get tokenDensity(): TokenDensity | undefined {
    const { ascii, wide } = this.#densities
    const asciiTokensPerByte = ascii.or(0)
    return asciiTokensPerByte === 0
      ? undefined
      : { asciiTokensPerByte, wideTokensPerByte: wide.or(0) }
  }

  set(entry: PeerEntry, model: ServedModel): void {
    const place = this.#placeOf.get(entry.peer)
    const known = place === undefined ? undefined : this.#places[place]
    this.#count(known?.model, model)
    if (place === undefined || known === undefined || known.entry !== entry) {
      this.#put(place ?? this.#places.length, { entry, model, hash: textHash(entry.peer) })
      return
    }
    known.model = model
    this.#judge(place, known)
  }

  delete(peer: PeerId): void {
    const place = this.#placeOf.get(peer)
    if (place === undefined) return
    this.#count(this.at(place).model, undefined)
    this.#placeOf.delete(peer)
    const last = this.#places.pop()
    assert(last !== undefined, 'whoever goes was there')
    this.#weigh(this.#places.length, undefined)
    if (place < this.#places.length) this.#put(place, last)
  }

  /** Draws by capacity, nobody twice, until as many as wanted were taken. */
  drawByCapacity(
    random: Random,
    { wantedCount, drawsMax }: Draws,
    take: (place: number) => boolean,
    assumed: AssumedSpeed,
  ): void {
    const drawn: number[] = []
    let takenCount = 0
    while (takenCount < wantedCount && drawn.length < drawsMax) {
      const place = this.#draw(random, assumed.decodeTokensPerSecond)
      if (place === undefined) break
      drawn.push(place)
      // It is not drawn again, and comes back below.
      this.#weigh(place, undefined)
      if (take(place)) takenCount += 1
    }
    for (const place of drawn) this.#weigh(place, this.at(place))
  }

  /** Draws with all alike, nobody twice. */
  drawEvenly(
    random: Random,
    { wantedCount, drawsMax }: Draws,
    take: (place: number) => boolean,
  ): void {
    const drawn = new Set<number>()
    let takenCount = 0
    for (let left = drawsMax; left > 0 && takenCount < wantedCount; left -= 1) {
      const place = random.nextIndex(this.size)
      if (drawn.has(place)) continue
      drawn.add(place)
      if (take(place)) takenCount += 1
    }
  }

  /**
   * Who among those that can take requests have the two highest rendezvous weights for the key, the
   * highest first. Ingresses that know the same peers name the same two, and if one goes only its keys
   * go elsewhere.
   */
  homes(key: number): readonly PeerId[] {
    const idAt = (index: number) => this.at(index).entry.peer
    const isFirst = (one: number, other: number) => idAt(one) < idAt(other)
    return this.#homes.highestTwo(key, this.size, isFirst).map(idAt)
  }

  #count(before: ServedModel | undefined, now: ServedModel | undefined): void {
    this.#speeds.change(before?.load, now?.load)
    const { ascii, wide } = this.#densities
    const from = before?.tokenDensity
    const to = now?.tokenDensity
    ascii.change(from?.asciiTokensPerByte, to?.asciiTokensPerByte)
    wide.change(from?.wideTokensPerByte, to?.wideTokensPerByte)
  }

  #draw(random: Random, assumedRate: number): number | undefined {
    const measured = this.#measured.total
    const total = measured + this.#unmeasured.total * assumedRate
    if (total === 0) return undefined
    const target = Math.floor(random.next() * total)
    if (target < measured) return this.#measured.find(target)
    const unmeasured = Math.floor((target - measured) / assumedRate)
    return this.#unmeasured.find(Math.min(unmeasured, this.#unmeasured.total - 1))
  }

  #put(place: number, what: Place): void {
    this.#places[place] = what
    this.#placeOf.set(what.entry.peer, place)
    this.#judge(place, what)
  }

  /** What it is good for. */
  #judge(place: number, what: Place): void {
    // What is not in memory has no cache.
    const isHome = canServe(what) && what.model.load.unready === undefined
    this.#homes.set(place, what.hash, isHome)
    this.#weigh(place, what)
  }

  /** @param what `undefined`: it weighs nothing. */
  #weigh(place: number, what: Place | undefined): void {
    const isCandidate = what !== undefined && canServe(what)
    const streams = isCandidate ? Math.round(parallelismNow(what.model)) : 0
    const rate = what?.model.load.decodeTokensPerSecond ?? 0
    this.#measured.set(place, rate === 0 ? 0 : Math.ceil(streams * rate))
    this.#unmeasured.set(place, rate === 0 ? streams : 0)
  }
}

function canServe({ entry, model }: Place): boolean {
  return entry.mayServe && isUsable(model)
}
