/**
 * Prequal: a pool of probes of peers, each with its requests in flight and its latency. A peer with
 * more requests in flight than most of the pool is hot. The cold one with the lowest latency is
 * chosen; if all are hot, the one with the fewest requests in flight.
 *
 *     few peers drawn per request --> pool --> cold? lowest latency : fewest in flight
 *                                      '--> too old, used up, or the worst: out
 *
 * A probe costs nothing here: loads ride on answers and gossip, so drawing a peer is the probe, and
 * what is known of it is read anew at every choice, with our own picks counted in. Its age is that
 * of the load. Latency is the time in which the peer would finish this request.
 *
 * Source: Wydrowski, Kleinberg, Rumble, Archer, "Load is not what you should balance: introducing
 * Prequal", NSDI 2024, section 4. The numbers are the paper's; its reuse budget depends on the rate
 * of probes, ours is the number that it comes to at those rates.
 */
import type { PeerId } from '../../core/ids.ts'
import type { Candidates } from '../candidates.ts'
import { type Contender, queueRank } from '../score.ts'
import {
  anyOfLowest,
  type Scored,
  type Strategy,
  type StrategyDeps,
  scoreAll,
} from '../strategy.ts'
import { PerModel } from './per-model.ts'

const POOL_MAX = 16

const PROBES_PER_REQUEST = 3

/** Choices that one probe may win before it is drawn again. */
const USES_MAX = 2

const PROBE_AGE_MAX_MS = 1_000

/** A peer with more in flight than this share of the pool is hot: 2^-0.25. */
export const HOT_QUANTILE = 0.84

/** Peer → choices it has won. The oldest probe first. */
type Pool = Map<PeerId, number>

export function createPrequal({ options, random }: StrategyDeps): Strategy {
  const pools = new PerModel<Pool>(() => new Map(), options.modelsMax)
  let turn = 0

  return {
    name: 'prequal',
    choose(candidates, size) {
      const pool = pools.of(candidates.scope)
      const drawn = new Set(candidates.sampleEvenly(PROBES_PER_REQUEST))
      for (const { entry } of drawn) {
        pool.delete(entry.peer)
        pool.set(entry.peer, 0)
      }
      const scored = scoreAll(present(pool, candidates, drawn), size, options)
      const threshold = hotThreshold(scored)
      const cold = scored.filter(({ contender }) => queueRank(contender) <= threshold)
      const chosen =
        anyOfLowest(cold, ({ terms }) => terms.etaMs, random) ??
        anyOfLowest(scored, ({ contender }) => queueRank(contender), random)
      if (chosen === undefined) return undefined

      use(pool, chosen.contender.entry.peer)
      // Once the oldest, once the worst: a bad probe would else stay for as long as it is bad.
      turn += 1
      if (pool.size > POOL_MAX / 2)
        remove(pool, turn % 2 === 0 ? worst(scored, threshold) : oldest(pool))
      while (pool.size > POOL_MAX) remove(pool, oldest(pool))
      return { chosen, scored }
    },
  }
}

/**
 * Those of the pool that are eligible and were heard of lately; the others go. Of those that were
 * just drawn nothing newer is known, however old it is.
 */
function present(
  pool: Pool,
  candidates: Candidates,
  drawn: ReadonlySet<Contender>,
): readonly Contender[] {
  return [...pool.keys()].flatMap(peer => {
    const contender = candidates.find(peer)
    if (contender !== undefined) {
      if (drawn.has(contender) || candidates.stateAgeMs(contender) <= PROBE_AGE_MAX_MS) {
        return [contender]
      }
    }
    pool.delete(peer)
    return []
  })
}

/** So many requests in flight are not yet hot. */
function hotThreshold(scored: readonly Scored[]): number {
  const counts = scored.map(({ contender }) => queueRank(contender)).sort((a, b) => a - b)
  return counts[Math.floor(HOT_QUANTILE * (counts.length - 1))] ?? 0
}

function use(pool: Pool, peer: PeerId): void {
  const uses = (pool.get(peer) ?? 0) + 1
  if (uses >= USES_MAX) pool.delete(peer)
  else pool.set(peer, uses)
}

/** The hot one with the most in flight; if none is hot, the slowest. */
function worst(scored: readonly Scored[], threshold: number): PeerId | undefined {
  let found: Scored | undefined
  const badness = ({ contender, terms }: Scored) => {
    const count = queueRank(contender)
    return count > threshold ? [1, count] : [0, terms.etaMs]
  }
  for (const each of scored) {
    const [isHot = 0, value = 0] = badness(each)
    const [wasHot = -1, before = 0] = found === undefined ? [] : badness(found)
    if (isHot > wasHot || (isHot === wasHot && value > before)) found = each
  }
  return found?.contender.entry.peer
}

function oldest(pool: Pool): PeerId | undefined {
  return pool.keys().next().value
}

function remove(pool: Pool, peer: PeerId | undefined): void {
  if (peer !== undefined) pool.delete(peer)
}
