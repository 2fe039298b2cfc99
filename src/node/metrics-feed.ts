/**
 * Brings what the peer's parts count by themselves into the metrics, whenever those are read.
 *
 * Lanes and gossip count bytes where they flow, without touching a metric; a scrape adds what
 * came since the last one.
 */
import type { ReplicaRole } from '../consensus/replica/events.ts'
import type { ReplicaStatus } from '../consensus/replica/status.ts'
import type { ModelLoad, Unready } from '../core/peer-state.ts'
import type { Engines } from './engines.ts'
import type { NodeStatus } from './gateway.ts'
import type { LanesStatus } from './lanes.ts'
import type { Metrics } from './metrics.ts'
import type { GossipStatus } from './network.ts'

const ROLES: readonly ReplicaRole[] = [
  ...(['leader', 'follower', 'candidate', 'pre-candidate', 'observer'] as const),
]

const STATUSES: readonly NodeStatus[] = ['alive', 'suspect', 'dead', 'left']

const UNREADY_STATES: readonly Unready['state'][] = ['cold', 'loading', 'sleeping', 'failed']

type Agreed = Pick<
  ReplicaStatus,
  'role' | 'term' | 'commitIndex' | 'appliedIndex' | 'staleForMs' | 'halted'
>

export interface MetricsSources {
  readonly lanes: () => LanesStatus
  readonly gossip: () => GossipStatus | undefined
  readonly statuses: () => readonly NodeStatus[]
  /** How well the failure detector itself is. */
  readonly health: () => { readonly healthScore: number; readonly stallCount: number }
  readonly agreement: () => Agreed
  readonly models: () => readonly ModelLoad[]
  readonly engines: () => Pick<Engines, 'requests' | 'scrapeFailureCount' | 'metricsAgeMs'>
  /** Requests placed and not yet answered. */
  readonly openRequestCount: () => number
  readonly openBreakerCount: () => number
}

/** A counter that is brought up to a total that something else keeps. */
function follow(add: (amount: number) => void): (total: number) => void {
  let seen = 0
  return total => {
    if (total > seen) add(total - seen)
    seen = Math.max(seen, total)
  }
}

function feeder(metrics: Metrics, sources: MetricsSources): () => void {
  const { lane, gossip, membership, engine, scheduler } = metrics
  const laneIn = follow(amount => lane.bytes.inc({ direction: 'in' }, amount))
  const laneOut = follow(amount => lane.bytes.inc({ direction: 'out' }, amount))
  const gossipIn = follow(amount => gossip.bytes.inc({ direction: 'in' }, amount))
  const gossipOut = follow(amount => gossip.bytes.inc({ direction: 'out' }, amount))
  const messagesIn = follow(amount => gossip.messages.inc({ direction: 'in' }, amount))
  const messagesOut = follow(amount => gossip.messages.inc({ direction: 'out' }, amount))
  const stalls = follow(amount => membership.stalls.inc(amount))
  const scrapeFailures = follow(amount => engine.scrapeFailures.inc(amount))
  return () => {
    const lanes = sources.lanes()
    laneIn(lanes.bytesReceived)
    laneOut(lanes.bytesSent)
    lane.openRequests.set(lanes.openRequestCount)
    lane.bufferedBytes.set(lanes.bufferedBytes)

    const heard = sources.gossip()
    gossipIn(heard?.bytesReceived ?? 0)
    gossipOut(heard?.bytesSent ?? 0)
    messagesIn(heard?.messagesReceived ?? 0)
    messagesOut(heard?.messagesSent ?? 0)
    gossip.meshPeers.set(heard?.neighbourCount ?? 0)

    const statuses = sources.statuses()
    for (const status of STATUSES) {
      membership.members.set({ status }, statuses.filter(each => each === status).length)
    }
    const health = sources.health()
    membership.healthScore.set(health.healthScore)
    stalls(health.stallCount)

    feedConsensus(metrics, sources.agreement())

    const models = sources.models()
    const engines = sources.engines()
    const { queuedCount, runningCount } = engines.requests()
    engine.runningRequests.set(runningCount)
    engine.queuedRequests.set(queuedCount)
    scrapeFailures(engines.scrapeFailureCount)
    engine.metricsAge.set(engines.metricsAgeMs / 1_000)
    for (const state of UNREADY_STATES) {
      engine.unreadyModels.set(
        { state },
        models.filter(load => load.unready?.state === state).length,
      )
    }
    scheduler.queueLength.set(sources.openRequestCount())
    scheduler.openBreakers.set(sources.openBreakerCount())
  }
}

function feedConsensus({ consensus }: Metrics, status: Agreed): void {
  for (const role of ROLES) consensus.role.set({ role }, role === status.role ? 1 : 0)
  consensus.term.set(status.term)
  consensus.commitIndex.set(status.commitIndex)
  consensus.appliedIndex.set(status.appliedIndex)
  consensus.staleTime.set(status.staleForMs / 1_000)
  consensus.halted.set(status.halted === undefined ? 0 : 1)
}

/** Feeds the metrics at each scrape. prom-client asks its metrics in the order they were made. */
export function feedMetrics(metrics: Metrics, sources: MetricsSources): void {
  Object.assign(metrics.ingress.requests, { collect: feeder(metrics, sources) })
}
