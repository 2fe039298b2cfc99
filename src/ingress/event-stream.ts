/**
 * What an answer of server-sent events says of itself.
 */

export const EVENT_STREAM = 'text/event-stream'

/** Proxies must neither keep it nor hold it back until it is whole. */
export const UNCACHED = { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' }
