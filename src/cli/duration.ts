/**
 * Durations and times as people write them: `90s`, `15m`, `12h`, `30d`, or a date.
 */
import { usageError } from './command.ts'

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The last time that has a date (ECMA-262, section 21.4.1.1). */
const DATE_MAX_MS = 8.64e15

const FORM = /^(\d{1,9})([smhd])$/

/** @throws MeshError ERR_USAGE. */
export function durationMs(text: string, flag: string, maxMs: number): number {
  const found = readDuration(text)
  if (found === undefined) {
    throw usageError(`expected ${flag} as 90s, 15m, 12h or 30d, found ${text}`)
  }
  if (found <= maxMs) return found
  throw usageError(`expected ${flag} to be at most ${inUnitOf(text, maxMs)}, found ${text}`)
}

interface TimeRange {
  readonly nowMs: number
  /** From now on. Default: as long as there are dates. */
  readonly maxMs?: number
}

/** Wall clock, of a date or of a duration from now on. @throws MeshError ERR_USAGE. */
export function timeMs(text: string, flag: string, { nowMs, maxMs }: TimeRange): number {
  const longestMs = Math.min(maxMs ?? DATE_MAX_MS, DATE_MAX_MS - nowMs)
  if (readDuration(text) !== undefined) return nowMs + durationMs(text, flag, longestMs)
  const atMs = isDate(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs)) {
    throw usageError(`expected ${flag} as 12h, 30d or 2030-12-31T00:00:00Z, found ${text}`)
  }
  if (atMs <= nowMs) throw usageError(`expected ${flag} to be in the future, found ${text}`)
  if (atMs - nowMs <= longestMs) return atMs
  const last = new Date(nowMs + longestMs).toISOString()
  throw usageError(`expected ${flag} to be at most ${last}, found ${text}`)
}

/** A bound as whoever typed the duration thinks of it: `720h` of `9999h`, `30d` of `9999d`. */
function inUnitOf(text: string, ms: number): string {
  const unit = text.slice(-1)
  return `${Math.floor(ms / UNIT_MS[unit as keyof typeof UNIT_MS])}${unit}`
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDate(text: string): boolean {
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? []
  if (day === undefined) return false
  const atMs = Date.parse(day)
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day)
}

function readDuration(text: string): number | undefined {
  const [, count, unit] = FORM.exec(text) ?? []
  if (count === undefined || Number(count) === 0) return undefined
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]
}

/** `60000` → `1m`, in the largest unit that fits. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`
  }
  return `${ms}ms`
}
