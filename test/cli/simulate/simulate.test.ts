/**
 * `skein sim`: small scenarios through the whole of it, threads included, and what a mistake is answered
 * with.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, assert, describe, test } from 'vitest'
import { embeddedComparison, parseComparison } from '../../../sim/report/read-report.ts'
import { PRESETS } from '../../../sim/scenario/presets.ts'
import { PRESET_NAMES } from '../../../src/cli/simulate/sim-init.ts'
import { VERSION } from '../../../src/node/version.ts'
import { type Result, runSkein, type World } from '../run-skein.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-sim-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TINY = `# Two GPUs, two seconds.
name: tiny
durationMs: 2000
warmUpMs: 200
runs: 1
gpus:
  gpu: { llm: { stepBaseMs: 5, prefillTokenMs: 0.02 } }
topology:
  cells: [{ nodes: [{ count: 2, gpu: gpu }] }]
ingresses: { count: 2 }
workload:
  arrivals: { type: poisson, requestsPerSecond: 40 }
  classes:
    - kind: llm
      model: m
      share: 1
      outputTokens: { type: constant, value: 10 }
strategies: [mesh, random]
`

function kept(name: string, text: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const tiny = kept('tiny.yaml', TINY)

const sim = (args: readonly string[], world: World = {}) => runSkein(['sim', ...args], world)

/** On one thread: to start more takes longer than these runs. */
const run = (args: readonly string[], world: World = {}) =>
  sim(['run', ...args, '--threads', '1'], world)

const read = (...parts: readonly string[]) => readFileSync(join(folder, ...parts), 'utf8')

/** What was said: on stdout if it went well, else on stderr. */
function outcome({ exitCode, stdout, stderr }: Result, wantedCode: number): string {
  assert.equal(exitCode, wantedCode, `${stdout}\n${stderr}`)
  return wantedCode === 0 ? stdout : stderr
}

