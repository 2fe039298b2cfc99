/**
 * Consecutive entries behave like a plain array that remembers its first index.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { type Entry, entryBytes } from '../../../../src/consensus/raft/log/entry.ts'
import { EntryRun } from '../../../../src/consensus/raft/log/entry-run.ts'
import { InvariantError } from '../../../../src/core/assert.ts'

function entry(index: number, term: number, sizeBytes = 0): Entry {
  return { index, term, type: 'normal', data: new Uint8Array(sizeBytes) }
}

const operations = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('append'), back: fc.nat(5), count: fc.nat(6) }),
    fc.record({ type: fc.constant('drop'), count: fc.nat(6) }),
  ),
  { maxLength: 60 },
)

describe('a run of entries', () => {
  test('has what was appended last at each index, and nothing that was dropped', () => {
    fc.assert(
      fc.property(operations, steps => {
        const run = new EntryRun(1)
        let model: Entry[] = []
        let firstIndex = 1
        let term = 0
        for (const step of steps) {
          if ('back' in step) {
            term++
            const index = Math.max(firstIndex, firstIndex + model.length - step.back)
            const fresh = Array.from({ length: step.count }, (_, i) => entry(index + i, term))
            run.append(fresh)
            if (fresh.length > 0) model = [...model.slice(0, index - firstIndex), ...fresh]
          } else {
            const count = Math.min(step.count, model.length)
            run.dropBefore(firstIndex + count)
            firstIndex += count
            model = model.slice(count)
          }
          assert.deepEqual(run.slice(run.firstIndex, run.lastIndex + 1), model)
          assert.equal(run.firstIndex, firstIndex)
          assert.equal(run.length, model.length)
          assert.equal(run.at(firstIndex), model[0])
          assert.equal(run.at(firstIndex - 1), undefined)
        }
      }),
    )
  })

  test('is cut where the next entry does not fit, but never before the first', () => {
    const run = new EntryRun(1)
    const entries = [10, 10, 10].map((sizeBytes, i) => entry(i + 1, 1, sizeBytes))
    run.append(entries)
    const each = entryBytes(entries[0] as Entry)
    const counts = [0, each - 1, each, 2 * each - 1, 2 * each, 3 * each].map(
      maxBytes => run.slice(1, 4, maxBytes).length,
    )
    assert.deepEqual(counts, [1, 1, 1, 1, 2, 3])
    assert.deepEqual(run.slice(2, 2, 0), [])
  })

  test('does not take entries with a gap, nor hand out what it has not', () => {
    const run = new EntryRun(5)
    assert.throws(() => run.append([entry(6, 1)]), InvariantError)
    assert.throws(() => run.append([entry(4, 1)]), InvariantError)
    assert.throws(() => run.slice(4, 5), InvariantError)
    assert.throws(() => run.slice(5, 6), InvariantError)
    assert.throws(() => run.dropBefore(6), InvariantError)
  })

  test('keeps slices as they were when it changes', () => {
    const run = new EntryRun(1)
    run.append([entry(1, 1), entry(2, 1)])
    const slice = run.slice(1, 3)
    run.append([entry(2, 2)])
    assert.deepEqual(
      slice.map(({ term }) => term),
      [1, 1],
    )
  })
})

test('an entry is as large as its protobuf form', () => {
  const sizes = [
    entry(1, 1),
    entry(128, 1),
    entry(2 ** 35, 1),
    entry(1, 1, 1),
    entry(1, 1, 127),
    entry(1, 1, 128),
  ].map(entryBytes)
  assert.deepEqual(sizes, [6, 7, 11, 9, 135, 137])
})
