/**
 * What differs between two states of a resource, field by field: `spec.targets[0].weight: 90 → 80`.
 */
import type { ChangeLine, ResourceLine } from './policy-wire.ts'

/** Lines of one change that are shown; who changed more looks at the whole. */
const LINES_MAX = 100

/** Longest value that is shown whole. */
const VALUE_MAX_CHARACTERS = 120

/** Path → value of a leaf. An empty object or list is a leaf. */
type Leaves = ReadonlyMap<string, string>

function leavesOf({ owner, labels, spec }: ResourceLine): Leaves {
  const leaves = new Map<string, string>()
  collect({ owner, labels, spec }, '', leaves)
  return leaves
}

function collect(value: unknown, path: string, leaves: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    leaves.set(path, JSON.stringify(value))
    return
  }
  const isList = Array.isArray(value)
  const parts = Object.entries(value)
  if (parts.length === 0) leaves.set(path, isList ? '[]' : '{}')
  for (const [name, part] of parts) {
    const own = isList ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    collect(part, own, leaves)
  }
}

function shown(value: string): string {
  return value.length <= VALUE_MAX_CHARACTERS ? value : `${value.slice(0, VALUE_MAX_CHARACTERS)}…`
}

/** `~ path: old → new`, `+ path: new`, `- path: old`. A resource that is gone has no lines. */
export function diffLines({ resource, previous }: ChangeLine): readonly string[] {
  if (resource === undefined) return []
  const before: Leaves = previous === undefined ? new Map() : leavesOf(previous)
  const after = leavesOf(resource)
  const lines: string[] = []
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(path), after.get(path)]
    if (old === now) continue
    if (now === undefined) lines.push(`- ${path}: ${shown(old ?? '')}`)
    else if (old === undefined) lines.push(`+ ${path}: ${shown(now)}`)
    else lines.push(`~ ${path}: ${shown(old)} → ${shown(now)}`)
  }
  const moreCount = lines.length - LINES_MAX
  return moreCount > 0 ? [...lines.slice(0, LINES_MAX), `… and ${moreCount} more`] : lines
}
