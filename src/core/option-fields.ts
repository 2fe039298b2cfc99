/**
 * Fields of options that many parts have: whole numbers within bounds, with the unit that the
 * reference page shows.
 */
import { z } from 'zod'

export const count = (min: number, max: number, unit: string) =>
  z.int().min(min).max(max).meta({ unit })

export const durationMs = (minMs: number, maxMs: number) => count(minMs, maxMs, 'ms')

export const bytes = (min: number, max: number) => count(min, max, 'bytes')
