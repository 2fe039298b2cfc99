/**
 * The line that says how far a simulation is.
 */
import { assert, test } from 'vitest'
import { progressText } from '../../../src/cli/simulate/progress-bar.ts'

const cases = [
  {
    ratio: 0,
    elapsedMs: 500,
    says: '[░░░░░░░░░░░░░░░░░░░░░░░░]   0 %  3 of 36 runs',
  },
  {
    ratio: 0.5,
    elapsedMs: 42_000,
    says: '[████████████░░░░░░░░░░░░]  50 %  3 of 36 runs  0:42 left',
  },
  {
    ratio: 0.25,
    elapsedMs: 1_200_500,
    says: '[██████░░░░░░░░░░░░░░░░░░]  25 %  3 of 36 runs  1:00:02 left',
  },
  {
    ratio: 1,
    elapsedMs: 42_000,
    says: '[████████████████████████] 100 %  3 of 36 runs  0:00 left',
  },
]
for (const { ratio, elapsedMs, says } of cases) {
  test(`after ${elapsedMs} ms, at ${ratio}, it is ${says}`, () => {
    assert.equal(progressText({ ratio, doneCount: 3, jobCount: 36 }, elapsedMs), says)
  })
}
