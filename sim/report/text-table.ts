/**
 * Tables for a terminal of some width. Columns that do not fit go into a further table below, with the
 * names of the rows again: nothing is left out, and no line is broken.
 */
import { columnsOf, lineText, shortened, visibleText } from './plain-text.ts'

export interface TextColumn {
  /** One line each. */
  readonly head: readonly [string, string]
  readonly cells: readonly string[]
  readonly isText?: boolean
}

export interface TextTable {
  /** Share of the width that names may take. */
  readonly namesRatio?: number
  /** Stands at the left of every part. */
  readonly names: TextColumn
  readonly columns: readonly TextColumn[]
}

/** Paints one row of cells; -1 is the head. */
export type Paint = (line: string, row: number) => string

/** Between two columns. The wider, unless the narrower saves a part. */
const GAPS = [2, 1] as const

/** Names may take so much of the width, unless the table says otherwise. */
const NAMES_RATIO = 0.3

export function textTable(table: TextTable, width: number, paint: Paint): string[] {
  const { names, columns, namesRatio = NAMES_RATIO } = table
  const namesMax = Math.max(8, Math.floor(width * namesRatio))
  const nameColumn = fitted(names, namesMax)
  const room = Math.max(2, width - columnWidth(nameColumn))
  const narrowed = columns.map(column => fitted(column, room - GAPS[0]))
  const [wide, narrow] = [partsOf(narrowed, room, GAPS[0]), partsOf(narrowed, room, GAPS[1])]
  const [parts, gap] = narrow.length < wide.length ? [narrow, GAPS[1]] : [wide, GAPS[0]]
  return parts.flatMap((part, index) => {
    const lines = linesOf([nameColumn, ...part], gap, paint)
    return index === 0 ? lines : ['', ...lines]
  })
}

/** Not between a number and its unit. */
const BREAK = / (?!(?:%|ms|s|±)(?:\W|$))/

/** Words on lines of some width, the further ones indented. A word that is too long is cut. */
export function wrapped(text: string, width: number, indent = '  '): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of lineText(text).split(BREAK)) {
    const begin = lines.length === 0 ? '' : indent
    const longer = line === '' ? `${begin}${word}` : `${line} ${word}`
    if (columnsOf(longer) <= width || line === '') {
      line = shortened(longer, width)
      continue
    }
    lines.push(line)
    line = shortened(`${indent}${word}`, width)
  }
  return line.trim() === '' ? lines : [...lines, line]
}

function fitted(column: TextColumn, columnsMax: number): TextColumn {
  const narrowed = (text: string) => shortened(lineOf(text), Math.max(1, columnsMax))
  const [first, second] = column.head
  return { ...column, head: [narrowed(first), narrowed(second)], cells: column.cells.map(narrowed) }
}

/** Blanks stay: they may align what is in the cells. */
function lineOf(text: string): string {
  return visibleText(text)
    .replaceAll(/[\t\r\n]/g, ' ')
    .trimEnd()
}

function columnWidth({ head, cells }: TextColumn): number {
  return [...head, ...cells].reduce((widest, text) => Math.max(widest, columnsOf(text)), 0)
}

function partsOf(columns: readonly TextColumn[], room: number, gap: number): TextColumn[][] {
  const parts: TextColumn[][] = []
  let left = 0
  for (const column of columns) {
    const needed = gap + columnWidth(column)
    if (needed > left || parts.length === 0) {
      parts.push([])
      left = room
    }
    parts.at(-1)?.push(column)
    left -= needed
  }
  return parts.length === 0 ? [[]] : parts
}

function linesOf(columns: readonly TextColumn[], gap: number, paint: Paint): string[] {
  const widths = columns.map(columnWidth)
  const rowCount = columns[0]?.cells.length ?? 0
  const line = (textOf: (column: TextColumn) => string) =>
    columns
      .map((column, index) => padded(textOf(column), widths[index] ?? 0, column.isText === true))
      .join(' '.repeat(gap))
      .trimEnd()
  const heads = ([0, 1] as const)
    .map(place => line(({ head }) => head[place]))
    .filter(text => text !== '')
    .map(text => paint(text, -1))
  const rows = Array.from({ length: rowCount }, (_, row) =>
    paint(
      line(({ cells }) => cells[row] ?? ''),
      row,
    ),
  )
  return [...heads, ...rows]
}

function padded(text: string, width: number, isText: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - columnsOf(text)))
  return isText ? text + blank : blank + text
}
