/**
 * The rules of continuous batching, one by one: chunks, places, memory, what is put back, what is read twice.
 */
import { assert, describe, test } from 'vitest'
import { languageScene, type Scene } from './scene.ts'

function toldBy(scene: Scene): readonly string[] {
  scene.timeline.runAll()
  return scene.told
}

describe('a language engine', () => {
  test('tells of the first token when the prompt is read, and of the end when all are made', () => {
    const scene = languageScene()
    scene.send('a', 5, { inputTokens: 100, outputTokens: 4 })
    assert.deepEqual(toldBy(scene), ['a begun at 25', 'a ended at 55'])
  })

  test('ends an answer of one token with its first', () => {
    const scene = languageScene()
    scene.send('a', 0, { outputTokens: 1 })
    scene.send('b', 0, { outputTokens: 0, inputTokens: 0 })
    assert.deepEqual(toldBy(scene), [
      ...['a begun at 20', 'a ended at 20'],
      ...['b begun at 30.1', 'b ended at 30.1'],
    ])
  })

  test('lets a newcomer join at the end of the step that is under way', () => {
    const scene = languageScene()
    scene.send('a', 0, { outputTokens: 6 })
    scene.send('b', 42, { inputTokens: 50, outputTokens: 2 })
    assert.deepEqual(toldBy(scene), [
      ...['a begun at 20', 'b begun at 65'],
      ...['b ended at 75', 'a ended at 75'].toSorted(),
    ])
  })

  test('reads a long prompt in chunks, beside those that make tokens', () => {
    const scene = languageScene({ prefillChunkTokens: 101 })
    scene.send('a', 0, { inputTokens: 100, outputTokens: 4 })
    scene.send('b', 1, { inputTokens: 250, outputTokens: 1 })
    // 1 of the first step's tokens is left, but nobody was there to read it; then 100, 100 and 50.
    assert.deepEqual(toldBy(scene), [
      ...['a begun at 20', 'b begun at 75', 'a ended at 75', 'b ended at 75'],
    ])
  })

  test('reads a little even if the batch uses up the tokens of a step', () => {
    const scene = languageScene({ prefillChunkTokens: 2, sequencesMax: 4 })
    for (const name of ['a', 'b', 'c']) scene.send(name, 0, { inputTokens: 1, outputTokens: 50 })
    scene.send('d', 100, { inputTokens: 1 })
    assert.include(toldBy(scene).slice(0, 4).at(-1), 'd begun')
  })

  test('works on as many as it has places for, first come first served', () => {
    const scene = languageScene({ sequencesMax: 2, prefillTokenMs: 0 })
    scene.send('a', 0, { outputTokens: 3 })
    for (const name of ['b', 'c']) scene.send(name, 1, { outputTokens: 1 })
    scene.at(5, () => assert.include(scene.engine.read(), { runningCount: 1, queuedCount: 2 }))
    scene.at(15, () => assert.include(scene.engine.read(), { runningCount: 2, queuedCount: 1 }))
    assert.deepEqual(
      toldBy(scene).filter(line => line.includes('ended')),
      ['b ended at 20', 'a ended at 30', 'c ended at 30'],
    )
  })

  test('begins nobody whose prompt does not fit, nor who came later', () => {
    const scene = languageScene({ kvCacheTokens: 1_000, prefillTokenMs: 0 })
    scene.send('a', 0, { inputTokens: 600, outputTokens: 10 })
    scene.send('b', 5, { inputTokens: 600, outputTokens: 1 })
    scene.send('c', 5, { inputTokens: 10, outputTokens: 1 })
    assert.deepEqual(toldBy(scene).slice(1), [
      'a ended at 100',
      ...['b begun at 110', 'c begun at 110', 'b ended at 110', 'c ended at 110'],
    ])
  })

  test('works on one that is larger than its memory, when nobody else is there', () => {
    const scene = languageScene({ kvCacheTokens: 100, prefillTokenMs: 0 })
    scene.send('a', 0, { inputTokens: 500, outputTokens: 3 })
    scene.at(15, () => assert.equal(scene.engine.read().kvUsedRatio, 1))
    assert.deepEqual(toldBy(scene), ['a begun at 10', 'a ended at 30'])
  })

  test('puts the latest back when memory is short, which costs it a second reading', () => {
    const scene = languageScene({ kvCacheTokens: 220, prefillTokenMs: 0.1 })
    scene.send('a', 0, { inputTokens: 100, outputTokens: 12 })
    scene.send('b', 0, { inputTokens: 100, outputTokens: 12 })
    // Both grow by one token a step: after step 12, which b reads in too, a has 110 and b 109.
    const told = toldBy(scene)
    assert.deepEqual(told.slice(0, 3), ['a begun at 20', 'b begun at 40', 'a ended at 140'])
    assert.equal(told.at(-1), 'b ended at 171')
    const { wastedMs, busyMs, serviceMs, decodeTokens } = scene.engine.totals
    assert.closeTo(wastedMs, 21, 1e-9)
    assert.closeTo(serviceMs, busyMs, 1e-9)
    assert.equal(decodeTokens, 24)
  })

  test('does not read again what is in its cache, but for one token', () => {
    const scene = languageScene({ prefillTokenMs: 1, prefillChunkTokens: 10_000 })
    const blocks = [1, 2]
    scene.send('a', 0, { inputTokens: 1_024, blocks })
    scene.send('b', 2_000, { inputTokens: 1_100, blocks: [1, 2, 3] })
    scene.send('c', 3_000, { inputTokens: 1_024, blocks })
    assert.deepEqual(
      toldBy(scene).filter(line => line.includes('begun')),
      ['a begun at 1034', 'b begun at 2086 with 1024', 'c begun at 3011 with 1023'],
    )
    assert.equal(scene.engine.totals.cachedTokens, 2_047)
    assert.equal(scene.engine.kvUsedTokens, 0)
  })

  test('holds a beginning that two share only once', () => {
    const scene = languageScene()
    const shared = { inputTokens: 600, outputTokens: 10, blocks: [1, 2] }
    for (const name of ['a', 'b']) scene.send(name, 0, shared)
    scene.at(80, () => assert.isBelow(scene.engine.kvUsedTokens, 512 + 2 * (88 + 10)))
    scene.timeline.runAll()
  })

  test('frees place and memory at once when a job is cancelled, and goes on with the step', () => {
    const scene = languageScene({ sequencesMax: 1 })
    const first = scene.send('a', 0, { outputTokens: 100 })
    scene.send('b', 1, { inputTokens: 100, outputTokens: 1 })
    scene.at(35, () => {
      scene.engine.cancel(first)
      assert.equal(scene.engine.kvUsedTokens, 0)
      assert.include(scene.engine.read(), { runningCount: 0, queuedCount: 1 })
    })
    assert.deepEqual(toldBy(scene), ['a begun at 20', 'b begun at 60', 'b ended at 60'])
    const { wastedMs, busyMs, serviceMs } = scene.engine.totals
    assert.closeTo(wastedMs, 40, 1e-9)
    assert.closeTo(serviceMs, busyMs, 1e-9)
  })

  test('has given up what it kept for answers that have grown, though they are cancelled', () => {
    for (const [cancelAtMs, expected] of [
      [5_500, 'c begun at 10020 with 512'],
      [6_500, 'c begun at 10071.2'],
    ] as const) {
      const scene = languageScene({ kvCacheTokens: 1_500 })
      scene.send('a', 0, { inputTokens: 512, blocks: [1] })
      // With 400 of its own, it needs what a has left when it has made 589, at about 6 s.
      const grown = scene.send('b', 100, { inputTokens: 400, outputTokens: 900 })
      scene.at(cancelAtMs, () => scene.engine.cancel(grown))
      scene.send('c', 10_000, { inputTokens: 612, blocks: [1] })
      assert.include(toldBy(scene), expected)
    }
  })

  test('forgets everything when it stops, and begins anew', () => {
    const scene = languageScene({ prefillTokenMs: 1, prefillChunkTokens: 10_000 })
    const cached = { inputTokens: 512, outputTokens: 50, blocks: [1] }
    scene.send('a', 0, cached)
    scene.send('b', 5, cached)
    scene.at(600, () => {
      scene.engine.stop()
      assert.include(scene.engine.read(), { runningCount: 0, queuedCount: 0, kvUsedRatio: 0 })
      const { busyMs, serviceMs, wastedMs } = scene.engine.totals
      assert.deepEqual([busyMs, serviceMs, wastedMs].map(Math.round), [600, 600, 600])
    })
    scene.send('c', 700, { ...cached, outputTokens: 1 })
    assert.deepEqual(toldBy(scene).slice(-2), ['c begun at 1222', 'c ended at 1222'])
  })

  test('takes as many times as long, the step that is under way too', () => {
    const scene = languageScene({ prefillTokenMs: 0 })
    scene.send('a', 0, { outputTokens: 4 })
    scene.at(15, () => scene.engine.slowDown(3))
    scene.at(33, () => scene.engine.slowDown(1))
    // Half a step is left at 15 and takes 15 ms; a tenth of the next is done at 33.
    assert.deepEqual(toldBy(scene), ['a begun at 10', 'a ended at 52'])
    assert.closeTo(scene.engine.totals.busyMs, 52, 1e-9)
  })

  test('tells how fast it was of late, and at first what its nature promises', () => {
    const scene = languageScene({ prefillTokenMs: 0.09, sequencesMax: 64 })
    assert.equal(Math.round(scene.engine.read().prefillTokensPerSecond), 10_000)
    assert.equal(scene.engine.read().decodeTokensPerSecond, 100)
    scene.at(0, () => scene.engine.slowDown(2))
    scene.send('a', 0, { inputTokens: 1_000, outputTokens: 1_000 })
    scene.timeline.runAll()
    const { prefillTokensPerSecond, decodeTokensPerSecond } = scene.engine.read()
    assert.closeTo(decodeTokensPerSecond, 50, 1e-3)
    assert.isBelow(prefillTokensPerSecond, 10_000)
    assert.isAbove(prefillTokensPerSecond, 5_000)
  })

  test('bears to be told of other jobs while it tells', () => {
    const scene = languageScene({ prefillTokenMs: 0 })
    const [a, b] = ['a', 'b'].map(name => scene.send(name, 0, { outputTokens: 2 }))
    assert.exists(a)
    assert.exists(b)
    const { told } = scene
    const push = told.push.bind(told)
    told.push = line => {
      if (line === 'a ended at 20') scene.engine.cancel(b)
      if (line === 'a ended at 20') scene.engine.submit({ ...a, name: 'c', outputTokens: 1 })
      return push(line)
    }
    assert.deepEqual(toldBy(scene), [
      ...['a begun at 10', 'b begun at 20', 'a ended at 20', 'c begun at 30', 'c ended at 30'],
    ])
    assert.equal(scene.engine.kvUsedTokens, 0)
  })
})

