/**
 * What the mesh has agreed on about where requests run, as the scheduler obeys it.
 */
import { assert, describe, test } from 'vitest'
import type { SchedulerEvent } from '../../src/scheduler/events.ts'
import { NO_POLICY, type SchedulingPolicy } from '../../src/scheduler/policy.ts'
import {
  arrived,
  dispatched,
  modelFacts,
  peerChanged,
  peerFacts,
  peerLoad,
  schedulerOf,
} from './scene.ts'

const AT_MS = 1

function scheduled(policy: Partial<SchedulingPolicy>, labels: Record<string, object> = {}) {
  const scheduler = schedulerOf({})
  for (const peer of ['a', 'b', 'c']) {
    const facts = { ...peerFacts(modelFacts()), labels: (labels[peer] ?? {}) as never }
    scheduler.step(peerChanged(peer, { facts }), 0)
  }
  scheduler.step({ type: 'policy-changed', policy: { ...NO_POLICY, ...policy } }, 0)
  return scheduler
}

/** Who is chosen of many requests, or the error. */
function chosen(scheduler: ReturnType<typeof schedulerOf>): readonly string[] {
  const peers = new Set<string>()
  for (let left = 60; left > 0; left -= 1) {
    const [effect] = scheduler.step(arrived(`r${left}`), AT_MS)
    assert.isDefined(effect)
    peers.add(effect.type === 'refuse' ? effect.code : effect.peer)
    scheduler.step({ type: 'request-ended', id: `r${left}`, outcome: 'cancelled' }, AT_MS)
  }
  return [...peers].toSorted()
}

const routing = (rule: object) => ({
  strategy: 'mesh',
  placementPolicy: 'local-first',
  attemptsMax: null,
  ...rule,
})

const pin = (peers: readonly string[], labels = {}) =>
  new Map([['llama', { peers: new Set(peers), labels }]])

