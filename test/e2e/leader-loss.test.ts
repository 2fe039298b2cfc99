/**
 * A leader that is killed under a stream of changes: the mesh goes on within seconds, and has all
 * that was acknowledged. `npm run bench -- leader-loss` does it twenty times and measures.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, test } from 'vitest'
import { killLeader, missing } from '../../bench/leader-loss.ts'
import { PeerGroup } from '../../bench/peer-group.ts'
import { PolicyWriters } from '../../bench/policy-writers.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-e2e-'))
const group = new PeerGroup(folder)
const writers = new PolicyWriters(() => group.peers)

afterAll(async () => {
  await writers.stop()
  await group.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a leader is killed, twice, and nothing that was acknowledged is lost', async () => {
  while (group.peers.length < 5) await group.add()
  writers.start()
  await killLeader(group, writers)
  await killLeader(group, writers)
  await writers.stop()
  assert.isAbove(writers.acknowledged.length, 10)
  assert.deepEqual(await missing(group, writers), [])
}, 120_000)
