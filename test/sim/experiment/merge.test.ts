/**
 * Two scenarios become one in which their policies compete, if they are otherwise alike.
 */
import { assert, describe, test } from 'vitest'
import { mergedRuns, mergedScenario } from '../../../sim/experiment/merge.ts'
import { contestantsOf, type Scenario, scenario } from '../../../sim/scenario/scenario.ts'
import { hasCode } from '../../../src/core/errors.ts'
import { inventedRun, SMALLEST } from './invented-run.ts'

function merged(changes: readonly Partial<Scenario>[], labels = ['a', 'b', 'c']) {
  return mergedScenario(
    changes.map((change, index) => ({
      label: labels[index] ?? '',
      scenario: { ...SMALLEST, ...change },
    })),
  )
}

function namesOf({ scenario: found }: { readonly scenario: Scenario }) {
  return contestantsOf(found).map(({ name }) => name)
}

describe('of two scenarios', () => {
  test('contestants of one name but other options stand side by side with their own', () => {
    const found = merged([
      { strategies: ['mesh'], scheduler: { sampleSize: 2 } },
      { strategies: ['mesh'], scheduler: { sampleSize: 8 } },
    ])
    assert.deepEqual(
      contestantsOf(found.scenario).map(({ name, scheduler }) => [name, scheduler]),
      [
        ['mesh (a)', { sampleSize: 2 }],
        ['mesh (b)', { sampleSize: 8 }],
      ],
    )
    assert.deepEqual(found.scenario.scheduler, {})
  })

  test('a contestant hears what its own scenario lets it hear, also where that is the default', () => {
    const slow = { ...SMALLEST.signals, updateIntervalMs: 900, lossRatio: 0.5 }
    const [first, second] = contestantsOf(
      merged([{ strategies: ['mesh'], signals: slow }, { strategies: ['mesh'] }]).scenario,
    )
    assert.equal(first?.signals.updateIntervalMs, 900)
    assert.equal(first?.signals.lossRatio, 0.5)
    assert.isUndefined(second?.signals.updateIntervalMs)
    assert.equal(second?.signals.lossRatio, 0)
  })

  test('a contestant that is the same in both runs once', () => {
    const found = merged([
      { strategies: ['mesh', 'random'] },
      { strategies: ['random', 'prequal'] },
    ])
    assert.deepEqual(namesOf(found), ['mesh', 'random', 'prequal'])
  })

  test('the options of a contestant may stand in any order', () => {
    const found = merged([
      { strategies: ['mesh'], scheduler: { sampleSize: 2, surveyedMax: 3 } },
      { strategies: ['mesh'], scheduler: { surveyedMax: 3, sampleSize: 2 } },
    ])
    assert.deepEqual(namesOf(found), ['mesh'])
  })

  test('files of one name are told apart', () => {
    const changes = [1, 2].map(sampleSize => ({
      strategies: ['mesh' as const],
      scheduler: { sampleSize },
    }))
    assert.deepEqual(namesOf(merged(changes, ['s', 's'])), ['mesh (s)', 'mesh (s 2)'])
  })

  test('the one that is made is a scenario again', () => {
    const found = merged([{ scheduler: { sampleSize: 2 } }, {}]).scenario
    assert.deepEqual(scenario.parse(JSON.parse(JSON.stringify(found))), found)
  })
})

test('runs go by their names in the merged scenario, those of a contestant in both once', () => {
  const found = merged([
    { strategies: ['mesh', 'random'], scheduler: {} },
    { strategies: [{ ...contestantOf('mesh'), scheduler: { sampleSize: 9 } }, 'random'] },
  ])
  const own = ['mesh', 'random'].map(contestant => inventedRun({ contestant }))
  assert.deepEqual(
    mergedRuns(found, [own, own]).map(({ contestant }) => contestant),
    ['mesh (a)', 'random', 'mesh (b)'],
  )
})

function contestantOf(name: 'mesh') {
  const knows = { isFresh: false, isForgetful: false }
  return { name, strategy: name, scheduler: {}, signals: {}, ...knows }
}

describe('scenarios are no two policies if they differ in', () => {
  const rows: readonly { readonly path: string; readonly change: Partial<Scenario> }[] = [
    { path: 'seed', change: { seed: 2 } },
    { path: 'runs', change: { runs: 9 } },
    { path: 'ingresses.count', change: { ingresses: { count: 1 } } },
    {
      path: 'topology.cells.0.nodes.0.count',
      change: { topology: topologyOf(2) },
    },
  ]
  for (const { path, change } of rows) {
    test(path, () => {
      let found: unknown
      try {
        merged([{}, change])
      } catch (error) {
        found = error
      }
      assert.isTrue(hasCode(found, 'ERR_CONFIG'))
      assert.equal(
        (found as Error).message,
        `expected a and b to differ in scheduler, signals and strategies only, found they differ in ${path}`,
      )
    })
  }
})

function topologyOf(count: number): Scenario['topology'] {
  const cells = SMALLEST.topology.cells.map(cell => ({
    ...cell,
    nodes: cell.nodes.map(group => ({ ...group, count })),
  }))
  return { cells }
}
