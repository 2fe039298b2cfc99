/**
 * The parts of the consensus benchmark that need no etcd: the closed loop of puts, and the bare
 * contestant, end to end.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, describe, onTestFinished, test } from 'vitest'
import { bare } from '../../bench/consensus/bare.ts'
import { openBareClient } from '../../bench/consensus/bare-client.ts'
import type { PutClient } from '../../bench/consensus/contestant.ts'
import { type PutJob, runPuts } from '../../bench/consensus/put-job.ts'
import { turn } from '../node/until.ts'

const job: PutJob = {
  ...{ protocol: 'bare' as const, port: 1, clientCount: 3, valueBytes: 16 },
  ...{ warmUpMs: 0, windowMs: 20 },
}
const watch = { onOpen: () => {}, onClose: () => {} }

describe('the closed loop', () => {
  test('has one put at a time for each client, and ends with the last of them', async () => {
    const open = new Map<number, number>()
    let openMax = 0
    let putCount = 0
    const client: PutClient = {
      async put(index, _key, value) {
        assert.equal(value.length, job.valueBytes)
        open.set(index, (open.get(index) ?? 0) + 1)
        openMax = Math.max(openMax, ...open.values())
        await turn()
        open.set(index, (open.get(index) ?? 0) - 1)
        putCount += 1
      },
      close() {},
    }

    const { load } = await runPuts(client, job, watch)

    assert.deepEqual(
      [...open],
      [
        [0, 0],
        [1, 0],
        [2, 0],
      ],
    )
    assert.equal(openMax, 1)
    assert.isAtMost(load.answeredCount, putCount)
    assert.deepEqual(load.errors, {})
  })

  test('gives up on a cluster that refuses everything, and says what it said', async () => {
    const client: PutClient = {
      async put() {
        await turn()
        throw new Error('no leader')
      },
      close() {},
    }

    const { load } = await runPuts(client, job, watch)

    assert.equal(load.answeredCount, 0)
    assert.deepEqual(Object.keys(load.errors), ['no leader'])
    // Each of the clients may have one more under way when the last one is counted.
    assert.isAtMost(load.errors['no leader'] ?? 0, 100 * job.clientCount)
  })
})

test('the bare contestant has every put that it answered on at least two disks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-test-'))
  const cluster = await bare.start(folder)
  onTestFinished(async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true })
  })
  const client = await openBareClient(cluster.port)
  const values = Array.from({ length: 20 }, (_, index) => `<value-${index}>`)

  for (const value of values) {
    await Promise.all([0, 1, 2].map(index => client.put(index, `k${index}`, Buffer.from(value))))
    const logs = [0, 1, 2].map(index => readFileSync(join(folder, `member-${index}.log`), 'latin1'))
    const copies = logs.map(log => log.split(value).length - 1)
    assert.isAtLeast(copies.filter(count => count === 3).length, 2)
  }
  client.close()
})
