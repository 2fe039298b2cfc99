/**
 * Ids of the requests on a lane: odd ones by the dialer, even ones by the listener, rising.
 *
 * A busy lane uses up 31 bits of them in days, so they wrap around and are compared as serial
 * numbers: the id that is ahead by less than half of all numbers is the later one. 0 concerns
 * the lane as a whole and is skipped.
 *
 * Source: Elz, Bush, "Serial Number Arithmetic", RFC 1982, 1996, section 3.2.
 */

/** The first id of a side. */
export function firstLaneId(isDialer: boolean): number {
  return isDialer ? 1 : 2
}

/** The id that the same side uses after `id`. */
export function nextLaneId(id: number): number {
  const next = (id + 2) >>> 0
  return next === 0 ? 2 : next
}

/** Whether `id` was chosen after `other`, by the same side. */
export function isLaterLaneId(id: number, other: number): boolean {
  return ((id - other) | 0) > 0
}

/** Whether the dialer chose the id. */
export function isDialersId(id: number): boolean {
  return (id & 1) === 1
}
