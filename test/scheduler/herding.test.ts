/**
 * Stale state of many ingresses does not herd: 20 ingresses decide by loads that are 1 s old, and
 * what is measured is how much of the work the busiest peer has.
 *
 * Model: 32 peers with 32 slots each and answers of 5 s, at 0.78 of what they can do. Every peer
 * reports to all ingresses once a second, at a time of its own. No ingress hears of the others' picks
 * but by those reports; its own count at once, as in production.
 */
import { assert, describe, test } from 'vitest'
import { Random } from '../../src/core/random.ts'
import type { StrategyName } from '../../src/scheduler/options.ts'
import type { Scheduler } from '../../src/scheduler/scheduler.ts'
import {
  arrived,
  dispatched,
  modelFacts,
  peerChanged,
  peerFacts,
  peerLoad,
  schedulerOf,
} from './scene.ts'

const INGRESS_COUNT = 20
const PEER_COUNT = 32
const SECONDS = 30
const TICK_MS = 10
const REPORT_TICKS = 100
/** 5 s at 100 tokens a second. */
const ANSWER_TOKENS = 500
const TOKENS_PER_TICK = 1
const SLOTS = 32
/** The slots of all peers could do 205. */
const REQUESTS_PER_SECOND = 160

/** Tokens left of each request, oldest first; the first `SLOTS` run. */
type SimPeer = number[]

interface Seen {
  /** Requests at the peer with most of them, at its worst. */
  readonly queueMax: number
  /** Share of all requests that one peer got in its busiest second, times the number of peers. */
  readonly busiestShare: number
}

function play(strategy: StrategyName, by: number): Seen {
  const random = new Random(by)
  const peers: SimPeer[] = Array.from({ length: PEER_COUNT }, () => [])
  const facts = peerFacts(modelFacts({ parallelMax: SLOTS }))
  const events = peers.map((_, index) => peerChanged(`p${index}`, { facts, rttMs: 1 }))
  const schedulers = Array.from({ length: INGRESS_COUNT }, (_, index) =>
    schedulerOf({ events, options: { strategy }, seed: 1_000 * by + index }),
  )
  let id = 0
  let queueMax = 0
  let busiest = 0
  let inSecond = peers.map(() => 0)
  for (let tick = 0; tick < (SECONDS * 1_000) / TICK_MS; tick++) {
    const nowMs = tick * TICK_MS
    for (const [index, peer] of peers.entries()) {
      work(peer)
      if ((tick + index * 3) % REPORT_TICKS === 0) report(index, peer, schedulers, nowMs)
    }
    const due = (REQUESTS_PER_SECOND * TICK_MS) / 1_000
    for (let left = Math.floor(due + random.next()); left > 0; left--) {
      const scheduler = schedulers[random.nextIndex(INGRESS_COUNT)] as Scheduler
      id += 1
      const request = { inputTokens: 0, outputTokensMax: ANSWER_TOKENS }
      const chosen = Number(dispatched(scheduler.step(arrived(`r${id}`, request), nowMs)).slice(1))
      const peer = peers[chosen] as SimPeer
      peer.push(ANSWER_TOKENS)
      inSecond[chosen] = (inSecond[chosen] ?? 0) + 1
      queueMax = Math.max(queueMax, peer.length)
    }
    if (tick % REPORT_TICKS === REPORT_TICKS - 1) {
      busiest = Math.max(busiest, ...inSecond)
      inSecond = peers.map(() => 0)
    }
  }
  return { queueMax, busiestShare: busiest / (REQUESTS_PER_SECOND / PEER_COUNT) }
}

function work(peer: SimPeer): void {
  for (let slot = Math.min(SLOTS, peer.length) - 1; slot >= 0; slot--) {
    const left = (peer[slot] as number) - TOKENS_PER_TICK
    if (left > 0) peer[slot] = left
    else peer.splice(slot, 1)
  }
}

function report(
  index: number,
  requests: SimPeer,
  schedulers: readonly Scheduler[],
  nowMs: number,
): void {
  const runningCount = Math.min(SLOTS, requests.length)
  const load = peerLoad({
    queuedCount: requests.length - runningCount,
    runningCount,
    decodeTokensLeft: requests.reduce((sum, left) => sum + left, 0),
  })
  for (const scheduler of schedulers) {
    scheduler.step({ type: 'load-reported', peer: `p${index}`, load }, nowMs)
  }
}

describe('stale state of 20 ingresses, 1 s old,', () => {
  const worst = (strategy: StrategyName) => {
    const seen = [1, 2].map(seed => play(strategy, seed))
    return {
      queueMax: Math.max(...seen.map(each => each.queueMax)),
      busiestShare: Math.max(...seen.map(each => each.busiestShare)),
    }
  }

  test('does not herd all ingresses on one peer with mesh', () => {
    const { busiestShare, queueMax } = worst('mesh')
    // Four of 32 are sampled, so the best of all is seen by an eighth of the requests: 4 times its
    // share, and what chance adds. 25 are in a peer on average.
    assert.isBelow(busiestShare, 8)
    assert.isBelow(queueMax, 75)
  })

  for (const strategy of ['least-work', 'least-queue'] as const) {
    test(`herds with ${strategy}, which takes the best of all`, () => {
      const { busiestShare, queueMax } = worst(strategy)
      assert.isAbove(busiestShare, 16)
      assert.isAbove(queueMax, 100)
    })
  }
})
