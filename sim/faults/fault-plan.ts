/**
 * What goes wrong, and when: a list made from a seed before anything happens, so that it can be
 * printed and does not depend on what the nodes do.
 *
 * Hosts are chosen when a fault strikes, by its own number, among those it can strike then.
 */
import type { Random } from '../../src/core/random.ts'
import { between, exponential } from '../chance.ts'

export const FAULT_KINDS = [
  'crash',
  'vanish',
  'restart',
  'leave',
  'join',
  'pause',
  'partition',
  'one-way',
  'reset',
  'slow',
  'clock',
  'cut',
  'power',
  'slow-disk',
  'broken-disk',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  readonly atMs: number
  readonly kind: FaultKind
  /** How long it lasts, if it ends by itself. */
  readonly durationMs: number
  /** What it chooses its hosts by. */
  readonly seed: number
}

/** How often a kind strikes, and for how long. */
export interface FaultRate {
  readonly perMinute: number
  readonly durationMinMs?: number
  readonly durationMaxMs?: number
}

export type FaultRates = { readonly [Kind in FaultKind]?: FaultRate }

const SEED_MAX = 2 ** 32

/** The faults of a period, in the order they strike. */
export function planFaults(
  random: Random,
  rates: FaultRates,
  period: { readonly startMs: number; readonly durationMs: number },
): readonly Fault[] {
  return FAULT_KINDS.flatMap(kind => {
    const rate = rates[kind]
    return rate === undefined ? [] : planKind(random, { kind, rate, ...period })
  }).toSorted((a, b) => a.atMs - b.atMs)
}

function planKind(
  random: Random,
  plan: { kind: FaultKind; rate: FaultRate; startMs: number; durationMs: number },
): readonly Fault[] {
  const { kind, rate, startMs, durationMs } = plan
  const { perMinute, durationMinMs = 0, durationMaxMs = durationMinMs } = rate
  if (perMinute <= 0) return []
  const faults: Fault[] = []
  const meanMs = 60_000 / perMinute
  let atMs = startMs + exponential(random, meanMs)
  while (atMs < startMs + durationMs) {
    faults.push({
      atMs,
      kind,
      durationMs: between(random, durationMinMs, durationMaxMs),
      seed: random.nextIndex(SEED_MAX),
    })
    atMs += exponential(random, meanMs)
  }
  return faults
}
