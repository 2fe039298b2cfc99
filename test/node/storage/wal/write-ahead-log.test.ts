/**
 * The log of a peer as its owner sees it: what is remembered, what is synced together, its bounds,
 * and its end when the disk fails.
 */
import { assert, describe, test } from 'vitest'
import { LogDisk } from '../../../../sim/log-disk.ts'
import { Process } from '../../../../sim/process.ts'
import { VirtualTime } from '../../../../sim/virtual-time.ts'
import { InvariantError } from '../../../../src/core/assert.ts'
import { hasCode } from '../../../../src/core/errors.ts'
import { Random } from '../../../../src/core/random.ts'
import { openWriteAheadLog } from '../../../../src/node/storage/wal/open-log.ts'
import { rejection, until } from '../../until.ts'
import { MemoryLogFiles } from './memory-log-files.ts'
import {
  entries,
  entry,
  FIRST_SEGMENT,
  indexes,
  OWNER,
  openLog,
  recover,
  SECOND_SEGMENT,
  texts,
} from './scene.ts'

const SMALL = { segmentBytes: 1024 }

const writesOf = ({ calls }: MemoryLogFiles) => calls.filter(call => /^(write|sync)/.test(call))

describe('a log', () => {
  test('is new where there is none, and then is not', async () => {
    const files = new MemoryLogFiles()
    const hardState = { term: 0, vote: 0, commit: 0 }
    const nothing = { hardState, snapshot: undefined, entries: [], repair: undefined }
    assert.deepEqual(await recover(files), { isNew: true, ...nothing })
    assert.deepEqual(await recover(files), { isNew: false, ...nothing })
  })

  test('remembers hard state and entries as they were given', async () => {
    const files = new MemoryLogFiles()
    const hardState = { term: 2 ** 40, vote: Number.MAX_SAFE_INTEGER, commit: 1 }
    const given = [
      entry(1),
      { term: 3, index: 2, type: 'conf-change', data: new Uint8Array(0) },
      { term: 2 ** 40, index: 3, type: 'conf-change-v2', data: new Uint8Array(300_000).fill(7) },
    ] as const
    const { log } = await openLog(files)
    await log.append({ hardState, entries: given, mustSync: true })
    await log.close()

    const recovered = await recover(files)
    assert.deepEqual(recovered.hardState, hardState)
    assert.deepEqual(recovered.entries, given)
  })

  test('has the later of two entries with one index, and none behind it', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files)
    await log.append({ entries: entries(1, 5), mustSync: true })
    await log.append({ entries: [entry(3, { term: 2, text: 'new' })], mustSync: true })
    assert.equal(log.lastIndex, 3)
    await log.close()
    assert.deepEqual(texts(await recover(files)), ['1: entry 1', '2: entry 2', '3: new'])
  })

  test('takes no entry that leaves a gap', async () => {
    const { log } = await openLog(new MemoryLogFiles())
    await log.append({ entries: entries(1, 2), mustSync: true })
    assert.throws(() => void log.append({ entries: [entry(4)], mustSync: true }), InvariantError)
    const holed = [entry(3), entry(5)]
    assert.throws(() => void log.append({ entries: holed, mustSync: true }), InvariantError)
    await log.close()
  })

  test('goes on in a new segment, which knows what older ones said', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files, SMALL)
    const hardState = { term: 4, vote: 2, commit: 17 }
    await log.append({ hardState, entries: entries(1, 20), mustSync: true })
    await log.append({ entries: entries(21, 40), mustSync: false })
    await log.append({ entries: entries(41, 60), mustSync: true })
    assert.equal(log.segmentCount, 3)
    assert.deepEqual(indexes(await recover(files.copy(), SMALL)).at(-1), 60)

    await log.saveSnapshot({
      snapshot: { term: 1, index: 50, data: Buffer.from('state') },
      keepFromIndex: 45,
    })
    await log.close()

    const segments = [...files.files.keys()].filter(name => name.endsWith('.wal'))
    assert.deepEqual(segments, ['0000000000000003.wal'])
    const recovered = await recover(files, SMALL)
    assert.deepEqual(recovered.hardState, { ...hardState, commit: 50 })
    assert.deepEqual(indexes(recovered), [51, 52, 53, 54, 55, 56, 57, 58, 59, 60])
  })

  test('syncs a segment before it goes on in the next', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files, SMALL)
    files.calls.length = 0
    await log.append({ entries: entries(1, 20), mustSync: false })
    await log.append({ entries: entries(21, 40), mustSync: false })
    assert.deepEqual(files.calls, [
      `write ${FIRST_SEGMENT}`,
      `sync ${FIRST_SEGMENT}`,
      `create ${SECOND_SEGMENT}`,
      `open ${SECOND_SEGMENT}`,
      `close ${FIRST_SEGMENT}`,
      `write ${SECOND_SEGMENT}`,
    ])
    await log.close()
  })

  test('takes a record that is larger than a segment', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files, SMALL)
    await log.append({ entries: [entry(1, { text: 'x'.repeat(5_000) })], mustSync: true })
    await log.append({ entries: [entry(2)], mustSync: true })
    await log.close()
    assert.deepEqual(indexes(await recover(files, SMALL)), [1, 2])
  })

  test('is that of one peer in one mesh', async () => {
    const files = new MemoryLogFiles()
    await recover(files)
    for (const owner of [
      { ...OWNER, peer: 'peer-b' },
      { ...OWNER, mesh: 'mesh-2' },
    ]) {
      const error = await rejection(openWriteAheadLog({ files, owner, onFatal: () => {} }))
      assert.isTrue(hasCode(error, 'ERR_STORAGE'))
      assert.include(String(error), `expected the log of peer ${owner.peer} in mesh ${owner.mesh}`)
    }
  })

  test('removes what a crash left half made', async () => {
    const files = new MemoryLogFiles()
    await recover(files)
    files.files.set('0000000000000002.wal.new', new Uint8Array(5))
    await recover(files)
    assert.deepEqual([...files.files.keys()], [FIRST_SEGMENT])
  })
})

