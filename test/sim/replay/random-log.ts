/**
 * The event log of a scheduler to which anything happens, by chance: news, policies, requests with
 * and without prefixes, failures, answers, hedges, ends, and questions for room.
 */
import { pick } from '../../../sim/chance.ts'
import { Random } from '../../../src/core/random.ts'
import { createScheduler } from '../../../src/node/recording/recorded-scheduler.ts'
import { STRATEGIES, schedulerOptions } from '../../../src/scheduler/options.ts'
import { NO_POLICY, type SchedulingPolicy } from '../../../src/scheduler/policy.ts'
import type { ScheduleRequest, SchedulerEvent } from '../../../src/scheduler/scheduler.ts'
import { memoryLog } from '../../node/recording/memory-log.ts'
import { MODEL, modelFacts, peerFacts, peerLoad } from '../../scheduler/scene.ts'

const PEERS = ['self', 'a', 'b', 'c', 'd', 'e'] as const
const RTTS_MS = [undefined, 0.4, 20, Number.POSITIVE_INFINITY] as const

export function randomLog(seed: number, eventCount: number, bytesMax?: number): readonly string[] {
  const random = new Random(seed)
  const { recorder, lines } = memoryLog(bytesMax)
  const scheduler = createScheduler({
    self: 'self',
    options: schedulerOptions.parse({ strategy: pick(random, STRATEGIES), surveyedMax: 2 }),
    entropy: { bytes: count => Uint8Array.from({ length: count }, () => random.nextIndex(256)) },
    clock: { wallMs: () => 0 },
    recorder,
  })
  let nowMs = 0
  let requestCount = 0
  const sent: { id: string; peer: string }[] = []
  for (let count = 0; count < eventCount; count += 1) {
    nowMs += random.next() * 300
    if (random.nextIndex(12) === 0) {
      scheduler.room(sized(random), random.nextIndex(2) === 0 ? undefined : 'other', nowMs)
      continue
    }
    requestCount += 1
    const event = eventOf(random, { id: `r${requestCount}`, sent, nowMs })
    for (const effect of scheduler.step(event, nowMs)) {
      if (effect.type === 'dispatch') sent.push({ id: effect.id, peer: effect.peer })
    }
  }
  recorder.close().catch(() => {})
  return lines
}

interface Context {
  readonly id: string
  readonly sent: readonly { id: string; peer: string }[]
  readonly nowMs: number
}

function eventOf(random: Random, { id, sent, nowMs }: Context): SchedulerEvent {
  const peer = pick(random, PEERS)
  const at = sent.length === 0 ? { id: 'none', peer } : pick(random, sent.slice(-8))
  const load = peerLoad({
    queuedCount: random.nextIndex(4),
    runningCount: random.nextIndex(4),
    decodeTokensLeft: random.nextIndex(4_000),
    kvUsedRatio: random.nextIndex(2) === 0 ? undefined : random.next(),
    hotPrefixes: [1, 2, random.nextIndex(100)],
  })
  const facts = peerFacts(modelFacts({ parallelMax: random.nextIndex(5) }))
  const rttMs = pick(random, RTTS_MS)
  const news: SchedulerEvent = {
    type: 'peer-changed',
    peer,
    status: 'alive',
    facts,
    load,
    loadAtMs: nowMs,
    rttMs,
  }
  const request: ScheduleRequest = { id, atWallMs: 0, ...sized(random) }
  return pick<SchedulerEvent>(random, [
    ...[news, news, news],
    { type: 'peer-changed', peer, status: 'suspect' },
    { type: 'peer-forgotten', peer },
    { type: 'peer-confirmed', peer, rttMs: 3 },
    { type: 'peers-confirmed' },
    { type: 'load-reported', peer, load },
    { type: 'policy-changed', policy: policyOf(random) },
    ...Array.from({ length: 6 }, () => ({ type: 'request-arrived' as const, request })),
    {
      type: 'attempt-failed',
      ...at,
      errorCode: 'ERR_ENGINE',
      isRetryable: true,
      message: 'it broke: "hi"',
    },
    { type: 'attempt-answered', ...at },
    { type: 'hedge-due', id: at.id },
    {
      type: 'request-ended',
      id: at.id,
      outcome: 'answered',
      outputTokens: random.nextIndex(600),
      inputTokens: 40,
    },
  ])
}

function sized(random: Random): Omit<ScheduleRequest, 'id' | 'atWallMs'> {
  const root = random.nextIndex(4)
  return {
    model: random.nextIndex(20) === 0 ? 'another' : MODEL,
    inputTokens: random.nextIndex(3_000),
    ...(root === 0 ? {} : { prefix: { characterCount: 900, root, marks: [1, root] } }),
    ...(root === 1 ? { tenant: 'acme' } : {}),
  }
}

function policyOf(random: Random): SchedulingPolicy {
  const routing = {
    strategy: pick(random, STRATEGIES),
    placementPolicy: 'local-first',
    attemptsMax: null,
  }
  return {
    ...NO_POLICY,
    drained: new Set(random.nextIndex(3) === 0 ? [pick(random, PEERS)] : []),
    routing: new Map([[MODEL, { ...routing, peerWeights: [{ labels: {}, weight: 2 }] }]]),
    tenantPlacements: new Map([['acme', 'local-only']]),
  }
}
