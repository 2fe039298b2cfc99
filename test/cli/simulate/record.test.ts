/**
 * `skein sim record`: every ingress, in order, by one clock; and what is missing is said.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assert, describe, test } from 'vitest'
import { readSkein } from '../../../sim/workload/skein-trace.ts'
import { linesOf } from '../../../sim/workload/trace.ts'
import { runSkein } from '../run-skein.ts'
import { emptyFolder, MODEL, type ServedMesh, servedMesh } from './served-mesh.ts'

async function record(mesh: ServedMesh, ...flags: readonly string[]) {
  const path = join(await emptyFolder(), 'trace.jsonl')
  const args = ['sim', 'record', '--duration-ms', '3000', '-o', path, ...flags]
  const result = await runSkein(args, mesh.world)
  const text = await readFile(path, 'utf8').catch(() => '')
  const [head, ...rows] = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line || '{}'))
  return { ...result, path, text, head, rows }
}

describe('a recording', () => {
  test('has what every ingress took in, in order, by one clock', async () => {
    const mesh = servedMesh()
    mesh.at(500, 'b')
    mesh.at(1_000, 'a', { inputTokens: 7, tenant: undefined, prefix: undefined, ttftMs: undefined })
    mesh.at(2_000, 'b', { priority: 'high' })
    const { exitCode, stdout, text, head, rows } = await record(mesh)
    assert.equal(exitCode, 0)
    assert.match(stdout, /^3 requests at 2 peers in 3\.0 s: /)
    assert.deepEqual(head, { skeinTrace: 1, durationMs: 3_000, requestCount: 3, gaps: [] })
    assert.deepEqual(
      rows.map(({ atMs, ingress, inputTokens, priority }) => [
        atMs,
        ingress,
        inputTokens,
        priority,
      ]),
      [
        [500, 'b', 30, undefined],
        [1_000, 'a', 7, undefined],
        [2_000, 'b', 30, 'high'],
      ],
    )
    assert.deepEqual(Object.keys(rows[1]), [
      ...['atMs', 'model', 'inputTokens', 'outputTokens', 'outputTokensMax', 'endToEndMs'],
      ...['peer', 'ingress'],
    ])
    assert.equal(rows[0].ttftMs, 12.35)
    assert.match(rows[0].tenant, /^t-[0-9a-f]{8}$/)
    assert.equal(rows[0].tenant, rows[2].tenant)
    assert.notInclude(text, 'acme')
  })

  test('is a trace that the simulator reads', async () => {
    const mesh = servedMesh()
    mesh.at(500, 'b')
    const { text } = await record(mesh)
    const [row] = readSkein(linesOf(text))
    assert.deepInclude(row, { model: MODEL, inputTokens: 30, outputTokens: 9, atMs: 500 })
  })

  test('leaves out what came before, and what makes no tokens, and says so', async () => {
    const mesh = servedMesh()
    mesh.requestsOf.a.end(mesh.requestsOf.a.begin(), undefined)
    const early = mesh.requestsOf.b.begin()
    mesh.world.wait?.(200, new AbortController().signal).catch(() => {})
    mesh.requestsOf.b.end(early, {
      ...{ model: MODEL, endpoint: 'chat/completions', inputTokens: 1, outputTokens: 1, peer: 'a' },
      ...{ priority: 'normal', endToEndMs: 1, ttftMs: 1 },
      ...{ outputTokensMax: undefined, prefix: undefined, tenant: undefined },
    })
    mesh.at(500, 'a', { endpoint: 'embeddings' })
    const { stdout, rows } = await record(mesh)
    assert.deepEqual(rows, [])
    assert.match(stdout, /Left out: 1 that make no tokens/)
    assert.notMatch(stdout, /Missing/)
  })

  test('names a peer that does not tell, requests that failed, and more than a peer keeps', async () => {
    const mesh = servedMesh({ silent: 'b' })
    mesh.at(600, 'a')
    const { requestsOf } = mesh
    let hasFailed = false
    const { respond } = mesh.world
    const world = {
      ...mesh.world,
      respond: (request: Request) => {
        if (request.url.includes('peer=a') && request.url.includes('after=') && !hasFailed) {
          hasFailed = true
          requestsOf.a.end(requestsOf.a.begin(), undefined)
          for (let count = 0; count < 5_000; count += 1) {
            requestsOf.a.end(requestsOf.a.begin(), {
              ...{ model: MODEL, endpoint: 'completions', inputTokens: 1, outputTokens: 1 },
              ...{ peer: 'a', priority: 'normal', endToEndMs: 1, ttftMs: 1 },
              ...{ outputTokensMax: undefined, prefix: undefined, tenant: undefined },
            })
          }
        }
        return respond?.(request) ?? Response.error()
      },
    }
    const { stdout, head } = await record({ ...mesh, world })
    assert.match(
      stdout,
      /Missing: nobody knows how many at b: ERR_INVALID_REQUEST: that peer is of/,
    )
    assert.match(stdout, /Missing: 90[45] at a: more came than the peer keeps/)
    assert.match(stdout, /Missing: 1 at a: failed or cancelled/)
    assert.lengthOf(head.gaps, 3)
  })

  test('waits for those that came in time, and counts those that do not end', async () => {
    const mesh = servedMesh()
    mesh.requestsOf.b.begin()
    const { stdout } = await record(mesh)
    assert.match(stdout, /Missing: 1 at b: still running at the end/)
    assert.isAbove(mesh.world.nowMs?.() ?? 0, 60_000)
  })

  test('never overwrites a file', async () => {
    const path = join(await emptyFolder(), 'there')
    await writeFile(path, 'mine')
    const { exitCode, stderr } = await runSkein(['sim', 'record', '-o', path], servedMesh().world)
    assert.equal(exitCode, 2)
    assert.match(stderr, /expected no file/)
    assert.equal(await readFile(path, 'utf8'), 'mine')
  })
})
