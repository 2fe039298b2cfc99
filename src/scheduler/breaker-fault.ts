/**
 * Which errors are the fault of the peer that answered with them, so that its breaker counts them.
 *
 * What is wrong with the request (4xx) never is: one client that sends nonsense to every peer would
 * else close down the mesh. Neither is a peer that says in good order that it takes nothing now; it
 * works, and the next request goes by what it reports.
 *
 * Time that ran out is the peer's fault if it had as long as its own numbers promised: else a client
 * that waits for less than any answer takes would close down the mesh too.
 */
import { type ErrorCode, errorKinds } from '../core/errors.ts'

/** Answers of a peer that is well, in the 5xx. */
const IN_GOOD_ORDER: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_MODEL_LOADING',
  'ERR_NOT_SUPPORTED',
  'ERR_NO_CAPACITY',
  'ERR_NO_QUORUM',
  'ERR_STOPPING',
])

/**
 * Refusals that only say that we chose by old news: the peer is full, stopping, or has the model no
 * more. The request goes on to the next one, which costs a round trip and no work.
 */
const BOUNCES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_OVERLOADED',
  'ERR_STOPPING',
  'ERR_MODEL_NOT_FOUND',
])

export interface TimedAttempt {
  readonly errorCode: ErrorCode
  readonly durationMs: number
  /** How long the peer was expected to take. */
  readonly etaMs: number
}

/** Whether the breaker counts an attempt that failed before there was anything of an answer. */
export function isCounted({ errorCode, durationMs, etaMs }: TimedAttempt): boolean {
  if (errorCode === 'ERR_DEADLINE_EXCEEDED') return durationMs >= etaMs
  return isPeersFault(errorCode)
}

export function isPeersFault(code: ErrorCode): boolean {
  return errorKinds[code].status >= 500 && !IN_GOOD_ORDER.has(code)
}

export function isBounce(code: ErrorCode): boolean {
  return BOUNCES.has(code)
}
