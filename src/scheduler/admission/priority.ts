/**
 * The four priorities, and how waiting raises them: what is passed over moves up a rank with every
 * `ageingMs`, so that what is low is served even if what is higher never ends.
 */
export const PRIORITIES = ['low', 'normal', 'high', 'critical'] as const

export type Priority = (typeof PRIORITIES)[number]

export const DEFAULT_PRIORITY: Priority = 'normal'

const HIGHEST_RANK = PRIORITIES.length - 1

export function isPriority(value: unknown): value is Priority {
  return PRIORITIES.some(priority => priority === value)
}

/** 0 is lowest. */
export function rankOf(priority: Priority): number {
  return PRIORITIES.indexOf(priority)
}

/** @param passedOverMs How long nothing of its kind was served. */
export function agedRank(rank: number, passedOverMs: number, ageingMs: number): number {
  return Math.min(HIGHEST_RANK, rank + Math.floor(passedOverMs / ageingMs))
}
