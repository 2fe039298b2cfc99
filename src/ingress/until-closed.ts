/**
 * A signal that fires when the client goes away.
 */
import type { Exchange } from './exchange.ts'

export function untilClosed({ response }: Exchange): AbortSignal {
  const canceller = new AbortController()
  response.once('close', () => canceller.abort())
  return canceller.signal
}
