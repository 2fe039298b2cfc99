/**
 * Cuts a request whose body does not arrive in time, so that clients which send a byte now and then
 * cannot take all places.
 */
import { MeshError } from '../core/errors.ts'
import type { Clock } from '../node/clock.ts'
import type { Exchange } from './exchange.ts'

/** Answers 408 and closes the connection unless the body is whole within `bodyTimeoutMs`. */
export function armBodyDeadline(
  exchange: Exchange,
  { bodyTimeoutMs, clock }: { readonly bodyTimeoutMs: number; readonly clock: Clock },
): void {
  const { request } = exchange
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || Number(length) === 0)) return

  // Most bodies come with their head: those need no timer.
  clock.atTurnEnd(() => {
    if (!request.complete && !request.destroyed) arm(exchange, { bodyTimeoutMs, clock })
  })
}

function arm(
  exchange: Exchange,
  { bodyTimeoutMs, clock }: { readonly bodyTimeoutMs: number; readonly clock: Clock },
): void {
  const cancel = clock.wakeAt(exchange.startMs + bodyTimeoutMs, () => {
    exchange.isLast = true
    exchange.fail(
      new MeshError(`The body must arrive within ${bodyTimeoutMs} ms of the head; it did not.`, {
        code: 'ERR_REQUEST_TIMEOUT',
        details: { bodyTimeoutMs },
        hint: 'Send it faster, or raise ingress.bodyTimeoutMs on this peer.',
      }),
    )
  })
  exchange.request.once('end', cancel)
  exchange.response.once('close', cancel)
}