describe('appends', () => {
  test('of one moment are written and synced together', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files)
    files.calls.length = 0
    await Promise.all([1, 2, 3].map(i => log.append({ entries: [entry(i)], mustSync: true })))
    assert.deepEqual(writesOf(files), [`write ${FIRST_SEGMENT}`, `sync ${FIRST_SEGMENT}`])
    await log.close()
  })

  test('that come during a sync share the next one, and resolve in order', async () => {
    const time = new VirtualTime()
    const disk = new LogDisk(time, new Random(1))
    const files = disk.for(new Process(1, time))
    const opening = openLog(files, { segmentBytes: 65_536 })
    await time.advance(100)
    const { log } = await opening
    const resolved: number[] = []
    for (let index = 1; index <= 9; index += 1) {
      void log.append({ entries: [entry(index)], mustSync: true }).then(() => resolved.push(index))
      // The first is on its way now, and the others come while it is.
      if (index === 1) await time.advance(0.05)
    }
    await until(() => resolved.length === 0)
    let batches = 0
    for (let count = 0; count < 9; ) {
      await time.advance(0.01)
      if (resolved.length > count) batches += 1
      count = resolved.length
    }
    assert.equal(batches, 2)
    assert.deepEqual(resolved, [1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('that need not be durable wait for no sync; closing brings it', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files)
    files.calls.length = 0
    await log.append({ entries: [entry(1)], mustSync: false })
    assert.deepEqual(writesOf(files), [`write ${FIRST_SEGMENT}`])
    await log.close()
    assert.deepEqual(writesOf(files), [`write ${FIRST_SEGMENT}`, `sync ${FIRST_SEGMENT}`])
  })

  test('beyond the bound of what may wait are refused, and nothing of them is taken', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files, { waitingMaxBytes: 3_000 })
    const large = (index: number) => ({
      entries: [entry(index, { text: 'x'.repeat(1_000) })],
      mustSync: true,
    })
    const taken = [log.append(large(1)), log.append(large(2))]
    assert.isTrue(hasCode(await rejection(log.append(large(3))), 'ERR_OVERLOADED'))
    assert.equal(log.lastIndex, 2)

    await Promise.all(taken)
    assert.equal(log.waitingBytes, 0)
    await log.append(large(3))
    await log.close()
    assert.deepEqual(indexes(await recover(files)), [1, 2, 3])
  })

  test('are all written before a close returns', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files)
    const appended = log.append({ entries: [entry(1)], mustSync: true })
    await log.close()
    await appended
    await log.close()
    assert.deepEqual(indexes(await recover(files)), [1])
  })
})

