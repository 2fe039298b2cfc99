/**
 * What holds for every sequence of events.
 *
 * Goal: nobody who must not serve is ever chosen, no request is lost or answered twice, equal
 * seeds decide equally, and a record explains its choice. Method: a random history of news and
 * requests is played to a scheduler, and each of its effects is checked against a second, simple
 * account of who is eligible.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { DecisionRecord } from '../../src/scheduler/decision.ts'
import { type SchedulerOptions, STRATEGIES } from '../../src/scheduler/options.ts'
import type { SchedulerEffect, SchedulerEvent } from '../../src/scheduler/scheduler.ts'
import {
  arrived,
  dispatched,
  failed,
  gpu,
  modelFacts,
  peerChanged,
  peerFacts,
  peerLoad,
  schedulerOf,
} from './scene.ts'

/** As the options have it. */
const STATE_MAX_AGE_MS = 60_000

const PEERS = ['self', 'a', 'b', 'c', 'd', 'e', 'f'] as const

const peer = fc.constantFrom(...PEERS)
const status = fc.constantFrom('alive', 'alive', 'alive', 'suspect', 'dead', 'left')

const load = fc
  .record({
    queuedCount: fc.nat(5),
    runningCount: fc.nat(3),
    decodeTokensLeft: fc.nat(5_000),
    kvUsedRatio: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    isFaulty: fc.boolean(),
    isDraining: fc.boolean(),
  })
  .map(({ isFaulty, isDraining, ...model }) => ({
    ...peerLoad(model, isFaulty ? [gpu({ isFaulty })] : []),
    isDraining,
  }))

/** What happens; `index` names one of the requests so far. */
const happening = fc.oneof(
  fc.record({ type: fc.constant('news' as const), peer, status, load, hasModel: fc.boolean() }),
  fc.record({
    type: fc.constant('news' as const),
    peer,
    status,
    load,
    hasModel: fc.constant(true),
  }),
  fc.record({ type: fc.constant('forgotten' as const), peer }),
  fc.record({ type: fc.constant('report' as const), peer, load }),
  fc.record({ type: fc.constant('request' as const), inputTokens: fc.nat(3_000) }),
  fc.record({ type: fc.constant('request' as const), inputTokens: fc.nat(100) }),
  fc.record({ type: fc.constant('fail' as const), index: fc.nat(60), isRetryable: fc.boolean() }),
  fc.record({ type: fc.constant('answer' as const), index: fc.nat(60) }),
  fc.record({ type: fc.constant('end' as const), index: fc.nat(60), outputTokens: fc.nat(900) }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.nat(40_000) }),
)

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

const history = fc.array(happening, { maxLength: 80 })
const seed = fc.nat()

interface Step {
  readonly event: SchedulerEvent
  readonly effects: readonly SchedulerEffect[]
  readonly atMs: number
}

/** Plays a history and returns each step, with the scheduler as it is at the end. */
function play(happenings: readonly Happening[], options: Partial<SchedulerOptions>, by: number) {
  const scheduler = schedulerOf({ options, seed: by })
  const steps: Step[] = []
  /** Request → the peer it was last sent to. */
  const sentTo = new Map<string, string>()
  let nowMs = 0
  let requestCount = 0
  for (const [index, one] of happenings.entries()) {
    if (one.type === 'wait') {
      nowMs += one.ms
      continue
    }
    if (one.type === 'request') requestCount += 1
    const event = eventOf(one, { id: `r${index}`, ids: [...sentTo.keys()], sentTo, nowMs })
    if (event === undefined) continue
    const effects = scheduler.step(event, nowMs)
    steps.push({ event, effects, atMs: nowMs })
    for (const effect of effects) {
      if (effect.type === 'dispatch') sentTo.set(effect.id, effect.peer)
    }
    assert.isAtMost(scheduler.reservedCount, scheduler.openCount)
    assert.isAtMost(scheduler.openCount, options.requestsMax ?? Number.POSITIVE_INFINITY)
  }
  return { scheduler, steps, requestCount }
}

interface Context {
  readonly id: string
  readonly ids: readonly string[]
  readonly sentTo: ReadonlyMap<string, string>
  readonly nowMs: number
}

