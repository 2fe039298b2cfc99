/**
 * A sweep for a terminal, and as comma-separated values: one line for each contestant at each point.
 */
import type { ContestantResult } from '../experiment/comparison.ts'
import { type CsvCell, csvText } from './csv.ts'
import { UNKNOWN } from './figures.ts'
import { ranked } from './findings.ts'
import { ESTIMATE_NAMES } from './metric-words.ts'
import { columnsOf, lineText, shortened } from './plain-text.ts'
import { parametersOf, type SweepPoint } from './sweep-grid.ts'
import { painter } from './terminal-paint.ts'
import type { TerminalLook } from './terminal-summary.ts'
import { type TextColumn, textTable } from './text-table.ts'
import { type ValueColumn, valueColumn } from './value-column.ts'

export const SWEEP_COLUMNS: readonly ValueColumn[] = [
  { head: ['TTFT', 'p99'], name: 'ttftMs.p99', hasInterval: true },
  { head: ['e2e', 'p99'], name: 'endToEndMs.p99', hasInterval: true },
  { head: ['slowdown', 'p99'], name: 'slowdown.p99', hasInterval: true },
  { head: ['good', ''], name: 'goodputRatio' },
  { head: ['done', ''], name: 'completionRatio' },
  { head: ['busy', ''], name: 'utilizationMean' },
  { head: ['1k tok', ''], name: 'dollarsPerThousandTokens' },
]

const WIDTH_MIN = 40

/** Of the width: a name is a place in the grid as well. */
const NAMES_RATIO = 0.5

/** Of a swept parameter. */
const LABEL_COLUMNS_MAX = 11

export interface SweepRow {
  readonly point: SweepPoint
  readonly contestant: ContestantResult
}

/** Points in their order, contestants by place. */
export function sweepRows(points: readonly SweepPoint[]): readonly SweepRow[] {
  return points.flatMap(point =>
    ranked(point.comparison).map(contestant => ({ point, contestant })),
  )
}

export function sweepTable(points: readonly SweepPoint[], look: TerminalLook): string {
  const rows = sweepRows(points)
  const parameters = parametersOf(points).map(({ name }) => name)
  const names = nameColumn(rows, parameters)
  const contestants = rows.map(({ contestant }) => contestant)
  const paint = painter(look.isColor)
  const lines = textTable(
    {
      names,
      namesRatio: NAMES_RATIO,
      columns: SWEEP_COLUMNS.map(column => valueColumn(column, contestants)),
    },
    Math.max(WIDTH_MIN, look.width),
    (line, row) => {
      if (row < 0) return paint.bold(line)
      return rows[row]?.contestant.rank === undefined ? paint.quiet(line) : line
    },
  )
  return `${lines.join('\n')}\n`
}

/** What tells a line from all others: the place in the grid, aligned, and who it is of. */
function nameColumn(rows: readonly SweepRow[], parameters: readonly string[]): TextColumn {
  const heads = parameters.map(name => shortened(lineText(name), LABEL_COLUMNS_MAX))
  const lines = rows.map(({ point }) =>
    parameters.map(name =>
      shortened(lineText(String(point.labels[name] ?? UNKNOWN)), LABEL_COLUMNS_MAX),
    ),
  )
  const widths = heads.map((head, index) =>
    [head, ...lines.map(line => line[index] ?? '')].reduce(
      (widest, text) => Math.max(widest, columnsOf(text)),
      0,
    ),
  )
  const aligned = (texts: readonly string[]) =>
    texts.map((text, index) => text + ' '.repeat((widths[index] ?? 0) - columnsOf(text)))
  return {
    head: [[...aligned(heads), '# contestant'].join(' '), ''],
    cells: rows.map(({ contestant }, row) =>
      [...aligned(lines[row] ?? []), contestant.rank ?? UNKNOWN, contestant.name].join(' '),
    ),
    isText: true,
  }
}

/** All estimates of all points. */
export function sweepCsv(points: readonly SweepPoint[]): string {
  const parameters = parametersOf(points).map(({ name }) => name)
  const estimateHeads = ESTIMATE_NAMES.flatMap(name => [name, `${name}.halfWidth95`])
  const cells = ({ point, contestant }: SweepRow): CsvCell[] => [
    ...parameters.map(name => point.labels[name] ?? ''),
    contestant.name,
    contestant.rank ?? '',
    contestant.runs.length,
    ...ESTIMATE_NAMES.flatMap(name => {
      const { mean, halfWidth } = contestant.estimates[name]
      return [mean, halfWidth]
    }),
  ]
  const head = [...parameters, 'contestant', 'rank', 'runCount', ...estimateHeads]
  return csvText([head, ...sweepRows(points).map(cells)])
}
