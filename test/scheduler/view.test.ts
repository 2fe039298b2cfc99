/**
 * What the view keeps of the news, and that nothing a peer says can break arithmetic.
 */
import { assert, describe, test } from 'vitest'
import { View } from '../../src/scheduler/view.ts'
import { gpu, MODEL, modelFacts, peerFacts, peerLoad } from './scene.ts'

const facts = peerFacts(modelFacts())

describe('a change', () => {
  test('leaves what it does not name', () => {
    const view = new View(10)
    view.change({ peer: 'p', status: 'alive', facts, load: peerLoad(), loadAtMs: 5, rttMs: 3 })
    view.change({ peer: 'p', status: 'suspect' })

    const entry = view.get('p')
    assert.equal(entry?.status, 'suspect')
    assert.deepEqual(entry?.facts, facts)
    assert.equal(entry?.loadAtMs, 5)
    assert.equal(entry?.rttMs, 3)
  })

  test('with a load received earlier does not replace a later one', () => {
    const view = new View(10)
    const fresh = peerLoad({ queuedCount: 7 })
    view.change({ peer: 'p', status: 'alive', facts, load: fresh, loadAtMs: 20 })

    assert.isUndefined(view.change({ peer: 'p', load: peerLoad({ queuedCount: 1 }), loadAtMs: 10 }))
    assert.equal(view.get('p')?.models.get(MODEL)?.load.queuedCount, 7)
    assert.equal(view.get('p')?.loadAtMs, 20)
  })
})

describe('a confirmation', () => {
  const told = { peer: 'p', status: 'alive', facts, load: peerLoad(), loadAtMs: 5 } as const

  test('says when the load was certain last, and leaves when it was told', () => {
    const view = new View(10)
    view.change({ ...told, rttMs: 3 })
    view.confirm('p', { rttMs: undefined, nowMs: 80 })
    const { loadAtMs, confirmedAtMs, rttMs } = view.get('p') ?? {}
    assert.deepEqual(
      { loadAtMs, confirmedAtMs, rttMs },
      { loadAtMs: 5, confirmedAtMs: 80, rttMs: 3 },
    )
  })

  test('brings the newest round trip, made harmless', () => {
    const view = new View(10)
    view.change({ ...told, rttMs: 3 })
    view.confirm('p', { rttMs: 9, nowMs: 80 })
    assert.equal(view.get('p')?.rttMs, 9)
    view.confirm('p', { rttMs: Number.NaN, nowMs: 81 })
    assert.equal(view.get('p')?.rttMs, 0)
  })

  test('outlasts a change of something else', () => {
    const view = new View(10)
    view.change(told)
    view.confirm('p', { rttMs: undefined, nowMs: 80 })
    view.change({ peer: 'p', status: 'suspect' })
    assert.equal(view.get('p')?.confirmedAtMs, 80)
  })

  test('of all does not confirm a load that was told after it', () => {
    const view = new View(10)
    view.change({ peer: 'p', status: 'alive', facts })
    view.confirmAll(90)
    view.change(told)
    assert.equal(view.get('p')?.confirmedAtMs, Number.NEGATIVE_INFINITY)
    view.confirmAll(95)
    assert.equal(view.get('p')?.confirmedAtMs, 95)
  })

  test('of nobody known is passed over, and one of all is of all', () => {
    const view = new View(10)
    view.confirm('p', { rttMs: 1, nowMs: 80 })
    assert.isUndefined(view.get('p'))
    for (const peer of ['p', 'q']) view.change({ ...told, peer })
    view.confirmAll(90)
    assert.deepEqual(
      [...view.entries()].map(({ peer, confirmedAtMs }) => [peer, confirmedAtMs]),
      [
        ['p', 90],
        ['q', 90],
      ],
    )
  })
})

test('a peer is idle with a model that its load does not mention', () => {
  const view = new View(10)
  const load = { models: [], gpus: [], isDraining: false }
  view.change({ peer: 'p', status: 'alive', facts, load, loadAtMs: 0 })
  assert.equal(view.get('p')?.models.get(MODEL)?.load.queuedCount, 0)
})

test('numbers that make no sense count as 0', () => {
  const view = new View(10)
  const broken = {
    queuedCount: -3,
    prefillTokensLeft: Number.NaN,
    decodeTokensPerSecond: Number.POSITIVE_INFINITY,
    kvUsedRatio: Number.NaN,
  }
  const gpus = [gpu({ vramTotalBytes: 0, vramUsedBytes: Number.NaN })]
  view.change({
    peer: 'p',
    status: 'alive',
    facts,
    load: peerLoad(broken, gpus),
    loadAtMs: 0,
    rttMs: Number.NaN,
  })

  const entry = view.get('p')
  const load = entry?.models.get(MODEL)?.load
  assert.equal(load?.queuedCount, 0)
  assert.equal(load?.prefillTokensLeft, 0)
  assert.equal(load?.decodeTokensPerSecond, 0)
  assert.equal(load?.kvUsedRatio, 0)
  assert.equal(entry?.models.get(MODEL)?.vramFreeRatio, 0)
  assert.equal(entry?.rttMs, 0)
})

test('a full view ignores new peers, counts them, and still hears of those it has', () => {
  const view = new View(1)
  view.change({ peer: 'p', status: 'alive', facts })
  view.change({ peer: 'q', status: 'alive', facts })
  view.change({ peer: 'p', status: 'dead' })

  assert.equal(view.get('q'), undefined)
  assert.equal(view.ignoredCount, 1)
  assert.equal(view.get('p')?.status, 'dead')

  view.forget('p')
  view.change({ peer: 'q', status: 'alive', facts })
  assert.equal(view.get('q')?.status, 'alive')
})
