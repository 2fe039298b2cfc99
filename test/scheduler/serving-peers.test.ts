/**
 * The index of those that serve a model: against a plain account of who does, after any news.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { Random } from '../../src/core/random.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { View } from '../../src/scheduler/view.ts'
import { gpu, MODEL, modelFacts, peerFacts, peerLoad } from './scene.ts'

const options = schedulerOptions.parse({})

const news = fc.record({
  peer: fc.nat(30).map(index => `p${index}`),
  kind: fc.constantFrom('told', 'told', 'told', 'cloud', 'dead', 'without', 'forgotten', 'broken'),
  rate: fc.nat(400),
  streams: fc.integer({ min: 1, max: 8 }),
})

type News = typeof news extends fc.Arbitrary<infer Value> ? Value : never

function take(view: View, { peer, kind, rate, streams }: News): void {
  if (kind === 'forgotten') {
    view.forget(peer)
    return
  }
  const price = { inputPerMillion: 1, outputPerMillion: 2 }
  const facts = modelFacts({ parallelMax: streams, ...(kind === 'cloud' ? { price } : {}) })
  view.change({
    peer,
    status: kind === 'dead' ? 'dead' : 'alive',
    facts: peerFacts(...(kind === 'without' ? [] : [facts])),
    load: peerLoad({ decodeTokensPerSecond: rate }, [gpu({ isFaulty: kind === 'broken' })]),
    loadAtMs: 0,
  })
}

/** Who is drawn if all are wanted. */
function allDrawn(view: View, side: 'local' | 'cloud', by: number): readonly string[] {
  const serving = view.serving(MODEL, side)
  const drawn: string[] = []
  serving.drawByCapacity(
    new Random(by),
    { wantedCount: 99, drawsMax: 99 },
    place => drawn.push(serving.at(place).entry.peer) > 0,
    serving.assumedSpeed(options),
  )
  return drawn
}

describe('whatever the news', () => {
  test('those that can serve are drawn once each, and nobody else', () => {
    fc.assert(
      fc.property(fc.array(news, { maxLength: 120 }), fc.nat(), (history, by) => {
        const view = new View(100)
        const last = new Map<string, News>()
        for (const each of history) {
          take(view, each)
          last.set(each.peer, each)
        }
        for (const [side, kind] of [
          ['local', 'told'],
          ['cloud', 'cloud'],
        ] as const) {
          const able = [...last.values()].filter(each => each.kind === kind)
          assert.deepEqual(
            allDrawn(view, side, by).toSorted(),
            able.map(({ peer }) => peer).toSorted(),
          )
          // What was drawn is put back.
          assert.deepEqual(allDrawn(view, side, by), allDrawn(view, side, by))
        }
      }),
    )
  })

  test('the assumed speed is the mean of those that measured theirs', () => {
    fc.assert(
      fc.property(fc.array(news, { maxLength: 120 }), history => {
        const view = new View(100)
        for (const each of history) take(view, each)
        const rates = [...view.entries()].flatMap(({ models }) => {
          const model = models.get(MODEL)
          const isLocal = model !== undefined && model.facts.price === undefined
          const rate = isLocal ? model.load.decodeTokensPerSecond : 0
          return rate > 0 ? [rate] : []
        })
        const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
        const assumed = view.serving(MODEL, 'local').assumedSpeed(options)
        assert.closeTo(assumed.decodeTokensPerSecond, rates.length === 0 ? 30 : mean, 1e-6)
      }),
    )
  })
})

