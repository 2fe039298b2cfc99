/**
 * One row per contestant, with dots for some numbers of it and whiskers for what is known of them: the
 * percentiles of a time, or how it differs from another.
 */
import { html, type Markup, type MarkupPart } from '../markup.ts'
import { columnsOf, shortened } from '../plain-text.ts'
import {
  type Box,
  bottomAxis,
  type Drawing,
  drawing,
  LABEL_WIDTH,
  px,
  seriesClass,
  WIDTH,
} from './frame.ts'
import { linearScale, logScale, type Scale } from './scale.ts'

export interface Dot {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Read when it is pointed at. */
  readonly title: string
  /** How much of the eye it takes: the last percentile most. */
  readonly weight: 'hollow' | 'pale' | 'full'
}

export interface DotRow {
  readonly name: string
  readonly index: number
  readonly dots: readonly Dot[]
  /** At the right end. */
  readonly note: string
  readonly noteClass?: string
}

export interface DotPlot extends Omit<Drawing, 'height'> {
  readonly rows: readonly DotRow[]
  readonly axis: {
    readonly kind: 'linear' | 'log'
    readonly label: string
    readonly show: (value: number) => string
  }
  /** A line down through all rows. */
  readonly reference?: number
}

const ROW_HEIGHT = 26
const TOP = 10
const BELOW = 42
const NAME_COLUMNS_MAX = 18
const LETTER_WIDTH = 6.6

const RADIUS: Readonly<Record<Dot['weight'], number>> = { hollow: 3.5, pale: 4, full: 5 }

export function dotPlot(plot: DotPlot): Markup {
  const { rows, axis, reference } = plot
  const height = TOP + rows.length * ROW_HEIGHT + BELOW
  const box: Box = {
    left: marginFor(rows.map(({ name }) => shortened(name, NAME_COLUMNS_MAX))),
    right: WIDTH - marginFor(rows.map(({ note }) => note)),
    top: TOP,
    bottom: height - BELOW,
  }
  const scale = scaleOf(plot, box)
  return drawing({ ...plot, height }, [
    bottomAxis({ ...axis, scale }, box),
    reference === undefined ? '' : referenceLine(scale.at(reference), box),
    rows.map((row, place) => shownRow(row, { y: TOP + (place + 0.5) * ROW_HEIGHT, scale, box })),
  ])
}

function marginFor(texts: readonly string[]): number {
  return 14 + LETTER_WIDTH * Math.max(3, ...texts.map(columnsOf))
}

function scaleOf({ rows, axis, reference }: DotPlot, box: Box): Scale {
  const values = rows.flatMap(({ dots }) =>
    dots.flatMap(({ value, low, high }) => [value, low, high]),
  )
  if (reference !== undefined) values.push(reference)
  const range = [box.left, box.right] as const
  // The low end of an interval may be below 0, where a logarithmic axis has no place for it.
  return axis.kind === 'log'
    ? logScale(values, range, { labelSize: LABEL_WIDTH })
    : linearScale(values, range, { labelSize: LABEL_WIDTH, isFromZero: true })
}

function referenceLine(x: number, { top, bottom }: Box): Markup {
  return html`<line class="reference" x1="${px(x)}" x2="${px(x)}" y1="${px(top)}" y2="${px(bottom)}"/>`
}

interface RowPlace {
  readonly y: number
  readonly scale: Scale
  readonly box: Box
}

function shownRow(row: DotRow, { y, scale, box }: RowPlace): Markup {
  const placed = row.dots.filter(({ value }) => scale.has(value))
  const places = placed.map(({ value }) => scale.at(value))
  const joined: MarkupPart =
    places.length < 2
      ? ''
      : html`<line class="joint" x1="${px(Math.min(...places))}" x2="${px(Math.max(...places))}" y1="${px(y)}" y2="${px(y)}"/>`
  return html`<g class="${seriesClass(row.index)}"><text class="row-name" x="${px(box.left - 8)}" y="${px(y + 4)}" text-anchor="end">${shortened(row.name, NAME_COLUMNS_MAX)}<title>${row.name}</title></text>${joined}${placed.map(dot => shownDot(dot, y, scale))}<text class="row-note ${row.noteClass ?? ''}" x="${px(WIDTH - 4)}" y="${px(y + 4)}" text-anchor="end">${row.note}</text></g>`
}

function shownDot({ value, low, high, title, weight }: Dot, y: number, scale: Scale): Markup {
  const whisker =
    high > low
      ? html`<line class="whisker" x1="${px(scale.at(low))}" x2="${px(scale.at(high))}" y1="${px(y)}" y2="${px(y)}"/>`
      : ''
  return html`<g>${whisker}<circle class="dot ${weight}" cx="${px(scale.at(value))}" cy="${px(y)}" r="${RADIUS[weight]}"><title>${title}</title></circle></g>`
}
