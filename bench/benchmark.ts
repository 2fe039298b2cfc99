/**
 * What a benchmark is, and how its outcome is printed: a table for people and, as the last line,
 * one JSON object for programs.
 */
import type { PathName } from './gateway-path.ts'

export interface BenchmarkOptions {
  /** One short round instead of several, to see that it works. */
  readonly isQuick: boolean
  /** Only these ways from client to engine; `undefined`: those the benchmark is about. */
  readonly paths?: readonly PathName[] | undefined
  /** Sizes of the meshes; `undefined`: those the benchmark is about. */
  readonly sizes?: readonly number[] | undefined
  /** Gateways write a CPU profile into this folder when they end. */
  readonly cpuProfileFolder?: string | undefined
}

export interface BenchmarkResult {
  readonly table: string
  /** Name → figure, or a further level of names. */
  readonly figures: Readonly<Record<string, unknown>>
  readonly ratios: Readonly<Record<string, number | undefined>>
  /** What went wrong; each makes the figures doubtful. */
  readonly errors: readonly string[]
}

export interface Benchmark {
  /** One line for the list. */
  readonly summary: string
  /** @param note Tells a person how far it is. */
  run(options: BenchmarkOptions, note: (line: string) => void): Promise<BenchmarkResult>
}

/** Figures are measured with an error far above this. */
const SIGNIFICANT_DIGITS = 4

/** What is missing is `null`, so that every figure has its name in every run. */
export function resultLine(name: string, { figures, ratios }: BenchmarkResult): string {
  return JSON.stringify({ bench: name, figures, ratios }, (_key, value: unknown) => {
    if (typeof value === 'number') return Number(value.toPrecision(SIGNIFICANT_DIGITS))
    return value ?? null
  })
}

/** Columns of equal width, the first to the left and the rest to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columnCount = Math.max(...rows.map(row => row.length))
  const widths = Array.from({ length: columnCount }, (_, column) =>
    Math.max(...rows.map(row => row[column]?.length ?? 0)),
  )
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

/** @returns `-` for what could not be measured. */
export function formatNumber(value: number | undefined, fractionDigits = 0): string {
  return value === undefined ? '-' : value.toFixed(fractionDigits)
}
