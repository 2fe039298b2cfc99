/**
 * Hits in prefix caches, measured: many ingresses that share nothing send prompts with few different
 * beginnings to peers whose caches hold only some of them.
 *
 * Model: 12 peers with 4 slots, each with a cache of the 6 beginnings it read last; 6 ingresses, 36
 * beginnings of 8 KiB, half of the requests for one of six, 15 a second, which is 0.65 of what the
 * peers do without any cache. A peer reads its uncached tokens and makes an answer; it reports every 500 ms.
 */
import { assert, describe, test } from 'vitest'
import { PrefixReader, type PromptPrefix } from '../../src/core/prompt-prefix.ts'
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

const PEER_COUNT = 12
const INGRESS_COUNT = 6
const BEGINNING_COUNT = 36
const CACHED_MAX = 6
const SLOTS = 4
const TICK_MS = 20
const SECONDS = 60
const REPORT_TICKS = 25
const PROMPT_TOKENS = 2_100
const SHARED_TOKENS = 2_048
const ANSWER_TOKENS = 100
/** 1.05 s to read a whole prompt and 1 s for an answer: 48 slots do 23 requests a second. */
const PREFILL_PER_TICK = 40
const DECODE_PER_TICK = 2
const REQUESTS_PER_TICK = 0.3

interface Running {
  readonly id: string
  readonly ingress: Scheduler
  prefillLeft: number
  decodeLeft: number
}

interface SimPeer {
  readonly queue: Running[]
  /** Beginnings in the cache, longest not used first. */
  readonly cache: Set<number>
}

const beginnings = Array.from({ length: BEGINNING_COUNT }, (_, index) => {
  const reader = new PrefixReader()
  reader.add(`You are assistant number ${index}. `.padEnd(8_192, `rule ${index}; `))
  return reader.end()
})

/** A request's own: the question differs, so the conversation does. */
function promptOf(beginning: number, question: number): PromptPrefix {
  const { marks, characterCount } = beginnings[beginning] as PromptPrefix
  return {
    marks,
    characterCount: characterCount + 208,
    root: Math.imul(question, 0x9e3779b9) >>> 0,
  }
}

/** Tokens to be read of a prompt that begins so. */
function readFrom({ cache }: SimPeer, beginning: number): number {
  const isHit = cache.delete(beginning)
  cache.add(beginning)
  for (const oldest of cache) {
    if (cache.size <= CACHED_MAX) break
    cache.delete(oldest)
  }
  return isHit ? PROMPT_TOKENS - SHARED_TOKENS : PROMPT_TOKENS
}

function work(peer: SimPeer, nowMs: number): void {
  for (const running of peer.queue.slice(0, SLOTS)) {
    if (running.prefillLeft > 0) running.prefillLeft -= PREFILL_PER_TICK
    else running.decodeLeft -= DECODE_PER_TICK
    if (running.decodeLeft > 0) continue
    peer.queue.splice(peer.queue.indexOf(running), 1)
    running.ingress.step({ type: 'request-ended', id: running.id, outcome: 'answered' }, nowMs)
  }
}

function loadOf({ queue, cache }: SimPeer) {
  const runningCount = Math.min(SLOTS, queue.length)
  return peerLoad({
    queuedCount: queue.length - runningCount,
    runningCount,
    prefillTokensLeft: queue.reduce((sum, { prefillLeft }) => sum + Math.max(0, prefillLeft), 0),
    decodeTokensLeft: queue.reduce((sum, { decodeLeft }) => sum + decodeLeft, 0),
    prefillTokensPerSecond: (PREFILL_PER_TICK * 1_000) / TICK_MS,
    decodeTokensPerSecond: (DECODE_PER_TICK * 1_000) / TICK_MS,
    hotPrefixes: [...cache].flatMap(beginning => (beginnings[beginning] as PromptPrefix).marks),
  })
}

function play(strategy: StrategyName): { readonly hitRatio: number; readonly queueMax: number } {
  const random = new Random(7)
  const peers: SimPeer[] = Array.from({ length: PEER_COUNT }, () => ({
    queue: [],
    cache: new Set(),
  }))
  const facts = peerFacts(modelFacts({ parallelMax: SLOTS }))
  const events = peers.map((_, index) => peerChanged(`p${index}`, { facts, rttMs: 1 }))
  const schedulers = Array.from({ length: INGRESS_COUNT }, (_, seed) =>
    schedulerOf({ events, options: { strategy }, seed }),
  )
  let readTokens = 0
  let promptTokens = 0
  let queueMax = 0
  for (let tick = 0; tick < (SECONDS * 1_000) / TICK_MS; tick++) {
    const nowMs = tick * TICK_MS
    for (const [index, peer] of peers.entries()) {
      work(peer, nowMs)
      if ((tick + 2 * index) % REPORT_TICKS !== 0) continue
      const load = loadOf(peer)
      for (const each of schedulers) {
        each.step({ type: 'load-reported', peer: `p${index}`, load }, nowMs)
      }
    }
    if (random.next() >= REQUESTS_PER_TICK) continue
    const beginning = random.nextIndex(random.next() < 0.5 ? 6 : BEGINNING_COUNT)
    const ingress = schedulers[random.nextIndex(INGRESS_COUNT)] as Scheduler
    const prefix = promptOf(beginning, tick)
    const asked = { inputTokens: PROMPT_TOKENS, outputTokensMax: ANSWER_TOKENS, prefix }
    const id = `r${tick}`
    const chosen = dispatched(ingress.step(arrived(id, asked), nowMs))
    const peer = peers[Number(chosen.slice(1))] as SimPeer
    const prefillLeft = readFrom(peer, beginning)
    peer.queue.push({ id, ingress, prefillLeft, decodeLeft: ANSWER_TOKENS })
    readTokens += prefillLeft
    promptTokens += PROMPT_TOKENS
    queueMax = Math.max(queueMax, peer.queue.length)
  }
  return { hitRatio: 1 - readTokens / promptTokens, queueMax }
}

describe('of prompts with 36 beginnings, where a cache holds six,', () => {
  test('mesh finds nine of ten tokens in a cache, and piles up no queue for it', () => {
    const { hitRatio, queueMax } = play('mesh')
    assert.isAbove(hitRatio, 0.85)
    // Four run at a peer. A home is waited for as long as eight prompts would take to read.
    assert.isAtMost(queueMax, 20)
  })

  test('sticky finds as many', () => assert.isAbove(play('sticky').hitRatio, 0.85))

  test('who does not look at the prompt finds a third', () => {
    for (const strategy of ['random', 'power-of-two'] as const) {
      assert.isBelow(play(strategy).hitRatio, 0.45, strategy)
    }
  })
})
