/**
 * Scenarios are read whole or not at all, and every problem is told with its place.
 */

import { assert, describe, test } from 'vitest'
import { parse as parseYaml, stringify } from 'yaml'
import { parseScenario } from '../../../sim/scenario/parse.ts'
import { PRESETS, presetScenario, presetText } from '../../../sim/scenario/presets.ts'
import { resolveFleet } from '../../../sim/scenario/resolve.ts'
import { contestantsOf, scenario } from '../../../sim/scenario/scenario.ts'
import { MeshError } from '../../../src/core/errors.ts'

const RIGHT = {
  name: 'right',
  gpus: {
    fast: { llm: { stepBaseMs: 8, prefillTokenMs: 0.1 } },
    camera: { vision: { batchBaseMs: 5 } },
  },
  topology: { cells: [{ count: 2, nodes: [{ count: 4, gpu: 'fast' }] }] },
  workload: {
    arrivals: { type: 'poisson', loadRatio: 0.5 },
    classes: [{ kind: 'llm', model: 'chat', share: 1 }],
  },
}

/** The right one with a value put at a path, like `gpus.fast.llm`. */
function withValue(path: string, value: unknown): string {
  const copy = structuredClone<Record<string, unknown>>(RIGHT)
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let at: Record<string, unknown> = copy
  for (const key of keys) {
    at[key] ??= {}
    at = at[key] as Record<string, unknown>
  }
  at[last] = value
  return stringify(copy)
}

function messageOf(text: string): string {
  try {
    parseScenario(text, 'file.yaml')
  } catch (error) {
    assert.instanceOf(error, MeshError)
    assert.equal(error.code, 'ERR_CONFIG')
    return error.message
  }
  throw new Error('expected an error')
}

