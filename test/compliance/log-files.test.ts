/**
 * The port of the log keeps its promises on every disk: a real one, a simulated one, and the one in
 * memory that tests use.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { LogDisk } from '../../sim/log-disk.ts'
import { Process } from '../../sim/process.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { hasCode } from '../../src/core/errors.ts'
import { Random } from '../../src/core/random.ts'
import type { LogFiles } from '../../src/node/storage/wal/log-files.ts'
import { openNodeLogFiles } from '../../src/node/storage/wal/node-log-files.ts'
import { MemoryLogFiles } from '../node/storage/wal/memory-log-files.ts'
import { rejection } from '../node/until.ts'

const root = mkdtempSync(join(tmpdir(), 'skein-log-files-'))
afterAll(() => rmSync(root, { recursive: true }))

/** More than anything takes on a simulated disk. */
const LONG_MS = 1_000

/** Runs what uses the port, in whatever time it has. */
interface Disk {
  readonly files: LogFiles
  run<Value>(work: Promise<Value>): Promise<Value>
}

const disks: Readonly<Record<string, () => Promise<Disk>>> = {
  'a real disk': async () => ({
    files: await openNodeLogFiles(mkdtempSync(join(root, 'log-'))),
    run: work => work,
  }),
  'a simulated disk': async () => {
    const time = new VirtualTime()
    const files = new LogDisk(time, new Random(1)).for(new Process(1, time))
    return {
      files,
      run: async work => {
        // A failure is that of whoever awaits it below.
        work.catch(() => {})
        await time.advance(LONG_MS)
        return await work
      },
    }
  },
  'a disk in memory': async () => ({ files: new MemoryLogFiles(), run: work => work }),
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

for (const [name, open] of Object.entries(disks)) {
  describe(name, () => {
    test('has a file that was made, with zeros up to its size, under its name alone', async () => {
      const { files, run } = await open()
      await run(files.create('a', [bytes('one '), bytes('two')], 12))
      await run(files.create('b', [bytes('three')]))

      assert.deepEqual([...(await run(files.list()))].toSorted(), ['a', 'b'])
      assert.deepEqual(new Uint8Array(await run(files.read('a'))), bytes('one two\0\0\0\0\0'))
      assert.deepEqual(new Uint8Array(await run(files.read('b'))), bytes('three'))
    })

    test('makes a file anew in place of one that is there', async () => {
      const { files, run } = await open()
      await run(files.create('a', [bytes('a longer text')]))
      await run(files.create('a', [bytes('short')], 2))
      assert.deepEqual(new Uint8Array(await run(files.read('a'))), bytes('short'))
    })

    test('writes where it is told, over what is there and beyond the end', async () => {
      const { files, run } = await open()
      await run(files.create('a', [bytes('0123456789')]))
      const file = await run(files.open('a'))
      await run(file.write(bytes('xyz'), 2))
      await run(file.write(bytes('end'), 9))
      await run(file.sync())
      await run(file.close())
      assert.deepEqual(new Uint8Array(await run(files.read('a'))), bytes('01xyz5678end'))
    })

    test('lets the bytes of a write be used again once it has returned', async () => {
      const { files, run } = await open()
      await run(files.create('a', [], 4))
      const file = await run(files.open('a'))
      const used = bytes('good')
      await run(file.write(used, 0))
      used.fill(0)
      await run(file.close())
      assert.deepEqual(new Uint8Array(await run(files.read('a'))), bytes('good'))
    })

    test('cuts a file and lengthens it with zeros', async () => {
      const { files, run } = await open()
      await run(files.create('a', [bytes('0123456789')]))
      const file = await run(files.open('a'))
      await run(file.truncate(4))
      await run(file.truncate(6))
      await run(file.sync())
      await run(file.close())
      assert.deepEqual(new Uint8Array(await run(files.read('a'))), bytes('0123\0\0'))
    })

    test('removes a file, and does not mind if there is none', async () => {
      const { files, run } = await open()
      await run(files.create('a', [bytes('x')]))
      await run(files.remove('a'))
      await run(files.remove('a'))
      assert.deepEqual(await run(files.list()), [])
    })

    test('has ERR_STORAGE for a file that is not there', async () => {
      const { files, run } = await open()
      assert.isTrue(hasCode(await rejection(run(files.read('a'))), 'ERR_STORAGE'))
      assert.isTrue(hasCode(await rejection(run(files.open('a'))), 'ERR_STORAGE'))
    })
  })
}

test('a real disk leaves nothing aside and keeps files from others', async () => {
  const folder = join(root, 'new', 'folder')
  const files = await openNodeLogFiles(folder)
  await files.create('a', [new Uint8Array(3_000_000)], 4_000_000)
  assert.deepEqual(readdirSync(folder), ['a'])
  assert.equal(statSync(join(folder, 'a')).size, 4_000_000)
  if (process.platform !== 'win32') assert.equal(statSync(join(folder, 'a')).mode & 0o777, 0o600)
})
