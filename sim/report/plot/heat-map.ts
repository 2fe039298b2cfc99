/**
 * How busy groups of nodes were over time: darker is busier.
 *
 * Cells are gathered by colour into one path each, and neighbours in a row that are alike into one
 * rectangle, so that a map of thousands of cells stays a few kilobytes. Maps with more rows or columns
 * than a screen can show are averaged.
 */
import type { HeatMap } from '../../experiment/run-result.ts'
import { html, type Markup } from '../markup.ts'
import { shortened } from '../plain-text.ts'
import { type Box, bottomAxis, type Drawing, drawing, LABEL_WIDTH, px, WIDTH } from './frame.ts'
import { linearScale } from './scale.ts'

export interface HeatMapPlot extends Omit<Drawing, 'height'> {
  readonly map: HeatMap
  readonly showTime: (ms: number) => string
}

interface Row {
  readonly label: string
  readonly ratios: readonly number[]
}

/** Colours, from idle to busy: class `h0` to `h10`. */
const LEVELS_MAX = 10

const ROWS_MAX = 48
const COLUMNS_MAX = 160
const PLOT_HEIGHT = 190
const ROW_HEIGHT_MAX = 22
const LABEL_COLUMNS_MAX = 12
const LABEL_HEIGHT = 14

export function heatMapPlot(plot: HeatMapPlot): Markup {
  const { map, showTime } = plot
  const rows = gathered(map.rows)
  const bucketCount = map.rows.reduce((most, { ratios }) => Math.max(most, ratios.length), 1)
  const rowHeight = Math.min(ROW_HEIGHT_MAX, PLOT_HEIGHT / Math.max(1, rows.length))
  const box: Box = { left: 92, right: WIDTH - 14, top: 8, bottom: 8 + rowHeight * rows.length }
  const endMs = bucketCount * map.bucketMs
  const scale = linearScale([endMs], [box.left, box.right], {
    labelSize: LABEL_WIDTH,
    isFromZero: true,
    isTight: true,
  })
  const columnWidth = ((box.right - box.left) / bucketCount) * sizeFor(bucketCount, COLUMNS_MAX)
  return drawing({ ...plot, height: box.bottom + 42 }, [
    bottomAxis({ scale, label: 'Time', show: showTime }, box),
    levelPaths(rows, { columnWidth, rowHeight, box }),
    rowLabels(rows, rowHeight, box),
  ])
}

/** Mean of all cells; 0 of none. */
export function meanOf(ratios: readonly number[]): number {
  return ratios.length === 0 ? 0 : ratios.reduce((sum, ratio) => sum + ratio / ratios.length, 0)
}

interface Cells {
  readonly columnWidth: number
  readonly rowHeight: number
  readonly box: Box
}

function levelPaths(rows: readonly Row[], { columnWidth, rowHeight, box }: Cells): Markup[] {
  const paths = Array.from({ length: LEVELS_MAX + 1 }, () => '')
  rows.forEach(({ ratios }, row) => {
    for (const { level, from, to } of stretches(ratios)) {
      const [x, y] = [px(box.left + from * columnWidth), px(box.top + row * rowHeight)]
      const right = px(Math.min(box.right, box.left + to * columnWidth))
      const bottom = px(box.top + (row + 1) * rowHeight)
      paths[level] += `M${x} ${y}H${right}V${bottom}H${x}Z`
    }
  })
  return paths.flatMap((d, level) => (d === '' ? [] : [html`<path class="h${level}" d="${d}"/>`]))
}

/** Neighbours of one colour, in order. */
function stretches(ratios: readonly number[]) {
  const found: { level: number; from: number; to: number }[] = []
  ratios.forEach((ratio, index) => {
    const level = Math.round(Math.min(1, Math.max(0, ratio)) * LEVELS_MAX)
    const last = found.at(-1)
    if (last?.level === level) last.to = index + 1
    else found.push({ level, from: index, to: index + 1 })
  })
  return found
}

/** As many labels as do not touch; every row tells its own when it is pointed at. */
function rowLabels(rows: readonly Row[], rowHeight: number, box: Box): Markup[] {
  const stride = Math.max(1, Math.ceil(LABEL_HEIGHT / rowHeight))
  return rows.map(({ label, ratios }, row) => {
    const y = box.top + row * rowHeight
    const text =
      row % stride === 0
        ? html`<text class="tick" x="${px(box.left - 6)}" y="${px(y + (stride === 1 ? rowHeight / 2 : 6) + 4)}" text-anchor="end">${shortened(label, LABEL_COLUMNS_MAX)}</text>`
        : ''
    return html`${text}<rect class="touch" x="${px(box.left)}" y="${px(y)}" width="${px(box.right - box.left)}" height="${px(rowHeight)}"><title>${label}: busy ${Math.round(meanOf(ratios) * 100)} % of the time</title></rect>`
  })
}

function gathered(rows: readonly Row[]): readonly Row[] {
  return chunks(rows, ROWS_MAX).map(group => {
    const [first, last] = [group[0], group.at(-1)]
    const label =
      group.length === 1 ? (first?.label ?? '') : `${first?.label ?? ''} to ${last?.label ?? ''}`
    const length = group.reduce((most, { ratios }) => Math.max(most, ratios.length), 0)
    const means = Array.from({ length }, (_, column) =>
      meanOf(group.map(({ ratios }) => ratios[column] ?? 0)),
    )
    return { label, ratios: chunks(means, COLUMNS_MAX).map(meanOf) }
  })
}

/** In groups of one size, so many at most; the last may be smaller. */
function chunks<Item>(items: readonly Item[], countMax: number): readonly (readonly Item[])[] {
  const size = sizeFor(items.length, countMax)
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function sizeFor(count: number, groupsMax: number): number {
  return Math.max(1, Math.ceil(count / groupsMax))
}
