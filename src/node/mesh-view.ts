/**
 * The mesh as admin pages and `/v1/models` show it: one line for each peer, one for each model.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { MemberView } from '../membership/peer-table.ts'
import type { ModelView, NodeView } from './gateway.ts'

interface Self {
  readonly peer: PeerId
  readonly facts: PeerFacts
  readonly load: PeerLoad
}

/** Ourselves first, then the others by id. */
export function nodeViews(
  self: Self,
  members: readonly MemberView[],
  nowMs: number,
): readonly NodeView[] {
  const others = members
    .toSorted((a, b) => a.peer.localeCompare(b.peer))
    .map(({ peer, status, facts, load, heardAtMs, isConnected }) => {
      const loadAgeMs = nowMs - heardAtMs
      return { peer, isSelf: false, status, facts, load, loadAgeMs, isConnected }
    })
  return [{ ...self, isSelf: true, status: 'alive', loadAgeMs: 0, isConnected: true }, ...others]
}

/** The models of all peers that are alive, by id. */
export function mergeModels(nodes: readonly NodeView[]): readonly ModelView[] {
  const merged = new Map<string, { view: ModelView; peers: PeerId[] }>()
  for (const { peer, facts, status } of nodes) {
    if (status !== 'alive') continue
    for (const model of facts?.models ?? []) {
      const known = merged.get(model.id)
      if (known !== undefined) known.peers.push(peer)
      else {
        const peers = [peer]
        merged.set(model.id, { view: { id: model.id, facts: model, peers }, peers })
      }
    }
  }
  return [...merged.values()].map(({ view }) => view).toSorted((a, b) => a.id.localeCompare(b.id))
}
