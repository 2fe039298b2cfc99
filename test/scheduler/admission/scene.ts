/**
 * Builders for tests of the queue in front of an engine, and an engine of a fixed speed on virtual time.
 */

import { NEVER } from '../../../src/core/machine.ts'
import {
  type AdmissionEffect,
  type AdmissionOptions,
  AdmissionQueue,
  type AdmissionRequest,
  type EngineState,
} from '../../../src/scheduler/admission/admission-queue.ts'

/** Reads 1,000 tokens a second and makes 100: a request of the default size takes 1.1 s. */
export function engineOf(change: Partial<EngineState> = {}): EngineState {
  return {
    parallelMax: 1,
    contextTokens: 4_096,
    queuedCount: 0,
    runningCount: 0,
    prefillTokensLeft: 0,
    decodeTokensLeft: 0,
    prefillTokensPerSecond: 1_000,
    decodeTokensPerSecond: 100,
    ...change,
  }
}

export function requestOf(id: string, change: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    id,
    tenant: '',
    priority: 'normal',
    weight: 1,
    inputTokens: 100,
    outputTokens: 100,
    isStream: true,
    beginByMs: NEVER,
    ...change,
  }
}

export const OPTIONS: AdmissionOptions = {
  queueLengthMax: 4,
  ageingMs: 10_000,
  memoryAcceptRatio: 0.75,
  memoryRejectRatio: 0.9,
  tenantsMax: 100,
}

export function queueOf(change: Partial<AdmissionOptions> = {}) {
  const queue = new AdmissionQueue({ ...OPTIONS, ...change })
  let state = engineOf()
  return {
    queue,
    /** The engine is like this from now on. */
    set: (engine: Partial<EngineState>) => {
      state = engineOf(engine)
    },
    arrive: (id: string, request: Partial<AdmissionRequest> = {}, nowMs = 0) =>
      said(
        queue.step(
          { type: 'request-arrived', request: requestOf(id, request), engine: state },
          nowMs,
        ),
      ),
    end: (id: string, nowMs = 0) =>
      said(queue.step({ type: 'request-ended', id, engine: state }, nowMs)),
    cancel: (id: string, nowMs = 0) =>
      said(queue.step({ type: 'request-cancelled', id, engine: state }, nowMs)),
    tick: (nowMs: number) => said(queue.step({ type: 'tick', engine: state }, nowMs)),
  }
}

/** `b starts`, `a: displaced`. */
function said(effects: readonly AdmissionEffect[]): readonly string[] {
  return effects.map(effect =>
    effect.type === 'release' ? `${effect.id} starts` : `${effect.id}: ${effect.reason}`,
  )
}
