/**
 * What is set in a scenario from outside: the grid, and paths that lead nowhere.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { gridOf, parseSetting, withSettings } from '../../../sim/experiment/settings.ts'
import { hasCode, type MeshError } from '../../../src/core/errors.ts'

const DATA = {
  name: 'n',
  gpus: { h100: { vramGib: 80 } },
  topology: { cells: [{ nodes: [{ count: 1, gpu: 'h100' }] }, { nodes: [] }] },
  workload: { arrivals: { type: 'poisson', requestsPerSecond: 5 } },
}

function refusal(act: () => unknown): MeshError {
  try {
    act()
  } catch (error) {
    if (hasCode(error, 'ERR_USAGE')) return error
    throw error
  }
  throw new Error('expected a refusal, found none')
}

describe('a setting is read', () => {
  const rows = [
    { text: 'runs=3', values: [3] },
    { text: 'workload.arrivals.loadRatio=0.5,0.7', values: [0.5, 0.7] },
    { text: 'level=full, aggregate', values: ['full', 'aggregate'] },
    { text: 'strategies=[mesh, random],[prequal]', values: [['mesh', 'random'], ['prequal']] },
    { text: 'description="a, b=c"', values: ['a, b=c'] },
    { text: 'faults.slowdowns={meanIntervalMs: 5},null', values: [{ meanIntervalMs: 5 }, null] },
  ]
  for (const { text, values } of rows) {
    test(text, () => {
      assert.deepEqual(parseSetting(text), { path: text.slice(0, text.indexOf('=')), values })
    })
  }

  for (const text of ['runs', '=3', 'runs=', 'runs= ', 'runs=[', 'runs=]']) {
    test(`and is refused if it is ${JSON.stringify(text)}`, () => {
      assert.match(refusal(() => parseSetting(text)).message, /^expected .*, found /)
    })
  }
})

describe('a grid', () => {
  test('has every combination once, the last path changing fastest', () => {
    const grid = gridOf([parseSetting('runs=1,2'), parseSetting('seed=7,8,9')])
    assert.deepEqual(
      grid.map(point => point.map(({ value }) => value)),
      [
        [1, 7],
        [1, 8],
        [1, 9],
        [2, 7],
        [2, 8],
        [2, 9],
      ],
    )
  })

  test('without settings is the scenario itself', () => {
    assert.deepEqual(gridOf([]), [[]])
  })

  test('of more than a thousand scenarios is refused', () => {
    const axis = (path: string, length: number) => ({ path, values: Array.from({ length }) })
    assert.lengthOf(gridOf([axis('runs', 10), axis('seed', 100)]), 1_000)
    const { message } = refusal(() => gridOf([axis('runs', 11), axis('seed', 91)]))
    assert.equal(message, 'expected a grid of 1000 scenarios at most, found 1001')
  })
})

describe('settings are made', () => {
  const at = (path: string, value: unknown) => withSettings(DATA, [{ path, value }])

  test('where something is, and only there', () => {
    assert.deepEqual(at('topology.cells.0.nodes.0.count', 16), {
      ...DATA,
      topology: { cells: [{ nodes: [{ count: 16, gpu: 'h100' }] }, { nodes: [] }] },
    })
  })

  test('where messages about scenarios say that something is', () => {
    const path = 'topology.cells[0].nodes[0].count'
    assert.deepEqual(at(path, 16), at('topology.cells.0.nodes.0.count', 16))
  })

  test('where nothing is yet that the schema knows', () => {
    assert.deepEqual(at('ingresses.count', 4), { ...DATA, ingresses: { count: 4 } })
    assert.deepEqual(at('gpus.h100.llm.sequencesMax', 8), {
      ...DATA,
      gpus: { h100: { vramGib: 80, llm: { sequencesMax: 8 } } },
    })
    assert.deepEqual(at('faults.slowdowns.factor', 2), {
      ...DATA,
      faults: { slowdowns: { factor: 2 } },
    })
  })

  test('for the scheduler, whose options others know', () => {
    assert.deepEqual(at('scheduler.sampleSize', 2), { ...DATA, scheduler: { sampleSize: 2 } })
  })

  test('to nothing, which takes out what is there', () => {
    const settings = [
      { path: 'workload.arrivals.requestsPerSecond', value: null },
      { path: 'workload.arrivals.loadRatio', value: 0.8 },
    ]
    assert.deepEqual(withSettings(DATA, settings), {
      ...DATA,
      workload: { arrivals: { type: 'poisson', loadRatio: 0.8 } },
    })
  })

  test('without a change to what they are made of', () => {
    const before = structuredClone(DATA)
    at('topology.cells.0.nodes.0.count', 16)
    assert.deepEqual(DATA, before)
  })
})

describe('a path that leads nowhere is told with the nearest that does', () => {
  const rows = [
    { path: 'ingress.count', hint: 'Did you mean ingresses.count?' },
    { path: 'workload.arrivals.loadratio', hint: 'Did you mean workload.arrivals.loadRatio?' },
    { path: 'gpus.h10.vramGib', hint: 'Did you mean gpus.h100.vramGib?' },
    { path: 'gpus.h100.vram', hint: /^gpus\.h100 has vramGib, / },
    { path: 'topology.cells.2.zone', hint: /^topology\.cells has 0, 1\.$|Did you mean/ },
    { path: 'topology.cells.first', hint: 'topology.cells has 0, 1.' },
    { path: 'name.length', hint: 'name has no parts here.' },
    { path: 'elsewhere', hint: /^a scenario has name, description, / },
    { path: '__proto__.name', hint: /^a scenario has / },
  ]
  for (const { path, hint } of rows) {
    test(path, () => {
      const error = refusal(() => withSettings(DATA, [{ path, value: 1 }]))
      assert.equal(error.message, `expected a path that a scenario has, found ${path}`)
      if (typeof hint === 'string') assert.equal(error.hint, hint)
      else assert.match(error.hint ?? '', hint)
    })
  }

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 40 }), parts => {
        try {
          withSettings(DATA, [{ path: parts.join('.'), value: 1 }])
        } catch (error) {
          assert.isTrue(hasCode(error, 'ERR_USAGE'))
        }
      }),
    )
  })
})
