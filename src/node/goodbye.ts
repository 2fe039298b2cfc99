/**
 * The last words of a peer that goes: its final claim, told to each peer it is connected to.
 */
import type { PeerId } from '../core/ids.ts'
import type { Clock } from './clock.ts'
import { CLAIM_METHOD } from './lane-call.ts'
import type { Lanes } from './lanes.ts'
import type { Logger } from './log.ts'

/** How long a peer that goes waits for the others to hear it; a busy machine needs its time. */
const GOODBYE_TIMEOUT_MS = 1_500

export interface GoodbyeDeps {
  readonly lanes: Pick<Lanes, 'peers' | 'request'>
  readonly clock: Clock
  readonly logger: Logger
}

/** Resolves when every peer has heard the claim, but does not wait for one that is silent. */
export async function sayGoodbye(
  body: Uint8Array,
  { lanes, clock, logger }: GoodbyeDeps,
): Promise<void> {
  const patience = new AbortController()
  const cancelDeadline = clock.wakeAt(clock.nowMs() + GOODBYE_TIMEOUT_MS, () => patience.abort())
  const tell = async (peer: PeerId) => {
    const call = { method: CLAIM_METHOD, headers: {}, body }
    const { chunks } = await lanes.request(peer, call, patience.signal)
    for await (const _ of chunks);
  }
  for (const result of await Promise.allSettled(lanes.peers().map(tell))) {
    if (result.status === 'fulfilled') continue
    logger.info('a peer did not hear our goodbye', { error: result.reason })
  }
  cancelDeadline()
}
