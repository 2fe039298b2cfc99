/**
 * The load that goes with an answer: all of it where it fits, else without the marks, else nothing
 * and a word about it.
 */
import { assert, describe, test } from 'vitest'
import type { ModelLoad, PeerLoad } from '../../src/core/peer-state.ts'
import { LoadReports } from '../../src/node/load-reports.ts'
import { TRAILER_MAX_BYTES } from '../../src/protocols/lane.ts'
import { decodeLoad } from '../../src/protocols/peer-state-codec.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { silent } from './recorded-network.ts'

const hotPrefixes = Array.from({ length: 128 }, (_, mark) => mark)

function loadOf(modelCount: number, idLength: number): PeerLoad {
  const models = Array.from({ length: modelCount }, (_, index): ModelLoad => {
    const model = `${index}`.padEnd(idLength, 'x')
    const work = { queuedCount: 1, runningCount: 1, prefillTokensLeft: 1, decodeTokensLeft: 1 }
    return { model, ...work, prefillTokensPerSecond: 1, decodeTokensPerSecond: 1, hotPrefixes }
  })
  return { models, gpus: [], isDraining: false }
}

function trailersOf(load: PeerLoad, count = 1) {
  const warnings: string[] = []
  const reports = new LoadReports(
    {
      clock: new ManualClock(),
      logger: { ...silent, warn: message => warnings.push(message) },
      engines: { load: () => load },
      scheduler: { step: () => [] },
      tell: () => {},
    },
    { loadIntervalMs: 1_000 },
  )
  const trailers = Array.from({ length: count }, () => reports.trailer())
  reports.close()
  return { trailer: trailers[0] ?? assert.fail(), warnings }
}

describe('the load at the end of an answer', () => {
  test('is all that is known', () => {
    const load = loadOf(16, 40)
    assert.deepEqual(decodeLoad(trailersOf(load).trailer), load)
  })

  test('of many models says how busy each is, if not what is in its cache', () => {
    const load = loadOf(200, 40)
    const { trailer, warnings } = trailersOf(load)
    assert.isAtMost(trailer.length, TRAILER_MAX_BYTES)
    const told = decodeLoad(trailer).models
    assert.equal(told.length, 200)
    assert.isUndefined(told[0]?.hotPrefixes)
    assert.deepEqual(warnings, [])
  })

  test('that is too long even so is left off, with one warning', () => {
    const { trailer, warnings } = trailersOf(loadOf(256, 256), 3)
    assert.equal(trailer.length, 0)
    assert.lengthOf(warnings, 1)
  })
})
