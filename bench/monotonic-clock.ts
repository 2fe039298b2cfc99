/**
 * A monotonic clock that several processes of one machine share, so that a token stamped by the
 * engine can be timed by the client.
 *
 * `process.hrtime` counts from an origin of the operating system (`CLOCK_MONOTONIC` on Linux), and
 * `performance.now` ticks the same clock from the start of the process, but is cheaper to read.
 */
const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

export function monotonicNowMs(): number {
  return originMs + performance.now()
}
