/**
 * Lines of several contestants over one axis: over time, or of a distribution.
 *
 * A point that has no place, such as 0 on a logarithmic axis, leaves a gap. Points that fall on one
 * column of the screen are drawn as the first, least, largest and last of them, which looks the same
 * (Jugel et al., "M4: a visualization-oriented time series data aggregation", VLDB 2014).
 */
import { html, type Markup, NOTHING } from '../markup.ts'
import {
  type Box,
  bottomAxis,
  type Drawing,
  drawing,
  leftAxis,
  px,
  seriesClass,
  WIDTH,
} from './frame.ts'
import { linearScale, logScale, type Range, type Scale } from './scale.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Line {
  readonly name: string
  /** Of the contestant: decides its colour. */
  readonly index: number
  readonly points: readonly Point[]
}

export interface LineAxis {
  readonly label: string
  readonly kind: 'linear' | 'log'
  readonly show: (value: number) => string
  /** The ends, if the data do not decide. */
  readonly values?: readonly number[]
}

/** Something to know at some place of the horizontal axis. */
export interface Mark {
  readonly from: number
  /** The same: a moment. */
  readonly to: number
  readonly label: string
}

export interface LineChart extends Omit<Drawing, 'height'> {
  readonly x: LineAxis
  readonly y: LineAxis
  readonly lines: readonly Line[]
  readonly marks?: readonly Mark[]
}

const HEIGHT = 290
const BOX: Box = { left: 58, right: WIDTH - 14, top: 30, bottom: HEIGHT - 42 }

export function lineChart(chart: LineChart): Markup {
  const { x, y, lines, marks = [] } = chart
  const xScale = scaleOf(
    x,
    lines.flatMap(({ points }) => points.map(point => point.x)),
    [BOX.left, BOX.right],
  )
  const yScale = scaleOf(
    y,
    lines.flatMap(({ points }) => points.map(point => point.y)),
    [BOX.bottom, BOX.top],
  )
  return drawing({ ...chart, height: HEIGHT }, [
    marks.filter(isSpan).map(mark => shownSpan(mark, xScale)),
    leftAxis({ ...y, scale: yScale }, BOX),
    bottomAxis({ ...x, scale: xScale }, BOX),
    marks.filter(mark => !isSpan(mark)).map(mark => shownMoment(mark, xScale)),
    lines.map(line => shownLine(line, xScale, yScale)),
  ])
}

/** The `d` of a path through those of the points that have a place. */
export function pathOf(points: readonly Point[], xScale: Scale, yScale: Scale): string {
  const parts: string[] = []
  let column: Place[] = []
  let isBegun = false
  const flush = () => {
    for (const { x, y } of extremes(column)) {
      parts.push(`${isBegun ? 'L' : 'M'}${px(x)} ${px(y)}`)
      isBegun = true
    }
    column = []
  }
  for (const point of points) {
    if (!xScale.has(point.x) || !yScale.has(point.y)) {
      flush()
      isBegun = false
      continue
    }
    const place = { x: xScale.at(point.x), y: yScale.at(point.y) }
    const first = column[0]
    if (first !== undefined && Math.round(first.x) !== Math.round(place.x)) flush()
    column.push(place)
  }
  flush()
  return parts.join('')
}

type Place = Point

/** First, least, largest and last, in their order, each once. */
function extremes(places: readonly Place[]): readonly Place[] {
  if (places.length <= 4) return places
  let least = 0
  let largest = 0
  places.forEach(({ y }, index) => {
    if (y < (places[least]?.y ?? y)) least = index
    if (y > (places[largest]?.y ?? y)) largest = index
  })
  const kept = new Set([0, least, largest, places.length - 1])
  return places.filter((_, index) => kept.has(index))
}

function scaleOf({ kind, values }: LineAxis, found: readonly number[], range: Range): Scale {
  const all = (values ?? found).filter(Number.isFinite)
  return kind === 'log' ? logScale(all, range) : linearScale(all, range, { isFromZero: true })
}

function shownLine({ name, index, points }: Line, xScale: Scale, yScale: Scale): Markup {
  const d = pathOf(points, xScale, yScale)
  if (d === '') return NOTHING
  return html`<path class="line ${seriesClass(index)}" d="${d}"><title>${name}</title></path>`
}

function isSpan({ from, to }: Mark): boolean {
  return to > from
}

function shownSpan({ from, to, label }: Mark, xScale: Scale): Markup {
  const left = xScale.at(from)
  const width = xScale.at(to) - left
  return html`<rect class="span" x="${px(left)}" y="${BOX.top}" width="${px(width)}" height="${BOX.bottom - BOX.top}"><title>${label}</title></rect>`
}

function shownMoment({ from, label }: Mark, xScale: Scale): Markup {
  const x = px(xScale.at(from))
  return html`<line class="moment" x1="${x}" x2="${x}" y1="${BOX.top}" y2="${BOX.bottom}"><title>${label}</title></line>`
}
