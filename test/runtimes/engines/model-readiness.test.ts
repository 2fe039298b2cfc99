/**
 * Which models can answer, and when the others will, learned from the times before.
 */
import { assert, describe, test } from 'vitest'
import { ModelReadiness } from '../../../src/runtimes/engines/model-readiness.ts'

const readiness = () => new ModelReadiness(() => {})

describe('a model', () => {
  test('of which nothing is said is ready', () => {
    assert.isUndefined(readiness().of('a', 0))
  })

  test('is what the engine says, which may know how far it is', () => {
    const all = readiness()
    all.note('a', { state: 'loading', progressRatio: 0.5, readyInMs: 700 }, 0)
    assert.deepEqual(all.of('a', 0), { state: 'loading', progressRatio: 0.5, readyInMs: 700 })
    assert.isTrue(all.isLoading)
    all.note('a', undefined, 1)
    assert.isUndefined(all.of('a', 1))
    assert.isFalse(all.isLoading)
  })

  test('that was loaded before is expected to take as long again', () => {
    const all = readiness()
    all.note('a', { state: 'cold' }, 0)
    assert.deepEqual(all.of('a', 0), { state: 'cold' })
    all.note('a', { state: 'loading' }, 1_000)
    all.note('a', undefined, 5_000)
    all.note('a', { state: 'cold' }, 9_000)
    assert.deepInclude(all.of('a', 9_000), { state: 'cold', readyInMs: 4_000 })
    all.note('a', { state: 'loading' }, 10_000)
    const half = { state: 'loading', progressRatio: 0.5, readyInMs: 2_000 }
    assert.deepEqual(all.of('a', 12_000), half as never)
    assert.deepInclude(all.of('a', 60_000), { progressRatio: 0.99, readyInMs: 0 })
  })

  test('that was under way when first seen teaches nothing', () => {
    const all = readiness()
    all.note('a', { state: 'loading' }, 0)
    all.note('a', undefined, 10)
    all.note('a', { state: 'cold' }, 20)
    assert.deepEqual(all.of('a', 20), { state: 'cold' })
  })

  test('wakes in another time than it loads in', () => {
    const all = readiness()
    all.begin('a', 'load', 0)
    all.end('a', undefined, 8_000)
    all.note('a', { state: 'sleeping' }, 9_000)
    assert.deepEqual(all.of('a', 9_000), { state: 'sleeping' })
    all.begin('a', 'wake', 10_000)
    all.end('a', undefined, 10_500)
    all.note('a', { state: 'sleeping' }, 11_000)
    assert.deepInclude(all.of('a', 11_000), { readyInMs: 500 })
  })

  test('that we have loaded is loading, whatever an older list says', () => {
    const all = readiness()
    all.note('a', { state: 'cold' }, 0)
    all.begin('a', 'load', 1)
    all.note('a', { state: 'cold' }, 2)
    assert.deepInclude(all.of('a', 2), { state: 'loading' })
    all.note('a', { state: 'loading', progressRatio: 0.25 }, 3)
    assert.deepInclude(all.of('a', 3), { progressRatio: 0.25 })
    all.end('a', { state: 'cold' }, 4)
    assert.deepEqual(all.of('a', 4), { state: 'cold' })
  })

  test('that failed to load is not promised', () => {
    const all = readiness()
    all.begin('a', 'load', 0)
    all.end('a', undefined, 100)
    all.note('a', { state: 'failed' }, 200)
    assert.deepEqual(all.of('a', 200), { state: 'failed' })
  })

  test('that the engine no longer has is forgotten', () => {
    const all = readiness()
    all.begin('a', 'load', 0)
    all.end('a', undefined, 100)
    all.track(new Set(['b']))
    all.note('a', { state: 'cold' }, 200)
    assert.deepEqual(all.of('a', 200), { state: 'cold' })
  })
})

test('whoever waits hears of every change of a state, and of nothing else', () => {
  const states: (string | undefined)[] = []
  const all = new ModelReadiness(() => states.push(all.of('a', 0)?.state))
  all.note('a', { state: 'cold' }, 0)
  all.note('a', { state: 'cold' }, 1)
  all.begin('a', 'load', 2)
  all.note('a', { state: 'loading', progressRatio: 0.1 }, 3)
  all.end('a', undefined, 4)
  assert.deepEqual(states, ['cold', 'loading', undefined])
})
