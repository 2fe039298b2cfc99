/**
 * What quarantines a GPU and what is only said of it. The limits are those of the seed-system's
 * table: temperature 80 and 90 °C, power 95 %, 10 memory errors.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { type Grading, gradeGpu } from '../../src/gpu/grading.ts'
import { gpuOptions } from '../../src/gpu/options.ts'
import type { GpuReading } from '../../src/node/gpu-source.ts'

const options = gpuOptions.parse({})

const well: GpuReading = {
  index: 0,
  name: 'GPU',
  vramTotalBytes: 100,
  vramUsedBytes: 10,
  temperatureCelsius: 60,
  powerWatts: 500,
  powerLimitWatts: 700,
  eccUncorrectableCount: 0,
  throttleReasons: [],
}

const grade = (change: Partial<GpuReading>, before?: Grading) =>
  gradeGpu({ ...well, ...change }, options, before)

describe('a GPU is', () => {
  const cases: readonly (readonly [string, Partial<GpuReading>, Grading['grade'], string])[] = [
    ['well', {}, 'ok', ''],
    ['well at 80 °C', { temperatureCelsius: 80 }, 'ok', ''],
    ['watched at 81 °C', { temperatureCelsius: 81 }, 'warn', 'hotter than 80 °C'],
    ['watched at 90 °C', { temperatureCelsius: 90 }, 'warn', 'hotter than 80 °C'],
    ['quarantined at 91 °C', { temperatureCelsius: 91 }, 'quarantined', 'hotter than 90 °C'],
    ['well at 95 % of its power', { powerWatts: 665 }, 'ok', ''],
    ['watched above it', { powerWatts: 666 }, 'warn', 'more than 95 % of its power limit'],
    ['well without a power limit', { powerWatts: 666, powerLimitWatts: 0 }, 'ok', ''],
    ['watched at the first error', { eccUncorrectableCount: 1 }, 'warn', 'memory errors'],
    ['watched at the 10th', { eccUncorrectableCount: 10 }, 'warn', 'memory errors'],
    ['quarantined at the 11th', { eccUncorrectableCount: 11 }, 'quarantined', 'more than 10'],
    ['watched with rows to remap', { isRepairPending: true }, 'warn', 'waits for a reset'],
    ['quarantined if that failed', { hasRepairFailed: true }, 'quarantined', 'not be set aside'],
    ['quarantined when lost', { defect: 'lost' }, 'quarantined', 'off the bus'],
    ['quarantined until a reset', { defect: 'needs-reset' }, 'quarantined', 'needs a reset'],
    ['quarantined when broken', { defect: 'broken' }, 'quarantined', 'reports errors'],
    ['watched when throttled', { throttleReasons: ['power cap'] }, 'warn', 'throttled: power cap'],
    ['well with its memory full, as an LLM server has it', { vramUsedBytes: 100 }, 'ok', ''],
    [
      'well if nothing is known',
      { temperatureCelsius: undefined, powerWatts: undefined },
      'ok',
      '',
    ],
  ]
  for (const [what, change, expected, reason] of cases) {
    test(what, () => {
      const { grade: found, faults, warnings } = grade(change)
      assert.equal(found, expected)
      const said = expected === 'quarantined' ? faults : warnings
      if (reason !== '') assert.include(said.join('; '), reason)
      else assert.deepEqual([...faults, ...warnings], [])
    })
  }
})

describe('a limit holds', () => {
  const grades = (temperatures: readonly number[]) => {
    let before: Grading | undefined
    return temperatures.map(temperatureCelsius => {
      before = grade({ temperatureCelsius }, before)
      return before.grade
    })
  }

  test('until the GPU is 5 °C cooler', () => {
    assert.deepEqual(grades([90, 91, 86, 85, 80, 76, 75, 80]), [
      ...(['warn', 'quarantined', 'quarantined', 'warn', 'warn', 'warn', 'ok', 'ok'] as const),
    ])
  })

  test('so a GPU at 90 ± 1 °C is quarantined once', () => {
    const heat = fc.array(fc.integer({ min: 89, max: 91 }), { maxLength: 50 })
    fc.assert(
      fc.property(heat, temperatures => {
        const found = grades([91, ...temperatures])
        assert.notInclude(found, 'warn')
      }),
    )
  })

  test('for power until 5 % below', () => {
    const hot = grade({ powerWatts: 670 })
    assert.equal(grade({ powerWatts: 640 }, hot).grade, 'warn')
    assert.equal(grade({ powerWatts: 629 }, hot).grade, 'ok')
  })

  test('no longer once the value is not told', () => {
    const hot = grade({ temperatureCelsius: 95 })
    assert.equal(grade({ temperatureCelsius: undefined }, hot).grade, 'ok')
  })
})

test('a fault is said in the same words as long as it lasts', () => {
  const hot = grade({ temperatureCelsius: 91 })
  assert.deepEqual(grade({ temperatureCelsius: 99 }, hot), hot)
})
