/**
 * A monotonic clock that several processes of one machine share, so that a token stamped by the
 * engine can be timed by the client.
 *
 * `process.hrtime` counts from an origin of the operating system (`CLOCK_MONOTONIC` on Linux).
 * `performance.now` is cheaper, but counts from the start of its process.
 */
export function monotonicNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
