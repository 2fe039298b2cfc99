/**
 * What a fleet can do at most, by hand and by laws.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { demandOf } from '../../../sim/fleet/demand.ts'
import { runOnce } from '../../../sim/fleet/run.ts'
import { capacityPerSecond } from '../../../sim/scenario/fleet-capacity.ts'
import { maximize } from '../../../sim/scenario/linear-program.ts'
import { A100, RTX_4090 } from '../../../sim/scenario/presets/gpus.ts'
import { resolveFleet } from '../../../sim/scenario/resolve.ts'
import { contestantsOf, type Scenario, scenario } from '../../../sim/scenario/scenario.ts'
import { meanRequestsOf } from '../../../sim/workload/mean-request.ts'

const constant = (value: number) => ({ type: 'constant', value })

const CHAT = {
  kind: 'llm',
  model: 'chat',
  share: 1,
  inputTokens: constant(1_000),
  outputTokens: constant(200),
}

const LONG_AND_SHORT = {
  ...{ kind: 'llm', model: 'chat', share: 1 },
  inputTokens: { type: 'lognormal', mu: 5.5, sigma: 0.8 },
  outputTokens: { type: 'lognormal', mu: 5, sigma: 0.7 },
}

/** 1,000 × 0.1 + 200 × (8 / 16 + 0.5 + 0.001 × 1,100) ms = 520 ms. */
const GPU = {
  llm: {
    stepBaseMs: 8,
    stepPerSequenceMs: 0.5,
    stepPerContextTokenMs: 0.001,
    prefillTokenMs: 0.1,
    sequencesMax: 16,
  },
}

function scenarioOf(changes: {
  gpus?: object
  nodes?: readonly object[]
  classes?: readonly object[]
  arrivals?: object
}): Scenario {
  const { gpus = { gpu: GPU }, nodes = [{ count: 1, gpu: 'gpu' }], classes = [CHAT] } = changes
  return scenario.parse({
    name: 'test',
    gpus,
    topology: { cells: [{ nodes }] },
    workload: { arrivals: changes.arrivals ?? { type: 'poisson', loadRatio: 1 }, classes },
  })
}

function capacityOf(changes: Parameters<typeof scenarioOf>[0]): number {
  const whole = scenarioOf(changes)
  return capacityPerSecond(resolveFleet(whole), meanRequestsOf(whole.workload))
}