describe('skein sim run', () => {
  test('shows who is better, and keeps all of it in a folder', async () => {
    const output = join(folder, 'kept')
    const twice = TINY.replace('runs: 1', 'runs: 2')
    const result = await run([kept('twice.yaml', twice), '--output', output])
    const shown = outcome(result, 0)
    assert.include(shown, 'mesh')
    assert.include(shown, 'random')
    assert.include(result.stderr, `${output}/report.html`)
    assert.includeMembers(readdirSync(output), [
      ...['report.html', 'results.json', 'scenario.yaml'],
      ...['runs.csv', 'estimates.csv', 'differences.csv', 'timeline.csv'],
    ])
    assert.equal(read('kept', 'scenario.yaml'), twice, 'comments are kept too')
    const { version, contestants } = parseComparison(read('kept', 'results.json'))
    assert.equal(version, VERSION)
    assert.deepEqual(
      contestants.map(({ runs }) => runs.map(({ seed }) => seed)),
      [
        [1, 2],
        [1, 2],
      ],
    )
  })

  test('comes to the same on one thread and on three', async () => {
    const resultOf = async (threads: string) => {
      const { stdout } = await sim(['run', tiny, '--runs', '2', '--json', '--threads', threads])
      return { ...JSON.parse(stdout), cpuSeconds: 0 }
    }
    assert.equal(JSON.stringify(await resultOf('3')), JSON.stringify(await resultOf('1')))
  })

  test('does what its flags say, and keeps what it did', async () => {
    const output = join(folder, 'changed')
    const flags = ['--seed', '7', '--duration-ms', '1000', '--strategy', 'prequal']
    const set = ['--set', 'ingresses.count=1', '--set', 'durationMs=5']
    outcome(await run([tiny, ...set, ...flags, '--output', output]), 0)
    const { scenario, contestants } = parseComparison(read('changed', 'results.json'))
    assert.deepInclude(scenario, { seed: 7, runs: 1, durationMs: 1000, ingresses: { count: 1 } })
    assert.deepEqual(
      contestants.map(({ name }) => name),
      ['prequal'],
    )

    const again = await run([join(output, 'scenario.yaml'), '--json'])
    const first = JSON.parse(read('changed', 'results.json'))
    assert.deepEqual({ ...JSON.parse(again.stdout), cpuSeconds: 0 }, { ...first, cpuSeconds: 0 })
  })

  test('measures something when a flag makes it shorter than its warm-up', async () => {
    const short = async (...flags: readonly string[]) => {
      const { exitCode, stdout } = await run([tiny, '--duration-ms', '150', ...flags, '--json'])
      return exitCode === 0 ? parseComparison(stdout).scenario.warmUpMs : 'refused'
    }
    assert.equal(await short(), 15)
    assert.equal(await short('--set', 'warmUpMs=30'), 30)
    assert.equal(await short('--set', 'warmUpMs=150'), 'refused')
  })

  test('takes a scenario from stdin', async () => {
    const result = await run(['-'], { input: TINY.split('\n') })
    assert.include(outcome(result, 0), 'tiny')
  })

  test('replays a trace that lies beside the scenario, packed or not', async () => {
    const rows = ['TIMESTAMP,ContextTokens,GeneratedTokens']
    for (let index = 0; index < 40; index += 1) {
      rows.push(`2023-11-16 18:17:${(index / 20 + 10).toFixed(7)},100,10`)
    }
    mkdirSync(join(folder, 'traces'), { recursive: true })
    kept('traces/t.csv', rows.join('\n'))
    kept('traces/t.csv.gz', gzipSync(rows.join('\n')))
    const traced = (file: string) => {
      const arrivals = `arrivals: { type: trace, format: azure, file: ${file} }`
      return kept('traced.yaml', TINY.replace(/arrivals: .*/, arrivals))
    }
    const output = join(folder, 'traced')
    outcome(await run([traced('traces/t.csv'), '--output', output]), 0)
    const { contestants } = parseComparison(read('traced', 'results.json'))
    const again = await run([join(output, 'scenario.yaml'), '--json'])
    assert.deepEqual(parseComparison(outcome(again, 0)).contestants, contestants)

    const packed = await sim(['validate', traced('traces/t.csv.gz'), '--json'])
    assert.deepInclude(JSON.parse(packed.stdout), { traceRowCount: 40 })
  })

  test('draws how far it is where somebody watches, and takes it away again', async () => {
    const drawn: string[] = []
    outcome(await run([tiny], { showStatus: text => drawn.push(text) }), 0)
    assert.match(drawn[0] ?? '', /^\[.*\] +\d+ % +\d of 2 runs/)
    assert.equal(drawn.at(-1), '')
  })

  test('ends at a signal, with nothing left running and nothing said to be done', async () => {
    const long = ['--duration-ms', '3600000']
    const output = join(folder, 'stopped')
    const result = await run([tiny, ...long, '--output', output], signalOnProgress())
    assert.match(outcome(result, 1), /stopped after 0 of 2 runs; no results are written/)
    assert.isFalse(existsSync(join(output, 'results.json')))
  })
})

/** Raises SIGINT as soon as it is shown how far a run is. */
function signalOnProgress(): World {
  let raiseSignal: (() => void) | undefined
  return {
    onStart: raise => {
      raiseSignal = () => raise('SIGINT')
    },
    showStatus: () => raiseSignal?.(),
  }
}

describe('skein sim validate', () => {
  test('tells what a scenario comes to', async () => {
    assert.match(outcome(await sim(['validate', tiny]), 0), /^Scenario +tiny\nGPUs +2\n/)
    const { stdout } = await sim(['validate', tiny, '--json'])
    assert.deepInclude(JSON.parse(stdout), { isValid: true, traceRowCount: null })
  })
})

