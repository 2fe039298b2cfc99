/**
 * Fits how fast an engine is to what was observed of it: least squares of relative errors, no part below
 * nothing, and those that fit worst left out.
 *
 * Errors are relative to what is expected, not to what was measured: measured by itself, a time that
 * was twice as long as usual counts less than one half as long, and the fit would be too fast. What is
 * expected is known from the round before (iteratively reweighted least squares).
 *
 *     step = stepBaseMs + stepPerSequenceMs × sequences + prefillTokenMs × prompt tokens read in it
 *
 * The method is coordinate descent on the normal equations: four unknowns, each set to what is best
 * while the others stay, never below 0, until none moves. It converges, since the sum of squares is
 * convex and its parts are bounded one by one.
 *
 * Source: Lawson, Hanson, "Solving Least Squares Problems", 1974, chapter 23 (the problem); Franc,
 * Hlaváč, Navara, "Sequential coordinate-wise algorithm for the non-negative least squares problem",
 * CAIP 2005 (the method).
 */
import type { Observation } from './observations.ts'

export interface FittedSpeed {
  readonly stepBaseMs: number
  readonly stepPerSequenceMs: number
  readonly prefillTokenMs: number
  /** Of a request besides: network, HTTP. */
  readonly onceMs: number
  readonly observationCount: number
  /** Of one equation, in the middle: its error by what was measured. */
  readonly errorRatio: number
}

/** For four unknowns, with noise. */
const OBSERVATIONS_MIN = 16

const ROUNDS_MAX = 2_000
const CONVERGED_RATIO = 1e-9

/** Fits, each of which leaves out what the one before could not explain: pauses of the machine, mostly. */
const FITS = 12
const KEPT_RATIO = 0.9

type Unknowns = readonly [number, number, number, number]

/** `undefined`: too little was observed. */
export function fitSpeed(observations: readonly Observation[]): FittedSpeed | undefined {
  const usable = observations.filter(({ ms }) => ms > 0)
  if (usable.length < OBSERVATIONS_MIN) return undefined
  const keptCount = Math.max(OBSERVATIONS_MIN, Math.ceil(usable.length * KEPT_RATIO))
  let found = leastSquares(usable, ({ ms }) => ms)
  for (let left = FITS; left > 0; left -= 1) {
    const before = found
    const kept = usable
      .map(each => ({ each, error: oddness(each, before) }))
      .sort((a, b) => a.error - b.error)
      .slice(0, keptCount)
      .map(({ each }) => each)
    found = leastSquares(kept, each => expectedMs(each, before) || each.ms)
  }
  const errors = usable.map(each => errorOf(each, found)).sort((a, b) => a - b)
  const [stepBaseMs, stepPerSequenceMs, prefillTokenMs, onceMs] = found
  return {
    ...{ stepBaseMs, stepPerSequenceMs, prefillTokenMs, onceMs },
    observationCount: usable.length,
    errorRatio: errors[Math.floor(errors.length / 2)] ?? 0,
  }
}

const rowOf = ({ baseCount, sequenceCount, tokenCount, onceCount }: Observation): Unknowns => [
  ...([baseCount, sequenceCount, tokenCount, onceCount] as const),
]

function expectedMs(observation: Observation, unknowns: Unknowns): number {
  return rowOf(observation).reduce((sum, each, index) => sum + each * (unknowns[index] ?? 0), 0)
}

function errorOf(observation: Observation, unknowns: Unknowns): number {
  return Math.abs(expectedMs(observation, unknowns) / observation.ms - 1)
}

/** Twice as long is as odd as half as long. */
function oddness(observation: Observation, unknowns: Unknowns): number {
  return Math.abs(Math.log(expectedMs(observation, unknowns) / observation.ms))
}

/** @param scaleOf By what an equation is divided, so that a long answer counts no more than a short one. */
function leastSquares(
  observations: readonly Observation[],
  scaleOf: (observation: Observation) => number,
): Unknowns {
  const size = 4
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  const right = new Array<number>(size).fill(0)
  for (const observation of observations) {
    const scale = scaleOf(observation)
    const row = rowOf(observation).map(each => each / scale)
    const measured = observation.ms / scale
    for (let i = 0; i < size; i += 1) {
      const rowI = row[i] ?? 0
      right[i] = (right[i] ?? 0) + rowI * measured
      const line = matrix[i] as number[]
      for (let j = 0; j < size; j += 1) line[j] = (line[j] ?? 0) + rowI * (row[j] ?? 0)
    }
  }
  return descend(matrix, right)
}

function descend(matrix: readonly (readonly number[])[], right: readonly number[]): Unknowns {
  const found: [number, number, number, number] = [0, 0, 0, 0]
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let moved = 0
    for (let i = 0; i < found.length; i += 1) {
      const line = matrix[i] ?? []
      const own = line[i] ?? 0
      if (own === 0) continue
      const others = line.reduce(
        (sum, each, j) => (j === i ? sum : sum + each * (found[j] ?? 0)),
        0,
      )
      const next = Math.max(0, ((right[i] ?? 0) - others) / own)
      const before = found[i] ?? 0
      moved = Math.max(moved, Math.abs(next - before) / (Math.abs(next) + 1e-12))
      found[i] = next
    }
    if (moved < CONVERGED_RATIO) break
  }
  return found
}
