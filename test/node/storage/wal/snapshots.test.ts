/**
 * Snapshots and the log: which one a peer starts from, and what is removed when.
 */
import { assert, describe, test } from 'vitest'
import { InvariantError } from '../../../../src/core/assert.ts'
import { hasCode } from '../../../../src/core/errors.ts'
import { decodeSnapshot, snapshotPieces } from '../../../../src/node/storage/wal/snapshot-file.ts'
import type { WriteAheadLog } from '../../../../src/node/storage/wal/write-ahead-log.ts'
import { rejection } from '../../until.ts'
import { MemoryLogFiles } from './memory-log-files.ts'
import { entries, entry, indexes, openLog, recover, refusal, texts } from './scene.ts'

const SMALL = { segmentBytes: 1024 }

const snapshotAt = (index: number, term = 1) => ({
  term,
  index,
  data: new Uint8Array(Buffer.from(`state at ${index}`)),
})

/** Entries 1 to 60 in three segments, with snapshots at these indexes. */
async function logWith(indexesOf: readonly number[], keepFromIndex = 1) {
  const files = new MemoryLogFiles()
  const { log } = await openLog(files, SMALL)
  for (const first of [1, 21, 41]) {
    await log.append({ entries: entries(first, first + 19), mustSync: true })
    for (const index of indexesOf.filter(at => at >= first && at < first + 20)) {
      const keptFrom = Math.min(keepFromIndex, index + 1)
      await log.saveSnapshot({ snapshot: snapshotAt(index), keepFromIndex: keptFrom })
    }
  }
  return { files, log }
}

async function closed({ files, log }: { files: MemoryLogFiles; log: WriteAheadLog }) {
  await log.close()
  return files
}

function damage(files: MemoryLogFiles, name: string): void {
  const file = files.get(name)
  file[45] = (file[45] ?? 0) ^ 1
}

describe('a peer starts', () => {
  test('from the newest snapshot and the entries after it', async () => {
    const files = await closed(await logWith([10, 55]))
    const { snapshot, ...recovered } = await recover(files, SMALL)
    assert.deepEqual(snapshot, snapshotAt(55))
    assert.deepEqual(indexes(recovered), [56, 57, 58, 59, 60])
    assert.equal(recovered.hardState.commit, 55)
  })

  test('without a snapshot that the log does not mention', async () => {
    const files = await closed(await logWith([10]))
    files.files.set(
      'snapshot-1-40',
      new Uint8Array(Buffer.concat([...snapshotPieces(snapshotAt(40))])),
    )
    assert.equal((await recover(files, SMALL)).snapshot?.index, 10)
  })

  test('from the snapshot before a damaged one, if all entries after it are there', async () => {
    const files = await closed(await logWith([10, 55]))
    damage(files, 'snapshot-1-55')
    const recovered = await recover(files, SMALL)
    assert.equal(recovered.snapshot?.index, 10)
    assert.equal(recovered.entries.length, 50)
  })

  test('from the snapshot before, also if the segment with its mark is gone', async () => {
    const { files, log } = await logWith([20])
    await log.saveSnapshot({ snapshot: snapshotAt(50), keepFromIndex: 21 })
    await log.close()
    assert.isFalse(files.files.has('0000000000000001.wal'))
    damage(files, 'snapshot-1-50')
    const recovered = await recover(files, SMALL)
    assert.equal(recovered.snapshot?.index, 20)
    assert.equal(recovered.entries.length, 40)
  })

  test('from the first entry, if that is there and no snapshot is whole', async () => {
    const files = await closed(await logWith([55]))
    damage(files, 'snapshot-1-55')
    const recovered = await recover(files, SMALL)
    assert.isUndefined(recovered.snapshot)
    assert.equal(recovered.entries.length, 60)
  })

  test('not with a damaged or missing snapshot that nothing stands for', async () => {
    const files = await closed(await logWith([10, 55], 50))
    const missing = files.copy()
    missing.files.delete('snapshot-1-55')
    damage(files, 'snapshot-1-55')

    const damagedError = await refusal(files)
    const missingError = await refusal(missing)

    assert.isTrue(hasCode(damagedError, 'ERR_LOG_DAMAGED'))
    assert.equal(
      damagedError?.message,
      'expected an intact log in memory/snapshot-1-55, found a damaged snapshot',
    )
    assert.include(missingError?.message, 'snapshot-1-55, found no such file')
  })
})

