/**
 * The mesh as admin pages and `/v1/models` show it: one line for each peer, one for each model.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { MemberView } from '../membership/peer-table.ts'
import type { ModelView, NodeView } from './gateway.ts'

interface Self {
  readonly peer: PeerId
  readonly incarnation: number
  readonly facts: PeerFacts
  readonly load: PeerLoad
}

interface Others {
  readonly members: readonly MemberView[]
  /** Round trip to a peer; `undefined`: not measured. */
  readonly rttMs: (peer: PeerId) => number | undefined
}

/** Ourselves first, then the others by id. */
export function nodeViews(self: Self, others: Others, nowMs: number): readonly NodeView[] {
  const views = others.members
    .toSorted((a, b) => a.peer.localeCompare(b.peer))
    .map((member): NodeView => {
      const { peer, status, claim, facts, load, heardAtMs, isConnected } = member
      return {
        peer,
        isSelf: false,
        status,
        incarnation: claim.incarnation,
        facts,
        load,
        ageMs: nowMs - heardAtMs,
        rttMs: others.rttMs(peer),
        isConnected,
        path: isConnected ? 'direct' : 'none',
      }
    })
  const here = { ageMs: 0, rttMs: undefined, isConnected: true, path: 'self' } as const
  return [{ ...self, isSelf: true, status: 'alive', ...here }, ...views]
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