function eventOf(
  one: Exclude<Happening, { type: 'wait' }>,
  { id, ids, sentTo, nowMs }: Context,
): SchedulerEvent | undefined {
  switch (one.type) {
    case 'news': {
      const models = one.hasModel ? [modelFacts({ parallelMax: 2 })] : []
      const { status: now, load: next } = one
      return peerChanged(one.peer, {
        status: now as 'alive',
        load: next,
        facts: peerFacts(...models),
        loadAtMs: nowMs,
        rttMs: 3,
      })
    }
    case 'forgotten':
      return { type: 'peer-forgotten', peer: one.peer }
    case 'report':
      return { type: 'load-reported', peer: one.peer, load: one.load }
    case 'request':
      return arrived(id, { inputTokens: one.inputTokens, outputTokensMax: undefined })
  }
  const target = ids[one.index % Math.max(1, ids.length)]
  if (target === undefined) return undefined
  const at = sentTo.get(target) as string
  if (one.type === 'fail') return failed(target, at, { isRetryable: one.isRetryable })
  if (one.type === 'answer') return { type: 'attempt-answered', id: target, peer: at }
  return { type: 'request-ended', id: target, outcome: 'answered', outputTokens: one.outputTokens }
}

/** A second account of what each peer last said, kept in the plainest way. */
class Account {
  readonly said = new Map<string, { change: Extract<SchedulerEvent, { type: 'peer-changed' }> }>()

  hear({ event, atMs }: Step): void {
    if (event.type === 'peer-changed') this.said.set(event.peer, { change: event })
    if (event.type === 'peer-forgotten') this.said.delete(event.peer)
    const known = event.type === 'load-reported' ? this.said.get(event.peer) : undefined
    if (known !== undefined && event.type === 'load-reported') {
      const change = { ...known.change, load: event.load, loadAtMs: atMs }
      this.said.set(event.peer, { change })
    }
  }

  /** The exclusions that need no arithmetic. */
  mayServe(name: string, atMs: number): boolean {
    const change = this.said.get(name)?.change
    if (change === undefined || change.status !== 'alive') return false
    const isFresh = name === 'self' || atMs - (change.loadAtMs ?? 0) <= STATE_MAX_AGE_MS
    const isSound = change.load?.gpus.every(({ isFaulty }) => !isFaulty) ?? false
    const hasModel = (change.facts?.models.length ?? 0) > 0
    return isFresh && isSound && hasModel && !change.load?.isDraining
  }
}

describe('in every history', () => {
  const strategy = fc.constantFrom(...STRATEGIES)
  /** Whether everybody is looked at, or those that are drawn. */
  const surveyedMax = fc.constantFrom(0, 64)

  test('whoever is chosen may serve and was not tried before', () => {
    fc.assert(
      fc.property(history, seed, strategy, surveyedMax, (happenings, by, name, max) => {
        checkChosen(play(happenings, { strategy: name, surveyedMax: max }, by).steps)
      }),
      { numRuns: 300 },
    )
  })

  test('a request is refused only if nobody who may serve it has room', () => {
    fc.assert(
      fc.property(history, seed, strategy, surveyedMax, (happenings, by, name, max) => {
        checkRefused(play(happenings, { strategy: name, surveyedMax: max }, by).steps)
      }),
      { numRuns: 300 },
    )
  })

  test('every request is dispatched or refused once, and a failure is too', () => {
    fc.assert(
      fc.property(history, seed, strategy, surveyedMax, (happenings, by, name, max) => {
        // The account below knows nothing of who rests after failures.
        const rest = { breakerFailuresMax: 1_000 }
        const options = { strategy: name, requestsMax: 5, surveyedMax: max, ...rest }
        const { scheduler, steps, requestCount } = play(happenings, options, by)
        const open = new Set<string>()
        for (const step of steps) checkOwed(step, open)
        const arrivals = steps.filter(({ event }) => event.type === 'request-arrived')
        assert.equal(arrivals.length, requestCount)
        assert.equal(scheduler.openCount, open.size)
      }),
      { numRuns: 300 },
    )
  })

  test('equal seeds choose equally', () => {
    fc.assert(
      fc.property(history, seed, strategy, surveyedMax, (happenings, by, name, max) => {
        const once = play(happenings, { strategy: name, surveyedMax: max }, by)
        const again = play(happenings, { strategy: name, surveyedMax: max }, by)
        assert.deepEqual(once.steps, again.steps)
        assert.deepEqual(once.scheduler.recent(99), again.scheduler.recent(99))
      }),
    )
  })

  test('a record has the chosen among those with the lowest score', () => {
    fc.assert(
      fc.property(history, seed, surveyedMax, (happenings, by, max) => {
        const { scheduler } = play(happenings, { surveyedMax: max }, by)
        for (const record of scheduler.recent(99)) checkReplay(record)
      }),
      { numRuns: 300 },
    )
  })
})

