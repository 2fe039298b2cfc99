/**
 * A router among peers made of functions: the real scheduler, real engines with a fake runtime,
 * and lanes that answer as a test says.
 */

import { type ErrorCode, MeshError } from '../../src/core/errors.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import { Random } from '../../src/core/random.ts'
import { Engines } from '../../src/node/engines.ts'
import type { MeshRequest } from '../../src/node/gateway.ts'
import { NO_GPUS } from '../../src/node/gpu-source.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { Router } from '../../src/node/router.ts'
import type { LaneAnswer, LaneCall } from '../../src/protocols/lane.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { Scheduler } from '../../src/scheduler/scheduler.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { answerOf, FakeRuntime, MODEL, modelFacts } from './fake-runtime.ts'
import { silent } from './recorded-network.ts'

export const SELF = 'self'

/** A signal that never fires. */
export const STAY: AbortSignal = new AbortController().signal

export const request: MeshRequest = {
  endpoint: 'chat/completions',
  model: MODEL,
  isStream: false,
  body: Buffer.from('{}'),
  headers: { 'x-request-id': 'r1' },
  inputTokens: 10,
  outputTokensMax: undefined,
}

export function failure(code: ErrorCode, details: Record<string, unknown> = {}): MeshError {
  return new MeshError(`the peer says ${code}`, { code, details, hint: 'do that' })
}

export type Serving = (call: LaneCall, signal: AbortSignal) => Promise<LaneAnswer>

export interface SceneInit {
  /** Other peers with the model. */
  readonly others?: readonly string[]
  /** Whether we have an engine of our own. */
  readonly hasEngine?: boolean
  readonly options?: object
}

export function scene({ others = [], hasEngine = false, options = {} }: SceneInit = {}) {
  const clock = new ManualClock()
  const runtime = new FakeRuntime(hasEngine ? [MODEL] : [])
  const scheduler = new Scheduler(SELF, schedulerOptions.parse(options), new Random(1))
  const engines = new Engines([runtime], {
    gpus: NO_GPUS,
    logger: silent,
    onModelsChanged: () => {},
  })
  const facts = (models: readonly string[]) => ({
    version: '1',
    name: 'box',
    zone: '',
    labels: {},
    addresses: [],
    models: models.map(id => modelFacts(id)),
  })
  for (const peer of [SELF, ...others]) {
    const isServing = peer !== SELF || hasEngine
    const change = { peer, facts: facts(isServing ? [MODEL] : []), load: NO_LOAD }
    scheduler.step({ type: 'peer-changed', status: 'alive', ...change }, 0)
  }
  const calls: { peer: string; call: LaneCall }[] = []
  const remote: { serve: Serving } = { serve: async () => answerOf('from afar') }
  let idCount = 0
  let loadChanges = 0
  const events: object[] = []
  const metrics = createMetrics()
  const router = new Router({
    self: SELF,
    clock,
    scheduler,
    engines,
    lanes: {
      request(peer, call, signal) {
        calls.push({ peer, call })
        return remote.serve(call, signal)
      },
    },
    metrics,
    newId: () => `decision-${++idCount}`,
    onLoadChanged: () => {
      loadChanges += 1
    },
    onEvent: (event, about) => events.push({ event, ...about }),
  })
  return {
    clock,
    runtime,
    scheduler,
    engines,
    metrics,
    router,
    calls,
    remote,
    events,
    loadChanges: () => loadChanges,
    /** How the scheduler remembers the first request. */
    record: () => scheduler.decision('decision-1'),
  }
}