describe('a scenario', () => {
  test('that is right is read, with the defaults', () => {
    const read = parseScenario(stringify(RIGHT), 'file.yaml')
    assert.equal(read.runs, 3)
    assert.equal(read.gpus['fast']?.llm?.sequencesMax, 64)
    assert.equal(read.signals.refreshMs, 2_000)
  })

  test.each([
    ['sead', 1, 'sead: there is no such field; did you mean seed?'],
    ['seed', 1.5, 'seed: expected an integer from 0 to 2147483647, found 1.5'],
    [
      'gpus.fast.llm.stepBaseMs',
      'x',
      'gpus.fast.llm.stepBaseMs: expected a number above 0 and up to 3600000 ms, found "x"',
    ],
    [
      'gpus.fast.llm',
      { stepBaseMs: 1 },
      'gpus.fast.llm.prefillTokenMs: expected a number above 0 and up to 3600000 ms, found nothing',
    ],
    [
      'workload.arrivals.type',
      'poison',
      'workload.arrivals.type: expected one of poisson, mmpp, diurnal, trace, found "poison"',
    ],
    [
      'workload.arrivals',
      { type: 'poisson', loadRatio: 1, requestPerSecond: 3 },
      'workload.arrivals.requestPerSecond: there is no such field; did you mean requestsPerSecond?',
    ],
    [
      'workload.arrivals',
      { type: 'poisson' },
      'workload.arrivals: expected one of requestsPerSecond and loadRatio (a trace may have neither)',
    ],
    [
      'workload.classes.0.inputTokens',
      { type: 'uniform', min: 5, max: 3 },
      'workload.classes[0].inputTokens.max: expected at least `min`, found 3',
    ],
    ['workload.priorities', { hi: 1 }, 'workload.priorities.hi: there is no such field'],
    ['workload.priorities', { low: 0 }, 'workload.priorities: expected a share above 0'],
    ['strategies', ['mehs'], 'strategies[0]: expected one of mesh, round-robin,'],
    [
      'strategies',
      [{ name: 'a', strategi: 'mesh' }],
      'strategies[0].strategi: there is no such field; did you mean strategy?',
    ],
    [
      'strategies',
      ['mesh', { name: 'mesh', strategy: 'mesh' }],
      'strategies[1]: expected a name that no other has, found "mesh"',
    ],
    [
      'strategies',
      [{ name: 'a', strategy: 'mesh', scheduler: { sampleSize: 0 } }],
      'strategies[0].scheduler.sampleSize: expected an integer from 1 to 64 peers, found 0',
    ],
    [
      'scheduler',
      { samplSize: 1 },
      'scheduler.samplSize: there is no such field; did you mean sampleSize?',
    ],
    [
      'signals',
      { delayMinMs: 300, delayMaxMs: 200 },
      'signals.delayMinMs: expected at most `delayMaxMs`, found 300',
    ],
    [
      'topology.cells.0.nodes.0.gpu',
      'fsat',
      'topology.cells[0].nodes[0].gpu: expected a name of `gpus` (fast, camera), found "fsat"; did you mean fast?',
    ],
    [
      'topology.cells.0.nodes.0.gpu',
      'camera',
      'workload.classes[0].model: expected a model that some node serves, found chat, which none does',
    ],
    [
      'topology.cells.0.nodes.0.models',
      ['caht'],
      'topology.cells[0].nodes[0].models[0]: expected a model of the workload (chat), found "caht"; did you mean chat?',
    ],
    [
      'topology.cells.0.nodes.0',
      { count: 1, gpu: 'camera', models: ['chat'] },
      'topology.cells[0].nodes[0].models[0]: expected a model that camera can run, found chat: gpus.camera.llm is left out',
    ],
    [
      'topology.cells.0.nodes.0.coldModels',
      ['other'],
      'topology.cells[0].nodes[0].coldModels[0]: expected one of the models of these nodes (chat), found "other"',
    ],
    [
      'topology.cells.0.nodes.0.mig',
      { fraction: 0.5, count: 3 },
      'topology.cells[0].nodes[0].mig: expected slices that fit on one GPU, found 1.5 times its size',
    ],
    [
      'topology.cells.0.coordinates',
      [1],
      'topology.cells[0].coordinates: expected 3 numbers, as network.interCell.dimensions says, found 1',
    ],
    [
      'faults.planned',
      [{ type: 'crash', atMs: 1, cell: 2 }],
      'faults.planned[0].cell: expected a cell from 0 to 1, found 2',
    ],
    [
      'faults.planned',
      [
        { type: 'join', atMs: 1, count: 4 },
        { type: 'join', atMs: 2, count: 4 },
      ],
      'faults.planned[1].count: expected at most 3 nodes that join, since one is there before, found 4',
    ],
    ['warmUpMs', 60_000, 'warmUpMs: expected less than durationMs (60000), found 60000'],
    [
      'topology.cells',
      [{ count: 1_001, nodes: [{ count: 1_000, gpu: 'fast' }] }],
      'topology.cells: expected 1000000 nodes at most at the level aggregate, found 1001000',
    ],
    ['seed', Number.NaN, 'seed: expected an integer from 0 to 2147483647, found NaN'],
    [
      'faults.planned',
      [{ type: 'partition', atMs: 1, forMs: 1, cells: [1, 0, 1] }],
      'faults.planned[0].cells: expected some of the 2 cells, cut off from others, found all',
    ],
    [
      'faults.planned',
      [
        { type: 'partition', atMs: 5, forMs: 10, cells: [1] },
        { type: 'partition', atMs: 1, forMs: 5, cells: [0] },
      ],
      'faults.planned[0].atMs: expected no partition before the one until 6 has ended, found 5',
    ],
    [
      'faults.planned',
      [{ type: 'join', atMs: 1, count: 5, cell: 1 }],
      'faults.planned[0].count: expected at most 4 nodes that join',
    ],
    [
      'workload.classes',
      [
        { kind: 'llm', model: 'chat', share: 1 },
        { kind: 'vision', model: 'chat', share: 1 },
      ],
      'workload.classes[1].kind: expected llm, as another class says of chat, found vision',
    ],
  ])('with a wrong %s (%o) is told of', (path, value, message) => {
    assert.include(messageOf(withValue(path, value)), message)
  })

  test('of the full level is for some thousands of nodes', () => {
    const cellsOf = (count: number) => ({ cells: [{ nodes: [{ count, gpu: 'fast' }] }] })
    const sized = (count: number) =>
      stringify({ ...RIGHT, level: 'full', topology: cellsOf(count) })
    assert.equal(parseScenario(sized(4_096), 'file.yaml').level, 'full')
    assert.include(messageOf(sized(4_097)), 'expected 4096 nodes at most at the level full')
  })

  test('tells every problem at once, with its line', () => {
    const text = [
      ...['name: x', 'gpus:', '  a: 1', 'topology: {}', 'workload:', '  slo: {ttft: 1}'],
      ...['sead: 1'],
    ].join('\n')
    const lines = messageOf(text).split('\n')
    assert.equal(lines[0], '6 problems in the scenario file.yaml:')
    assert.include(lines[1], 'gpus.a: expected an object, found 1 (line 3)')
    assert.include(lines.at(-1), 'sead: there is no such field; did you mean seed? (line 7)')
  })

  test.each([
    ['a: [', /expected YAML, found at line 1, column \d/],
    ['', /expected an object, found null/],
    ['- a', /expected an object, found \["a"\]/],
    ['a: *b', /expected YAML, found: Unresolved alias/],
    [`a: &a [x]\nb: [${'*a,'.repeat(200)}]`, /expected YAML, found: Excessive alias count/],
    ['['.repeat(100_000), /expected YAML, found/],
    [' '.repeat(5_000_000), /expected at most 4194304 characters/],
  ])('that is no scenario is refused in words', (text, message) => {
    assert.match(messageOf(text), message)
  })
})