function checkChosen(steps: readonly Step[]): void {
  const account = new Account()
  const tried = new Map<string, string[]>()
  for (const step of steps) {
    account.hear(step)
    for (const effect of step.effects) {
      if (effect.type !== 'dispatch') continue
      assert.ok(account.mayServe(effect.peer, step.atMs), `${effect.peer} may serve`)
      const before = tried.get(effect.id) ?? []
      assert.notInclude(before, effect.peer)
      tried.set(effect.id, [...before, effect.peer])
    }
  }
  for (const peers of tried.values()) assert.isAtMost(peers.length, 3)
}

function checkRefused(steps: readonly Step[]): void {
  const account = new Account()
  for (const step of steps) {
    account.hear(step)
    if (step.event.type !== 'request-arrived') continue
    const isOutOfReach = PEERS.every(name => !account.mayServe(name, step.atMs))
    const [effect] = step.effects
    if (isOutOfReach) assert.equal(effect?.type, 'refuse')
    if (effect?.type !== 'refuse') continue
    assert.ok(isOutOfReach || effect.code === 'ERR_OVERLOADED', effect.message)
  }
}

/** @param open Dispatched and not ended before this step; kept up to date. */
function checkOwed({ event, effects }: Step, open: Set<string>): void {
  const id = idOf(event)
  const isFailure = event.type === 'attempt-failed' && open.has(event.id)
  const verdicts = effects.filter(({ type }) => type === 'dispatch' || type === 'refuse')
  assert.equal(verdicts.length, event.type === 'request-arrived' || isFailure ? 1 : 0, event.type)
  for (const effect of effects) {
    if (effect.type === 'circuit-changed') continue
    assert.equal(effect.id, id)
    if (effect.type === 'dispatch') open.add(effect.id)
    else open.delete(effect.id)
  }
  if (event.type === 'request-ended') open.delete(event.id)
}

function idOf(event: SchedulerEvent): string | undefined {
  if (event.type === 'request-arrived') return event.request.id
  return 'id' in event ? event.id : undefined
}

/** Chooses again from what the record says, terms included. */
function checkReplay({ chosen, candidates }: DecisionRecord): void {
  const scored = candidates.flatMap(({ peer: name, terms }) => (terms ? [{ name, terms }] : []))
  for (const { terms } of scored) {
    const { workLeftMs, waitMs, serviceMs, netMs, coldMs, etaMs, headroomRatio } = terms
    assert.closeTo(etaMs, waitMs + serviceMs + netMs + coldMs, 1e-6)
    assert.isAtMost(waitMs, workLeftMs)
    assert.isAtLeast(terms.score, etaMs)
    assert.ok(headroomRatio >= 0 && headroomRatio <= 1)
  }
  const lowest = Math.min(...scored.map(({ terms }) => terms.score))
  const best = scored.filter(({ terms }) => terms.score === lowest).map(({ name }) => name)
  if (chosen === undefined) assert.deepEqual(scored, [])
  else assert.include(best, chosen)
}

describe('simultaneous requests', () => {
  const idle = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`)
  const picksOf = (peers: readonly string[], requestCount: number, by: number) => {
    const scheduler = schedulerOf({ events: peers.map(name => peerChanged(name)), seed: by })
    const counts = new Map(peers.map(name => [name, 0]))
    for (let index = 0; index < requestCount; index++) {
      const name = dispatched(scheduler.step(arrived(`r${index}`), 0))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return [...counts.values()]
  }

  test('spread evenly over equal idle peers that all fit the sample', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.nat(60), seed, (count, requests, by) => {
        const counts = picksOf(idle(count), requests, by)
        assert.isAtMost(Math.max(...counts) - Math.min(...counts), 1)
      }),
    )
  })

  test('spread nearly evenly over more peers than the sample', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 40 }), seed, (count, by) => {
        const counts = picksOf(idle(count), count * 10, by)
        // Sampling two already keeps the longest within log log n of the mean of 10.
        assert.isAtMost(Math.max(...counts), 13)
      }),
    )
  })
})