describe('what a language engine predicts', () => {
  const alone = [
    { inputTokens: 100, outputTokens: 1 },
    { inputTokens: 5_000, outputTokens: 300 },
  ]

  test('is exact when nobody is there', () => {
    for (const sizes of alone) {
      const scene = languageScene({ stepPerSequenceMs: 1, stepPerContextTokenMs: 0.001 })
      const job = scene.send('a', 100, sizes)
      let predictedMs = 0
      scene.at(99, () => {
        predictedMs = 1 + scene.engine.predictEndMs(job)
      })
      scene.timeline.runAll()
      assert.closeTo(predictedMs / scene.timeline.nowMs, 1, 0.02)
    }
  })

  test('is about right in a crowd', () => {
    const scene = languageScene({ stepPerSequenceMs: 0.5, stepPerContextTokenMs: 0.001 })
    for (let index = 0; index < 40; index += 1) {
      scene.send(`${index}`, 7 * index, { inputTokens: 300, outputTokens: 50 + 7 * (index % 9) })
    }
    const job = scene.send('last', 400, { inputTokens: 1_000, outputTokens: 100 })
    let predictedMs = 0
    scene.at(400, () => {
      predictedMs = scene.engine.predictEndMs({ ...job })
    })
    // Nobody comes after it, so it is the prediction for the job that came before.
    const ended = toldBy(scene).find(line => line.startsWith('last ended'))
    const endMs = Number(ended?.split(' ').at(-1))
    assert.closeTo(predictedMs / endMs, 1, 0.2)
  })
})
