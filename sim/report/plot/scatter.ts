/**
 * Contestants as points of two numbers, the less the better of both, with the front: those that no other
 * beats in both.
 */
import { html, type Markup } from '../markup.ts'
import { columnsOf, shortened } from '../plain-text.ts'
import {
  type Axis,
  type Box,
  bottomAxis,
  type Drawing,
  drawing,
  LABEL_WIDTH,
  leftAxis,
  px,
  seriesClass,
  WIDTH,
} from './frame.ts'
import { axisScale, type LineAxis } from './line-chart.ts'
import { linearScale, type Range, type Scale } from './scale.ts'

export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface ScatterPoint {
  readonly name: string
  readonly index: number
  readonly x: Interval
  readonly y: Interval
  readonly title: string
  /** Whether it may be compared with the others; those that may not are drawn hollow. */
  readonly isRanked: boolean
  readonly isOnFront: boolean
}

export interface Scatter extends Omit<Drawing, 'height'> {
  readonly x: LineAxis
  readonly y: LineAxis
  readonly points: readonly ScatterPoint[]
}

interface Scales {
  readonly x: Scale
  readonly y: Scale
}

interface Label {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end' | 'middle'
}

const HEIGHT = 330
const BOX: Box = { left: 58, right: WIDTH - 20, top: 34, bottom: HEIGHT - 42 }
const LETTER_WIDTH = 6.6
const NAME_HEIGHT = 13
const NAME_COLUMNS_MAX = 18

export function scatter(plot: Scatter): Markup {
  const scales: Scales = {
    x: scaleOf(
      plot.x,
      plot.points.map(({ x }) => x),
      [BOX.left, BOX.right],
    ),
    y: scaleOf(
      plot.y,
      plot.points.map(({ y }) => y),
      [BOX.bottom, BOX.top],
    ),
  }
  const placed = plot.points.filter(({ x, y }) => scales.x.has(x.value) && scales.y.has(y.value))
  const xAxis: Axis = { ...plot.x, scale: scales.x }
  const yAxis: Axis = { ...plot.y, scale: scales.y }
  return drawing({ ...plot, height: HEIGHT }, [
    leftAxis(yAxis, BOX),
    bottomAxis(xAxis, BOX),
    frontLine(placed, scales),
    placed.map(point => shownPoint(point, scales)),
    shownLabels(placed, scales),
  ])
}

function scaleOf(axis: LineAxis, intervals: readonly Interval[], range: Range): Scale {
  const values = intervals.flatMap(({ value, low, high }) => [value, low, high])
  if (axis.kind === 'log') return axisScale(axis, values, range)
  // Differences count here, not how far it is to 0.
  return linearScale(values, range, { labelSize: 2 * LABEL_WIDTH })
}

/** Steps: between two points of the front, the worse of both is what one can have. */
function frontLine(points: readonly ScatterPoint[], { x, y }: Scales): Markup | string {
  const front = points
    .filter(({ isOnFront }) => isOnFront)
    .toSorted((a, b) => a.x.value - b.x.value)
    .map(point => ({ x: px(x.at(point.x.value)), y: px(y.at(point.y.value)) }))
  const first = front[0]
  if (first === undefined) return ''
  const steps = front.map((place, index) =>
    index === 0 ? `M${place.x} ${BOX.top}V${place.y}` : `H${place.x}V${place.y}`,
  )
  return html`<path class="front" d="${steps.join('')}H${BOX.right}"><title>Front: nothing ranked is both cheaper and faster.</title></path>`
}

function shownPoint(point: ScatterPoint, scales: Scales): Markup {
  const x = px(scales.x.at(point.x.value))
  const y = px(scales.y.at(point.y.value))
  const across = html`<line class="whisker" x1="${px(scales.x.at(point.x.low))}" x2="${px(scales.x.at(point.x.high))}" y1="${y}" y2="${y}"/>`
  const up = html`<line class="whisker" x1="${x}" x2="${x}" y1="${px(scales.y.at(point.y.low))}" y2="${px(scales.y.at(point.y.high))}"/>`
  const ring = point.isOnFront ? html`<circle class="ring" cx="${x}" cy="${y}" r="9"/>` : ''
  return html`<g class="${seriesClass(point.index)}">${across}${up}${ring}<circle class="dot ${point.isRanked ? 'full' : 'hollow'}" cx="${x}" cy="${y}" r="5"><title>${point.title}</title></circle></g>`
}

function shownLabels(points: readonly ScatterPoint[], { x, y }: Scales): readonly Markup[] {
  const taken = points.flatMap((point): Box[] => {
    const [centreX, centreY] = [x.at(point.x.value), y.at(point.y.value)]
    const dot = around(centreX, centreY, 6)
    const across = { left: x.at(point.x.low), right: x.at(point.x.high) }
    const up = { top: y.at(point.y.high), bottom: y.at(point.y.low) }
    return [
      dot,
      { ...dot, ...across, top: centreY, bottom: centreY },
      { ...up, left: centreX, right: centreX },
    ]
  })
  return points.map(point => {
    const name = shortened(point.name, NAME_COLUMNS_MAX)
    const label = freeLabel(
      { x: x.at(point.x.value), y: y.at(point.y.value) },
      columnsOf(name) * LETTER_WIDTH,
      taken,
    )
    return html`<text class="point-name ${seriesClass(point.index)}" x="${px(label.x)}" y="${px(label.y)}" text-anchor="${label.anchor}">${name}</text>`
  })
}

/** The first place beside a point where nothing else is; right of it if there is none. */
function freeLabel(
  { x, y }: { readonly x: number; readonly y: number },
  width: number,
  taken: Box[],
): Label {
  const places: readonly Label[] = [
    { x: x + 13, y: y + 4, anchor: 'start' },
    { x: x - 13, y: y + 4, anchor: 'end' },
    ...[14, 22, 36, 50].flatMap((offset): readonly Label[] => [
      { x, y: y - offset, anchor: 'middle' },
      { x, y: y + offset + 8, anchor: 'middle' },
    ]),
  ]
  const free = places.find(place => {
    const box = boxOf(place, width)
    return isInside(box) && !taken.some(other => overlap(box, other))
  })
  const label = free ?? { x, y: y - 14, anchor: 'middle' }
  taken.push(boxOf(label, width))
  return label
}

function boxOf({ x, y, anchor }: Label, width: number): Box {
  const before = { start: 0, middle: width / 2, end: width }[anchor]
  return { left: x - before, right: x - before + width, top: y - NAME_HEIGHT + 2, bottom: y + 2 }
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

function isInside({ left, right, top, bottom }: Box): boolean {
  return left >= BOX.left && right <= WIDTH && top >= BOX.top - 6 && bottom <= BOX.bottom
}

function overlap(one: Box, other: Box): boolean {
  const isBeside = one.right <= other.left || other.right <= one.left
  const isAbove = one.bottom <= other.top || other.bottom <= one.top
  return !isBeside && !isAbove
}
