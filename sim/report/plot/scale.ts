/**
 * From values to places in a drawing: linear and logarithmic scales whose ends and ticks are round
 * numbers (1, 2 or 5 times a power of ten).
 */
import { assert } from '../../../src/core/assert.ts'

export interface Scale {
  readonly kind: 'linear' | 'log'
  readonly min: number
  readonly max: number
  /** Rising, within the ends. */
  readonly ticks: readonly number[]
  /** Place of a value; values beyond the ends lie on them. */
  at(value: number): number
  /** Whether it has a place at all: a logarithm of 0 has none. */
  has(value: number): boolean
}

/** Where the ends lie in the drawing: `[from, to]`, in either direction. */
export type Range = readonly [number, number]

const TICKS_AIM = 5

/** Beyond these, sums of values would leave the numbers that there are. */
const LARGEST = 1e300
const SMALLEST = 1e-300

export interface ScaleLook {
  /** Room that the label of a tick takes along the axis, with what is between two. */
  readonly labelSize: number
  readonly isFromZero?: boolean
  /** Ends where the values end, and not at the next tick. */
  readonly isTight?: boolean
}

/** From the least of the values, or from 0, to the largest. None: from 0 to 1. */
export function linearScale(values: readonly number[], range: Range, look: ScaleLook): Scale {
  const { labelSize, isFromZero = false, isTight = false } = look
  const [low, high] = linearEnds(values.map(withinNumbers), isFromZero)
  const ticksMax = Math.max(1, Math.min(TICKS_AIM, lengthOf(range) / labelSize))
  const step = niceStep((high - low) / ticksMax)
  const first = isTight ? Math.ceil(low / step - 1e-9) : Math.floor(low / step + 1e-9)
  const last = isTight ? Math.floor(high / step + 1e-9) : Math.ceil(high / step - 1e-9)
  const ticks = roundMultiples(first, last, step)
  const min = isTight ? low : (ticks[0] ?? low)
  const max = isTight ? high : (ticks.at(-1) ?? high)
  const at = place(value => (withinNumbers(value) - min) / (max - min), range)
  return { kind: 'linear', min, max, ticks, at, has: Number.isFinite }
}

/** Only of what is above 0. None: from 1 to 10. */
export function logScale(values: readonly number[], range: Range, look: ScaleLook): Scale {
  const positive = values.filter(hasLogarithm)
  const low = bounded(leastOf(positive), 1)
  const high = bounded(largestOf(positive), 10)
  const min = roundBelow(low)
  const max = Math.max(roundAbove(high), roundAbove(min * 1.01))
  const at = place(value => decadesOf(min, Math.max(value, min)) / decadesOf(min, max), range)
  const ticks = logTicks(min, max, lengthOf(range) / look.labelSize)
  return { kind: 'log', min, max, ticks, at, has: hasLogarithm }
}

/** Infinity of none. Not `Math.min(...)`: a call takes only so many arguments. */
function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}

/** Minus infinity of none. */
function largestOf(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY)
}

function place(ratioOf: (value: number) => number, [from, to]: Range) {
  return (value: number) => {
    const ratio = Math.min(1, Math.max(0, ratioOf(value)))
    assert(Number.isFinite(ratio), 'a value in a drawing must have a place')
    return from + ratio * (to - from)
  }
}

function linearEnds(values: readonly number[], isFromZero: boolean): readonly [number, number] {
  const known = isFromZero ? [...values, 0] : values
  if (known.length === 0) return [0, 1]
  const low = leastOf(known)
  const high = largestOf(known)
  const size = Math.max(Math.abs(low), Math.abs(high))
  // All alike, as far as a drawing can show: some room around them.
  if (high - low > size * 1e-9 && high - low > SMALLEST) return [low, high]
  const room = size > SMALLEST ? size / 10 : 1
  return isFromZero ? [0, Math.max(high, room)] : [low - room, high + room]
}

/** The round number next to a step, not below it. */
function niceStep(step: number): number {
  const power = powerBelow(step)
  const digit = step / power
  if (digit <= 1.0001) return power
  if (digit <= 2) return 2 * power
  return (digit <= 5 ? 5 : 10) * power
}

/** @param labelsMax So many labels fit side by side. */
function logTicks(min: number, max: number, labelsMax: number): readonly number[] {
  const decades = decadesOf(min, max)
  if (decades < 1) return withinDecade(min, max, labelsMax)
  // The nearest neighbours are 1 and 2, or 1 and 3.
  const digits = [
    [1, 2, 5],
    [1, 3],
  ].find(([, second = 1]) => Math.log10(second) * labelsMax >= decades) ?? [1]
  const stride = Math.max(1, Math.ceil(decades / Math.max(1, labelsMax)))
  const ticks: number[] = []
  const first = Math.floor(Math.log10(min))
  for (let exponent = first; exponent <= Math.ceil(Math.log10(max)); exponent += stride) {
    for (const digit of digits) ticks.push(Number(`${digit}e${exponent}`))
  }
  return ticks.filter(tick => tick >= min * 0.999 && tick <= max * 1.001)
}

/** Less than a factor of ten: steps of one size, which lie closest at the upper end. */
function withinDecade(min: number, max: number, labelsMax: number): readonly number[] {
  const ticksMax = Math.max(1, Math.min(TICKS_AIM, labelsMax * (min / max) ** 0.4))
  const step = niceStep((max - min) / ticksMax)
  return roundMultiples(Math.ceil(min / step - 1e-9), Math.floor(max / step + 1e-9), step)
}

/** Not of the quotient, which may be larger than any number. */
function decadesOf(from: number, to: number): number {
  return Math.log10(to) - Math.log10(from)
}

function lengthOf([from, to]: Range): number {
  return Math.abs(to - from)
}

/** Without the dust that sums of fractions gather. */
function roundMultiples(first: number, last: number, step: number): readonly number[] {
  const ticks: number[] = []
  // A step that vanishes beside its multiples would go round for ever.
  const count = Math.min(last - first, 4 * TICKS_AIM)
  for (let index = 0; index <= count; index += 1) {
    ticks.push(Number(((first + index) * step).toPrecision(12)))
  }
  return ticks
}

/** Two digits of it: near enough to lose no room, and round. */
function roundBelow(value: number): number {
  const unit = powerBelow(value) / 2
  return Number((Math.floor(value / unit + 1e-9) * unit).toPrecision(12))
}

function roundAbove(value: number): number {
  const unit = powerBelow(value) / 2
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(12))
}

function powerBelow(value: number): number {
  return 10 ** Math.floor(Math.log10(value))
}

function bounded(value: number, otherwise: number): number {
  if (!Number.isFinite(value) || value <= 0) return otherwise
  return Math.min(LARGEST, Math.max(SMALLEST, value))
}

function withinNumbers(value: number): number {
  return Math.min(LARGEST, Math.max(-LARGEST, value))
}

function hasLogarithm(value: number): boolean {
  return Number.isFinite(value) && value > 0
}
