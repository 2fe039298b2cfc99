/**
 * What is wanted of the voters, as the options of a peer say it and, above them, a setting of the
 * policy: the same bounds and the same defaults in both, so that a mesh which sets one of them does
 * not get another value for the rest.
 */
import { z } from 'zod'
import { durationMs } from './option-fields.ts'

/** Numbers of voters that survive one failure more than the number before. */
const VOTER_COUNTS = [1, 3, 5] as const

export const votersMax = () =>
  z.literal(VOTER_COUNTS).meta({ unit: 'voters', expected: '1, 3 or 5' }).default(VOTER_COUNTS[2])

/** Long enough for a machine that restarts, or is upgraded, to come back with its vote. */
export const voterReplaceAfterMs = () => durationMs(1_000, 30 * 86_400_000).default(600_000)
