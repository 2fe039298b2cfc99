/**
 * A decision among four peers: one chosen, one scored, one not sampled, one excluded.
 */
import type { DecisionRecord, ScoreTerms } from '../../src/scheduler/decision.ts'

export const WINNING: ScoreTerms = {
  workLeftMs: 40,
  prefillLeftMs: 0,
  parallelism: 2,
  waitMs: 20,
  readMs: 20,
  serviceMs: 100,
  netMs: 1,
  coldMs: 0,
  etaMs: 121,
  headroomRatio: 0.9,
  headroomOf: 'kv-cache',
  score: 121,
}

export const LOSING: ScoreTerms = {
  ...WINNING,
  workLeftMs: 480,
  prefillLeftMs: 0,
  waitMs: 240,
  etaMs: 341,
  score: 341,
}

export const DECISION: DecisionRecord = {
  id: '00112233445566778899aabbccddeeff',
  atWallMs: 0,
  ingress: 'peer-a',
  model: 'toy-15m',
  inputTokens: 12,
  outputTokensExpected: 64,
  strategy: 'mesh',
  candidates: [
    { peer: 'peer-b', stateAgeMs: 120, reservedCount: 1, terms: WINNING },
    { peer: 'peer-c', stateAgeMs: 900, reservedCount: 0, terms: LOSING },
    { peer: 'peer-d', stateAgeMs: 900, reservedCount: 0 },
    { peer: 'peer-a', stateAgeMs: 0, reservedCount: 0, exclusion: 'model-missing' },
  ],
  chosen: 'peer-b',
  attempts: [
    { peer: 'peer-c', errorCode: 'ERR_PEER_LOST', durationMs: 12 },
    { peer: 'peer-b', durationMs: 130 },
  ],
  outcome: 'answered',
}
