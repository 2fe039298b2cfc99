/**
 * The gossip of a fleet, at the level that its scenario asks for.
 */

import { MeshError } from '../../src/core/errors.ts'
import { NO_LOAD, type PeerFacts } from '../../src/core/peer-state.ts'
import { forkRandom } from '../chance.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { Contestant, Scenario } from '../scenario/scenario.ts'
import { AggregateGossip, CLAIM_BYTES } from './aggregate-gossip.ts'
import { signalsOf } from './contestant-options.ts'
import type { FleetNode } from './fleet-node.ts'
import { FullGossip } from './full-gossip.ts'
import type { Gossip, GossipDeps, GossipMember } from './gossip.ts'
import type { Links } from './links.ts'

/** Ingresses run no engine. */
const NO_FACTS: PeerFacts = {
  ...{ version: '', name: '', zone: '', labels: {}, addresses: [], models: [] },
}

/** Each knows each: more would need more memory than most machines have. */
const FULL_MEMBERS_MAX = 4_096

export interface FleetGossipInit {
  readonly scenario: Scenario
  readonly contestant: Contestant
  readonly timeline: Timeline
  readonly links: Links
  readonly nodes: readonly FleetNode[]
  readonly ingresses: readonly { readonly peer: string; readonly cell: number }[]
  readonly seed: number
  readonly purpose: number
  readonly tell: GossipDeps['tell']
}

/** @throws MeshError ERR_CONFIG if there are too many members for the full level. */
export function createGossip(init: FleetGossipInit): Gossip {
  const { scenario, contestant, timeline, links, nodes, ingresses, seed, purpose, tell } = init
  const members: readonly GossipMember[] = [
    ...nodes.map(node => ({
      ...{ peer: node.peer, cell: node.cell, facts: node.facts, load: () => node.load() },
    })),
    ...ingresses.map(({ peer, cell }) => ({ peer, cell, facts: NO_FACTS, load: () => NO_LOAD })),
  ]
  const deps = { members, nodeCount: nodes.length, tell }
  const signals = signalsOf(scenario, contestant)
  if (scenario.level === 'aggregate') {
    const { detectMs } = scenario.faults
    const random = forkRandom(seed, purpose)
    return new AggregateGossip({ timeline, links, signals, detectMs, random }, deps)
  }
  if (members.length > FULL_MEMBERS_MAX) throw tooMany(scenario.name, members.length)
  const cellOf = (member: number) => members[member]?.cell ?? 0
  const { updateIntervalMs, refreshMs } = signals
  return new FullGossip(deps, {
    ...{ timeline, seed: seed + purpose, isHostLost: true },
    delayMs: (from, to) => links.delayMs(cellOf(from), cellOf(to), CLAIM_BYTES),
    options: {
      loadIntervalMs: refreshMs,
      ...(updateIntervalMs === undefined
        ? {}
        : { publishMinIntervalMs: Math.max(1, updateIntervalMs), claimsPerSecondMax: 100_000 }),
    },
  })
}

function tooMany(name: string, count: number): MeshError {
  return new MeshError(
    `expected at most ${FULL_MEMBERS_MAX} nodes and ingresses at the full level, found ${count} in ${JSON.stringify(name)}`,
    { code: 'ERR_CONFIG', hint: 'Set `level: aggregate`.' },
  )
}
