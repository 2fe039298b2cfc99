/**
 * What a log says of itself when it is not as it was written: a write cut short by a crash is
 * repaired, anything else is refused. Exhaustive over small logs.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../../src/core/errors.ts'
import { ByteWriter } from '../../../../src/node/storage/wal/bytes.ts'
import { writeFrame } from '../../../../src/node/storage/wal/frame.ts'
import { MemoryLogFiles } from './memory-log-files.ts'
import {
  entries,
  entry,
  FIRST_SEGMENT,
  indexes,
  openLog,
  recover,
  refusal,
  SECOND_SEGMENT,
} from './scene.ts'

/** Small, so that every bit of it can be flipped. */
const SMALL = { segmentBytes: 1024 }

const SECTOR_BYTES = 512

/** One append each. */
const THREE_SEGMENTS = [entries(1, 20), entries(21, 40), entries(41, 60)]

/** Where the log ends in the segment. */
function endOf(file: Uint8Array): number {
  return file.findLastIndex(byte => byte !== 0) + 1
}

interface Written {
  readonly files: MemoryLogFiles
  /** Where the last record begins and ends. */
  readonly start: number
  readonly end: number
}

/** Appends, each with a sync of its own. */
async function written(
  appends: readonly ReturnType<typeof entries>[],
  options = SMALL,
): Promise<Written> {
  const files = new MemoryLogFiles()
  const { log } = await openLog(files, options)
  let [start, end] = [0, 0]
  for (const append of appends) {
    start = endOf(files.get(lastSegment(files)))
    await log.append({ entries: append, mustSync: true })
    end = endOf(files.get(lastSegment(files)))
  }
  await log.close()
  return { files, start, end }
}

const lastSegment = (files: MemoryLogFiles) =>
  [...files.files.keys()]
    .filter(name => name.endsWith('.wal'))
    .toSorted()
    .at(-1) ?? ''

