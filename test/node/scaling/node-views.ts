/**
 * Peers as one of them sees them, each with one model.
 */
import type { ModelFacts, ModelLoad, PeerLoad } from '../../../src/core/peer-state.ts'
import type { NodeStatus, NodeView } from '../../../src/node/gateway.ts'
import { MODEL, modelFacts } from '../fake-runtime.ts'

export interface NodeChange {
  readonly peer?: string
  readonly status?: NodeStatus
  readonly facts?: Partial<ModelFacts>
  readonly load?: Partial<ModelLoad>
  readonly gpus?: PeerLoad['gpus']
  readonly isDraining?: boolean
}

export function node(change: NodeChange = {}): NodeView {
  const { peer = 'p', status = 'alive', facts, load, gpus = [], isDraining = false } = change
  const models = [modelFacts(MODEL, facts)]
  const own: ModelLoad = {
    model: models[0]?.id ?? MODEL,
    queuedCount: 0,
    runningCount: 0,
    prefillTokensLeft: 0,
    decodeTokensLeft: 0,
    prefillTokensPerSecond: 0,
    decodeTokensPerSecond: 0,
    ...load,
  }
  return {
    ...{ peer, isSelf: false, status, incarnation: 1, ageMs: 0, rttMs: 1 },
    ...{ isConnected: true, path: 'direct' },
    facts: { version: '1', name: 'box', zone: '', labels: {}, addresses: [], models },
    load: { models: [own], gpus, isDraining },
  }
}
