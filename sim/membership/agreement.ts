/**
 * What must be true of every node's view once nothing is broken any more: who runs is alive with
 * its present facts, who does not is not, and there is nobody else.
 */
import type { NodeView } from '../../src/node/gateway.ts'
import type { SimHost } from '../sim-host.ts'
import type { World } from '../world.ts'

/** Disagreements listed at most: one is enough to fail. */
const LISTED_MAX = 10

const isUp = ({ state, peer }: SimHost) => state === 'up' && peer !== undefined

/** Hosts whose peer runs. */
export function upHosts(world: World): readonly SimHost[] {
  return world.hosts.filter(isUp)
}

/** One line for each view that is not as the world is. Empty: all nodes have one true view. */
export function disagreements(world: World): readonly string[] {
  const found: string[] = []
  for (const host of upHosts(world)) {
    const views = new Map(host.nodes().map(view => [view.peer, view]))
    for (const other of world.hosts) {
      const view = views.get(other.peerId)
      views.delete(other.peerId)
      const wrong = other === host ? undefined : fault(other, view)
      if (wrong !== undefined) found.push(`n${host.index} sees n${other.index} ${wrong}`)
      if (found.length >= LISTED_MAX) return found
    }
    for (const peer of views.keys()) found.push(`n${host.index} sees ${peer}, who never was`)
  }
  return found
}

/** Whether all nodes have one true view. */
export function agree(world: World): boolean {
  return disagreements(world).length === 0
}

/** What is wrong with the view of a host; `undefined`: nothing. */
function fault(other: SimHost, view: NodeView | undefined): string | undefined {
  const status = view?.status ?? 'unknown'
  if (!isUp(other)) {
    const isGone = status === 'dead' || status === 'left' || status === 'unknown'
    return isGone ? undefined : `${status}, who is ${other.state}`
  }
  if (status !== 'alive') return `${status}, who is up`
  const seen = view?.facts?.models.map(({ id }) => id).join(' ')
  const served = other.engine
    ?.models()
    .map(({ id }) => id)
    .join(' ')
  return seen === served ? undefined : `serving "${seen}" instead of "${served}"`
}

/** Whether every node that is up sees the peer as not there. */
export function isGoneEverywhere(world: World, gone: SimHost): boolean {
  return upHosts(world).every(host => {
    const view = host.nodes().find(({ peer }) => peer === gone.peerId)
    return view === undefined || view.status === 'dead' || view.status === 'left'
  })
}
