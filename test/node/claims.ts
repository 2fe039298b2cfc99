/**
 * Claims of peers, as they tell them.
 */
import { NO_LOAD } from '../../src/core/peer-state.ts'
import type { PeerClaim } from '../../src/membership/peer-claim.ts'

export function claimOf(peer: string, change: Partial<PeerClaim> = {}): PeerClaim {
  return {
    peer,
    incarnation: 1,
    version: 1,
    facts: { version: '1', name: 'box', zone: '', labels: {}, addresses: [], models: [] },
    factsVersion: 1,
    load: NO_LOAD,
    isLeaving: false,
    ...change,
  }
}
