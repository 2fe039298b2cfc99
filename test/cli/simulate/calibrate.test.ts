/**
 * `skein sim calibrate`: a scenario that the simulator takes, with the speeds that were measured, and
 * what was assumed is said.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assert, describe, test } from 'vitest'
import { parseScenario } from '../../../sim/scenario/parse.ts'
import { runSkein } from '../run-skein.ts'
import { emptyFolder, type ServedMesh, servedMesh } from './served-mesh.ts'

async function calibrate(mesh: ServedMesh, ...flags: readonly string[]) {
  const path = join(await emptyFolder(), 'scenario.yaml')
  const result = await runSkein(['sim', 'calibrate', '-o', path, ...flags], mesh.world)
  const text = await readFile(path, 'utf8').catch(() => '')
  return { ...result, text, scenario: parseScenario(text, path) }
}

const speedOf = ({ scenario }: Awaited<ReturnType<typeof calibrate>>) =>
  Object.values(scenario.gpus)[0]?.llm

describe('a mesh without traffic', () => {
  test('is a scenario with the rates that the peers tell, and says what is assumed', async () => {
    const found = await calibrate(servedMesh())
    const { scenario, text } = found
    assert.deepInclude(speedOf(found), {
      ...{ stepBaseMs: 20, stepPerSequenceMs: 0, prefillTokenMs: 0.5 },
      ...{ sequencesMax: 4, kvCacheTokens: 2_048 },
    })
    assert.deepEqual(
      scenario.topology.cells.map(({ zone, nodes }) => [zone, nodes.map(({ count }) => count)]),
      [
        ['east', [1]],
        ['west', [1]],
      ],
    )
    assert.equal(scenario.network.interCell.baseRttMs, 30)
    assert.equal(scenario.ingresses.count, 2)
    assert.match(text, /# Measured: the rates that the peers tell/)
    assert.match(text, /# Assumed: all of it, since no request was seen/)
  })

  test('is measured with probes of its own', async () => {
    const mesh = servedMesh()
    const found = await calibrate(mesh, '--probe', '48')
    assert.lengthOf(mesh.asked, 48)
    assert.closeTo(speedOf(found)?.prefillTokenMs ?? 0, 0.5, 0.05)
    assert.closeTo(
      (speedOf(found)?.stepBaseMs ?? 0) + (speedOf(found)?.stepPerSequenceMs ?? 0),
      20,
      1,
    )
    assert.match(found.text, /# Measured: steps and prompts, from 9\d times of requests/)
    assert.match(found.text, /# Assumed: all of it/)
    assert.match(found.stderr, /Sending 48 small requests for toy/)
  })
})

describe('a mesh with traffic', () => {
  const busy = async () => {
    const mesh = servedMesh()
    for (let count = 0; count < 40; count += 1) {
      const inputTokens = 20 + 10 * (count % 7)
      const ttftMs = 22 + inputTokens * 0.4
      const endToEndMs = ttftMs + 8 * 12
      mesh.at(500 * count + 500, count % 2 === 0 ? 'a' : 'b', { inputTokens, ttftMs, endToEndMs })
    }
    return mesh
  }
  const pass = (mesh: ServedMesh, count: number) => {
    for (let left = count; left > 0; left -= 1) {
      mesh.world.wait?.(500, new AbortController().signal).catch(() => {})
    }
  }

  test('is a scenario with its rate and its lengths', async () => {
    const mesh = await busy()
    pass(mesh, 40)
    const { scenario, text } = await calibrate(mesh)
    const { arrivals, classes } = scenario.workload
    assert.equal(arrivals.type, 'poisson')
    assert.closeTo(arrivals.requestsPerSecond ?? 0, 2, 0.1)
    assert.equal(classes[0]?.outputTokensMax, 64)
    assert.match(text, /# Measured: 40 requests of late/)
  })

  test('replays a trace that was recorded', async () => {
    const mesh = await busy()
    const folder = await emptyFolder()
    const trace = join(folder, 'trace.jsonl')
    const record = ['sim', 'record', '-o', trace, '--duration-ms', '21000']
    assert.equal((await runSkein(record, mesh.world)).exitCode, 0)
    const path = join(folder, 'scenario.yaml')
    const args = ['sim', 'calibrate', '--trace', trace, '-o', path]
    const { exitCode, stdout } = await runSkein(args, mesh.world)
    assert.equal(exitCode, 0)
    assert.match(stdout, /^Written: .*scenario\.yaml\nRun it: {2}skein sim run /)
    const scenario = parseScenario(await readFile(path, 'utf8'), path)
    assert.deepInclude(scenario.workload.arrivals, { type: 'trace', file: 'trace.jsonl' })
    assert.equal(scenario.durationMs, 21_000)
    const [profile] = Object.values(scenario.gpus)
    assert.closeTo(profile?.llm?.prefillTokenMs ?? 0, 0.4, 0.01)
    const run = await runSkein(['sim', 'validate', path])
    assert.equal(run.exitCode, 0, run.stderr)
  })
})

test('a file that is no recording is refused', async () => {
  const { exitCode, stderr } = await runSkein(
    ['sim', 'calibrate', '--trace', '/nonexistent/trace'],
    servedMesh().world,
  )
  assert.equal(exitCode, 2)
  assert.match(stderr, /expected a recording of `skein sim record`/)
})
