/**
 * Builders for scheduler tests: peers, loads and a scheduler that has heard of them.
 */
import type {
  GpuLoad,
  ModelFacts,
  ModelLoad,
  PeerFacts,
  PeerLoad,
} from '../../src/core/peer-state.ts'
import { Random } from '../../src/core/random.ts'
import { type SchedulerOptions, schedulerOptions } from '../../src/scheduler/options.ts'
import {
  type ScheduleRequest,
  Scheduler,
  type SchedulerEffect,
  type SchedulerEvent,
} from '../../src/scheduler/scheduler.ts'

export const MODEL = 'llama'
export const SELF = 'self'

export function modelFacts(change: Partial<ModelFacts> = {}): ModelFacts {
  return {
    id: MODEL,
    engine: 'embedded',
    ownedBy: 'test',
    capabilities: ['chat'],
    contextTokens: 4_096,
    parallelMax: 1,
    ...change,
  }
}

export function peerFacts(...models: readonly ModelFacts[]): PeerFacts {
  return { version: '1', name: 'box', zone: '', labels: {}, addresses: [], models }
}

export function modelLoad(change: Partial<ModelLoad> = {}): ModelLoad {
  return {
    model: MODEL,
    queuedCount: 0,
    runningCount: 0,
    prefillTokensLeft: 0,
    decodeTokensLeft: 0,
    prefillTokensPerSecond: 1_000,
    decodeTokensPerSecond: 100,
    ...change,
  }
}

export function gpu(change: Partial<GpuLoad> = {}): GpuLoad {
  return {
    name: 'gpu',
    vramTotalBytes: 100,
    vramUsedBytes: 0,
    utilizationRatio: 0,
    isThrottled: false,
    isFaulty: false,
    ...change,
  }
}

export function peerLoad(change: Partial<ModelLoad> = {}, gpus: readonly GpuLoad[] = []): PeerLoad {
  return { models: [modelLoad(change)], gpus, isDraining: false }
}

/** An idle peer that serves `MODEL`, heard of at 0 ms, 0 ms away. */
export function peerChanged(
  peer: string,
  change: Partial<Extract<SchedulerEvent, { type: 'peer-changed' }>> = {},
): SchedulerEvent {
  return {
    type: 'peer-changed',
    peer,
    status: 'alive',
    facts: peerFacts(modelFacts()),
    load: peerLoad(),
    loadAtMs: 0,
    rttMs: 0,
    ...change,
  }
}

export function request(id: string, change: Partial<ScheduleRequest> = {}): ScheduleRequest {
  return { id, model: MODEL, inputTokens: 100, outputTokensMax: 50, atWallMs: 1_000, ...change }
}

export function arrived(id: string, change: Partial<ScheduleRequest> = {}): SchedulerEvent {
  return { type: 'request-arrived', request: request(id, change) }
}

export function failed(
  id: string,
  peer: string,
  change: Partial<Extract<SchedulerEvent, { type: 'attempt-failed' }>> = {},
): SchedulerEvent {
  return {
    type: 'attempt-failed',
    id,
    peer,
    errorCode: 'ERR_PEER_LOST',
    isRetryable: true,
    ...change,
  }
}

export interface Scene {
  readonly events?: readonly SchedulerEvent[]
  readonly options?: Partial<SchedulerOptions>
  readonly seed?: number
}

/** A scheduler that has taken the events at 0 ms. */
export function schedulerOf({ events = [], options = {}, seed = 1 }: Scene): Scheduler {
  const scheduler = new Scheduler(SELF, schedulerOptions.parse(options), new Random(seed))
  for (const event of events) scheduler.step(event, 0)
  return scheduler
}

/** The peer of a step that dispatches, and of no other. */
export function dispatched(effects: readonly SchedulerEffect[]): string {
  const [effect] = effects
  if (effects.length !== 1 || effect?.type !== 'dispatch') {
    throw new Error(`expected one dispatch, found ${JSON.stringify(effects)}`)
  }
  return effect.peer
}

/** The refusal of a step that refuses, and of no other. */
export function refused(effects: readonly SchedulerEffect[]) {
  const [effect] = effects
  if (effects.length !== 1 || effect?.type !== 'refuse') {
    throw new Error(`expected one refusal, found ${JSON.stringify(effects)}`)
  }
  return effect
}
