/**
 * A data folder that cannot be used: what is found, and what to do, for each way it can fail.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import { openDisk } from '../../../src/node/storage/disk.ts'
import { storageError } from '../../../src/node/storage/storage-error.ts'

const root = mkdtempSync(join(tmpdir(), 'skein-storage-'))
afterAll(() => rmSync(root, { recursive: true }))

async function errorOf(failing: Promise<unknown>): Promise<MeshError> {
  const error = await failing.then(
    () => new Error('no error'),
    (cause: unknown) => cause,
  )
  assert.ok(error instanceof MeshError, String(error))
  assert.equal(error.code, 'ERR_STORAGE')
  return error
}

describe('what the system says', () => {
  const cases = [
    { code: 'EEXIST', found: 'a file where a folder must be', hint: 'Move that file' },
    { code: 'ENOTDIR', found: 'a file where a folder must be', hint: 'Move that file' },
    { code: 'EISDIR', found: 'a folder where a file must be', hint: 'Move that folder' },
    { code: 'EACCES', found: 'that this user may not', hint: 'Give the user' },
    { code: 'EROFS', found: 'a read-only file system', hint: 'Make it writable' },
    { code: 'ENOSPC', found: 'no space left', hint: 'Free some space' },
    { code: 'EIO', found: 'i/o error', hint: 'Check the permissions' },
  ]
  for (const { code, found, hint } of cases) {
    test(`${code} is told in words, with a hint that names --data-dir`, () => {
      const cause = Object.assign(new Error('i/o error'), { code })
      const error = storageError('write', '/data/mesh.json', cause)
      assert.equal(error.message, `expected to write /data/mesh.json, found ${found}`)
      assert.ok(error.hint?.startsWith(hint))
      assert.ok(error.hint?.endsWith('--data-dir.'))
    })
  }
})

test('a data folder that is a file, or lies in one, is told as that', async () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  for (const path of [file, join(file, 'inside')]) {
    const { message } = await errorOf(openDisk(path))
    assert.equal(
      message,
      `expected to make the data folder ${path}, found a file where a folder must be`,
    )
  }
})

test('a file that is a folder is told as that', async () => {
  mkdirSync(join(root, 'data', 'identity.key'), { recursive: true })
  const disk = await openDisk(join(root, 'data'))
  const { message } = await errorOf(disk.read('identity.key'))
  assert.include(message, 'found a folder where a file must be')
})

/** Whom the system lets write anywhere must become somebody else to see it. */
const NOBODY = 65_534

test('a data folder that we may not write in is refused at once', {
  skip: process.platform === 'win32',
}, () => {
  const folder = mkdtempSync(join(root, 'closed-'))
  chmodSync(root, 0o755)
  chmodSync(folder, 0o555)
  const disk = JSON.stringify(resolve('src/node/storage/disk.ts'))
  const script = `
    const { openDisk } = await import(${disk})
    await openDisk(${JSON.stringify(folder)}).catch(error => console.log(error.message))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 15_000,
    ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  assert.equal(
    stdout,
    `expected to read and write in the data folder ${folder}, found that this user may not\n`,
    stderr,
  )
})