describe('skein sim init', () => {
  test('names in its help all presets that there are', () => {
    assert.deepEqual(PRESET_NAMES, [...PRESETS])
  })

  test('writes a scenario that is right, and nothing over another', async () => {
    const path = join(folder, 'first.yaml')
    assert.include(outcome(await sim(['init', 'small', '-o', path]), 0), path)
    outcome(await sim(['validate', path]), 0)
    writeFileSync(path, 'mine')
    const again = await sim(['init', 'small', '-o', path])
    assert.equal(
      outcome(again, 2),
      `skein: expected no file ${path}, found one\nhint: Choose another name with -o FILE.\n`,
    )
    assert.equal(readFileSync(path, 'utf8'), 'mine')
  })

  test('writes to stdout what runs as it is', async () => {
    const { stdout } = await sim(['init', '-o', '-'])
    assert.match(stdout, /^# /)
    outcome(await sim(['validate', '-'], { input: stdout.split('\n') }), 0)
  })
})

describe('skein sim compare', () => {
  const variant = (name: string, sampleSize: number) =>
    kept(
      name,
      `${TINY.replace('[mesh, random]', '[mesh]')}scheduler: { sampleSize: ${sampleSize} }\n`,
    )

  test('of two scenarios lets their policies compete on the same requests', async () => {
    const files = [variant('two.yaml', 2), variant('four.yaml', 4)]
    const { contestants, differences } = parseComparison(
      outcome(await sim(['compare', ...files, '--json']), 0),
    )
    assert.deepEqual(
      contestants.map(({ name }) => name),
      ['mesh (two)', 'mesh (four)'],
    )
    assert.equal(differences[0]?.against, 'mesh (two)')
    const arrived = contestants.map(({ runs }) => runs.map(({ counts }) => counts.arrived))
    assert.deepEqual(arrived[0], arrived[1])
  })

  test('of results does the same without running them again', async () => {
    const files = [variant('two.yaml', 2), variant('four.yaml', 4)]
    const together = outcome(await sim(['compare', ...files, '--json']), 0)
    for (const [index, name] of ['two', 'four'].entries()) {
      outcome(await run([files[index] ?? '', '-o', join(folder, name)]), 0)
    }
    const results = [join(folder, 'two', 'results.json'), join(folder, 'four', 'report.html')]
    const apart = outcome(await sim(['compare', ...results, '--json']), 0)
    assert.deepEqual(
      { ...JSON.parse(apart), cpuSeconds: 0 },
      { ...JSON.parse(together), cpuSeconds: 0 },
    )
  })

  test('of two fleets is refused: that is a sweep', async () => {
    const larger = kept('larger.yaml', TINY.replace('count: 2, gpu', 'count: 3, gpu'))
    const said = outcome(await sim(['compare', tiny, larger]), 2)
    assert.include(said, 'found they differ in topology.cells.0.nodes.0.count')
    assert.include(said, 'skein sim sweep')
  })
})

describe('skein sim sweep', () => {
  test('runs every combination and tells them apart', async () => {
    const output = join(folder, 'swept')
    const set = ['workload.arrivals.requestsPerSecond=20,40', 'ingresses.count=1,3']
    const flags = [...set.flatMap(each => ['--set', each]), '--strategy', 'mesh', '-o', output]
    const shown = outcome(await sim(['sweep', tiny, ...flags, '--threads', '1']), 0)
    assert.match(shown, /^requestsPe\S* +ingresses +# contestant/)
    assert.sameMembers(readdirSync(output), ['1', '2', '3', '4', 'sweep.csv', 'sweep.html'])
    const found = ['1', '2', '3', '4'].map(point => {
      const { scenario, contestants } = parseComparison(read('swept', point, 'results.json'))
      assert.lengthOf(contestants, 1)
      assert.include(read('swept', point, 'scenario.yaml'), `count: ${scenario.ingresses.count}`)
      return [scenario.workload.arrivals.requestsPerSecond, scenario.ingresses.count]
    })
    assert.deepEqual(found, [
      [20, 1],
      [20, 3],
      [40, 1],
      [40, 3],
    ])
  })

  test('says as JSON one line for each point', async () => {
    const flags = ['--set', 'runs=1,2', '--strategy', 'mesh', '--json', '--threads', '1']
    const { stdout } = await sim(['sweep', tiny, ...flags])
    const labels = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).labels)
    assert.deepEqual(labels, [{ runs: 1 }, { runs: 2 }])
  })

  test('names what is set as shortly as is clear', async () => {
    const paths = ['ingresses.count', 'workload.tenants.count', 'topology.cells[0].nodes[0].count']
    const labelsOf = async (set: readonly string[]) => {
      const flags = set.flatMap(path => ['--set', `${path}=1`])
      const one = ['--strategy', 'mesh', '--json', '--threads', '1']
      const { stdout } = await sim(['sweep', tiny, ...flags, ...one])
      return Object.keys(JSON.parse(stdout).labels)
    }
    assert.deepEqual(await labelsOf(paths), ['ingresses', 'tenants', 'nodes'])
    const alike = ['network.intraCell.bandwidthMbps', 'network.interCell.bandwidthMbps']
    assert.deepEqual(await labelsOf(alike), alike)
  })
})

