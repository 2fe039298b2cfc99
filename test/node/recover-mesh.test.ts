/**
 * Recovery in the data folder of a stopped peer, also when it is cut short.
 */
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, assert, describe, test } from 'vitest'
import { openAgreement } from '../../src/node/consensus/open-agreement.ts'
import { asideFolder, finishRecovery, openStoppedPeer } from '../../src/node/recover-mesh.ts'
import { lockDataDir } from '../../src/node/storage/data-dir-lock.ts'
import { openDisk } from '../../src/node/storage/disk.ts'
import { logFolder } from '../../src/node/storage/log-folder.ts'
import { loadMesh } from '../../src/node/storage/mesh-file.ts'
import { openNodeLogFiles } from '../../src/node/storage/wal/node-log-files.ts'
import { stoppedDataDir } from './stopped-data-dir.ts'
import { rejection } from './until.ts'

const folders: string[] = []

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'skein-recover-'))
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const meshOf = async (dataDir: string) => (await loadMesh(await openDisk(dataDir)))?.meshId

/** Whether the peer would start with what is there. */
async function opens(dataDir: string, { self }: { readonly self: string }): Promise<boolean> {
  const files = await openNodeLogFiles(logFolder(dataDir))
  const meshId = (await meshOf(dataDir)) ?? ''
  try {
    const { log, savedIndex } = await openAgreement({ self, meshId, files, founding: undefined })
    await log.close()
    return savedIndex > 0
  } catch {
    return false
  }
}

async function recovered(): Promise<{ dataDir: string; lost: string; self: string }> {
  const dataDir = freshFolder()
  const { meshId: lost, self } = await stoppedDataDir(dataDir)
  const peer = await openStoppedPeer(dataDir)
  await peer.recover(1_000)
  await peer.close()
  return { dataDir, lost, self }
}

describe('after a recovery', () => {
  test('the folder is that of another mesh, which knows nobody yet; the old log is put aside', async () => {
    const { dataDir, lost, self } = await recovered()
    const memory = await loadMesh(await openDisk(dataDir))
    assert.notEqual(memory?.meshId, lost)
    assert.deepEqual(memory?.peers, [])
    assert.equal(memory?.incarnation, 5)
    assert.isTrue(await opens(dataDir, { self }))
    assert.isTrue(existsSync(asideFolder(dataDir, memory?.meshId ?? '')))
  })

  test('it can be done again', async () => {
    const { dataDir, self } = await recovered()
    const before = await meshOf(dataDir)
    const peer = await openStoppedPeer(dataDir)
    const meshId = await peer.recover(2_000)
    await peer.close()
    assert.notEqual(meshId, before)
    assert.isTrue(await opens(dataDir, { self }))
  })
})

describe('a recovery that a crash cuts short', () => {
  test('before mesh.json is written has not happened', async () => {
    const dataDir = freshFolder()
    const { self, meshId } = await stoppedDataDir(dataDir)
    await openNodeLogFiles(`${logFolder(dataDir)}-of-${'0'.repeat(32)}`)
    const peer = await openStoppedPeer(dataDir)
    await peer.close()
    assert.equal(peer.memory.meshId, meshId)
    assert.isTrue(await opens(dataDir, { self }))
  })

  test('after that is completed by the next start, wherever it stopped', async () => {
    for (const isOldThere of [true, false]) {
      const { dataDir, self } = await recovered()
      const meshId = (await meshOf(dataDir)) ?? ''
      renameSync(logFolder(dataDir), `${logFolder(dataDir)}-of-${meshId}`)
      if (isOldThere) renameSync(asideFolder(dataDir, meshId), logFolder(dataDir))
      assert.isFalse(isOldThere && (await opens(dataDir, { self })))
      await finishRecovery(dataDir, await openDisk(dataDir))
      assert.isTrue(await opens(dataDir, { self }))
      assert.isTrue(existsSync(asideFolder(dataDir, meshId)))
    }
  })
})

test('a peer that runs is left alone', async () => {
  const dataDir = freshFolder()
  await stoppedDataDir(dataDir)
  const lock = await lockDataDir(dataDir)
  assert.include(await rejection(openStoppedPeer(dataDir)), { code: 'ERR_DATA_DIR_LOCKED' })
  await lock.release()
})

test('a folder that is no peer’s is not made into one', async () => {
  const dataDir = join(freshFolder(), 'mistyped')
  assert.include(await rejection(openStoppedPeer(dataDir)), { code: 'ERR_STORAGE' })
  assert.isFalse(existsSync(dataDir))
})

test('a peer that forgets the others may join another mesh', async () => {
  const dataDir = freshFolder()
  await stoppedDataDir(dataDir)
  const peer = await openStoppedPeer(dataDir)
  assert.isAbove(peer.memory.peers.length, 0)
  await peer.forgetOthers()
  await peer.close()
  const memory = await loadMesh(await openDisk(dataDir))
  assert.deepEqual(memory?.peers, [])
  assert.equal(memory?.meshId, peer.memory.meshId)
})
