/**
 * The requests of a run depend on the scenario and the seed, each kind of draw by itself.
 */
import { assert, describe, test } from 'vitest'
import { type WorkloadScenario, workload } from '../../../sim/scenario/workload.ts'
import { meanRequestsOf } from '../../../sim/workload/mean-request.ts'
import type { SimRequest } from '../../../sim/workload/request.ts'
import { createWorkload, type WorkloadInit } from '../../../sim/workload/workload.ts'

function scenarioOf(changes: object = {}): WorkloadScenario {
  return workload.parse({
    arrivals: { type: 'poisson', requestsPerSecond: 200 },
    classes: [{ kind: 'llm', model: 'm', share: 1 }],
    ...changes,
  })
}

function requestsOf(scenario: WorkloadScenario, init: Partial<WorkloadInit> = {}): SimRequest[] {
  const source = createWorkload({
    ...{ scenario, durationMs: 20_000, seed: 1, ingressCount: 4, requestsPerSecond: 200 },
    ...init,
  })
  const requests: SimRequest[] = []
  for (let next = source.next(); next !== undefined; next = source.next()) requests.push(next)
  return requests
}

const CONVERSATIONS = {
  sessions: {
    turns: { type: 'exponential', mean: 3 },
    thinkMs: { type: 'exponential', mean: 2_000 },
    sharedPrefixCount: 5,
    sharedPrefixTokens: { type: 'uniform', min: 300, max: 3_000 },
  },
}

describe.each([
  ['without conversations', {}],
  ['with conversations', CONVERSATIONS],
])('a workload %s', (_, changes) => {
  test('is the same again, and another with another seed', () => {
    const scenario = scenarioOf(changes)
    assert.deepEqual(requestsOf(scenario), requestsOf(scenario))
    assert.notDeepEqual(requestsOf(scenario), requestsOf(scenario, { seed: 2 }))
  })

  test('comes in order, numbered, within its time, and ends for good', () => {
    const scenario = scenarioOf(changes)
    const requests = requestsOf(scenario)
    for (const [index, { atMs, index: number }] of requests.entries()) {
      assert.equal(number, index)
      assert.isTrue(atMs >= (requests[index - 1]?.atMs ?? 0) && atMs < 20_000)
    }
    const init = { scenario, durationMs: 5, seed: 1, ingressCount: 1, requestsPerSecond: 1 }
    const source = createWorkload(init)
    for (let left = 1_000; left > 0 && source.next() !== undefined; left -= 1);
    assert.isUndefined(source.next())
  })

  test('has the rate that is asked for, at its beginning too', () => {
    const requests = requestsOf(scenarioOf(changes), { durationMs: 400_000 })
    const early = requests.filter(({ atMs }) => atMs < 40_000)
    assert.closeTo(requests.length / 400, 200, 4)
    assert.closeTo(early.length / 40, 200, 8)
  })

  test('is the same at other ingresses, of other tenants and of other urgency', () => {
    const plain = requestsOf(scenarioOf(changes))
    const scenario = scenarioOf({
      ...changes,
      tenants: { count: 10, zipfExponent: 1 },
      priorities: { low: 1, high: 1 },
      beginWithinMs: 500,
    })
    const other = requestsOf(scenario, { ingressCount: 9 })
    const sameFor = ({ atMs, inputTokens, outputTokens, blocks, prefix }: SimRequest) => [
      ...[atMs, inputTokens, outputTokens, blocks, prefix],
    ]
    assert.deepEqual(other.map(sameFor), plain.map(sameFor))
    assert.equal(new Set(other.map(({ ingress }) => ingress)).size, 9)
    assert.equal(new Set(other.map(({ tenant }) => tenant)).size, 10)
    assert.deepEqual(new Set(other.map(({ priority }) => priority)), new Set(['low', 'high']))
    assert.isTrue(other.every(({ beginWithinMs }) => beginWithinMs === 500))
  })

  test('has the means that are said of it', () => {
    const scenario = scenarioOf(changes)
    const requests = requestsOf(scenario, { durationMs: 1_000_000 })
    const [mean] = meanRequestsOf(scenario)
    const sum = (of: (request: SimRequest) => number) =>
      requests.reduce((total, request) => total + of(request), 0)
    assert.closeTo(
      sum(each => each.inputTokens) / requests.length / (mean?.inputTokens ?? 0),
      1,
      0.03,
    )
    assert.closeTo(
      sum(each => each.outputTokens) / requests.length / (mean?.outputTokens ?? 0),
      1,
      0.02,
    )
    const context = sum(each => each.outputTokens * (each.inputTokens + each.outputTokens / 2))
    assert.closeTo(context / sum(each => each.outputTokens) / (mean?.contextTokens ?? 0), 1, 0.03)
  })
})