describe('skein sim report', () => {
  test('draws the page again, the same, from the results and from the page', async () => {
    outcome(await run([tiny, '-o', join(folder, 'drawn')]), 0)
    const pages = ['results.json', 'report.html'].map(async source => {
      const target = join(folder, `${source}-again.html`)
      outcome(await sim(['report', join(folder, 'drawn', source), '-o', target]), 0)
      return readFileSync(target, 'utf8')
    })
    const [first, second] = await Promise.all(pages)
    // Not by `equal`, which would print both.
    assert.isTrue(first === second)
    assert.deepEqual(
      embeddedComparison(first ?? ''),
      parseComparison(read('drawn', 'results.json')),
    )
  })

  test('exits with 1 if a check of honesty failed', async () => {
    outcome(await run([tiny, '-o', join(folder, 'honest')]), 0)
    const found = JSON.parse(read('honest', 'results.json'))
    found.contestants[0].runs[0].checks[0].holds = false
    const path = kept('broken.json', JSON.stringify(found))
    assert.include(outcome(await sim(['report', path]), 1), 'expected every honesty check to hold')
  })
})

describe('a mistake', () => {
  const missing = join(folder, 'missing.yaml')
  const inTheWay = join(tiny, 'below')
  const cases: readonly { args: readonly string[]; says: string | RegExp }[] = [
    { args: ['run', missing], says: `expected a readable text in ${missing}, found none` },
    { args: ['run', 'smal'], says: 'hint: Did you mean small?' },
    { args: ['run', tiny, '--strategy', 'mush'], says: 'hint: Did you mean mesh?' },
    { args: ['run', tiny, '--runs', '0'], says: 'expected --runs from 1 to 1000, found 0' },
    { args: ['run', tiny, '--set', 'runs=1,2'], says: 'expected one value for runs, found 2' },
    {
      args: ['run', tiny, '--set', 'ingress.count=2'],
      says: 'hint: Did you mean ingresses.count?',
    },
    { args: ['run', tiny, '--set', 'runs=many'], says: 'runs: expected an integer from 1 to 1000' },
    { args: ['run', tiny, '--output', inTheWay], says: `expected to write ${inTheWay}` },
    // There mkdir says that there is no parent, for ever.
    ...(existsSync('/proc')
      ? [{ args: ['run', tiny, '-o', '/proc/none'], says: 'expected to write /proc/none' }]
      : []),
    { args: ['run', tiny, '--set', 'scheduler.sampleSise=2'], says: 'sampleSise' },
    { args: ['sweep', tiny], says: '`skein sim sweep` needs --set' },
    { args: ['compare', tiny, 'a.json'], says: 'expected scenarios or results, found both' },
    { args: ['compare', 'a.json', '--seed', '2'], says: 'expected results without flags' },
    { args: ['report', 'a.json'], says: 'in a.json, found none' },
    { args: ['init', 'medum'], says: 'hint: Did you mean medium?' },
  ]
  for (const { args, says } of cases) {
    test(`of skein sim ${args.join(' ').replaceAll(folder, '')} is told`, async () => {
      const said = outcome(await sim(args), 2)
      if (typeof says === 'string') assert.include(said, says)
      else assert.match(said, says)
    })
  }

  test('in a key of a scenario is told with its line and what was meant', async () => {
    const path = kept('wrong.yaml', TINY.replace('durationMs', 'durationMS'))
    const said = outcome(await sim(['validate', path]), 2)
    assert.include(said, 'durationMS: there is no such field; did you mean durationMs? (line 3)')
  })

  test('in the path of a trace is told with the path that was looked at', async () => {
    const arrivals = 'arrivals: { type: trace, format: azure, file: none.csv }'
    const path = kept('untraced.yaml', TINY.replace(/arrivals: .*/, arrivals))
    const said = outcome(await sim(['run', path]), 2)
    assert.include(said, `in ${join(folder, 'none.csv')}, found none`)
  })

  test('in a packed trace is told', async () => {
    kept('plain.csv.gz', 'not packed')
    const arrivals = 'arrivals: { type: trace, format: azure, file: plain.csv.gz }'
    const path = kept('packed.yaml', TINY.replace(/arrivals: .*/, arrivals))
    assert.include(outcome(await sim(['validate', path]), 2), 'found no gzip')
  })
})
