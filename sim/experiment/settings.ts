/**
 * Values of a scenario that are set from outside, by path: `workload.arrivals.loadRatio=0.8`,
 * `topology.cells[0].nodes[0].count=16`. Several values of one path, and several paths, make a grid.
 *
 * A path is checked twice: that the schema knows each of its parts, and that what it leads through by a
 * name of the author (a kind of GPU, the third cell) is there. Else a slip would set what nobody reads,
 * and all points of a sweep would be the same. Whether the values are right the schema then says.
 */
import { parse } from 'yaml'
import { didYouMean } from '../../src/core/did-you-mean.ts'
import { MeshError } from '../../src/core/errors.ts'
import { formsOf, isRecord, type SchemaNode, scenarioSchema } from '../scenario/schema-tree.ts'

/** More scenarios than anyone looks at. */
const GRID_MAX = 1_000

/** Deeper than any path of a scenario. */
const DEPTH_MAX = 32

export interface Setting {
  /** As it was written: `ingresses.count`. */
  readonly path: string
  /** `null`: what is there is taken out. */
  readonly value: unknown
}

export interface SettingValues {
  readonly path: string
  readonly values: readonly unknown[]
}

function usageError(message: string, hint?: string): MeshError {
  return new MeshError(message, { code: 'ERR_USAGE', hint })
}

/** `PATH=VALUE[,VALUE…]`; values as in a YAML list. @throws MeshError ERR_USAGE. */
export function parseSetting(text: string): SettingValues {
  const at = text.indexOf('=')
  const [path, list] = [text.slice(0, at), text.slice(at + 1)]
  if (at <= 0 || list.trim() === '') {
    throw usageError(
      `expected PATH=VALUE, found ${text}`,
      'For example workload.arrivals.loadRatio=0.5,0.8',
    )
  }
  try {
    const values: unknown = parse(`[${list}]`)
    if (Array.isArray(values)) return { path, values }
  } catch (error) {
    const cause = error instanceof Error ? error : undefined
    throw unreadableValues(path, list, cause)
  }
  throw unreadableValues(path, list)
}

function unreadableValues(path: string, list: string, cause?: Error): MeshError {
  return new MeshError(`expected values of YAML with commas between for ${path}, found ${list}`, {
    code: 'ERR_USAGE',
    cause,
  })
}

/** Every combination, the last path changing fastest. @throws MeshError ERR_USAGE if they are too many. */
export function gridOf(axes: readonly SettingValues[]): readonly (readonly Setting[])[] {
  const size = axes.reduce((product, { values }) => product * values.length, 1)
  if (size > GRID_MAX) {
    throw usageError(`expected a grid of ${GRID_MAX} scenarios at most, found ${size}`)
  }
  return axes.reduce<readonly (readonly Setting[])[]>(
    (points, { path, values }) =>
      points.flatMap(point => values.map(value => [...point, { path, value }])),
    [[]],
  )
}

/**
 * The same data with the settings made, one after the other. Nothing of `data` changes.
 *
 * @throws MeshError ERR_USAGE if a path leads nowhere.
 */
export function withSettings(data: unknown, settings: readonly Setting[]): unknown {
  const nodes = choices(scenarioSchema())
  return settings.reduce((before, { path, value }) => {
    const parts = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
    if (parts.length > DEPTH_MAX) throw usageError(`expected a path of a scenario, found ${path}`)
    return replaced(before, { path, parts, depth: 0, nodes }, value)
  }, data)
}

/** A union is any of its parts. */
function choices(node: SchemaNode): readonly SchemaNode[] {
  const forms = formsOf(node)
  return forms.length === 1 ? forms : forms.flatMap(choices)
}

/** Where in a path we are. */
interface Place {
  readonly path: string
  readonly parts: readonly string[]
  readonly depth: number
  /** What the schema allows here. */
  readonly nodes: readonly SchemaNode[]
}

function replaced(data: unknown, place: Place, value: unknown): unknown {
  const { parts, depth } = place
  const part = parts[depth]
  if (part === undefined) return value
  const nodes = nodesUnder(part, data, place)
  const next = { ...place, depth: depth + 1, nodes }
  if (Array.isArray(data)) {
    return data.map((item, index) => (index === Number(part) ? replaced(item, next, value) : item))
  }
  const fields: Readonly<Record<string, unknown>> = isRecord(data) ? data : {}
  const { [part]: old, ...others } = fields
  const changed = replaced(old, next, value)
  return changed === null ? others : { ...others, [part]: changed }
}

/** @throws MeshError ERR_USAGE if the schema knows no such part, or the data has none. */
function nodesUnder(part: string, data: unknown, place: Place): readonly SchemaNode[] {
  if (Array.isArray(data)) {
    const isThere = /^\d+$/.test(part) && Number(part) < data.length
    if (!isThere) throw leadsNowhere(place, Object.keys(data))
    return place.nodes.flatMap(({ items }) => (items === undefined ? [] : choices(items)))
  }
  const known = place.nodes.flatMap(({ properties = {} }) => {
    const found = Object.hasOwn(properties, part) ? properties[part] : undefined
    return found === undefined ? [] : choices(found)
  })
  if (known.length > 0) return known
  const named = place.nodes.flatMap(({ additionalProperties }) =>
    typeof additionalProperties === 'object' ? [additionalProperties] : [],
  )
  const isNamed = isRecord(data) && Object.hasOwn(data, part)
  // Options of the scheduler are no part of this schema; whoever reads them checks them.
  const isOpen = named.some(node => Object.keys(node).length === 0)
  if (named.length > 0 && (isNamed || isOpen)) return named.flatMap(choices)
  const names = place.nodes.flatMap(({ properties = {} }) => Object.keys(properties))
  throw leadsNowhere(place, [...names, ...(isRecord(data) ? Object.keys(data) : [])])
}

function leadsNowhere({ path, parts, depth }: Place, known: readonly string[]): MeshError {
  const before = parts.slice(0, depth)
  const part = parts[depth] ?? ''
  const meant = didYouMean(part, known)
  const where = depth === 0 ? 'a scenario' : before.join('.')
  const all = [...new Set(known)].join(', ')
  const hint =
    meant === undefined
      ? `${where} has ${all === '' ? 'no parts here' : all}.`
      : `Did you mean ${[...before, meant, ...parts.slice(depth + 1)].join('.')}?`
  return usageError(`expected a path that a scenario has, found ${path}`, hint)
}
