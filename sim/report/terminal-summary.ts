/**
 * What a comparison says, for a terminal: broken checks first, then the table of contestants by place,
 * then what differs by more than chance, then what else a reader must know.
 */
import type { Comparison, EstimateName, PairedDifference } from '../experiment/comparison.ts'
import { showChange, showCount, showMs, UNKNOWN } from './figures.ts'
import {
  brokenChecks,
  counted,
  hasIntervals,
  headline,
  ranked,
  seedsOf,
  seedWords,
} from './findings.ts'
import { fleetSize, gossipWords } from './scenario-facts.ts'
import { type Painter, painter } from './terminal-paint.ts'
import { type TextColumn, textTable, wrapped } from './text-table.ts'
import { type ValueColumn, valueColumn } from './value-column.ts'

export interface TerminalLook {
  readonly width: number
  readonly isColor: boolean
}

const COLUMNS: readonly ValueColumn[] = [
  { head: ['TTFT', 'p50'], name: 'ttftMs.p50' },
  { head: ['TTFT', 'p99'], name: 'ttftMs.p99', hasInterval: true },
  { head: ['e2e', 'p99'], name: 'endToEndMs.p99', hasInterval: true },
  { head: ['slowdown', 'p99'], name: 'slowdown.p99', hasInterval: true },
  { head: ['TPOT', 'p50'], name: 'tpotMs.p50' },
  { head: ['good', ''], name: 'goodputRatio' },
  { head: ['done', ''], name: 'completionRatio' },
  { head: ['in', ''], name: 'admittedPerSecond' },
  { head: ['busy', ''], name: 'utilizationMean' },
  { head: ['herd', ''], name: 'herdingIndex' },
  { head: ['1k tok', ''], name: 'dollarsPerThousandTokens' },
]

const DIFFERENCES: readonly (readonly [EstimateName, string])[] = [
  ['ttftMs.p99', 'TTFT p99'],
  ['endToEndMs.p99', 'e2e p99'],
  ['slowdown.p99', 'slowdown p99'],
  ['goodputPerSecond', 'goodput'],
  ['dollarsPerThousandTokens', '1k tokens'],
]

const WIDTH_MIN = 40

/** Broken checks that are told one by one. */
const BROKEN_MAX = 10

/** @returns Lines, none wider than `width`, which is 40 at least. */
export function terminalSummary(comparison: Comparison, look: TerminalLook): string {
  const width = Math.max(WIDTH_MIN, look.width)
  const paint = painter(look.isColor)
  const parts = [
    titleLines(comparison, width, paint),
    brokenLines(comparison, width, paint),
    contestantLines(comparison, width, paint),
    unrankedLines(comparison, width, paint),
    differenceLines(comparison, width, paint),
    noteLines(comparison, width, paint),
  ]
  return `${parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function titleLines(comparison: Comparison, width: number, paint: Painter): string[] {
  const { scenario } = comparison
  const { gpus } = fleetSize(scenario)
  const facts = [
    `${showCount(gpus)} ${gpus === 1 ? 'GPU' : 'GPUs'}`,
    counted(scenario.ingresses.count, 'ingress', 'ingresses'),
    showMs(scenario.durationMs),
    counted(seedsOf(comparison).length, 'seed'),
    `level ${scenario.level}`,
  ].join(', ')
  return [
    ...wrapped(scenario.name, width).map(paint.bold),
    ...wrapped(facts, width, '').map(paint.quiet),
  ]
}

function brokenLines(comparison: Comparison, width: number, paint: Painter): string[] {
  const broken = brokenChecks(comparison)
  if (broken.length === 0) return []
  const head = `BROKEN: ${counted(broken.length, 'honesty check')}. Do not believe these runs.`
  const lines = broken
    .slice(0, BROKEN_MAX)
    .flatMap(({ contestant, seeds, name, found }) =>
      wrapped(`${contestant}, ${seedWords(seeds)}: ${name}: ${found}`, width),
    )
  const rest = broken.length > BROKEN_MAX ? [`… and ${broken.length - BROKEN_MAX} more`] : []
  return [...wrapped(head, width), ...lines, ...rest].map(paint.bad)
}

function contestantLines(comparison: Comparison, width: number, paint: Painter): string[] {
  const order = ranked(comparison)
  const names: TextColumn = {
    head: ['# contestant', ''],
    cells: order.map(({ rank, name }) => `${rank ?? UNKNOWN} ${name}`),
    isText: true,
  }
  const columns = COLUMNS.map(column => valueColumn(column, order))
  return textTable({ names, columns }, width, (line, row) => {
    if (row < 0) return paint.bold(line)
    return order[row]?.rank === undefined ? paint.quiet(line) : line
  })
}

function unrankedLines(comparison: Comparison, width: number, paint: Painter): string[] {
  return comparison.contestants
    .filter(({ rank }) => rank === undefined)
    .flatMap(({ name, unrankedBecause = 'it was not compared' }) =>
      wrapped(`${name} is not ranked, because ${unrankedBecause}.`, width),
    )
    .map(paint.warning)
}

function differenceLines(comparison: Comparison, width: number, paint: Painter): string[] {
  const { differences } = comparison
  const against = differences[0]?.against
  if (against === undefined) return wrapped(`${headline(comparison)}`, width)
  const rows = DIFFERENCES.flatMap(([metric, label]) =>
    differences.filter(each => each.metric === metric).map(each => ({ each, label })),
  )
  const lines = textTable(
    {
      names: { head: ['', ''], cells: rows.map(({ each }) => each.contestant), isText: true },
      columns: [
        { head: ['', ''], cells: rows.map(({ label }) => label), isText: true },
        { head: ['', ''], cells: rows.map(({ each }) => differenceText(each)) },
        { head: ['', ''], cells: rows.map(({ each }) => each.verdict), isText: true },
      ],
    },
    width,
    (line, row) => verdictPaint(rows[row]?.each, paint)(line),
  )
  const head = wrapped(`Against ${against}, run against run on the same requests:`, width)
  return [...wrapped(headline(comparison), width), ...head, ...lines]
}

function differenceText({ difference, ratio }: PairedDifference): string {
  return ratio === 0 && difference.mean !== 0 ? UNKNOWN : showChange(ratio)
}

function verdictPaint(each: PairedDifference | undefined, paint: Painter) {
  if (each?.verdict === 'better') return paint.good
  if (each?.verdict === 'worse') return paint.bad
  return paint.quiet
}

function noteLines(comparison: Comparison, width: number, paint: Painter): string[] {
  const oneRun = hasIntervals(comparison)
    ? '± is half of the 95 % confidence interval of the mean over runs.'
    : 'One run of each contestant: no confidence intervals, and no difference can be told from chance.'
  return [oneRun, ...gossipWords(comparison.scenario)]
    .flatMap(note => wrapped(note, width))
    .map(paint.quiet)
}
