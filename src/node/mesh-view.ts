/**
 * The mesh as admin pages and `/v1/models` show it: one line for each peer, one for each model.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { MemberView } from '../membership/member.ts'
import type { ModelView, NodeView, UnreadyAt } from './gateway.ts'
import type { GpuDetail } from './gpu-source.ts'

interface Self {
  readonly peer: PeerId
  readonly incarnation: number
  readonly facts: PeerFacts
  readonly load: PeerLoad
  readonly gpus: readonly GpuDetail[]
}

/** Ourselves first, then the others by id. */
export function nodeViews(
  self: Self,
  members: readonly MemberView[],
  nowMs: number,
): readonly NodeView[] {
  const views = members
    .toSorted((a, b) => a.peer.localeCompare(b.peer))
    .map((member): NodeView => {
      const { peer, status, incarnation, facts, load, heardAtMs, rttMs, isConnected } = member
      return {
        peer,
        isSelf: false,
        status,
        incarnation,
        facts,
        load,
        ageMs: nowMs - heardAtMs,
        rttMs,
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
  const unready = unreadyModels(nodes)
  return [...merged.values()]
    .map(({ view, peers }) => {
      const here = (unready.get(view.id) ?? []).filter(({ peer }) => peers.includes(peer))
      return here.length === 0 ? view : { ...view, unready: here }
    })
    .toSorted((a, b) => a.id.localeCompare(b.id))
}

function unreadyModels(nodes: readonly NodeView[]): ReadonlyMap<string, readonly UnreadyAt[]> {
  const places = new Map<string, UnreadyAt[]>()
  for (const { peer, load } of nodes) {
    for (const { model, unready } of load.models) {
      if (unready === undefined) continue
      places.set(model, [...(places.get(model) ?? []), { peer, ...unready }])
    }
  }
  return places
}
