/**
 * `skein raft recover` and `skein raft forget`: they show what there is, ask, and change nothing
 * without an answer.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, assert, describe, test } from 'vitest'
import { openDisk } from '../../src/node/storage/disk.ts'
import { loadMesh } from '../../src/node/storage/mesh-file.ts'
import { stoppedDataDir } from '../node/stopped-data-dir.ts'
import { jsonLines, runSkein } from './run-skein.ts'

const CONSENT = '--i-understand-that-unconfirmed-changes-are-lost'

const folders: string[] = []

async function scene() {
  const dataDir = mkdtempSync(join(tmpdir(), 'skein-recover-'))
  folders.push(dataDir)
  const { self, meshId } = await stoppedDataDir(dataDir)
  const now = async () => await loadMesh(await openDisk(dataDir))
  return { self, meshId, now, flags: ['--data-dir', dataDir] }
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('skein raft recover', () => {
  test('shows what there is and asks for the id of the mesh', async () => {
    const { self, meshId, now, flags } = await scene()
    const input = [meshId]
    const { exitCode, stdout, stderr } = await runSkein(['raft', 'recover', ...flags], { input })
    assert.equal(exitCode, 0, stderr)
    const { meshId: newMeshId } = (await now()) ?? {}
    assert.notEqual(newMeshId, meshId)
    assert.match(
      stdout,
      new RegExp(
        `^MESH    ${meshId}\nPEER    ${self}\nTERM    1\nAGREED  up to 1\nLAST    1\n` +
          `VOTER   ${self} \\(this peer\\)\nThis peer is now the only voter of the mesh ${newMeshId}`,
      ),
    )
    assert.include(stderr, 'Lost is what the other voters agreed on and this peer has not.')
  })

  for (const input of [[], ['yes'], ['00000000000000000000000000000000']]) {
    test(`changes nothing when the answer is ${input[0] ?? 'none'}`, async () => {
      const { meshId, now, flags } = await scene()
      const { exitCode, stderr } = await runSkein(['raft', 'recover', ...flags], { input })
      assert.equal(exitCode, 2)
      assert.include(stderr, 'nothing was changed')
      assert.equal((await now())?.meshId, meshId)
    })
  }

  test('does it without asking for whoever says that it is understood', async () => {
    const { self, meshId, now, flags } = await scene()
    const result = await runSkein(['raft', 'recover', ...flags, CONSENT, '--json'])
    const { meshId: newMeshId } = (await now()) ?? {}
    const facts = { peer: self, meshId, term: 1, commitIndex: 1, lastIndex: 1, newMeshId }
    assert.deepEqual(jsonLines(result), [{ ...facts, voters: [{ node: 1, peer: self }] }])
    assert.notEqual(newMeshId, meshId)
  })

  test('says that there is no peer in a folder without one', async () => {
    const { exitCode, stderr } = await runSkein(['raft', 'recover', CONSENT])
    assert.equal(exitCode, 1)
    assert.include(stderr, 'expected the data folder of a peer at /nonexistent/skein, found none')
  })
})

test('skein raft forget lets the peer join another mesh', async () => {
  const { meshId, now, flags } = await scene()
  const { stdout } = await runSkein(['raft', 'forget', ...flags])
  assert.equal(stdout, `It is free to leave the mesh ${meshId}: skein join TICKET\n`)
  assert.deepEqual((await now())?.peers, [])
})
