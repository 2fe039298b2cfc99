/**
 * What a person, a program and a folder get of a comparison, and which exit code it is.
 */
import type { Comparison } from '../../../sim/experiment/comparison.ts'
import { csvReports } from '../../../sim/report/csv-reports.ts'
import { brokenChecks } from '../../../sim/report/findings.ts'
import { htmlReport } from '../../../sim/report/html-report.ts'
import { jsonReport } from '../../../sim/report/json-report.ts'
import { type TerminalLook, terminalSummary } from '../../../sim/report/terminal-summary.ts'
import { type Io, writeJson } from '../io.ts'
import { writeInto } from './output-folder.ts'

/** Of a table in a file or a pipe. */
const COLUMNS_WITHOUT_TERMINAL = 120

/** Whoever says so in the usual way (no-color.org) gets none. */
export function lookOf({ columns, variables }: Io): TerminalLook {
  const isColor = columns !== undefined && (variables['NO_COLOR'] ?? '') === ''
  return { width: columns ?? COLUMNS_WITHOUT_TERMINAL, isColor }
}

/** Everything that is kept of it but the scenario as it was written. */
export function comparisonFiles(comparison: Comparison): Readonly<Record<string, string>> {
  return {
    'report.html': htmlReport(comparison),
    'results.json': jsonReport(comparison),
    ...csvReports(comparison),
  }
}

export interface ShowOptions {
  readonly isJson: boolean
  /** `undefined`: nothing is kept. */
  readonly folder: string | undefined
}

/** @returns the exit code. */
export function showComparison(comparison: Comparison, io: Io, options: ShowOptions): number {
  const { isJson, folder } = options
  if (folder !== undefined) writeInto(folder, comparisonFiles(comparison))
  if (isJson) writeJson(io, comparison)
  else {
    io.write(terminalSummary(comparison, lookOf(io)))
    if (folder !== undefined) io.complain(`(the report: ${folder}/report.html)`)
  }
  return exitCodeOf([comparison], io)
}

/** 1 if any check of honesty failed, which is told. */
export function exitCodeOf(comparisons: readonly Comparison[], io: Io): number {
  const count = comparisons.reduce((sum, each) => sum + brokenChecks(each).length, 0)
  if (count === 0) return 0
  io.complain(`error: expected every honesty check to hold, found ${count} that do not`)
  return 1
}