describe('a snapshot that a leader sent', () => {
  test('beyond the log makes all entries void, and the log goes on after it', async () => {
    const { files, log } = await logWith([])
    const hardState = { term: 3, vote: 0, commit: 90 }
    await log.saveSnapshot({ snapshot: snapshotAt(90, 3), hardState, keepFromIndex: 91 })
    assert.equal(log.lastIndex, 90)
    await log.append({ entries: entries(91, 92, 3), mustSync: true })
    await log.close()

    const recovered = await recover(files, SMALL)
    assert.deepEqual(recovered.snapshot, snapshotAt(90, 3))
    assert.deepEqual(recovered.hardState, hardState)
    assert.deepEqual(indexes(recovered), [91, 92])
  })

  test('of another term than the entry there makes all entries void', async () => {
    const { files, log } = await logWith([])
    await log.saveSnapshot({ snapshot: snapshotAt(50, 2), keepFromIndex: 1 })
    await log.append({ entries: [entry(51, { term: 2, text: 'new' })], mustSync: true })
    await log.close()
    assert.deepEqual(texts(await recover(files, SMALL)), ['51: new'])
  })

  test('can be the first thing in a log', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files)
    await log.saveSnapshot({ snapshot: snapshotAt(7), keepFromIndex: 8 })
    await log.append({ entries: [entry(8)], mustSync: true })
    await log.close()
    assert.deepEqual(indexes(await recover(files)), [8])
  })
})

describe('after a snapshot', () => {
  test('segments go that hold nothing newer than what is to be kept, and no others', async () => {
    const cases = [
      { keepFromIndex: 20, left: 3 },
      { keepFromIndex: 21, left: 2 },
      { keepFromIndex: 40, left: 2 },
      { keepFromIndex: 41, left: 1 },
      { keepFromIndex: 51, left: 1 },
    ]
    for (const { keepFromIndex, left } of cases) {
      const { log } = await logWith([50], keepFromIndex)
      assert.equal(log.segmentCount, left, `kept from ${keepFromIndex}`)
    }
  })

  test('the one before stays, and older ones go', async () => {
    const files = await closed(await logWith([5, 30, 50]))
    const names = [...files.files.keys()].filter(name => name.startsWith('snapshot'))
    assert.deepEqual(names, ['snapshot-1-30', 'snapshot-1-50'])
  })

  test('the order on disk is: snapshot, its mark, what is needed no more', async () => {
    const { files, log } = await logWith([5, 30])
    files.calls.length = 0
    await log.saveSnapshot({ snapshot: snapshotAt(50), keepFromIndex: 30 })
    assert.deepEqual(files.calls, [
      'create snapshot-1-50',
      'write 0000000000000003.wal',
      'sync 0000000000000003.wal',
      'remove 0000000000000001.wal',
      'remove snapshot-1-5',
    ])
  })

  test('it can be read again, until it is damaged', async () => {
    const { files, log } = await logWith([50])
    assert.deepEqual(await log.readSnapshot(), snapshotAt(50))
    damage(files, 'snapshot-1-50')
    assert.isTrue(hasCode(await rejection(log.readSnapshot()), 'ERR_STORAGE'))
    const { log: other } = await openLog(new MemoryLogFiles())
    assert.isUndefined(await other.readSnapshot())
  })
})

describe('a snapshot', () => {
  test('is never older than the one before, and holds what is not kept', async () => {
    const { log } = await logWith([30])
    for (const { index, keepFromIndex } of [
      { index: 30, keepFromIndex: 1 },
      { index: 40, keepFromIndex: 42 },
    ]) {
      const saving = log.saveSnapshot({ snapshot: snapshotAt(index), keepFromIndex })
      assert.instanceOf(await rejection(saving), InvariantError)
    }
  })

  test('is saved one at a time', async () => {
    const { log } = await logWith([])
    const first = log.saveSnapshot({ snapshot: snapshotAt(30), keepFromIndex: 1 })
    const second = log.saveSnapshot({ snapshot: snapshotAt(40), keepFromIndex: 1 })
    assert.instanceOf(await rejection(second), InvariantError)
    await first
  })

  test('of several megabytes comes back as it was; of no byte less, more or other', () => {
    const data = new Uint8Array(3_500_000).map((_, at) => at * 7)
    const snapshot = { term: 2 ** 50, index: 2 ** 51, data }
    const file = new Uint8Array(Buffer.concat([...snapshotPieces(snapshot)]))
    const decoded = decodeSnapshot(file, snapshot)
    assert.isTrue(Buffer.from(decoded?.data ?? []).equals(data))
    assert.isUndefined(decodeSnapshot(file.subarray(0, -1), snapshot))
    assert.isUndefined(
      decodeSnapshot(new Uint8Array(Buffer.concat([file, Buffer.alloc(1)])), snapshot),
    )
    assert.isUndefined(decodeSnapshot(file, { ...snapshot, term: 3 }))
    assert.isUndefined(decodeSnapshot(file.subarray(0, 20), snapshot))
  })
})
