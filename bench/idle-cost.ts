/**
 * What each member of a group sends and computes while nobody asks anything of it.
 *
 * Counted twice: by the peers' own metrics, which know what they put into lanes and gossip, and
 * by the interface, which knows every byte, if no one else uses it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { loopbackTraffic } from './interface-traffic.ts'
import type { GroupPeer } from './peer-group.ts'
import { processUsage } from './process-usage.ts'
import { ratio } from './statistics.ts'

/** Everything for one member and one second. `undefined`: not to be known here. */
export interface IdleCost {
  readonly wireBytes: number | undefined
  readonly wirePackets: number | undefined
  readonly laneBytes: number | undefined
  readonly gossipBytes: number | undefined
  /** Of one core. */
  readonly cpuPercent: number | undefined
}

interface Totals {
  readonly wireBytes: number
  readonly wirePackets: number
  readonly cpuMs: number | undefined
}

export interface IdleOptions {
  readonly durationMs: number
  /** Whether the interface is theirs alone. */
  readonly isNetworkOwn: boolean
}

/** @param pids One for each member. */
export async function idleCost(
  pids: readonly number[],
  { durationMs, isNetworkOwn }: IdleOptions,
): Promise<IdleCost> {
  const before = totals(pids)
  const startMs = performance.now()
  await sleep(durationMs)
  const after = totals(pids)
  const seconds = (performance.now() - startMs) / 1000
  const share = (from: number, to: number) => (to - from) / seconds / pids.length
  const cpuMs =
    before.cpuMs === undefined || after.cpuMs === undefined
      ? undefined
      : share(before.cpuMs, after.cpuMs)
  return {
    wireBytes: isNetworkOwn ? share(before.wireBytes, after.wireBytes) : undefined,
    wirePackets: isNetworkOwn ? share(before.wirePackets, after.wirePackets) : undefined,
    laneBytes: undefined,
    gossipBytes: undefined,
    cpuPercent: cpuMs === undefined ? undefined : (cpuMs / 1000) * 100,
  }
}

/** The same of peers, with what they count themselves. */
export async function idleCostOfPeers(
  peers: readonly GroupPeer[],
  options: IdleOptions,
): Promise<IdleCost> {
  const before = await countedBytes(peers)
  const startMs = performance.now()
  // The metrics are read outside the time in which the interface is watched.
  const cost = await idleCost(
    peers.map(({ child }) => child.pid),
    options,
  )
  const after = await countedBytes(peers)
  const peerSeconds = (peers.length * (performance.now() - startMs)) / 1000
  return {
    ...cost,
    laneBytes: ratio(after.lane - before.lane, peerSeconds) ?? 0,
    gossipBytes: ratio(after.gossip - before.gossip, peerSeconds) ?? 0,
  }
}

function totals(pids: readonly number[]): Totals {
  const { bytes, packets } = loopbackTraffic()
  return { wireBytes: bytes, wirePackets: packets, cpuMs: processUsage(pids)?.cpuMs }
}

/** Sent by all of them since they started. */
async function countedBytes(
  peers: readonly GroupPeer[],
): Promise<{ readonly lane: number; readonly gossip: number }> {
  let lane = 0
  let gossip = 0
  for (const { http } of peers) {
    const response = await fetch(`${http}/metrics`, { signal: AbortSignal.timeout(10_000) })
    const text = await response.text()
    lane += sample(text, 'skein_lane_bytes_total{direction="out"}')
    gossip += sample(text, 'skein_gossip_bytes_total{direction="out"}')
  }
  return { lane, gossip }
}

/** A counter that was never touched is not listed. */
function sample(exposition: string, series: string): number {
  const line = exposition.split('\n').find(each => each.startsWith(`${series} `))
  return Number(line?.slice(series.length + 1) ?? 0)
}
