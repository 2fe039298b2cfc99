/**
 * A comparison as JSON: equal comparisons give equal texts, whatever the order in which their fields were
 * set, so that two can be compared line by line. `parseComparison` reads it back.
 */
import type { Comparison } from '../experiment/comparison.ts'

export function jsonReport(comparison: Comparison): string {
  return `${JSON.stringify(comparison, sortedKeys, 1)}\n`
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
