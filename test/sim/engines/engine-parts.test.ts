/**
 * The parts of the engines that have rules of their own: who ends next, who waits, what the cache keeps.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { EndHeap } from '../../../sim/engines/end-heap.ts'
import { PrefixCache } from '../../../sim/engines/prefix-cache.ts'
import { Sequence } from '../../../sim/engines/sequence.ts'
import { StepRun } from '../../../sim/engines/step-run.ts'
import { WaitingLine } from '../../../sim/engines/waiting-line.ts'

const JOB = { inputTokens: 10, outputTokens: 5, outputTokensExpected: 3, units: 0, blocks: [] }

describe('the heap of ends', () => {
  test('gives the next end whoever leaves in between', () => {
    const steps = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(steps, fc.array(fc.nat({ max: 39 })), (ends, removals) => {
        const heap = new EndHeap()
        const all = ends.map((endStep, admission) => {
          const sequence = new Sequence(JOB)
          Object.assign(sequence, { endStep, admission })
          heap.push(sequence)
          return sequence
        })
        const removed = new Set(removals.flatMap(index => all[index] ?? []))
        for (const sequence of removed) heap.remove(sequence)
        const found: Sequence[] = []
        for (let first = heap.first; first !== undefined; first = heap.first) {
          heap.remove(first)
          found.push(first)
        }
        // Sorting keeps those of one step in the order in which they were admitted.
        const left = all.filter(sequence => !removed.has(sequence))
        assert.deepEqual(
          found,
          left.toSorted((a, b) => a.endStep - b.endStep),
        )
      }),
      // The last in the heap comes before the one that is above whoever leaves.
      { examples: [[[1, 10, 2, 11, 12, 20, 4], [3]]] },
    )
  })
})

describe('the line of those that wait', () => {
  test('keeps order and sums, whoever leaves, and lets the first in again', () => {
    type Act = 'push' | 'take' | 'leave' | 'back'
    const acts = fc.array(fc.constantFrom<Act>('push', 'push', 'take', 'leave', 'back'), {
      maxLength: 400,
      size: 'max',
    })
    fc.assert(
      fc.property(acts, list => {
        const line = new WaitingLine()
        const expected: Sequence[] = []
        const add = (how: 'push' | 'back') => {
          const sequence = new Sequence(JOB)
          if (how === 'push') line.push(sequence)
          else line.pushFirst(sequence)
          if (how === 'push') expected.push(sequence)
          else expected.unshift(sequence)
        }
        const act: Record<Act, () => void> = {
          push: () => add('push'),
          back: () => add('back'),
          take: () => {
            if (expected.length === 0) return
            const taken = line.takeFirst()
            taken.state = 'reading'
            assert.equal(taken, expected.shift())
          },
          leave: () => {
            const [leaver] = expected.splice(Math.floor(expected.length / 2), 1)
            if (leaver === undefined) return
            line.remove(leaver)
            leaver.state = 'gone'
          },
        }
        for (const each of list) {
          act[each]()
          assert.equal(line.first, expected[0])
          assert.equal(line.count, expected.length)
          assert.equal(line.contextTokens, 10 * expected.length)
          assert.equal(line.outputTokensLeft, 5 * expected.length)
          assert.equal(line.expectedTokensLeft, 3 * expected.length)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('a run of steps', () => {
  test('knows how many are over at any time', () => {
    const run = fc.record({
      steps: fc.integer({ min: 1, max: 200 }),
      firstMs: fc.double({ min: 0.01, max: 50, noNaN: true }),
      growthMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true })),
      ratio: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(run, ({ steps, firstMs, growthMs, ratio }) => {
        const found = new StepRun()
        found.begin(100, steps, firstMs, growthMs)
        const nowMs = 100 + ratio * found.durationMs(steps)
        let expected = 0
        while (expected < steps - 1 && 100 + found.durationMs(expected + 1) <= nowMs) expected += 1
        // Rounding may put a boundary on either side of itself.
        assert.closeTo(found.completedSteps(nowMs), expected, 1)
        const { endMs } = found
        const completed = found.completedSteps(nowMs)
        const part = found.ratioOfStep(completed, nowMs)
        assert.closeTo(
          100 + found.durationMs(completed) + part * (firstMs + completed * growthMs),
          nowMs,
          1e-6,
        )
        found.pass(completed, part)
        assert.closeTo(found.endMs, endMs, 1e-6)
      }),
    )
  })
})

describe('the prefix cache', () => {
  test('keeps what was read when its last holder is gone, and evicts the longest unused', () => {
    const cache = new PrefixCache()
    cache.hold([1, 2, 3], 3)
    cache.hold([1, 2, 4], 3)
    assert.deepEqual([cache.heldCount, cache.keptCount], [4, 0])
    cache.release([1, 2, 3], 3, 3)
    assert.deepEqual([cache.heldCount, cache.keptCount], [3, 1])
    cache.release([1, 2, 4], 3, 3)
    assert.deepEqual([cache.heldCount, cache.keptCount], [0, 4])
    assert.equal(cache.leadingCount([1, 2, 3, 9], 4), 3)
    cache.evict(1)
    assert.equal(cache.leadingCount([1, 2, 3], 3), 2)
    // The ends of chains go before their beginnings.
    cache.evict(2)
    assert.equal(cache.leadingCount([1, 2, 4], 3), 1)
    cache.evict(9)
    assert.equal(cache.keptCount, 0)
  })

  test('forgets what was not read, and counts a gap as the end', () => {
    const cache = new PrefixCache()
    cache.hold([1, 2, 3], 3)
    cache.release([1, 2, 3], 3, 1)
    assert.equal(cache.leadingCount([1, 2, 3], 3), 1)
    cache.hold([5, 3], 2)
    assert.equal(cache.leadingCount([1, 2, 3], 3), 1)
    assert.equal(cache.unheldCount([1, 5, 3], 3), 1)
  })
})