describe('a draw', () => {
  test('takes each by its capacity, those that measured nothing as fast as the mean', () => {
    const view = new View(100)
    const told = { kind: 'told', streams: 1 } as const
    take(view, { ...told, peer: 'slow', rate: 10 })
    take(view, { ...told, peer: 'fast', rate: 30 })
    take(view, { ...told, peer: 'wide', rate: 20, streams: 4 })
    take(view, { ...told, peer: 'new', rate: 0, streams: 2 })
    const serving = view.serving(MODEL, 'local')
    const random = new Random(1)
    const counts = new Map<string, number>()
    const take1 = (place: number) => {
      const { peer } = serving.at(place).entry
      counts.set(peer, (counts.get(peer) ?? 0) + 1)
      return true
    }
    const one = { wantedCount: 1, drawsMax: 1 }
    for (let left = 16_000; left > 0; left--) {
      serving.drawByCapacity(random, one, take1, serving.assumedSpeed(options))
    }
    // 10, 30, 80 and 2 streams at the mean of 20; of 160 in all.
    const expected = { slow: 1_000, fast: 3_000, wide: 8_000, new: 4_000 }
    for (const [peer, count] of Object.entries(expected)) {
      assert.closeTo(counts.get(peer) ?? 0, count, 300, peer)
    }
  })
})

describe('a draw among engines at work', () => {
  test('takes one in which requests wait by what it runs, and by what it says once they are gone', () => {
    const view = new View(100)
    const tell = (peer: string, queuedCount: number) =>
      view.change({
        ...{ peer, status: 'alive', facts: peerFacts(modelFacts({ parallelMax: 256 })) },
        ...{ load: peerLoad({ runningCount: 2, queuedCount }), loadAtMs: 0 },
      })
    const drawnOf = () => {
      const serving = view.serving(MODEL, 'local')
      const random = new Random(1)
      let count = 0
      const take1 = (place: number) => {
        if (serving.at(place).entry.peer === 'jammed') count += 1
        return true
      }
      for (let left = 1_000; left > 0; left--) {
        serving.drawByCapacity(
          random,
          { wantedCount: 1, drawsMax: 1 },
          take1,
          serving.assumedSpeed(options),
        )
      }
      return count
    }
    tell('well', 0)
    tell('jammed', 55)
    // 2 of 258.
    assert.closeTo(drawnOf(), 8, 8)
    tell('jammed', 0)
    assert.closeTo(drawnOf(), 500, 60)
  })
})

describe('the home of a key', () => {
  const viewOf = (known: readonly string[]) => {
    const made = new View(1_000)
    for (const peer of known) take(made, { peer, kind: 'told', rate: 100, streams: 1 })
    return made
  }
  const peers = Array.from({ length: 50 }, (_, index) => `peer-${index}`)
  const keys = Array.from({ length: 2_000 }, (_, index) => Math.imul(index, 0x9e3779b9) >>> 0)
  const pairs = (of: View) => keys.map(key => of.serving(MODEL, 'local').homes(key))
  const homes = (of: View) => pairs(of).map(([home]) => home)

  test('is the same wherever it is worked out', () => {
    assert.deepEqual(pairs(viewOf(peers)), pairs(viewOf(peers.toReversed())))
  })

  test('moves only if the home itself goes', () => {
    const before = homes(viewOf(peers))
    const without = viewOf(peers)
    without.change({ peer: 'peer-7', status: 'suspect' })
    const after = homes(without)
    for (const [index, home] of before.entries()) {
      if (home === 'peer-7') assert.notEqual(after[index], 'peer-7')
      else assert.equal(after[index], home)
    }
  })

  test('goes to the second if the first goes, and the second is another', () => {
    const before = pairs(viewOf(peers))
    const without = viewOf(peers)
    without.change({ peer: 'peer-7', status: 'suspect' })
    const after = homes(without)
    for (const [index, [home, second]] of before.entries()) {
      assert.notEqual(home, second)
      assert.equal(after[index], home === 'peer-7' ? second : home)
    }
  })

  test('has no second where there is one peer, and no first where there is none', () => {
    assert.deepEqual(pairs(viewOf(['only']))[0], ['only'])
    assert.deepEqual(pairs(viewOf([]))[0], [])
  })

  test('is each peer about as often', () => {
    const counts = new Map<string | undefined, number>()
    for (const home of homes(viewOf(peers))) counts.set(home, (counts.get(home) ?? 0) + 1)
    // 40 each, with a standard deviation of about 6.
    for (const count of counts.values()) assert.closeTo(count, 40, 30)
    assert.equal(counts.size, 50)
  })
})
