/**
 * A node's event log replayed: real traffic through whole peers in memory comes out the same, and
 * whatever is wrong with a log is named at its place.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { EventReplay } from '../../../sim/replay/event-replay.ts'
import { MeshError } from '../../../src/core/errors.ts'
import { FIRST_SUM, openLine, sealLine } from '../../../src/node/recording/log-lines.ts'
import { endlessAnswer, MODEL, textOf } from '../../node/fake-runtime.ts'
import { MemoryPeers, type TestPeer } from '../../node/memory-peers.ts'
import { memoryLog } from '../../node/recording/memory-log.ts'
import { failure, request, STAY } from '../../node/router-scene.ts'
import { rejection } from '../../node/until.ts'
import { randomLog } from './random-log.ts'

function replay(lines: readonly string[], wantedId?: string) {
  const replaying = new EventReplay(wantedId)
  for (const line of lines) replaying.take(line)
  return replaying.finish()
}

/** The same entries after a change to one of them, sealed as if they had been written so. */
function forged(lines: readonly string[], at: number, change: (entry: object) => object) {
  let before = FIRST_SUM
  let sealedBefore = FIRST_SUM
  return lines.map((line, index) => {
    const opened = openLine(line, before) as { entry: object; sum: number }
    before = opened.sum
    const sealed = sealLine(index === at ? change(opened.entry) : opened.entry, sealedBefore)
    sealedBefore = sealed.sum
    return sealed.line
  })
}

/** A mesh of four with engines at two of them, the log at one without; requests that are answered, fail, are refused, and leave. */
async function traffic() {
  const log = memoryLog()
  const mesh = new MemoryPeers(5)
  const serving = { models: [MODEL] }
  const [a, b] = (await mesh.startMesh({ recorder: log.recorder }, serving, {}, serving)) as [
    TestPeer,
    TestPeer,
  ]
  const decisionIds: string[] = []
  for (let count = 0; count < 40; count += 1) {
    const prompt = { inputTokens: 10 + 7 * count, caller: { key: 'k', tenant: 'acme' } }
    const answer = await a.peer.dispatch({ ...request, ...prompt }, STAY)
    decisionIds.push(answer.decisionId)
    await textOf(answer)
    if (count % 5 === 0) await mesh.pass(100)
  }
  b.runtime.answer = () => Promise.reject(failure('ERR_ENGINE'))
  for (let count = 0; count < 12; count += 1) {
    await textOf(await a.peer.dispatch(request, STAY))
  }
  await rejection(a.peer.dispatch({ ...request, model: 'none' }, STAY))
  const leaving = new AbortController()
  b.runtime.answer = async (_request, signal) => endlessAnswer(signal)
  const endless = await a.peer.dispatch(request, leaving.signal)
  leaving.abort()
  assert.isDefined(endless)
  await mesh.pass(1_000)
  await a.peer.close()
  await log.recorder.close()
  return { lines: log.lines, decisionIds, a }
}

describe('the log of a peer with traffic', () => {
  test('replays to the same effects, event by event', async () => {
    const { lines } = await traffic()
    const result = replay(lines)
    assert.isUndefined(result.difference)
    assert.equal(result.end, 'closed')
    assert.equal(result.eventCount, lines.length - 2)
    assert.equal(result.decisionCount, 54)
    assert.isTrue(lines.some(line => line.includes('"type":"refuse"')))
    assert.isTrue(lines.some(line => line.includes('"type":"attempt-failed"')))
  })

  test('has a decision as the peer itself tells of it', async () => {
    const { lines, decisionIds, a } = await traffic()
    const id = decisionIds[20] ?? ''
    const { decision } = replay(lines, id)
    assert.deepEqual(decision, a.peer.decision(id))
    assert.equal(decision?.outcome, 'answered')
  })

  test('with another seed differs where chance first decides, and says how', async () => {
    const { lines } = await traffic()
    const other = forged(lines, 0, entry => ({ ...entry, seed: 12_345 }))
    const { difference } = replay(other)
    assert.equal(difference?.what, 'request-arrived')
    assert.match(difference?.expected ?? '', /"type":"dispatch"/)
    assert.match(difference?.found ?? '', /"type":"dispatch"/)
    assert.notEqual(difference?.expected, difference?.found)
  })
})

describe('a log of anything that may happen', () => {
  test('replays to the same effects', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 120 }), (seed, count) => {
        const result = replay(randomLog(seed, count))
        assert.isUndefined(result.difference)
        assert.equal(result.end, 'closed')
      }),
      { numRuns: 60 },
    )
  })

  test('in which one byte was changed is not believed, and the line is named', () => {
    const lines = randomLog(7, 60)
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(),
        fc.integer({ min: 33, max: 126 }),
        (at, place, code) => {
          const line = lines[at] ?? ''
          const index = place % line.length
          const flipped = line.slice(0, index) + String.fromCharCode(code) + line.slice(index + 1)
          fc.pre(flipped !== line)
          const changed = lines.map((each, position) => (position === at ? flipped : each))
          if (at === 0) {
            assert.throws(() => replay(changed), MeshError)
            return
          }
          const { difference, end } = replay(changed)
          // A last line without its end could be one that was cut off.
          if (difference === undefined) assert.deepEqual([at, end], [lines.length - 1, 'cut-off'])
          else assert.equal(difference.line, at + 1)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('of which a line is missing, or there twice, is not believed', () => {
    const lines = randomLog(3, 30)
    const without = replay(lines.toSpliced(10, 1)).difference
    assert.equal(without?.line, 11)
    const twice = replay(lines.toSpliced(10, 0, lines[10] ?? '')).difference
    assert.equal(twice?.line, 12)
  })

  test('that was cut off is replayed as far as it goes', () => {
    const lines = randomLog(3, 30)
    const half = lines[20]?.slice(0, 40) ?? ''
    const result = replay([...lines.slice(0, 20), half])
    assert.isUndefined(result.difference)
    assert.equal(result.end, 'cut-off')
    assert.equal(result.eventCount + 1, 20)
  })

  test('that has reached its bound says so', () => {
    const lines = randomLog(3, 200, 20_000)
    const result = replay(lines)
    assert.isUndefined(result.difference)
    assert.equal(result.end, 'full')
    assert.isAtMost(lines.join('\n').length, 20_000)
  })

  test('an effect that was written otherwise is named with its event', () => {
    const lines = randomLog(11, 80)
    const at = lines.findIndex(line => line.includes('"type":"dispatch"'))
    const other = forged(lines, at, entry => ({ ...entry, effects: [] }))
    const { difference } = replay(other)
    assert.equal(difference?.line, at + 1)
    assert.equal(difference?.expected, '[]')
    assert.match(difference?.found ?? '', /"type":"dispatch"/)
  })
})

describe('what is no log of ours', () => {
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an empty file', [], /found an empty file/],
    ['text', ['hello'], /no JSON/],
    ['other JSON', ['{"a":1}'], /another kind/],
    [
      'a later format',
      [
        sealLine(
          { skeinEvents: 2, version: '9.0.0', self: 'a', seed: 1, atWallMs: 0, options: {} },
          FIRST_SUM,
        ).line,
      ],
      /found format 2/,
    ],
    [
      'options that we do not have',
      [
        sealLine(
          {
            skeinEvents: 1,
            version: '9.0.0',
            self: 'a',
            seed: 1,
            atWallMs: 0,
            options: { later: 1 },
          },
          FIRST_SUM,
        ).line,
      ],
      /options of this version/,
    ],
  ]
  test.each(refused)('%s is refused with what it is', (_name, lines, message) => {
    assert.throws(() => replay(lines), message)
  })
})
