/**
 * Follows an alias to the model a request goes to, and to those it goes to when that one cannot
 * serve.
 *
 * One draw decides at every step: it picks a target by weight, and where it fell within that
 * target's share is the draw of the next step. So a canary of 5 % gets 5 %, also behind another
 * alias.
 *
 * An alias with variants is a ladder: target, variants, fallbacks, in this order. Of it, what has room
 * for the request comes first, in the order of the ladder; then what has to wait, in the same order.
 * So nothing smaller is asked while something larger can begin, and where all are busy the request
 * waits for the best.
 */
import { assert, InvariantError } from '../../core/assert.ts'
import { ALIAS_HOPS_MAX, type AliasSpec } from './kinds/aliases.ts'

export interface AliasRoute {
  /** The model to ask for. The name itself if it is no alias. */
  readonly model: string
  /** Models to ask for after that, in this order. None is there twice. */
  readonly fallbacks: readonly string[]
  /** Smaller variant → the model in whose place it serves. */
  readonly insteadOf: ReadonlyMap<string, string>
}

/**
 * How far a model is from beginning a request: of two, the lower is asked first.
 *
 * @param best The model that it is a variant of. `undefined`: it is none.
 */
export type RankOf = (model: string, best: string | undefined) => number

type AliasOf = (name: string) => AliasSpec | undefined

/** Models one route lists at most. */
const FALLBACKS_MAX = 16

export interface Wish {
  readonly name: string
  /** From [0, 1), by chance; equal draws give equal routes. */
  readonly draw: number
  /** Asked only where there are variants. Default: all models are alike. */
  readonly rankOf?: RankOf
}

export function resolveAlias(aliasOf: AliasOf, { name, draw, rankOf = alike }: Wish): AliasRoute {
  const found: Rung[] = []
  collect({ aliasOf, found, rankOf }, { name, draw, hops: 0, best: undefined })
  const [model = name, ...fallbacks] = new Set(found.map(rung => rung.model))
  const insteadOf = new Map<string, string>()
  // Whatever comes first is what is asked; further down it is not asked again.
  for (const rung of found.toReversed()) {
    if (rung.best === undefined) insteadOf.delete(rung.model)
    else insteadOf.set(rung.model, rung.best)
  }
  return { model, fallbacks: fallbacks.slice(0, FALLBACKS_MAX), insteadOf }
}

const alike: RankOf = () => 0

/** A model that a request may go to. */
interface Rung {
  readonly model: string
  /** The model in whose place it serves. `undefined`: it is none's variant. */
  readonly best: string | undefined
}

interface Search {
  readonly aliasOf: AliasOf
  readonly found: Rung[]
  readonly rankOf: RankOf
}

interface Place {
  readonly name: string
  readonly draw: number
  readonly hops: number
  readonly best: string | undefined
}

/** The models of an alias, best first: of its target, of its variants, then of its fallbacks. */
function collect(search: Search, { name, draw, hops, best }: Place): void {
  const { aliasOf, found } = search
  const alias = aliasOf(name)
  if (alias === undefined) {
    found.push({ model: name, best })
    return
  }
  assert(hops < ALIAS_HOPS_MAX, 'no alias leads further than the rules allow')
  const { model, rest } = pick(alias, draw)
  // Nothing is asked that is larger than the target, should it be a variant itself.
  const smaller = alias.variants.slice(alias.variants.indexOf(model) + 1)
  const next = [
    { name: model, draw: rest, best },
    ...smaller.map(to => ({ name: to, draw, best: best ?? model })),
    ...alias.fallbacks.map(to => ({ name: to, draw, best })),
  ]
  const start = found.length
  for (const to of next) {
    if (found.length > FALLBACKS_MAX) break
    // Its own name is the model behind it.
    if (to.name === name) found.push({ model: name, best: to.best })
    else collect(search, { ...to, hops: hops + 1 })
  }
  if (smaller.length > 0) found.push(...byRank(found.splice(start), search.rankOf))
}

/** Those of one rank stay as they are. */
function byRank(rungs: readonly Rung[], rankOf: RankOf): readonly Rung[] {
  const ranked = rungs.map(rung => ({ rung, rank: rankOf(rung.model, rung.best) }))
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ rung }) => rung)
}

function pick(
  { targets }: AliasSpec,
  draw: number,
): { readonly model: string; readonly rest: number } {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0)
  let left = draw * total
  for (const { model, weight } of targets) {
    if (left < weight) return { model, rest: left / weight }
    // Exact, for both are multiples of the last place of the larger.
    left -= weight
  }
  throw new InvariantError('a draw is from [0, 1)')
}
