/**
 * Rendezvous hashing: which peer a key belongs to, worked out alike by everyone who knows the same
 * peers, without a word between them. The peer with the highest weight has the key; when it goes,
 * its keys go to the next highest each, and nobody else's move.
 *
 * Source: Thaler, Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM
 * Transactions on Networking, 1998.
 */
import { mixed } from '../core/text-hash.ts'

/** How much the key belongs to a peer. @param peer Hash of its id. */
export function rendezvousWeight(key: number, peer: number): number {
  return mixed(mixed(key ^ peer) + peer)
}
