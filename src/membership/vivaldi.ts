/**
 * Vivaldi: where a peer is in a space in which distance is round trip, so that the round trip
 * between two peers that never talked can be told.
 *
 * Every measured round trip pulls or pushes our coordinate along the line to the other, more the
 * less sure we are of our own place. The height is what both directions have in common, such as
 * an access link.
 *
 * Source: Dabek, Cox, Kaashoek, Morris, "Vivaldi", SIGCOMM 2004, figure 3 and section 5.4; the
 * constants are those of HashiCorp serf. We leave out its adjustment window.
 */
import type { Random } from '../core/random.ts'

export interface Coordinate {
  /** `DIMENSIONS` numbers, in ms. */
  readonly vector: readonly number[]
  /** ms, above 0. */
  readonly heightMs: number
  /** How wrong it may be, as a share of the distance: 0 is sure, `ERROR_MAX` is a guess. */
  readonly errorRatio: number
}

export const DIMENSIONS = 4

const ERROR_MAX = 1.5
const HEIGHT_MIN_MS = 0.01

/** From here on a place may be as wrong as it is far. */
const GUESS_RATIO = 1

/** Weights of one sample in our error and in our place. */
const ERROR_WEIGHT = 0.25
const PLACE_WEIGHT = 0.25

/** A round trip or a distance beyond it makes no sense on this planet. */
const DISTANCE_MAX_MS = 60_000

/** Where everyone starts. */
const ORIGIN: Coordinate = {
  vector: Array.from({ length: DIMENSIONS }, () => 0),
  heightMs: HEIGHT_MIN_MS,
  errorRatio: ERROR_MAX,
}

/** Whether a coordinate of another is one to compute with. */
export function isSane({ vector, heightMs, errorRatio }: Coordinate): boolean {
  const isNear = (value: number) => Math.abs(value) <= DISTANCE_MAX_MS
  const isPlace = vector.length === DIMENSIONS && vector.every(isNear)
  return isPlace && heightMs > 0 && isNear(heightMs) && errorRatio >= 0 && errorRatio <= ERROR_MAX
}

/** The round trip between two places, in ms. */
export function distanceMs(a: Coordinate, b: Coordinate): number {
  return lengthOf(difference(a, b)) + a.heightMs + b.heightMs
}

/** The round trip between two places; `undefined`: one of them is as good as a guess. */
export function predictedMs(a: Coordinate, b: Coordinate): number | undefined {
  const isGuess = a.errorRatio >= GUESS_RATIO || b.errorRatio >= GUESS_RATIO
  return isGuess ? undefined : distanceMs(a, b)
}

/** Our own coordinate. */
export class Place {
  readonly #random: Random
  #coordinate = ORIGIN

  constructor(random: Random) {
    this.#random = random
  }

  get coordinate(): Coordinate {
    return this.#coordinate
  }

  /** A round trip to another was measured. */
  observe(other: Coordinate, rttMs: number): void {
    this.#coordinate = moved(this.#coordinate, other, { rttMs, random: this.#random })
  }
}

function moved(
  own: Coordinate,
  other: Coordinate,
  { rttMs, random }: { readonly rttMs: number; readonly random: Random },
): Coordinate {
  if (!(rttMs > 0) || rttMs > DISTANCE_MAX_MS || !isSane(other)) return own
  const expectedMs = distanceMs(own, other)
  const wrongRatio = Math.abs(expectedMs - rttMs) / rttMs
  const totalError = Math.max(own.errorRatio + other.errorRatio, 1e-6)
  const trust = own.errorRatio / totalError
  const errorRatio = Math.min(
    ERROR_MAX,
    wrongRatio * ERROR_WEIGHT * trust + own.errorRatio * (1 - ERROR_WEIGHT * trust),
  )
  return {
    ...pushed(own, other, { forceMs: PLACE_WEIGHT * trust * (rttMs - expectedMs), random }),
    errorRatio,
  }
}

/** Away from the other by `forceMs`, towards it if that is negative. */
function pushed(
  own: Coordinate,
  other: Coordinate,
  { forceMs, random }: { readonly forceMs: number; readonly random: Random },
): Omit<Coordinate, 'errorRatio'> {
  const away = difference(own, other)
  const gapMs = lengthOf(away)
  // Two at one place are parted in a direction of chance.
  const direction = gapMs > 1e-6 ? away.map(value => value / gapMs) : anyDirection(random)
  const vector = own.vector.map((value, axis) => value + (direction[axis] ?? 0) * forceMs)
  if (gapMs <= 1e-6) return { vector, heightMs: own.heightMs }
  const heightMs = own.heightMs + ((own.heightMs + other.heightMs) * forceMs) / gapMs
  return { vector, heightMs: Math.min(DISTANCE_MAX_MS, Math.max(HEIGHT_MIN_MS, heightMs)) }
}

function difference(a: Coordinate, b: Coordinate): number[] {
  return a.vector.map((value, axis) => value - (b.vector[axis] ?? 0))
}

function lengthOf(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
}

function anyDirection(random: Random): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => random.next() - 0.5)
  const length = Math.max(lengthOf(vector), 1e-6)
  return vector.map(value => value / length)
}
