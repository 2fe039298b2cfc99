/**
 * What a recorder writes and when it stops, and the file that it writes to.
 */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, describe, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/node/clock.ts'
import { decode, encode } from '../../../src/node/recording/log-lines.ts'
import { openRecorder } from '../../../src/node/recording/open-recorder.ts'
import type { SchedulerEvent } from '../../../src/scheduler/scheduler.ts'
import { silent } from '../recorded-network.ts'
import { rejection } from '../until.ts'
import { memoryLog } from './memory-log.ts'

const TICK: SchedulerEvent = { type: 'tick' }

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'skein-events-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

describe('a recorder', () => {
  test('ends its log with a word at the bound, and says so once', () => {
    const { recorder, lines, stopped } = memoryLog(600)
    for (let count = 0; count < 50; count += 1) recorder.event(TICK, [], count)
    assert.match(lines.at(-1) ?? '', /"end":"full"/)
    assert.isAtMost(lines.join('\n').length + 1, 600)
    assert.deepEqual(stopped, [{ end: 'full', count: lines.length - 1 }])
    assert.equal(recorder.count, lines.length - 1)
  })

  test('stops without a word when its sink takes no more', () => {
    const { recorder, lines, stopped } = memoryLog(10_000, { write: () => 'too-slow' })
    recorder.event(TICK, [], 0)
    recorder.event(TICK, [], 1)
    assert.deepEqual([lines, stopped], [[], [{ end: 'too-slow', count: 0 }]])
  })

  test('writes a hash in place of the words of an error, which may quote a prompt', () => {
    const { recorder, lines } = memoryLog()
    const message = 'no such role: my secret'
    recorder.event(
      {
        type: 'attempt-failed',
        id: 'r',
        peer: 'a',
        errorCode: 'ERR_ENGINE',
        isRetryable: false,
        message,
      },
      [{ type: 'refuse', id: 'r', code: 'ERR_ENGINE', message: `${message} (no other peer)` }],
      0,
    )
    const [line = ''] = lines
    assert.notInclude(line, 'secret')
    assert.match(line, /"message":"\(withheld [0-9a-f]+\)"/)
    assert.match(line, /"message":"\(withheld [0-9a-f]+\) \(no other peer\)"/)
  })
})

describe('values that JSON has no word for', () => {
  test.each([
    ['maps and sets', { map: new Map([['a', new Set([1])]]), none: new Map(), empty: {} }],
    ['numbers without end', { most: Number.POSITIVE_INFINITY, least: [Number.NEGATIVE_INFINITY] }],
    ['what looks like a tag and is none', { labels: { $skein: 'map' } }],
    ['nothing', { best: null }],
  ])('%s come back as they were', (_name, value) => {
    assert.deepEqual(decode(encode(value)), value)
  })
})

describe('the file of a log', () => {
  const deps = { clock: systemClock, logger: silent }

  test('is for its owner alone, and has what was written when it is closed', async () => {
    const path = join(await folder(), 'events.jsonl')
    const recorder = await openRecorder({ eventsPath: path, eventsMaxBytes: 1_000_000 }, deps)
    recorder?.event(TICK, [], 1)
    await recorder?.close()
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    assert.equal(lines.length, 2)
    assert.match(lines[1] ?? '', /"end":"closed","count":1/)
  })

  test('puts the one before it aside', async () => {
    const path = join(await folder(), 'events.jsonl')
    await writeFile(path, 'of the last run')
    const recorder = await openRecorder({ eventsPath: path, eventsMaxBytes: 1_000_000 }, deps)
    await recorder?.close()
    assert.equal(await readFile(`${path}.before`, 'utf8'), 'of the last run')
  })

  test('that cannot be made is an error of storage', async () => {
    const path = join(await folder(), 'none', 'events.jsonl')
    const error = await rejection(openRecorder({ eventsPath: path, eventsMaxBytes: 5_000 }, deps))
    assert.propertyVal(error, 'code', 'ERR_STORAGE')
  })

  test('is none if nobody names one', async () => {
    assert.isUndefined(await openRecorder({ eventsPath: null, eventsMaxBytes: 5_000 }, deps))
  })
})
