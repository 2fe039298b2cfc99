/**
 * Numbers as people read them: in one unit per row or column, with as many digits as are known.
 *
 * An estimate is rounded where its interval begins to matter, so `812 ± 40` and not `812.3719 ± 40.08`.
 */
import type { Estimate } from '../experiment/comparison.ts'

/** What a number measures; `ratio` is 0 to 1, `times` a multiple of something. */
export type Quantity =
  | 'ms'
  | 'times'
  | 'ratio'
  | 'perSecond'
  | 'hours'
  | 'dollars'
  | 'kWh'
  | 'count'

export interface Unit {
  /** Values are divided by this before they are printed. */
  readonly divisor: number
  /** Behind the number, with its space. May be empty. */
  readonly suffix: string
  /** Before it. */
  readonly prefix: string
}

/** For what is not known, or not a number. */
export const UNKNOWN = '–'

const EXPONENT_FROM = 1e12

/** Above it a column of times is in seconds. */
const SECONDS_FROM_MS = 10_000

const PLAIN: Readonly<Record<Quantity, Unit>> = {
  ms: { divisor: 1, suffix: ' ms', prefix: '' },
  times: { divisor: 1, suffix: '×', prefix: '' },
  ratio: { divisor: 0.01, suffix: ' %', prefix: '' },
  perSecond: { divisor: 1, suffix: ' /s', prefix: '' },
  hours: { divisor: 1, suffix: ' h', prefix: '' },
  dollars: { divisor: 1, suffix: '', prefix: '$' },
  kWh: { divisor: 1, suffix: ' kWh', prefix: '' },
  count: { divisor: 1, suffix: '', prefix: '' },
}

const SECONDS: Unit = { divisor: 1_000, suffix: ' s', prefix: '' }

/** The unit in which all of these are printed, so that they can be compared at a glance. */
export function unitFor(quantity: Quantity, values: readonly number[]): Unit {
  const isLong = quantity === 'ms' && values.some(value => Math.abs(value) >= SECONDS_FROM_MS)
  return isLong ? SECONDS : PLAIN[quantity]
}

/** With commas between thousands; in powers of ten if it is very large. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return UNKNOWN
  if (Math.abs(value) >= EXPONENT_FROM) return value.toExponential(2)
  const [whole = '0', fraction] = value.toFixed(decimals).split('.')
  const groups = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  const text = fraction === undefined ? groups : `${groups}.${fraction}`
  return /^-[0.,]+$/.test(text) ? text.slice(1) : text
}

/** How many decimals show so many digits of a number that count. */
export function decimalsFor(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0
  return Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))))
}

export function showCount(value: number): string {
  return fixed(value, 0)
}

/** A time in the unit that suits it alone. */
export function showMs(ms: number): string {
  const unit = Math.abs(ms) >= 1_000 ? SECONDS : PLAIN.ms
  const value = ms / unit.divisor
  return `${trimmed(fixed(value, decimalsFor(value, 3)))}${unit.suffix}`
}

/** Number and unit. */
export function showValue(value: number, quantity: Quantity): string {
  const unit = unitFor(quantity, [value])
  return withUnit(bare(value, quantity, unit), unit)
}

/** `$12`, `-$12`, `12 ms`. */
export function withUnit(text: string, { prefix, suffix }: Unit): string {
  return text.startsWith('-') ? `-${prefix}${text.slice(1)}${suffix}` : `${prefix}${text}${suffix}`
}

/** The number alone, in the unit. */
export function bare(value: number, quantity: Quantity, unit: Unit): string {
  if (quantity === 'ratio') return percent(value)
  const shown = value / unit.divisor
  return fixed(shown, decimalsFor(shown, 3))
}

/** `12.3 ± 0.4` in the unit; without the interval if there was one run. */
export function bareEstimate(estimate: Estimate, quantity: Quantity, unit: Unit): string {
  const [mean, half] = estimateParts(estimate, quantity, unit)
  return half === undefined ? mean : `${mean} ± ${half}`
}

/** The mean, and half of the interval if anything is known of it. */
export function estimateParts(
  estimate: Estimate,
  quantity: Quantity,
  unit: Unit,
): readonly [string, string | undefined] {
  const { mean, halfWidth, runCount } = estimate
  const half = halfWidth / unit.divisor
  if (runCount < 2) return [bare(mean, quantity, unit), undefined]
  if (half === 0) return [bare(mean, quantity, unit), '0']
  const value = mean / unit.divisor
  // Two digits of the interval, but no more than five of the mean.
  const decimalsMax = quantity === 'ratio' ? 2 : Math.max(decimalsFor(value, 5), 1)
  const decimals = Math.min(decimalsFor(half, 2), decimalsMax)
  return [shownMean(mean, decimals, { quantity, unit }), fixed(half, decimals)]
}

export function showEstimate(estimate: Estimate, quantity: Quantity): string {
  const unit = unitFor(quantity, [estimate.mean])
  return withUnit(bareEstimate(estimate, quantity, unit), unit)
}

/** `+12 %`, or `4.2×` as much if it is more than twice. */
export function showChange(relative: number): string {
  if (!Number.isFinite(relative)) return UNKNOWN
  if (relative >= 1) return `${trimmed(fixed(relative + 1, decimalsFor(relative + 1, 2)))}×`
  const percents = relative * 100
  const text = fixed(percents, Math.min(1, decimalsFor(percents, 2)))
  return `${percents > 0 ? '+' : ''}${text} %`
}

function shownMean(
  mean: number,
  decimals: number,
  { quantity, unit }: { readonly quantity: Quantity; readonly unit: Unit },
): string {
  const text = fixed(mean / unit.divisor, decimals)
  return quantity === 'ratio' && isFalselyWhole(mean, text) ? percent(mean) : text
}

/** Never `100` for what is less: that one request was lost is the news. */
function percent(ratio: number): string {
  const percents = ratio * 100
  // Near all and near nothing, more digits count.
  const decimals = percents > 1 && percents < 99 ? 1 : percents === 100 ? 0 : 2
  const text = fixed(percents, decimals)
  if (isFalselyWhole(ratio, text)) return '>99.99'
  if (ratio === 0) return '0'
  if (ratio > 0 && /^[0.]+$/.test(text)) return '<0.01'
  return text
}

function isFalselyWhole(ratio: number, text: string): boolean {
  return ratio < 1 && /^100(?:\.0+)?$/.test(text)
}

function trimmed(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text
}