describe('a failure of the disk', () => {
  const cases = [
    { what: 'to write', failing: `write ${FIRST_SEGMENT}` },
    { what: 'to sync', failing: `sync ${FIRST_SEGMENT}` },
    { what: 'to make a segment', failing: `create ${SECOND_SEGMENT}` },
  ]
  for (const { what, failing } of cases) {
    test(`${what} is final: all calls are rejected, the owner told once, nothing tried again`, async () => {
      const files = new MemoryLogFiles()
      const fatal: unknown[] = []
      const { log } = await openLog(files, SMALL, error => fatal.push(error))
      files.failing = failing
      const append = (first: number) =>
        log.append({ entries: entries(first, first + 19), mustSync: true })

      const errors = await Promise.all([append(1), append(21), append(41)].map(rejection))

      assert.isTrue(hasCode(errors.at(-1), 'ERR_STORAGE'))
      assert.lengthOf(fatal, 1)
      files.failing = undefined
      const callCount = files.calls.length
      assert.equal(await rejection(append(61)), fatal[0])
      const snapshot = { term: 1, index: 5, data: new Uint8Array(1) }
      assert.equal(await rejection(log.saveSnapshot({ snapshot, keepFromIndex: 1 })), fatal[0])
      assert.deepEqual(
        files.calls.slice(callCount).filter(call => !call.startsWith('create')),
        [],
      )
      assert.lengthOf(fatal, 1)
    })
  }

  test('of a snapshot ends the log too', async () => {
    const files = new MemoryLogFiles()
    const fatal: unknown[] = []
    const { log } = await openLog(files, SMALL, error => fatal.push(error))
    files.failing = 'create snapshot-1-2'
    const snapshot = { term: 1, index: 2, data: new Uint8Array(1) }
    const saving = rejection(log.saveSnapshot({ snapshot, keepFromIndex: 1 }))
    const appending = rejection(log.append({ entries: [entry(1)], mustSync: true }))
    assert.isTrue(hasCode(await saving, 'ERR_STORAGE'))
    assert.equal(await appending, fatal[0])
    assert.equal(await rejection(log.append({ entries: [entry(1)], mustSync: true })), fatal[0])
    assert.equal(log.waitingBytes, 0)
  })

  test('to sync does not let the next run take for durable what is in memory only', async () => {
    const time = new VirtualTime()
    const disk = new LogDisk(time, new Random(1))
    const run = async <Value>(work: Promise<Value>) => {
      work.catch(() => {})
      await time.advance(500)
      return await work
    }
    const { log } = await run(openLog(disk.for(new Process(1, time)), SMALL))
    await run(log.append({ entries: [entry(1)], mustSync: true }))
    const appended = log.append({ entries: [entry(2)], mustSync: true })
    appended.catch(() => {})
    await time.advance(0.11)
    disk.isBroken = true
    assert.isTrue(hasCode(await rejection(run(appended)), 'ERR_STORAGE'))
    disk.isBroken = false

    const second = await run(openLog(disk.for(new Process(2, time)), SMALL))
    disk.crash()
    const third = await run(openLog(disk.for(new Process(3, time)), SMALL))

    assert.deepEqual(indexes(second.recovered), [1, 2])
    assert.deepEqual(indexes(third.recovered), [1, 2])
  })
})
