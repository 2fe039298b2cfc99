/**
 * Lines of several contestants over one axis: over time, or of a distribution.
 *
 * A point that has no place, such as 0 on a logarithmic axis, leaves a gap. Points that fall on one
 * column of the screen are drawn as the first, least, largest and last of them, which looks the same
 * (Jugel et al., "M4: a visualization-oriented time series data aggregation", VLDB 2014).
 */
import { html, type Markup, NOTHING } from '../markup.ts'
import { columnsOf } from '../plain-text.ts'
import {
  type Box,
  bottomAxis,
  type Drawing,
  drawing,
  LABEL_HEIGHT,
  LABEL_WIDTH,
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

/** A measured one: drawn as a dot with its interval. */
export interface Dot extends Point {
  readonly low: number
  readonly high: number
  readonly title: string
  readonly isHollow: boolean
}

export interface Line {
  readonly name: string
  /** Of the contestant: decides its colour. */
  readonly index: number
  readonly points: readonly Point[]
  readonly dots?: readonly Dot[]
}

export interface LineAxis {
  readonly label: string
  readonly kind: 'linear' | 'log'
  readonly show: (value: number) => string
  /** Whether a linear axis begins at 0, as it does unless this is false. */
  readonly isFromZero?: boolean
  /** Ends where the data end. */
  readonly isTight?: boolean
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
const LETTER_WIDTH = 6
const BOX: Box = { left: 58, right: WIDTH - 14, top: 34, bottom: HEIGHT - 42 }

export function lineChart(chart: LineChart): Markup {
  const { x, y, lines, marks = [] } = chart
  const points = lines.flatMap(line => line.points)
  const xScale = axisScale(
    x,
    points.map(point => point.x),
    [BOX.left, BOX.right],
  )
  const yScale = axisScale(
    y,
    [
      ...points.map(point => point.y),
      ...lines.flatMap(({ dots = [] }) => dots.flatMap(({ low, high }) => [low, high])),
    ],
    [BOX.bottom, BOX.top],
  )
  return drawing({ ...chart, height: HEIGHT }, [
    marks.filter(isSpan).map(mark => shownSpan(mark, xScale)),
    leftAxis({ ...y, scale: yScale }, BOX),
    bottomAxis({ ...x, scale: xScale }, BOX),
    shownMoments(
      marks.filter(mark => !isSpan(mark)),
      xScale,
    ),
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

/** Upright if the range falls: drawings count from the top. */
export function axisScale(
  { kind, values, isTight = false, isFromZero = true }: LineAxis,
  found: readonly number[],
  range: Range,
): Scale {
  const all = (values ?? found).filter(Number.isFinite)
  const labelSize = range[0] > range[1] ? LABEL_HEIGHT : LABEL_WIDTH
  return kind === 'log'
    ? logScale(all, range, { labelSize })
    : linearScale(all, range, { labelSize, isFromZero, isTight })
}

function shownLine({ name, index, points, dots = [] }: Line, x: Scale, y: Scale): Markup {
  const d = pathOf(points, x, y)
  const placed = dots.filter(dot => x.has(dot.x) && y.has(dot.y))
  if (d === '' && placed.length === 0) return NOTHING
  return html`<g class="${seriesClass(index)}"><path class="line" d="${d}"><title>${name}</title></path>${placed.map(dot => shownDot(dot, x, y))}</g>`
}

function shownDot({ low, high, title, isHollow, ...dot }: Dot, x: Scale, y: Scale): Markup {
  const [centreX, centreY] = [px(x.at(dot.x)), px(y.at(dot.y))]
  return html`<line class="whisker" x1="${centreX}" x2="${centreX}" y1="${px(y.at(low))}" y2="${px(y.at(high))}"/><circle class="dot ${isHollow ? 'hollow' : 'full'}" cx="${centreX}" cy="${centreY}" r="3.5"><title>${title}</title></circle>`
}

function isSpan({ from, to }: Mark): boolean {
  return to > from
}

function shownSpan({ from, to, label }: Mark, xScale: Scale): Markup {
  const left = xScale.at(from)
  const width = xScale.at(to) - left
  return html`<rect class="span" x="${px(left)}" y="${BOX.top}" width="${px(width)}" height="${BOX.bottom - BOX.top}"><title>${label}</title></rect>`
}

/** With their labels above, where there is room. */
function shownMoments(moments: readonly Mark[], xScale: Scale): Markup[] {
  let freeFrom = BOX.left
  return moments
    .toSorted((a, b) => a.from - b.from)
    .map(({ from, label }) => {
      const x = px(xScale.at(from))
      const half = (columnsOf(label) * LETTER_WIDTH) / 2
      const hasRoom = x - half >= freeFrom && x + half <= WIDTH
      if (hasRoom) freeFrom = x + half + LETTER_WIDTH
      const text = hasRoom
        ? html`<text class="tick" x="${x}" y="${BOX.top - 4}" text-anchor="middle">${label}</text>`
        : ''
      return html`<g><line class="moment" x1="${x}" x2="${x}" y1="${BOX.top}" y2="${BOX.bottom}"><title>${label}</title></line>${text}</g>`
    })
}
