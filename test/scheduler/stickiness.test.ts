/**
 * Prompts that begin alike go to where that is in the cache, as long as it pays: the home of the
 * beginning, agreed on by ingresses that share nothing, until it is saturated or much slower.
 */
import { assert, describe, test } from 'vitest'
import { PrefixReader, type PromptPrefix } from '../../src/core/prompt-prefix.ts'
import type { SchedulerOptions } from '../../src/scheduler/options.ts'
import { cachedRatio } from '../../src/scheduler/prefix-match.ts'
import { arrived, dispatched, peerChanged, peerLoad, schedulerOf } from './scene.ts'

const PEERS = Array.from({ length: 12 }, (_, index) => `p${index}`)

const SYSTEM = Array.from({ length: 300 }, (_, line) => `Rule ${line}: be exact.`).join('\n')

/** A conversation of so many messages: the first of the user is the same in all its turns. */
function promptOf(system: string, ...messages: readonly string[]): PromptPrefix {
  const reader = new PrefixReader()
  reader.add(system)
  for (const message of messages) {
    reader.add(message)
    reader.endRoot()
  }
  return reader.end()
}

const idle = () => PEERS.map(peer => peerChanged(peer))

interface Ask {
  readonly prefix?: PromptPrefix
  readonly seed?: number
  readonly options?: Partial<SchedulerOptions>
  readonly events?: ReturnType<typeof idle>
}

function choose({ prefix, seed = 1, options = {}, events = idle() }: Ask) {
  const scheduler = schedulerOf({ events, options, seed })
  const peer = dispatched(scheduler.step(arrived('r', { prefix, inputTokens: 1_500 }), 0))
  return { peer, scheduler, record: scheduler.decision('r') }
}

describe('a beginning that many share', () => {
  for (const strategy of ['mesh', 'sticky'] as const) {
    test(`goes to one peer, whichever ingress takes it (${strategy})`, () => {
      const homes = Array.from(
        { length: 20 },
        (_, seed) =>
          choose({ prefix: promptOf(SYSTEM, `question ${seed}`), seed, options: { strategy } })
            .peer,
      )
      assert.equal(new Set(homes).size, 1)
    })
  }

  test('goes elsewhere for another beginning', () => {
    const homes = Array.from(
      { length: 40 },
      (_, index) =>
        choose({ prefix: promptOf(`You are number ${index}. ${SYSTEM}`, 'hello') }).peer,
    )
    assert.isAtLeast(new Set(homes).size, 8)
  })

  test('too short to be worth a search is not looked for', () => {
    const homes = Array.from(
      { length: 40 },
      (_, seed) => choose({ prefix: promptOf('You are brief.', 'hello'), seed }).peer,
    )
    assert.isAtLeast(new Set(homes).size, 8)
  })
})

describe('the home of a beginning', () => {
  const prefix = promptOf(SYSTEM, 'hello')
  const home = choose({ prefix }).peer
  const withHome = (change: Parameters<typeof peerLoad>[0]) =>
    idle().map(event =>
      'peer' in event && event.peer === home
        ? peerChanged(home, { load: peerLoad(change) })
        : event,
    )

  test('is passed over while it reads more than stickyPrefillTokensMax', () => {
    for (const strategy of ['mesh', 'sticky'] as const) {
      const at = (prefillTokensLeft: number) => {
        const events = withHome({ prefillTokensLeft })
        return choose({ prefix, events, options: { strategy, stickyPatience: 1_000 } }).peer
      }
      assert.equal(at(32_768), home, strategy)
      assert.notEqual(at(32_769), home, strategy)
    }
  })

  test('is passed over by mesh if it is later than the best by more than its patience', () => {
    // The best reads the prompt in 1.5 s; at 100 tokens a second, one place, all of it is waited for.
    const at = (decodeTokensLeft: number) =>
      choose({ prefix, events: withHome({ decodeTokensLeft }), options: { stickyPatience: 8 } })
        .peer
    assert.equal(at(1_190), home)
    assert.notEqual(at(1_210), home)
  })

  test('is waited for the longer, the longer the prompt is to read', () => {
    const events = withHome({ decodeTokensLeft: 300 })
    const at = (inputTokens: number) => {
      const scheduler = schedulerOf({ events, seed: 1 })
      return dispatched(scheduler.step(arrived('r', { prefix, inputTokens }), 0))
    }
    assert.notEqual(at(300), home)
    assert.equal(at(600), home)
  })

  test('gives way to the second, and not to just anybody', () => {
    const events = withHome({ decodeTokensLeft: 9_000 })
    const seconds = Array.from({ length: 10 }, (_, seed) => choose({ prefix, events, seed }).peer)
    assert.equal(new Set(seconds).size, 1)
    assert.notEqual(seconds[0], home)
  })

  test('is kept by sticky, however slow it is', () => {
    const events = withHome({ decodeTokensLeft: 9_000 })
    assert.equal(choose({ prefix, events, options: { strategy: 'sticky' } }).peer, home)
  })

  test('never is a peer that must load the model first', () => {
    const events = [
      ...idle(),
      peerChanged(home, { load: peerLoad({ unready: { state: 'sleeping', readyInMs: 1 } }) }),
    ]
    assert.notEqual(choose({ prefix, events, options: { strategy: 'sticky' } }).peer, home)
  })

  test('never is a peer that may not serve', () => {
    const events = [...idle(), peerChanged(home, { status: 'suspect' })]
    const second = choose({ prefix, events }).peer
    assert.notEqual(second, home)
    for (let seed = 0; seed < 10; seed++)
      assert.equal(choose({ prefix, events, seed }).peer, second)
  })
})