test('requests have the same sizes at another rate', () => {
  const sizes = (requestsPerSecond: number) =>
    requestsOf(scenarioOf(), { durationMs: 2e6 / requestsPerSecond, requestsPerSecond }).map(
      ({ inputTokens, outputTokens }) => [inputTokens, outputTokens],
    )
  assert.deepEqual(sizes(1_000).slice(0, 1_900), sizes(100).slice(0, 1_900))
})

function byConversation(requests: readonly SimRequest[]): ReadonlyMap<number, SimRequest[]> {
  const conversations = new Map<number, SimRequest[]>()
  for (const request of requests) {
    const root = request.prefix?.root ?? 0
    conversations.set(root, [...(conversations.get(root) ?? []), request])
  }
  return conversations
}

describe('conversations', () => {
  test('are the same ones at another rate', () => {
    const scenario = scenarioOf(CONVERSATIONS)
    const slow = byConversation(
      requestsOf(scenario, { durationMs: 300_000, requestsPerSecond: 100 }),
    )
    const fast = byConversation(requestsOf(scenario, { requestsPerSecond: 1_000 }))
    let sameCount = 0
    for (const [root, turns] of fast) {
      const others = new Map((slow.get(root) ?? []).map(each => [each.inputTokens, each]))
      for (const { inputTokens, outputTokens } of turns) {
        const other = others.get(inputTokens)
        if (other === undefined) continue
        assert.equal(other.outputTokens, outputTokens)
        sameCount += 1
      }
    }
    assert.isAbove(sameCount, 1_000)
  })

  test('each turn has all that was said before it at its beginning', () => {
    const byRoot = byConversation(requestsOf(scenarioOf(CONVERSATIONS)))
    let turnCount = 0
    for (const turns of byRoot.values()) {
      for (const [index, turn] of turns.entries()) {
        const before = turns[index - 1]
        if (before === undefined) continue
        turnCount += 1
        assert.isAbove(turn.inputTokens, before.inputTokens + before.outputTokens)
        const full = Math.floor(before.inputTokens / 512)
        assert.deepEqual(turn.blocks.slice(0, full), before.blocks.slice(0, full))
      }
    }
    assert.isAbove(turnCount, 500)
  })

  test('end before they outgrow their bound', () => {
    const sessions = { ...CONVERSATIONS.sessions, contextTokensMax: 6_000 }
    const scenario = scenarioOf({
      sessions: { ...sessions, turns: { type: 'constant', value: 50 } },
    })
    const byRoot = byConversation(requestsOf(scenario))
    for (const [, ...later] of byRoot.values()) {
      for (const turn of later) assert.isAtMost(turn.inputTokens + turn.outputTokens, 6_000)
    }
  })

  test('are of language models only, and classes keep their shares of requests', () => {
    const scenario = scenarioOf({
      ...CONVERSATIONS,
      classes: [
        { kind: 'llm', model: 'm', share: 0.7 },
        { kind: 'vision', model: 'v', share: 0.3, units: { type: 'constant', value: 2 } },
      ],
    })
    const requests = requestsOf(scenario, { durationMs: 200_000 })
    const images = requests.filter(({ kind }) => kind === 'vision')
    assert.closeTo(images.length / requests.length, 0.3, 0.02)
    for (const { blocks, prefix, units, inputTokens } of images) {
      assert.deepEqual([blocks, prefix, units, inputTokens], [[], undefined, 2, 0])
    }
  })
})

test('answers are never longer than clients allow', () => {
  const classes = [{ kind: 'llm', model: 'm', share: 1, outputTokensMax: 50 }]
  const requests = requestsOf(scenarioOf({ classes }))
  assert.isTrue(requests.every(({ outputTokens }) => outputTokens >= 1 && outputTokens <= 50))
  assert.isTrue(requests.every(({ outputTokensMax }) => outputTokensMax === 50))
})
