/**
 * The engines of a mesh as kinds: peers of one zone with the same hardware that serve a model alike and
 * are about as fast.
 */

/** One model at one peer, as the mesh tells of it. */
export interface ServingEngine {
  readonly peer: string
  readonly zone: string
  /** Names of its GPUs. Empty: it has none. */
  readonly gpus: readonly string[]
  readonly vramBytes: number
  readonly model: string
  /** 0: it does not say; so for the next three. */
  readonly parallelMax: number
  readonly contextTokens: number
  readonly prefillTokensPerSecond: number
  readonly decodeTokensPerSecond: number
}

export interface EngineGroup {
  /** In a scenario. */
  readonly name: string
  readonly model: string
  readonly engines: readonly ServingEngine[]
}

/** Rates that were measured at other loads differ by as much. */
const ALIKE_RATIO = 1.25

/** At most so many kinds have names of their own; more would be a table nobody reads. */
const NAME_LENGTH_MAX = 56

export function groupEngines(engines: readonly ServingEngine[]): readonly EngineGroup[] {
  const kinds = new Map<string, ServingEngine[]>()
  for (const engine of engines) {
    const { model, gpus, parallelMax, contextTokens } = engine
    const key = JSON.stringify([gpus.toSorted(), model, parallelMax, contextTokens])
    kinds.set(key, [...(kinds.get(key) ?? []), engine])
  }
  const taken = new Set<string>()
  return [...kinds.values()].flatMap(alikeOf).map(group => {
    const [first] = group as [ServingEngine]
    const name = freeName(nameOf(first), taken)
    taken.add(name)
    return { name, model: first.model, engines: group }
  })
}

/** Those that are about as fast. One whose speed is not known goes with any. */
function alikeOf(engines: readonly ServingEngine[]): readonly (readonly ServingEngine[])[] {
  const sorted = engines.toSorted((a, b) => a.decodeTokensPerSecond - b.decodeTokensPerSecond)
  const groups: ServingEngine[][] = []
  for (const engine of sorted) {
    const last = groups.at(-1)
    const slowest = last?.find(each => each.decodeTokensPerSecond > 0)?.decodeTokensPerSecond
    const isAlike = slowest === undefined || engine.decodeTokensPerSecond <= slowest * ALIKE_RATIO
    if (last !== undefined && isAlike) last.push(engine)
    else groups.push([engine])
  }
  return groups
}

function nameOf({ gpus, model }: ServingEngine): string {
  const [gpu = 'cpu'] = gpus
  const many = gpus.length > 1 ? `${gpus.length}x-` : ''
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-')
  return `${many}${plain(gpu)}-${plain(model)}`.slice(0, NAME_LENGTH_MAX)
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let number = 2
  while (taken.has(`${name}-${number}`)) number += 1
  return `${name}-${number}`
}
