/**
 * The simulated disk for logs: what a crash leaves, and the faults it can have.
 */
import { assert, describe, test } from 'vitest'
import { LogDisk } from '../../sim/log-disk.ts'
import { Process } from '../../sim/process.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { hasCode } from '../../src/core/errors.ts'
import { Random } from '../../src/core/random.ts'
import { rejection } from '../node/until.ts'

/** More than anything takes. */
const LONG_MS = 1_000

const SECTOR_BYTES = 512

function scene(seed = 1) {
  const time = new VirtualTime()
  const disk = new LogDisk(time, new Random(seed))
  const process = new Process(1, time)
  const files = disk.for(process)
  const run = async <Value>(work: Promise<Value>): Promise<Value> => {
    work.catch(() => {})
    await time.advance(LONG_MS)
    return await work
  }
  return { time, disk, process, files, run }
}

/** A file of four sectors of zeros with ones written over all of it, not synced. */
async function unsynced(seed: number) {
  const { run, files, ...rest } = scene(seed)
  await run(files.create('log', [], 4 * SECTOR_BYTES))
  const file = await run(files.open('log'))
  await run(file.write(new Uint8Array(4 * SECTOR_BYTES).fill(1), 0))
  return { ...rest, run, files, file }
}

const ones = (bytes: Uint8Array | undefined) => bytes?.filter(byte => byte === 1).length ?? 0

/** How the file looks of which everything had been written. */
function formOf(left: Uint8Array): string {
  const count = ones(left)
  if (count === 0) return 'nothing'
  if (count === left.length) return 'everything'
  if (!left.subarray(0, count).every(byte => byte === 1)) return 'sectors without those before them'
  return count % SECTOR_BYTES === 0 ? 'whole sectors' : 'cut in a sector'
}

describe('a crash of a simulated log disk', () => {
  test('leaves what was synced', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { disk, file, run } = await unsynced(seed)
      await run(file.sync())
      disk.crash()
      assert.equal(ones(disk.file('log')), 4 * SECTOR_BYTES)
    }
  })

  test('leaves any part of what was not: a beginning cut anywhere, or some of the sectors', async () => {
    const forms = new Set<string>()
    for (let seed = 1; seed <= 200; seed += 1) {
      const { disk } = await unsynced(seed)
      disk.crash()
      forms.add(formOf(disk.file('log') ?? new Uint8Array()))
    }
    assert.deepEqual([...forms].toSorted(), [
      'cut in a sector',
      'everything',
      'nothing',
      'sectors without those before them',
      'whole sectors',
    ])
  })

  test('leaves a file that is being made whole, or not at all', async () => {
    const outcomes = new Set<string>()
    for (let seed = 1; seed <= 40; seed += 1) {
      const { time, disk, files } = scene(seed)
      void files.create('new', [new Uint8Array(8).fill(1)])
      await time.advance(0.05)
      disk.crash()
      const file = disk.file('new')
      outcomes.add(file === undefined ? 'none' : `${ones(file)} of 8`)
    }
    assert.deepEqual([...outcomes].toSorted(), ['8 of 8', 'none'])
  })
})

describe('a simulated log disk', () => {
  test('that lies forgets in a crash what it said it had synced', async () => {
    const outcomes = new Set<boolean>()
    for (let seed = 1; seed <= 20; seed += 1) {
      const { disk, file, run } = await unsynced(seed)
      disk.isLying = true
      await run(file.sync())
      assert.equal(ones(disk.file('log')), 4 * SECTOR_BYTES)
      disk.crash()
      outcomes.add(ones(disk.file('log')) < 4 * SECTOR_BYTES)
    }
    assert.isTrue(outcomes.has(true))
  })

  test('that failed to sync does not try again what it did not write', async () => {
    const { disk, file, run } = await unsynced(1)
    disk.isBroken = true
    assert.isTrue(hasCode(await rejection(run(file.sync())), 'ERR_STORAGE'))
    disk.isBroken = false

    await run(file.sync())

    assert.equal(ones(disk.file('log')), 4 * SECTOR_BYTES)
    disk.crash()
    assert.equal(ones(disk.file('log')), 0)
  })

  test('takes as many times as long as it is slow', async () => {
    const { time, disk, file } = await unsynced(1)
    disk.slowFactor = 1_000
    let isDone = false
    void file.sync().then(() => {
      isDone = true
    })
    await time.advance(90)
    assert.isFalse(isDone)
    await time.advance(100_000)
    assert.isTrue(isDone)
  })

  test('has done what a process asked for that is gone, or never does it', async () => {
    const outcomes = new Set<string>()
    for (let seed = 1; seed <= 40; seed += 1) {
      const { time, disk, process, files, file } = await unsynced(seed)
      let isTold = false
      const tell = () => {
        isTold = true
      }
      void file.write(new Uint8Array(8), 0).then(tell)
      void files.create('new', []).then(tell)
      process.end()
      disk.for(new Process(2, time))
      const left = [ones(disk.file('log')), disk.file('new')?.length].join()

      await time.advance(LONG_MS)

      assert.equal([ones(disk.file('log')), disk.file('new')?.length].join(), left)
      assert.isFalse(isTold)
      outcomes.add(left)
    }
    assert.deepEqual([...outcomes].toSorted(), ['2040,', '2040,0', '2048,', '2048,0'])
  })

  test('flips one bit on demand', async () => {
    const { disk, files, run } = scene()
    await run(files.create('log', [new Uint8Array(64)]))
    assert.isTrue(disk.flipBit('log'))
    assert.lengthOf(
      [...(disk.file('log') ?? [])].filter(byte => byte !== 0),
      1,
    )
    assert.isFalse(disk.flipBit('no such file'))
  })
})
