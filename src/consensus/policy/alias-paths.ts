/**
 * Keeps aliases from leading in circles or too far: a request follows them, so it must arrive.
 *
 * Only the chains through a changed alias are walked, upwards and downwards, each alias once.
 */
import { ALIAS_HOPS_MAX } from './kinds/aliases.ts'
import { invalid, type Refusal } from './outcome.ts'
import type { ResourceTable } from './resource-table.ts'

const KIND = 'aliases'

type Walk = (name: string) => readonly string[]

export function refuseAliasPath(table: ResourceTable, name: string): Refusal | undefined {
  const exists = (other: string) => table.get({ kind: KIND, name: other }) !== undefined
  const down: Walk = from => {
    const references = table.get({ kind: KIND, name: from })?.references ?? []
    return references.map(to => to.name).filter(exists)
  }
  const up: Walk = to => table.referrers({ kind: KIND, name: to }).map(from => from.name)
  const below = longestPath(name, down)
  if (below.cycle !== undefined) return wrong(name, `${below.cycle.join(' → ')}, a circle`)
  const above = longestPath(name, up)
  const hops = above.length + 1 + below.length
  if (hops > ALIAS_HOPS_MAX) return wrong(name, `a chain of ${hops}`)
  return undefined
}

function wrong(name: string, found: string): Refusal {
  const expected = `aliases that lead to a model over at most ${ALIAS_HOPS_MAX} of them`
  return invalid([{ path: `aliases/${name}`, expected, found }])
}

interface Path {
  /** Steps of the longest way from here to an end. */
  readonly length: number
  /** A way that comes back to where it was. */
  readonly cycle?: readonly string[]
}

function longestPath(start: string, walk: Walk): Path {
  const known = new Map<string, number>()
  const trail: string[] = []
  const visit = (name: string): Path => {
    const length = known.get(name)
    if (length !== undefined) return { length }
    if (trail.includes(name))
      return { length: 0, cycle: [...trail.slice(trail.indexOf(name)), name] }
    trail.push(name)
    let longest = 0
    for (const next of walk(name)) {
      const path = visit(next)
      if (path.cycle !== undefined) return path
      longest = Math.max(longest, path.length + 1)
    }
    trail.pop()
    known.set(name, longest)
    return { length: longest }
  }
  return visit(start)
}