describe('a contestant', () => {
  test('hears what all hear but for what it says itself', () => {
    const strategies = [{ name: 'a', strategy: 'mesh', signals: { delayMaxMs: 7 } }]
    const read = scenario.parse({ ...RIGHT, strategies })
    assert.deepEqual(contestantsOf(read)[0]?.signals, { delayMaxMs: 7 })
  })
})

describe('a fleet', () => {
  test('has its nodes cell by cell, at places that the seed decides', () => {
    const fleet = resolveFleet(scenario.parse(RIGHT))
    assert.deepEqual(
      fleet.nodes.map(({ index, cell }) => [index, cell]),
      [0, 1, 2, 3, 4, 5, 6, 7].map(index => [index, index < 4 ? 0 : 1]),
    )
    const places = (seed: number) =>
      resolveFleet(scenario.parse({ ...RIGHT, seed })).cells.map(each => each.coordinates)
    assert.deepEqual(places(1), places(1))
    assert.notDeepEqual(places(1), places(2))
    assert.isTrue(
      places(3)
        .flat()
        .every(each => Math.abs(each) <= 100),
    )
  })

  test('has slices with their share of everything but the time to load', () => {
    const nodes = [{ count: 2, gpu: 'fast', mig: { fraction: 0.25, count: 4 }, speedRatio: 0.5 }]
    const fleet = resolveFleet(scenario.parse({ ...RIGHT, topology: { cells: [{ nodes }] } }))
    assert.equal(fleet.nodes.length, 8)
    const profile = fleet.nodes[0]?.hardware.profile
    assert.deepInclude(profile, {
      vramGib: 20,
      dollarsPerHour: 0.625,
      idleWatts: 20,
      busyWatts: 100,
    })
    assert.deepInclude(profile?.llm, {
      stepBaseMs: 64,
      prefillTokenMs: 0.8,
      sequencesMax: 16,
      kvCacheTokens: 100_000,
      prefillChunkTokens: 2_048,
      loadMs: 30_000,
    })
  })

  test('serves what its GPUs can run, or what it is told to', () => {
    const both = { llm: RIGHT.gpus.fast.llm, vision: { batchBaseMs: 1 } }
    const read = scenario.parse({
      ...RIGHT,
      gpus: { both, fast: RIGHT.gpus.fast },
      topology: {
        cells: [
          {
            nodes: [
              { count: 1, gpu: 'both', coldModels: ['eyes'] },
              { count: 1, gpu: 'fast' },
              { count: 1, gpu: 'both', models: ['eyes'] },
            ],
          },
        ],
      },
      workload: {
        ...RIGHT.workload,
        classes: [...RIGHT.workload.classes, { kind: 'vision', model: 'eyes', share: 1 }],
      },
    })
    const served = resolveFleet(read).nodes.map(({ hardware }) =>
      hardware.models.map(({ name, isCold }) => `${name}${isCold ? ' cold' : ''}`),
    )
    assert.deepEqual(served, [['chat', 'eyes cold'], ['chat'], ['eyes']])
  })
})

describe.each(PRESETS)('the preset %s', name => {
  test('is a scenario, and its text says the same', () => {
    const read = parseScenario(presetText(name), name)
    assert.deepEqual(read, scenario.parse(presetScenario(name)))
    assert.deepEqual(parseYaml(presetText(name)), presetScenario(name))
    assert.equal(read.name, name)
  })

  test('explains its fields once, on lines that fit a screen', () => {
    const lines = presetText(name).split('\n')
    assert.isBelow(Math.max(...lines.map(line => line.length)), 121)
    assert.lengthOf(
      lines.filter(line => line.includes('Requests that come before this are served')),
      1,
    )
  })
})
