/**
 * Numbers as reports print them.
 */
import { assert, describe, test } from 'vitest'
import { showChange, showEstimate, showMs, showValue } from '../../../sim/report/figures.ts'

describe('numbers', () => {
  test.each([
    [812.37, 40.08, '812 ± 40 ms'],
    [0.4213, 0.0312, '0.421 ± 0.031 ms'],
    [71_234, 1_200, '71.2 ± 1.2 s'],
    [812.37, 0, '812 ± 0 ms'],
    [0, 0, '0 ± 0 ms'],
  ])('%d ± %d ms is printed as %s', (mean, halfWidth, text) => {
    assert.equal(showEstimate({ mean, halfWidth, runCount: 5 }, 'ms'), text)
  })

  test('one run has no interval', () => {
    assert.equal(showEstimate({ mean: 812.37, halfWidth: 0, runCount: 1 }, 'ms'), '812 ms')
  })

  test.each([
    [1, '100 %'],
    [0.999_999, '>99.99 %'],
    [0.9994, '99.94 %'],
    [0.805, '80.5 %'],
    [0.000_001, '<0.01 %'],
    [0, '0 %'],
  ])('the share %d is printed as %s: not all is never printed as all', (ratio, text) => {
    assert.equal(showValue(ratio, 'ratio'), text)
    assert.isTrue(
      showEstimate({ mean: ratio, halfWidth: 1e-7, runCount: 3 }, 'ratio').endsWith('%'),
    )
  })

  test.each([
    [0.12, '+12 %'],
    [-0.015, '-1.5 %'],
    [3.2, '4.2×'],
    [0, '0 %'],
  ])('the change %d is printed as %s', (relative, text) => {
    assert.equal(showChange(relative), text)
  })

  test.each([
    [0.5, '0.5 ms'],
    [100, '100 ms'],
    [1_500, '1.5 s'],
    [75_800, '75.8 s'],
  ])('%d ms is printed as %s', (ms, text) => {
    assert.equal(showMs(ms), text)
  })

  test('money below nothing has its sign first', () => {
    assert.equal(showValue(-0.25, 'dollars'), '-$0.250')
  })
})
