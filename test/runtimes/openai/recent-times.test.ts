/** The time that 95 of the last 128 requests stayed within. */
import fc from 'fast-check'
import { assert, test } from 'vitest'
import { RecentTimes } from '../../../src/runtimes/openai/recent-times.ts'

test('is unknown before the first, and of the last 128 from then on', () => {
  assert.isUndefined(new RecentTimes().p95Ms)
  const time = fc.double({ min: 0, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 400 }), times => {
      const recent = new RecentTimes()
      for (const each of times) recent.add(each)
      const sorted = times.slice(-128).toSorted((a, b) => a - b)
      assert.equal(recent.p95Ms, sorted[Math.ceil(0.95 * sorted.length) - 1])
    }),
  )
})