function flip(files: MemoryLogFiles, name: string, bit: number): MemoryLogFiles {
  const other = files.copy()
  const file = other.get(name)
  file[bit >> 3] = (file[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return other
}

/** Every bit whose flip the log does not mind. */
async function unnoticedFlips(files: MemoryLogFiles, name: string): Promise<number[]> {
  const unnoticed: number[] = []
  for (let bit = 0; bit < files.get(name).length * 8; bit += 1) {
    const error = await refusal(flip(files, name, bit))
    if (!hasCode(error, 'ERR_LOG_DAMAGED')) unnoticed.push(bit)
  }
  return unnoticed
}

describe('a log cut off', () => {
  const cases = [
    { what: 'within one sector', last: entries(4, 4) },
    { what: 'of several entries', last: entries(4, 9) },
    { what: 'over several sectors', last: [entry(4, { text: 'x'.repeat(1500) })] },
    { what: 'of zeros over several sectors', last: [entry(4, { text: '\0'.repeat(1500) })] },
  ]
  for (const { what, last } of cases) {
    test(`at any byte of a last record ${what} begins with all before it`, async () => {
      const { files, start, end } = await written([entries(1, 2), entries(3, 3), last], {
        segmentBytes: 4096,
      })
      for (let cut = start; cut < end; cut += 1) {
        const shorter = files.copy()
        shorter.files.set(FIRST_SEGMENT, files.get(FIRST_SEGMENT).slice(0, cut))
        const zeroed = files.copy()
        zeroed.get(FIRST_SEGMENT).fill(0, cut)

        for (const left of [shorter, zeroed]) {
          const recovered = await recover(left, { segmentBytes: 4096 })
          assert.deepEqual(indexes(recovered), [1, 2, 3], `cut at ${cut}`)
          assert.equal(recovered.repair === undefined, cut === start, `cut at ${cut}`)
        }
      }
    })
  }

  test('in any of its sectors begins with all before it, whatever else of it is there', async () => {
    const last = [entry(3, { text: 'y'.repeat(2500) }), entry(4, { text: '\0'.repeat(1500) })]
    const { files, start, end } = await written([entries(1, 2), last], { segmentBytes: 8192 })
    const pieces: (readonly [number, number])[] = []
    for (let at = start; at < end; at = (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES) {
      pieces.push([at, Math.min(end, (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES)])
    }
    assert.isAbove(pieces.length, 7)
    for (let kept = 0; kept < 2 ** pieces.length - 1; kept += 1) {
      const torn = files.copy()
      for (const [place, [from, to]] of pieces.entries()) {
        if ((kept & (1 << place)) === 0) torn.get(FIRST_SEGMENT).fill(0, from, to)
      }
      assert.deepEqual(
        indexes(await recover(torn, { segmentBytes: 8192 })),
        [1, 2],
        `sectors ${kept.toString(2)}`,
      )
    }
  })

  for (const place of [SECTOR_BYTES - 16, SECTOR_BYTES - 8]) {
    test(`in a header that begins at byte ${place} of a sector is repaired`, async () => {
      const last = [entry(2, { text: 'y'.repeat(900) })]
      // The first record is made as long as the place asks for.
      for (let fill = 0; fill < SECTOR_BYTES; fill += 1) {
        const before = [entry(1, { text: 'x'.repeat(fill) })]
        const { files, start, end } = await written([before, last], { segmentBytes: 4096 })
        if (start % SECTOR_BYTES !== place) continue
        const next = start - place + SECTOR_BYTES
        for (const [from, to] of [
          [start, next],
          [next, next + SECTOR_BYTES],
          [next, end],
        ] as const) {
          const torn = files.copy()
          torn.get(FIRST_SEGMENT).fill(0, from, to)
          assert.deepEqual(indexes(await recover(torn, { segmentBytes: 4096 })), [1])
        }
        return
      }
      assert.fail('no record ends there')
    })
  }

  test('keeps what it takes away, then goes on and forgets that it was torn', async () => {
    const { files, end } = await written([entries(1, 2), entries(3, 3)])
    files.get(FIRST_SEGMENT).fill(0, end - 20)
    const found = files.get(FIRST_SEGMENT).slice()

    const { log, recovered } = await openLog(files, SMALL)
    await log.append({ entries: [entry(3, { text: 'another' })], mustSync: true })
    await log.close()

    assert.equal(recovered.repair?.copy, `${FIRST_SEGMENT}.broken`)
    assert.deepEqual(files.get(`${FIRST_SEGMENT}.broken`), found)
    const after = await recover(files)
    assert.deepEqual(indexes(after), [1, 2, 3])
    assert.isUndefined(after.repair)
  })

  test('in a segment that is not the last is refused', async () => {
    const { files } = await written(THREE_SEGMENTS)
    assert.isTrue(files.files.has(SECOND_SEGMENT))
    const end = endOf(files.get(FIRST_SEGMENT))
    for (const cut of [end - 1, end - 9, end - 40]) {
      const torn = files.copy()
      torn.get(FIRST_SEGMENT).fill(0, cut)
      const error = await refusal(torn)
      assert.isTrue(hasCode(error, 'ERR_LOG_DAMAGED'))
      assert.equal(error?.details['path'], `memory/${FIRST_SEGMENT}`)
    }
  })

  test('where a later record says that it had been synced is refused', async () => {
    const { files, start } = await written([entries(1, 60), entries(61, 90), entries(91, 91)], {
      segmentBytes: 4096,
    })
    assert.isAbove(start, 2 * SECTOR_BYTES)
    files.get(FIRST_SEGMENT).fill(0, SECTOR_BYTES, 2 * SECTOR_BYTES)
    const error = await refusal(files)
    assert.include(error?.message, 'found that a record which had been synced is not whole')
  })
})

describe('one flipped bit', () => {
  test('anywhere in a log of one segment is noticed, the last record and the zeros included', async () => {
    const last = [entry(4), entry(5, { text: 'z'.repeat(300) })]
    const { files, end } = await written([entries(1, 2), [entry(3)], last], {
      segmentBytes: 2048,
    })
    assert.isBelow(end, 2048 - SECTOR_BYTES)
    assert.deepEqual(await unnoticedFlips(files, FIRST_SEGMENT), [])
  })

  test('anywhere in an older segment is noticed', async () => {
    const { files } = await written(THREE_SEGMENTS)
    assert.isTrue(files.files.has(SECOND_SEGMENT))
    assert.deepEqual(await unnoticedFlips(files, FIRST_SEGMENT), [])
  })

  test('is noticed in a last record with sectors of zeros', async () => {
    const last = [entry(3, { text: '\0'.repeat(1_600) })]
    const { files } = await written([entries(1, 2), last], { segmentBytes: 2048 })
    assert.deepEqual(await unnoticedFlips(files, FIRST_SEGMENT), [])
  })

  test('is noticed in a last record with a sector that has one set bit, also if it is that', async () => {
    const data = new Uint8Array(1_600).fill(0x11)
    const options = { segmentBytes: 2048 }
    const { files: first } = await written([entries(1, 2), [{ ...entry(3), data }]], options)
    const dataOffset = Buffer.from(first.get(FIRST_SEGMENT)).indexOf(data)
    data.fill(0, SECTOR_BYTES - dataOffset, 2 * SECTOR_BYTES - dataOffset)
    data[700 - dataOffset] = 4
    const { files } = await written([entries(1, 2), [{ ...entry(3), data }]], options)
    assert.isAbove(dataOffset, 0)
    assert.deepEqual(await unnoticedFlips(files, FIRST_SEGMENT), [])
  })

  test('is reported with the file and the byte of the record, and changes nothing', async () => {
    const { files, start } = await written([entries(1, 2), entries(3, 3)])
    const flipped = flip(files, FIRST_SEGMENT, (start + 30) * 8)
    const before = flipped.copy()

    const error = await refusal(flipped)

    assert.equal(
      error?.message,
      `expected an intact log in memory/${FIRST_SEGMENT} at byte ${start}, ` +
        'found a record whose checksum does not hold',
    )
    assert.deepEqual(error?.details, { path: `memory/${FIRST_SEGMENT}`, offset: start })
    assert.include(error?.hint, 'an empty data folder')
    assert.deepEqual(flipped.files, before.files)
  })

  test('in the newest snapshot is noticed where the log does not begin before it', async () => {
    const files = new MemoryLogFiles()
    const { log } = await openLog(files, SMALL)
    await log.saveSnapshot({
      snapshot: { term: 2, index: 50, data: Buffer.from('the state') },
      keepFromIndex: 51,
    })
    await log.append({ entries: entries(51, 52, 2), mustSync: true })
    await log.close()
    assert.deepEqual(await unnoticedFlips(files, 'snapshot-2-50'), [])
  })
})

describe('a log is refused', () => {
  test('if a segment in the middle is missing', async () => {
    const { files } = await written(THREE_SEGMENTS)
    files.files.delete(SECOND_SEGMENT)
    assert.include((await refusal(files))?.message, `${SECOND_SEGMENT}, found that the log goes on`)
  })

  test('if its first segments are missing and no snapshot stands for them', async () => {
    const { files } = await written(THREE_SEGMENTS)
    files.files.delete(FIRST_SEGMENT)
    assert.isTrue(hasCode(await refusal(files), 'ERR_LOG_DAMAGED'))
  })

  test('if there are snapshots and no segment', async () => {
    const files = new MemoryLogFiles()
    files.files.set('snapshot-1-5', new Uint8Array(60))
    assert.include((await refusal(files))?.message, 'found no log, but snapshots')
  })

  test('if segments of two logs are mixed', async () => {
    const { files } = await written(THREE_SEGMENTS.slice(0, 2))
    const { files: other } = await written([entries(1, 22), entries(23, 44)])
    files.files.set(SECOND_SEGMENT, other.get(SECOND_SEGMENT))
    const error = await refusal(files)
    assert.include(error?.message, 'found a record that does not follow the one before it')
  })

  test('if something stands right behind its last record', async () => {
    const { files, end } = await written([entries(1, 2)])
    files.get(FIRST_SEGMENT).set([0x5a, 0x5a], end + 9)
    const error = await refusal(files)
    assert.include(error?.message, `found something at byte ${end + 9}, behind the last record`)
  })

  test('without calling it damaged, if a later version wrote a record in it', async () => {
    const files = new MemoryLogFiles()
    const writer = new ByteWriter()
    const place = { type: 9, offset: 0, previousChecksum: 0, durableBytes: 0 }
    writeFrame(writer, place, () => writer.number(5))
    await files.create(FIRST_SEGMENT, [writer.bytes], 1024)
    const error = await refusal(files)
    assert.isTrue(hasCode(error, 'ERR_STORAGE'))
    assert.include(error?.hint, 'Start the version of Skein that wrote the data folder last')
  })

  test('if a segment is empty', async () => {
    const { files } = await written([entries(1, 2)])
    files.files.set(FIRST_SEGMENT, new Uint8Array(1024))
    assert.include((await refusal(files))?.message, 'found no beginning of a segment')
  })
})
