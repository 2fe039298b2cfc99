/**
 * When requests come, or conversations begin: times that rise for ever.
 *
 * Each draws one exponential time after the other and lets it pass at its rate: where the rate is
 * twice as high, the same arrivals come in half the time, so runs at different loads stay alike.
 * All begin as if they had run for ever.
 */
import { assert } from '../../src/core/assert.ts'
import type { Random } from '../../src/core/random.ts'
import { exponential } from '../chance.ts'
import type { ArrivalsScenario } from '../scenario/workload.ts'
import { createWeightedChoice } from './weighted-choice.ts'

/** @returns the time of the next, in ms. */
export type Arrivals = () => number

export interface ArrivalsInit {
  /** In the mean of a long time. */
  readonly perSecond: number
  /** Nothing comes before. May be negative. */
  readonly fromMs: number
  readonly random: Random
}

type SyntheticArrivals = Exclude<ArrivalsScenario, { type: 'trace' }>
type Mmpp = Extract<ArrivalsScenario, { type: 'mmpp' }>
type Diurnal = Extract<ArrivalsScenario, { type: 'diurnal' }>

export function createArrivals(scenario: SyntheticArrivals, init: ArrivalsInit): Arrivals {
  assert(init.perSecond > 0, 'something comes')
  switch (scenario.type) {
    case 'poisson':
      return createPoissonArrivals(init)
    case 'mmpp':
      return createMmppArrivals(scenario, init)
    case 'diurnal':
      return createDiurnalArrivals(scenario, init)
  }
}

function createPoissonArrivals({ perSecond, fromMs, random }: ArrivalsInit): Arrivals {
  const meanMs = 1_000 / perSecond
  let atMs = fromMs
  return () => {
    atMs += exponential(random, meanMs)
    return atMs
  }
}

/** A Poisson process whose rate is that of a state, and the states follow one another. */
function createMmppArrivals(scenario: Mmpp, { perSecond, fromMs, random }: ArrivalsInit): Arrivals {
  const { states, dwell } = scenario
  const cycleMs = states.reduce((sum, { dwellMs }) => sum + dwellMs, 0)
  const weightMs = states.reduce((sum, { dwellMs, weight }) => sum + dwellMs * weight, 0)
  assert(weightMs > 0, 'something comes in some state')
  const ratesPerMs = states.map(({ weight }) => (weight * (perSecond / 1_000) * cycleMs) / weightMs)

  // What is met at a moment of chance is a long time rather than a short one; an exponential time
  // lasts, from there on, as long as any.
  let state = createWeightedChoice(states.map(({ dwellMs }) => dwellMs))(random)
  const dwellMsOf = (index: number) => states[index]?.dwellMs ?? 0
  const dwellIn = (index: number) =>
    dwell === 'constant' ? dwellMsOf(index) : exponential(random, dwellMsOf(index))
  let endsMs = fromMs + (dwell === 'constant' ? random.next() * dwellMsOf(state) : dwellIn(state))
  let atMs = fromMs
  return () => {
    for (let left = exponential(random, 1); ; ) {
      const rate = ratesPerMs[state] as number
      const reachedMs = rate > 0 ? atMs + left / rate : Number.POSITIVE_INFINITY
      if (reachedMs <= endsMs) {
        atMs = reachedMs
        return atMs
      }
      left -= (endsMs - atMs) * rate
      atMs = endsMs
      state = (state + 1) % states.length
      endsMs += dwellIn(state)
    }
  }
}

/**
 * The rate follows a sine over the day. It begins in the middle and rises, so that a short run has
 * about the rate that was asked for. By thinning: arrivals at the highest rate, of which some stay.
 *
 * Source: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979.
 */
function createDiurnalArrivals(scenario: Diurnal, init: ArrivalsInit): Arrivals {
  const { periodMs, peakRatio } = scenario
  const { perSecond, random } = init
  const swing = (peakRatio - 1) / (peakRatio + 1)
  const next = createPoissonArrivals({ ...init, perSecond: perSecond * (1 + swing) })
  return () => {
    for (;;) {
      const atMs = next()
      const rate = 1 + swing * Math.sin((2 * Math.PI * atMs) / periodMs)
      if (random.next() * (1 + swing) < rate) return atMs
    }
  }
}