describe('the scheduler', () => {
  test('sends to every peer while nothing is agreed on', () => {
    assert.deepEqual(chosen(scheduled({})), ['a', 'b', 'c'])
  })

  test('sends nothing to a drained peer', () => {
    assert.deepEqual(chosen(scheduled({ drained: new Set(['b']) })), ['a', 'c'])
    const all = scheduled({ drained: new Set(['a', 'b', 'c']) })
    assert.deepEqual(chosen(all), ['ERR_NO_CAPACITY'])
    const candidates = all.decision('r1')?.candidates.map(({ exclusion }) => exclusion)
    assert.deepEqual(candidates, ['draining', 'draining', 'draining'])
  })

  test('sends a pinned model’s requests to those it is pinned to', () => {
    assert.deepEqual(chosen(scheduled({ placements: pin(['a', 'c']) })), ['a', 'c'])
    const nowhere = scheduled({ placements: pin(['x']) })
    assert.deepEqual(chosen(nowhere), ['ERR_NO_CAPACITY'])
    assert.equal(nowhere.decision('r1')?.candidates[0]?.exclusion, 'not-placed')
  })

  test('goes by labels, those of the mesh before those a peer gives itself', () => {
    const labels = { a: { gpu: 'h200' }, b: { gpu: 'h200' }, c: { gpu: 'none' } }
    const placements = pin([], { gpu: 'h200' })
    assert.deepEqual(chosen(scheduled({ placements }, labels)), ['a', 'b'])
    const agreed = new Map([
      ['b', { gpu: 'none' }],
      ['c', { gpu: 'h200' }],
    ])
    assert.deepEqual(chosen(scheduled({ placements, labels: agreed }, labels)), ['a', 'c'])
  })

  test('leaves models that are not pinned alone', () => {
    const placements = new Map([['other', { peers: new Set(['a']), labels: {} }]])
    assert.deepEqual(chosen(scheduled({ placements })), ['a', 'b', 'c'])
  })

  test('sends nothing to a peer of the mesh that only a cloud may serve', () => {
    const cloud = { routing: new Map([['llama', routing({ placementPolicy: 'cloud-only' })]]) }
    const scheduler = scheduled(cloud)
    assert.deepEqual(chosen(scheduler), ['ERR_NO_CAPACITY'])
    assert.equal(scheduler.decision('r1')?.candidates[0]?.exclusion, 'policy-forbids')
  })

  test('goes by the strategy of the model, or that of all, or its own', () => {
    const of = (policy: Partial<SchedulingPolicy>) => {
      const scheduler = scheduled(policy)
      scheduler.step(arrived('r'), AT_MS)
      return scheduler.decision('r')?.strategy
    }
    const defaultRouting = routing({ strategy: 'random' })
    const own = { routing: new Map([['llama', routing({ strategy: 'round-robin' })]]) }
    assert.equal(of({}), 'mesh')
    assert.equal(of({ defaultRouting }), 'random')
    assert.equal(of({ defaultRouting, ...own }), 'round-robin')
    // One that it does not have.
    assert.equal(of({ defaultRouting: routing({ strategy: 'of-a-later-version' }) }), 'mesh')
  })

  describe('by weights of the routing policy', () => {
    const weights = { workLeft: 1, service: 1, network: 1, cold: 1, cost: 0 }

    function first(rule: object, events: readonly SchedulerEvent[]): string {
      const scheduler = schedulerOf({ events })
      const policy = { ...NO_POLICY, defaultRouting: routing(rule) }
      scheduler.step({ type: 'policy-changed', policy }, 0)
      return dispatched(scheduler.step(arrived('r'), AT_MS))
    }

    test('counts each term as much as it says', () => {
      const near = peerChanged('near', { rttMs: 5, load: peerLoad({ decodeTokensPerSecond: 80 }) })
      const fast = peerChanged('fast', {
        rttMs: 100,
        load: peerLoad({ decodeTokensPerSecond: 100 }),
      })
      assert.equal(first({ weights }, [near, fast]), 'fast')
      assert.equal(first({ weights: { ...weights, network: 3 } }, [near, fast]), 'near')
    })

    test('counts a cent as a second, times the weight of cost', () => {
      const priced = (outputPerMillion: number) =>
        peerFacts(modelFacts({ price: { inputPerMillion: 0, outputPerMillion } }))
      // 50 tokens of answer: 0.4 cents and 0.1, at 200 ms more of network.
      const dear = peerChanged('dear', { facts: priced(80) })
      const cheap = peerChanged('cheap', { facts: priced(20), rttMs: 200 })
      assert.equal(first({ weights }, [dear, cheap]), 'dear')
      assert.equal(first({ weights: { ...weights, cost: 1 } }, [dear, cheap]), 'cheap')
    })

    test('gives peers with certain labels more, less or nothing', () => {
      const labelled = (name: string, gpu: string) =>
        peerChanged(name, { facts: { ...peerFacts(modelFacts()), labels: { gpu } } })
      const both = [labelled('a', 'old'), labelled('b', 'new')]
      const of = (weight: number) => {
        const rule = {
          peerWeights: [
            { labels: { gpu: 'old' }, weight },
            { labels: {}, weight: 1 },
          ],
        }
        return first(rule, both)
      }
      assert.equal(of(0.5), 'b')
      assert.equal(of(2), 'a')
      assert.equal(of(0), 'b')
    })

    test('excludes whoever is to get none, and says so', () => {
      const scheduler = scheduled({
        defaultRouting: routing({ peerWeights: [{ labels: {}, weight: 0 }] }),
      })
      assert.deepEqual(chosen(scheduler), ['ERR_NO_CAPACITY'])
      assert.equal(scheduler.decision('r1')?.candidates[0]?.exclusion, 'policy-forbids')
    })
  })

  test('tries as many peers as the policy says', () => {
    const once = scheduled({ defaultRouting: routing({ attemptsMax: 1 }) })
    const [effect] = once.step(arrived('r'), AT_MS)
    assert.equal(effect?.type, 'dispatch')
    const peer = effect?.type === 'dispatch' ? effect.peer : ''
    const failed = { type: 'attempt-failed', id: 'r', peer, isRetryable: true } as const
    const [end] = once.step({ ...failed, errorCode: 'ERR_ENGINE' }, AT_MS)
    assert.equal(end?.type, 'refuse')
  })

  test('obeys what is new at once, also for a request that is tried again', () => {
    const scheduler = scheduled({})
    const [effect] = scheduler.step(arrived('r'), AT_MS)
    const peer = effect?.type === 'dispatch' ? effect.peer : ''
    const others = ['a', 'b', 'c'].filter(each => each !== peer)
    const policy = { ...NO_POLICY, drained: new Set(others) }
    scheduler.step({ type: 'policy-changed', policy }, AT_MS)
    const failed = { type: 'attempt-failed', id: 'r', peer, isRetryable: true } as const
    const [end] = scheduler.step({ ...failed, errorCode: 'ERR_ENGINE' }, AT_MS)
    assert.equal(end?.type, 'refuse')
  })
})
