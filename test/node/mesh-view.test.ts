/**
 * The mesh as admin pages show it.
 */
import { assert, describe, test } from 'vitest'
import { NO_LOAD, type PeerFacts } from '../../src/core/peer-state.ts'
import { mergeModels, nodeViews } from '../../src/node/mesh-view.ts'
import { claimOf } from './claims.ts'
import { modelFacts } from './fake-runtime.ts'

const facts: PeerFacts = {
  version: '0.1.0',
  name: 'box',
  zone: '',
  labels: {},
  addresses: [],
  models: [],
}

const self = { peer: 'm', incarnation: 7, facts, load: NO_LOAD, gpus: [] }

function memberOf(peer: string, rttMs: number | undefined) {
  const isConnected = rttMs !== undefined
  const state = { facts, load: NO_LOAD, heardAtMs: 400, rttMs, isConnected, claim: claimOf(peer) }
  return { peer, status: 'alive', incarnation: 9, ...state } as const
}

describe('the nodes', () => {
  test('begin with us: no age, no round trip, no way to go', () => {
    assert.deepEqual(nodeViews(self, [], 1_000), [
      {
        ...self,
        isSelf: true,
        status: 'alive',
        ageMs: 0,
        rttMs: undefined,
        isConnected: true,
        path: 'self',
      },
    ])
  })

  test('are the others by id, with life, age, round trip and path of each', () => {
    const members = [memberOf('z', undefined), memberOf('a', 12)]
    const [, ...others] = nodeViews(self, members, 1_000)
    assert.deepEqual(
      others.map(view => [view.peer, view.incarnation, view.ageMs, view.rttMs, view.path]),
      [
        ['a', 9, 600, 12, 'direct'],
        ['z', 9, 600, undefined, 'none'],
      ],
    )
  })
})

describe('the models', () => {
  const nodeWith = (peer: string, state?: 'cold' | 'loading') => {
    const unready = state === undefined ? {} : { unready: { state } }
    const load = {
      ...{ model: 'a', queuedCount: 0, runningCount: 0, prefillTokensLeft: 0, decodeTokensLeft: 0 },
      ...{ prefillTokensPerSecond: 0, decodeTokensPerSecond: 0, ...unready },
    }
    const [view] = nodeViews(
      { ...self, peer, facts: { ...facts, models: [modelFacts('a')] } },
      [],
      0,
    )
    assert.isDefined(view)
    return { ...view, load: { ...NO_LOAD, models: [load] } }
  }

  test('are one for all peers that have it, with those where it cannot answer at once', () => {
    const [model] = mergeModels([nodeWith('x'), nodeWith('y', 'loading'), nodeWith('z', 'cold')])
    assert.deepEqual(model?.peers, ['x', 'y', 'z'])
    assert.deepEqual(model?.unready, [
      { peer: 'y', state: 'loading' },
      { peer: 'z', state: 'cold' },
    ])
  })

  test('say nothing of it where all is well', () => {
    assert.notProperty(mergeModels([nodeWith('x')])[0], 'unready')
  })
})
