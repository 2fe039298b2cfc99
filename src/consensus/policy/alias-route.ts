/**
 * Follows an alias to the model a request goes to, and to those it goes to when that one cannot
 * serve.
 *
 * One draw decides at every step: it picks a target by weight, and where it fell within that
 * target's share is the draw of the next step. So a canary of 5 % gets 5 %, also behind another
 * alias.
 */
import { assert, InvariantError } from '../../core/assert.ts'
import { ALIAS_HOPS_MAX, type AliasSpec } from './kinds/aliases.ts'

export interface AliasRoute {
  /** The model to ask for. The name itself if it is no alias. */
  readonly model: string
  /** Models to ask for after that, in this order. None is there twice. */
  readonly fallbacks: readonly string[]
}

type AliasOf = (name: string) => AliasSpec | undefined

/** Models one route lists at most. */
const FALLBACKS_MAX = 16

export function resolveAlias(aliasOf: AliasOf, name: string, draw: number): AliasRoute {
  const models: string[] = []
  collect(aliasOf, models, { name, draw, hops: 0 })
  const [model = name, ...fallbacks] = new Set(models)
  return { model, fallbacks: fallbacks.slice(0, FALLBACKS_MAX) }
}

interface Place {
  readonly name: string
  readonly draw: number
  readonly hops: number
}

/** The models of an alias, best first: of its target, then of its fallbacks. */
function collect(aliasOf: AliasOf, models: string[], { name, draw, hops }: Place): void {
  const alias = aliasOf(name)
  if (alias === undefined) {
    models.push(name)
    return
  }
  assert(hops < ALIAS_HOPS_MAX, 'no alias leads further than the rules allow')
  const { model, rest } = pick(alias, draw)
  const next = [{ name: model, draw: rest }, ...alias.fallbacks.map(to => ({ name: to, draw }))]
  for (const to of next) {
    if (models.length > FALLBACKS_MAX) return
    // Its own name is the model behind it.
    if (to.name === name) models.push(name)
    else collect(aliasOf, models, { ...to, hops: hops + 1 })
  }
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
