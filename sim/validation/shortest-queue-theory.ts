/**
 * Join-shortest-queue before equal servers with exponential service has no formula, so its Markov
 * chain is solved: states are the lengths of the queues, longest first, cut off where they are as good
 * as impossible; the balance equations are solved by Gauss and Seidel's method.
 *
 * Source of the method: W. Stewart, "Introduction to the Numerical Solution of Markov Chains", 1994,
 * section 3.2.3.
 */

/** Beyond lengths of this probability nothing is looked at. */
const CUT_OFF = 1e-7

/** Sweeps change the mean number of requests by less, relative to it, when they are ended. */
const CONVERGED = 1e-8

const SWEEPS_MAX = 20_000

/** Moves that lead into a state: where from, and how often in the time of one service. */
interface State {
  readonly lengths: readonly number[]
  readonly sources: number[]
  readonly rates: number[]
  leavingRate: number
}

/** Until the end, with a service of `meanMs`. */
export function responseOfShortestQueueMs(servers: number, load: number, meanMs: number): number {
  // All queues are about as long: one more in each is `load ** servers` as likely.
  const lengthMax = 2 + Math.ceil(Math.log(CUT_OFF) / (servers * Math.log(load)))
  const states = chainOf(servers, servers * load, lengthMax)
  const counts = states.map(({ lengths }) => lengths.reduce((a, b) => a + b, 0))
  // About right but for the balance between queues; so few sweeps are needed.
  const shares = counts.map(count => load ** count)
  let before = 0
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
    const mean = sweepOver(states, shares, counts)
    if (Math.abs(mean - before) < CONVERGED * mean) break
    before = mean
  }
  // Little's law; next to nobody is turned away at the cut.
  return (sweepOver(states, shares, counts) * meanMs) / (servers * load)
}

/** @returns the mean number of requests. */
function sweepOver(states: readonly State[], shares: number[], counts: readonly number[]): number {
  let total = 0
  let count = 0
  for (let place = 0; place < 2 * states.length; place += 1) {
    // There and back: what happens at one end is soon known at the other.
    const index = Math.min(place, 2 * states.length - 1 - place)
    const { sources, rates, leavingRate } = states[index] as State
    let inflow = 0
    for (let move = 0; move < sources.length; move += 1) {
      inflow += (shares[sources[move] as number] as number) * (rates[move] as number)
    }
    shares[index] = inflow / leavingRate
  }
  for (const [index, share] of shares.entries()) {
    total += share
    count += share * (counts[index] as number)
  }
  for (let index = 0; index < shares.length; index += 1) {
    shares[index] = (shares[index] as number) / total
  }
  return count / total
}

function chainOf(servers: number, arrivalRate: number, lengthMax: number): readonly State[] {
  const states: State[] = statesOf(servers, lengthMax).map(lengths => ({
    lengths,
    sources: [],
    rates: [],
    leavingRate: 0,
  }))
  const indexOf = new Map(states.map(({ lengths }, index) => [lengths.join(), index]))
  const move = (from: number, lengths: readonly number[], rate: number) => {
    const to = indexOf.get(lengths.toSorted((a, b) => b - a).join())
    if (to === undefined) return
    const target = states[to] as State
    target.sources.push(from)
    target.rates.push(rate)
    ;(states[from] as State).leavingRate += rate
  }
  for (const [index, { lengths }] of states.entries()) {
    // The last is the shortest.
    move(index, lengths.with(-1, (lengths.at(-1) ?? 0) + 1), arrivalRate)
    for (const [server, length] of lengths.entries()) {
      if (length > 0) move(index, lengths.with(server, length - 1), 1)
    }
  }
  return states
}

/** All lengths of queues, longest first. */
function statesOf(servers: number, lengthMax: number): readonly (readonly number[])[] {
  if (servers === 0) return [[]]
  return Array.from({ length: lengthMax + 1 }, (_, longest) =>
    statesOf(servers - 1, longest).map(rest => [longest, ...rest]),
  ).flat()
}
