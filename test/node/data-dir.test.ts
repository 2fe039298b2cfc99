/**
 * The data folder: durable files of mode 0600, one process at a time, an identity that stays.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, assert, describe, test } from 'vitest'
import { systemEntropy } from '../../src/node/entropy.ts'
import { lockDataDir } from '../../src/node/storage/data-dir-lock.ts'
import { openDisk } from '../../src/node/storage/disk.ts'
import { loadIdentity } from '../../src/node/storage/identity.ts'
import { loadMesh, newMesh, saveMesh } from '../../src/node/storage/mesh-file.ts'

const folders: string[] = []

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'skein-test-'))
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function codeOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
  return 'no error'
}

describe('the disk', () => {
  test('reads back what it wrote, and nothing for what is not there', async () => {
    const disk = await openDisk(freshFolder())
    assert.isUndefined(await disk.read('a'))
    await disk.write('a', Buffer.from('one'))
    await disk.write('a', Buffer.from('two'))
    assert.equal(Buffer.from((await disk.read('a')) ?? []).toString(), 'two')
  })

  test('writes files that only their owner can read, whatever mode a leftover had', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'a.new'), 'half a file from a crash')
    chmodSync(join(folder, 'a.new'), 0o666)
    const disk = await openDisk(folder)
    await disk.write('a', Buffer.from('secret'))
    assert.equal(statSync(join(folder, 'a')).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(folder), ['a'])
  })

  test('makes the folder, for its owner alone', async () => {
    const folder = join(freshFolder(), 'deep', 'er')
    await openDisk(folder)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
  })

  test('says which path it could not use', async () => {
    const file = join(freshFolder(), 'file')
    writeFileSync(file, '')
    assert.equal(await codeOf(openDisk(join(file, 'folder'))), 'ERR_STORAGE')
    assert.equal(await codeOf(openDisk(file)), 'ERR_STORAGE')
  })

  // The system's own recursive mkdir never returns there.
  test.runIf(process.platform === 'linux')('says so of a folder that cannot be made', async () => {
    assert.equal(await codeOf(openDisk('/proc/skein/data')), 'ERR_STORAGE')
  })
})

describe('the lock', () => {
  test('keeps a second user out until the first lets go', async () => {
    const folder = freshFolder()
    const lock = await lockDataDir(folder)
    const second = lockDataDir(folder)
    assert.equal(await codeOf(second), 'ERR_DATA_DIR_LOCKED')
    await lock.release()
    await (await lockDataDir(folder)).release()
  })

  test('names the process that holds it, and is free as soon as that is killed', async () => {
    const folder = freshFolder()
    const script = `
      const { lockDataDir } = await import(${JSON.stringify(join(process.cwd(), 'src/node/storage/data-dir-lock.ts'))})
      await lockDataDir(${JSON.stringify(folder)})
      console.log('locked')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const message = await lockDataDir(folder).then(
      () => 'no error',
      (error: Error) => error.message,
    )
    assert.include(message, `process ${child.pid}`)

    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await lockDataDir(folder)).release()
  })

  test('goes to exactly one of many that find a stale one at once', async () => {
    const folder = freshFolder()
    const first = spawn(
      process.execPath,
      [
        '-e',
        `require('net').createServer().listen(${JSON.stringify(join(folder, 'lock-0000000000000000'))}, () => console.log('up'))`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(first.stdout, 'data')
    first.kill('SIGKILL')
    await once(first, 'exit')

    const results = await Promise.allSettled(Array.from({ length: 4 }, () => lockDataDir(folder)))
    const locks = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    assert.equal(locks.length, 1)
    await locks[0]?.release()
  })

  test('works for folders whose path is longer than a socket path may be', async () => {
    const folder = join(freshFolder(), 'x'.repeat(120))
    await openDisk(folder)
    const lock = await lockDataDir(folder)
    assert.equal(await codeOf(lockDataDir(folder)), 'ERR_DATA_DIR_LOCKED')
    await lock.release()
  })
})

describe('the identity', () => {
  test('stays the same over restarts', async () => {
    const folder = freshFolder()
    const first = await loadIdentity(await openDisk(folder))
    const second = await loadIdentity(await openDisk(folder))
    assert.equal(first.peerId, second.peerId)
    assert.match(first.peerId, /^12D3KooW/)
    assert.equal(statSync(join(folder, 'identity.key')).mode & 0o777, 0o600)
  })

  test('is never replaced because its file is damaged', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'identity.key'), 'not a key')
    assert.equal(await codeOf(loadIdentity(await openDisk(folder))), 'ERR_STORAGE')
  })
})

describe('the memory of the mesh', () => {
  test('comes back as it was', async () => {
    const disk = await openDisk(freshFolder())
    assert.isUndefined(await loadMesh(disk))
    const mesh = {
      ...newMesh(systemEntropy),
      rosterIndex: 7,
      peers: [{ peer: 'b', addresses: ['/ip4/127.0.0.1/tcp/1'] }],
    }
    await saveMesh(disk, mesh)
    const back = await loadMesh(disk)
    assert.deepEqual(back, mesh)
  })

  test('is refused when it is damaged', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'mesh.json'), '{"format":2,"meshId":"x"}')
    assert.equal(await codeOf(loadMesh(await openDisk(folder))), 'ERR_STORAGE')
  })

  test('is refused with what to do when it is of the time of shared secrets', async () => {
    const folder = freshFolder()
    const meshSecret = Buffer.alloc(32).toString('base64')
    const old = { format: 1, meshId: '00'.repeat(16), meshSecret, incarnation: 1, peers: [] }
    writeFileSync(join(folder, 'mesh.json'), JSON.stringify(old))
    const refusal = await loadMesh(await openDisk(folder)).catch((error: unknown) => error)
    assert.propertyVal(refusal, 'code', 'ERR_STORAGE')
    assert.include((refusal as { hint: string }).hint, 'remove mesh.json and the folder consensus')
  })
})