describe('a fleet', () => {
  test('of one GPU does as many as it has time for with a full batch', () => {
    assert.closeTo(capacityOf({}), 1_000 / 520, 1e-9)
  })

  test('has no fuller batch than fits into its cache', () => {
    // 4,400 / 1,100 = 4 sequences: 8 / 4 instead of 8 / 16.
    const gpus = { gpu: { llm: { ...GPU.llm, kvCacheTokens: 4_400 } } }
    assert.closeTo(capacityOf({ gpus }), 1_000 / 820, 1e-9)
  })

  test('does as much as its nodes together', () => {
    const nodes = [
      { count: 3, gpu: 'gpu' },
      { count: 2, gpu: 'gpu', speedRatio: 2 },
    ]
    assert.closeTo(capacityOf({ nodes }), (7 * 1_000) / 520, 1e-9)
  })

  test('does as much in slices, if their batches are as full', () => {
    const nodes = [{ count: 1, gpu: 'gpu', mig: { fraction: 0.5, count: 2 } }]
    // 8 sequences a slice: each step costs as much as one of 16 on the whole GPU, for half as many.
    assert.closeTo(capacityOf({ nodes }), 1_000 / (520 + 200 * (8 / 8 - 8 / 16)), 1e-9)
  })

  test('works in batches of images', () => {
    const gpus = { gpu: { vision: { batchBaseMs: 32, batchMax: 16, perUnitMs: 3 } } }
    const classes = [{ kind: 'vision', model: 'v', share: 1, units: constant(2) }]
    assert.closeTo(capacityOf({ gpus, classes }), 1_000 / (2 + 6), 1e-9)
  })

  test('gives each class the nodes that are best at it', () => {
    const fast = { llm: { stepBaseMs: 0.001, prefillTokenMs: 0.1, sequencesMax: 1_000 } }
    const nodes = [
      { count: 1, gpu: 'fast', models: ['a', 'b'] },
      { count: 1, gpu: 'fast', models: ['a'] },
    ]
    const sized = { inputTokens: constant(100), outputTokens: constant(1) }
    const classes = ['a', 'b'].map(model => ({ ...CHAT, model, share: 1, ...sized }))
    // 100 a second each: b fills the first, a the second.
    assert.closeTo(capacityOf({ gpus: { fast }, nodes, classes }), 200, 0.01)
    const unequal = [{ ...classes[0], share: 3 }, classes[1]]
    // Half of the first is for a as well.
    assert.closeTo(capacityOf({ gpus: { fast }, nodes, classes: unequal as object[] }), 200, 0.01)
    const mostlyB = [
      { ...classes[0], share: 1 },
      { ...classes[1], share: 3 },
    ]
    assert.closeTo(capacityOf({ gpus: { fast }, nodes, classes: mostlyB }), 400 / 3, 0.01)
  })

  test.each([
    ['A100', A100, 0.02],
    ['4090', RTX_4090, 0.02],
  ])('of an %s that has more to do than it can does so much', (_, gpu, toleranceRatio) => {
    const whole = scenario.parse({
      name: 'test',
      durationMs: 120_000,
      gpus: { gpu },
      topology: { cells: [{ nodes: [{ count: 2, gpu: 'gpu' }] }] },
      workload: { arrivals: { type: 'poisson', loadRatio: 1.4 }, classes: [LONG_AND_SHORT] },
      strategies: ['least-work'],
    })
    const { requestsPerSecond } = demandOf(whole, resolveFleet(whole), undefined)
    const [contestant] = contestantsOf(whole)
    assert.isDefined(contestant)
    const { timeline } = runOnce({ scenario: whole, contestant, seed: 1 })
    const later = timeline.filter(({ atMs }) => atMs > 40_000 && atMs <= 120_000)
    const perSecond = later.reduce((sum, { completed }) => sum + completed, 0) / 80
    assert.closeTo(perSecond / (requestsPerSecond / 1.4), 1, toleranceRatio)
  })

  test('is loaded by the share that is asked for, or at the rate', () => {
    const rateOf = (arrivals: object) => {
      const whole = scenarioOf({ arrivals })
      return demandOf(whole, resolveFleet(whole), undefined).requestsPerSecond
    }
    assert.closeTo(rateOf({ type: 'poisson', loadRatio: 0.5 }), 500 / 520, 1e-9)
    assert.equal(rateOf({ type: 'poisson', requestsPerSecond: 17 }), 17)
  })
})

describe('a linear program', () => {
  test('has the value of textbook examples', () => {
    // Dantzig's form of Hillier and Lieberman's glass factory: 36 at (2, 6).
    const rows = [
      [1, 0],
      [0, 2],
      [3, 2],
    ]
    assert.closeTo(maximize({ objective: [3, 5], rows, limits: [4, 12, 18] }), 36, 1e-9)
    assert.equal(maximize({ objective: [1], rows: [[-1]], limits: [1] }), Number.POSITIVE_INFINITY)
    assert.equal(maximize({ objective: [-1], rows: [[1]], limits: [1] }), 0)
  })

  test('ends where steps gain nothing (Beale’s example)', () => {
    const rows = [
      [0.25, -60, -1 / 25, 9],
      [0.5, -90, -1 / 50, 3],
      [0, 0, 1, 0],
    ]
    const objective = [0.75, -150, 0.02, -6]
    assert.closeTo(maximize({ objective, rows, limits: [0, 0, 1] }), 0.05, 1e-9)
  })

  test('is as great as its dual allows', () => {
    const entry = fc.integer({ min: 1, max: 20 })
    const vector = fc.array(entry, { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(vector, vector, fc.array(vector, { minLength: 3, maxLength: 3 }), (c, b, a) => {
        const greatest = maximize({ objective: c, rows: a, limits: b })
        // The dual, minimised by the negative of a maximum over what lies below a large enough bound:
        // y = bound − z, with every column of A positive.
        const bound = 1_000
        const columns = c.map((_, column) => a.map(row => row[column] ?? 0))
        const slack = columns.map(
          (column, at) => bound * column.reduce((sum, each) => sum + each, 0) - (c[at] ?? 0),
        )
        const most = maximize({
          objective: b,
          rows: [...columns, ...b.map((_, at) => b.map((__, other) => (at === other ? 1 : 0)))],
          limits: [...slack, ...b.map(() => bound)],
        })
        const dual = bound * b.reduce((sum, each) => sum + each, 0) - most
        assert.closeTo(greatest, dual, 1e-6)
      }),
    )
  })
})