describe('what a peer has in its cache', () => {
  const prefix = promptOf(SYSTEM, 'hello')
  const cached = (peer: string, hotPrefixes: readonly number[]) =>
    [...idle(), peerChanged(peer, { load: peerLoad({ hotPrefixes }) })] as const

  test('is not read again: it is missing from the service time, and the record says so', () => {
    const ratio = cachedRatio(prefix, prefix.marks)
    assert.isAbove(ratio, 0.6)
    const { peer: cold } = choose({ prefix })
    const warm = choose({ prefix, events: [...cached(cold, prefix.marks)] }).record
    const terms = warm?.candidates.find(each => each.peer === cold)?.terms
    assert.closeTo(terms?.cachedTokens ?? 0, 1_500 * ratio, 1e-9)
    assert.closeTo(terms?.serviceMs ?? 0, 1_500 * (1 - ratio) + 500, 1e-9)
  })

  test('is worth as much as the longest mark it has', () => {
    const { marks, characterCount } = prefix
    assert.equal(cachedRatio(prefix, []), 0)
    assert.equal(cachedRatio(prefix, undefined), 0)
    assert.equal(cachedRatio(undefined, marks), 0)
    assert.equal(
      cachedRatio(prefix, [marks[2] as number, 5, marks[0] as number]),
      768 / characterCount,
    )
  })

  test('brings the next turn of a conversation back to the peer that spilled over served it', () => {
    const first = promptOf(SYSTEM, 'good morning')
    const next = promptOf(SYSTEM, 'good morning', 'answer '.repeat(400), 'and now?')
    // The shared home is saturated, so the conversation goes to its own.
    const shared = choose({ prefix: first }).peer
    const full = peerChanged(shared, { load: peerLoad({ prefillTokensLeft: 20_000 }) })
    const { peer: own } = choose({ prefix: first, events: [...idle(), full] })
    assert.notEqual(own, shared)
    // The shared home is free again and has the system prompt; the other has the first turn too.
    const sharedHot = peerChanged(shared, {
      load: peerLoad({ hotPrefixes: first.marks.slice(0, 4) }),
    })
    const ownHot = peerChanged(own, { load: peerLoad({ hotPrefixes: first.marks }) })
    for (let seed = 0; seed < 10; seed++) {
      const events = [...idle(), sharedHot, ownHot]
      for (const strategy of ['mesh', 'sticky'] as const) {
        assert.equal(choose({ prefix: next, events, seed, options: { strategy } }).peer, own)
      }
    }
  })

  test('counts for the work that we have sent there', () => {
    const { peer, scheduler } = choose({ prefix })
    const hot = peerChanged(peer, { load: peerLoad({ hotPrefixes: prefix.marks }), loadAtMs: 1 })
    scheduler.step({ type: 'request-ended', id: 'r', outcome: 'answered' }, 1)
    scheduler.step(hot, 1)
    for (const id of ['r1', 'r2']) {
      assert.equal(dispatched(scheduler.step(arrived(id, { prefix, inputTokens: 1_500 }), 1)), peer)
    }
    const terms = scheduler.decision('r2')?.candidates[0]?.terms
    // One answer of 50 tokens, and what of one prompt is not cached.
    const uncachedMs = 1_500 * (1 - cachedRatio(prefix, prefix.marks))
    assert.closeTo(terms?.workLeftMs ?? 0, 500 + uncachedMs, 1e-9)
  })
})

test('a cache miss does not make a busy peer look free: load counts as before', () => {
  const prefix = promptOf(SYSTEM, 'hello')
  const { peer: home } = choose({ prefix })
  const busy = peerChanged(home, {
    load: peerLoad({ hotPrefixes: prefix.marks, decodeTokensLeft: 2_000 }),
  })
  assert.notEqual(choose({ prefix, events: [...idle(), busy] }).peer, home)
})
