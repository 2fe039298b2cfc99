/**
 * Recorded requests: when each came and how long it was, never what it said.
 *
 * Three forms are read: that of the Azure traces, that of Mooncake, and our own.
 */
import { MeshError } from '../../src/core/errors.ts'
import type { PromptPrefix } from '../../src/core/prompt-prefix.ts'
import { showFound } from '../../src/node/config/config-problem.ts'
import type { Priority } from '../../src/scheduler/admission/priority.ts'

export interface TraceRow {
  /** From the beginning of the trace. */
  readonly atMs: number
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  /** As in `SimRequest`; equal ones stand for equal beginnings within this trace. */
  readonly blocks: readonly number[]
  /** As it was recorded. `undefined`: what the blocks say, if there are any. */
  readonly prefix: PromptPrefix | undefined
  /** `undefined`: not recorded; so for the priority. */
  readonly tenant: string | undefined
  readonly priority: Priority | undefined
}

/** One line of a trace, for whoever reads it. */
export interface TraceLine {
  readonly text: string
  /** From 1. */
  readonly number: number
}

/** Rows that are kept in memory. */
const ROWS_MAX = 5_000_000

/** Without empty ones. */
export function linesOf(text: string): readonly TraceLine[] {
  const lines = text.split('\n').map((line, index) => ({ text: line.trim(), number: index + 1 }))
  return lines.filter(line => line.text !== '')
}

/** @param found What stands there instead; shown short. */
export function wrongLine(
  line: number,
  expected: string,
  found: unknown,
  cause?: unknown,
): MeshError {
  const message = `wrong trace: line ${line}: expected ${expected}, found ${showFound(found)}`
  return new MeshError(message, {
    code: 'ERR_CONFIG',
    details: { line },
    hint: 'Check that `workload.arrivals.format` names the form of this file.',
    cause,
  })
}

/** @throws MeshError ERR_CONFIG if the line is no JSON. */
export function jsonOf({ text, number }: TraceLine): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw wrongLine(number, 'a JSON object', text, error)
  }
}

/**
 * In the order of their time, from 0.
 *
 * @throws MeshError ERR_CONFIG if there are none, or too many.
 */
export function inOrder(rows: readonly TraceRow[]): readonly TraceRow[] {
  if (rows.length === 0 || rows.length > ROWS_MAX) {
    throw wrongLine(1, `1 to ${ROWS_MAX} rows`, rows.length)
  }
  const sorted = rows.toSorted((a, b) => a.atMs - b.atMs)
  const beginMs = sorted[0]?.atMs ?? 0
  return beginMs === 0 ? sorted : sorted.map(row => ({ ...row, atMs: row.atMs - beginMs }))
}
