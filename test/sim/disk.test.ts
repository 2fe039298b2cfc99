/**
 * The simulated disk.
 */
import { assert, describe, test } from 'vitest'
import { SimDisk } from '../../sim/disk.ts'
import { Process } from '../../sim/process.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { hasCode } from '../../src/core/errors.ts'
import { Random } from '../../src/core/random.ts'
import { rejection } from '../node/until.ts'

const OLD = Buffer.from('the old content')
const NEW = Buffer.from('the new content, which is longer')

/** Longer than any write takes. */
const WRITE_MAX_MS = 10

function scene(seed = 1) {
  const time = new VirtualTime()
  const disk = new SimDisk(time, new Random(seed))
  const process = new Process(1, time)
  disk.place('file', OLD)
  return { time, disk, process, port: disk.for(process) }
}

describe('a simulated disk', () => {
  test('has what was written once the write has returned, and takes time for it', async () => {
    const { time, disk, port } = scene()
    let isDone = false
    void port.write('file', NEW).then(() => {
      isDone = true
    })
    await time.advance(0.2)
    assert.isFalse(isDone)

    await time.advance(WRITE_MAX_MS)

    assert.isTrue(isDone)
    disk.crash()
    assert.deepEqual(disk.file('file'), new Uint8Array(NEW))
  })

  test('reads what is there, and nothing where nothing is', async () => {
    const { time, port } = scene()
    const read = Promise.all([port.read('file'), port.read('other')])

    await time.advance(1)

    assert.deepEqual(await read, [new Uint8Array(OLD), undefined])
  })

  test('keeps the old file or the new one when a crash comes during a write, and no part', async () => {
    const outcomes = new Set<string>()
    for (let seed = 1; seed <= 40; seed += 1) outcomes.add(await contentAfterCrash(seed))

    const expected = ['the new content, which is longer', 'the old content']
    assert.deepEqual([...outcomes].toSorted(), expected)
  })

  test('leaves a torn temporary file beside the old one', async () => {
    const { time, disk, port } = scene()
    void port.write('file', NEW)
    await time.advance(0.1)

    disk.crash()

    const torn = disk.file('file.new') ?? NEW
    assert.isBelow(torn.length, NEW.length)
    assert.deepEqual(torn, new Uint8Array(NEW.subarray(0, torn.length)))
    assert.deepEqual(disk.file('file'), new Uint8Array(OLD))
  })

  test('tells nobody of a write whose process is gone', async () => {
    const { time, process, port } = scene()
    let isDone = false
    void port.write('file', NEW).then(() => {
      isDone = true
    })
    process.end()

    await time.advance(WRITE_MAX_MS)

    assert.isFalse(isDone)
  })

  test('flips one bit on demand', () => {
    const { disk } = scene()
    assert.isTrue(disk.flipBit('file'))

    const found = disk.file('file') ?? new Uint8Array()
    const changed = [...found].map((byte, index) => byte ^ (OLD[index] ?? 0)).filter(Boolean)
    assert.lengthOf(changed, 1)
    assert.equal(Math.log2(changed[0] ?? 0) % 1, 0)
    assert.isFalse(disk.flipBit('no such file'))
  })

  test('fails with ERR_STORAGE while it is broken', async () => {
    const { time, disk, port } = scene()
    disk.isBroken = true
    const failed = rejection(port.write('file', NEW))

    await time.advance(WRITE_MAX_MS)

    assert.isTrue(hasCode(await failed, 'ERR_STORAGE'))
    assert.deepEqual(disk.file('file'), new Uint8Array(OLD))
  })
})

/** What is in the file if the power fails at some moment of the write. */
async function contentAfterCrash(seed: number): Promise<string> {
  const { time, disk, port } = scene(seed)
  void port.write('file', NEW)
  await time.advance((seed % 20) * 0.4)
  disk.crash()
  return Buffer.from(disk.file('file') ?? []).toString()
}
