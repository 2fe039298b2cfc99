/**
 * Durations and times as people write them: `90s`, `15m`, `12h`, `30d`, or a date.
 */
import { usageError } from './command.ts'

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const FORM = /^(\d{1,9})([smhd])$/

/** @throws MeshError ERR_USAGE. */
export function durationMs(text: string, flag: string): number {
  const found = readDuration(text)
  if (found !== undefined) return found
  throw usageError(`expected ${flag} as 90s, 15m, 12h or 30d, found ${text}`)
}

/** Wall clock, of a date or of a duration from now on. @throws MeshError ERR_USAGE. */
export function timeMs(text: string, flag: string, nowMs: number): number {
  const duration = readDuration(text)
  if (duration !== undefined) return nowMs + duration
  const atMs = isDate(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs)) {
    throw usageError(`expected ${flag} as 12h, 30d or 2030-12-31T00:00:00Z, found ${text}`)
  }
  if (atMs > nowMs) return atMs
  throw usageError(`expected ${flag} to be in the future, found ${text}`)
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
