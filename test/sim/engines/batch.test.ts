/**
 * A batch closes in its window, or when it is full; one is worked on after the other.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { batchScene, type Scene } from './scene.ts'

/** Of a batch, its first is as good as all. */
function endsOf(scene: Scene): readonly string[] {
  scene.timeline.runAll()
  return scene.told.filter(line => line.includes('ended'))
}

describe('an engine for images and sound', () => {
  test('closes a batch when its window is over, though nobody else comes', () => {
    const scene = batchScene()
    scene.send('a', 3)
    // 8 for the window, 20 for the batch, 5 for its unit.
    assert.deepEqual(endsOf(scene), ['a ended at 36'])
    assert.deepEqual(scene.told, ['a begun at 36', 'a ended at 36'])
  })

  test('works together on what comes within the window, and counts it from the first', () => {
    const scene = batchScene()
    scene.send('a', 0)
    scene.send('b', 7, { units: 3 })
    scene.send('c', 9)
    assert.deepEqual(endsOf(scene), ['a ended at 48', 'b ended at 48', 'c ended at 73'])
  })

  test('closes a batch at once when it is full', () => {
    const scene = batchScene({ batchMax: 2 })
    for (const name of ['a', 'b', 'c']) scene.send(name, 1)
    assert.deepEqual(endsOf(scene), ['a ended at 31', 'b ended at 31', 'c ended at 56'])
  })

  test('works on one batch after the other, and fills the next meanwhile', () => {
    const scene = batchScene({ batchMax: 3, windowMs: 0 })
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) scene.send(name, index)
    scene.at(10, () => assert.include(scene.engine.read(), { runningCount: 1, queuedCount: 4 }))
    assert.deepEqual(endsOf(scene), [
      ...['a ended at 25', 'b ended at 60', 'c ended at 60', 'd ended at 60', 'e ended at 85'],
    ])
  })

  test('does what is cancelled to its end, for nobody, and leaves out what waits', () => {
    const scene = batchScene()
    const [first, second] = [scene.send('a', 0), scene.send('b', 1)]
    const waiting = scene.send('c', 10)
    scene.at(20, () => {
      for (const job of [first, second, waiting]) scene.engine.cancel(job)
      assert.include(scene.engine.read(), { runningCount: 0, queuedCount: 0 })
    })
    scene.send('d', 21)
    assert.deepEqual(endsOf(scene), ['d ended at 63'])
    const { busyMs, serviceMs, wastedMs } = scene.engine.totals
    assert.deepEqual([busyMs, serviceMs, wastedMs], [55, 55, 30])
  })

  test('drops all when it stops, and closes the next window in time', () => {
    const scene = batchScene()
    scene.send('a', 0)
    scene.send('b', 10)
    scene.at(18, () => scene.engine.stop())
    scene.send('c', 19)
    assert.deepEqual(endsOf(scene), ['c ended at 52'])
    assert.deepInclude(scene.engine.totals, { busyMs: 35, serviceMs: 35, wastedMs: 10 })
  })

  test('takes as many times as long, the batch that is under way too', () => {
    const scene = batchScene()
    scene.send('a', 0)
    scene.at(18, () => scene.engine.slowDown(2))
    assert.deepEqual(endsOf(scene), ['a ended at 48'])
  })

  test('ends every job, in the order of arrival, and says so when it predicts', () => {
    const gaps = fc.array(fc.record({ gap: fc.nat({ max: 30 }), units: fc.nat({ max: 9 }) }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (list, batchMax) => {
        const scene = batchScene({ batchMax, windowMs: 8.5 })
        let atMs = 0
        let predictedMs = 0
        for (const [index, { gap, units }] of list.entries()) {
          atMs += gap
          if (index === 0 || index < list.length - 1) scene.send(`${index}`, atMs, { units })
        }
        const last = { name: '', inputTokens: 0, outputTokens: 0, outputTokensExpected: 0 }
        scene.at(0, () => {
          predictedMs = scene.engine.predictEndMs({ ...last, units: 1, blocks: [] })
        })
        const ended = endsOf(scene).map(line => line.split(' ')[0])
        assert.deepEqual(ended, [...ended.keys()].map(String))
        assert.lengthOf(ended, Math.max(1, list.length - 1))
        assert.isAbove(predictedMs, 0)
        const { busyMs, serviceMs, wastedMs } = scene.engine.totals
        assert.closeTo(busyMs, serviceMs, 1e-6)
        assert.equal(wastedMs, 0)
      }),
      { numRuns: 100 },
    )
  })

  test('predicts exactly where nothing else comes', () => {
    const scene = batchScene({ batchMax: 2 })
    for (const name of ['a', 'b', 'c']) scene.send(name, 0)
    const found: number[] = []
    const job = { name: 'd', inputTokens: 0, outputTokens: 0, outputTokensExpected: 0, blocks: [] }
    for (const atMs of [5, 200]) {
      scene.at(atMs, () => found.push(scene.engine.predictEndMs({ ...job, units: 1 })))
    }
    scene.timeline.runAll()
    // With c, when the first two have ended at 30; later after a window by itself.
    assert.deepEqual(found, [60, 233])
  })
})
