/**
 * Waiting until all members agree.
 */
import { assert, test } from 'vitest'
import { StatusWatch } from '../../bench/status-watch.ts'

const GENEROUS_MS = 10_000

test('it waits for the last of the observers, and takes its time', async () => {
  const watch = new StatusWatch()
  watch.note('a', 'x', 'dead')
  const agreed = watch.allBelieve(['a', 'b'], { subject: 'x', status: 'dead' }, GENEROUS_MS)
  watch.note('b', 'y', 'dead')
  const beforeMs = performance.now()
  watch.note('b', 'x', 'dead')

  assert.isAtLeast(await agreed, beforeMs)
})

test('whoever has changed its mind does not agree', async () => {
  const watch = new StatusWatch()
  watch.note('a', 'x', 'dead')
  watch.note('a', 'x', 'alive')

  const error = await watch.allBelieve(['a', 'b'], { subject: 'x', status: 'dead' }, 1).then(
    () => assert.fail('nobody agrees'),
    (thrown: Error) => thrown,
  )
  assert.match(error.message, /2 of 2 did not see x dead within 1 ms/)
})

test('it counts how often anybody said so', () => {
  const watch = new StatusWatch()
  watch.note('a', 'x', 'suspect')
  watch.note('b', 'x', 'suspect')
  watch.note('a', 'x', 'alive')

  assert.equal(watch.countOf('suspect'), 2)
  assert.equal(watch.countOf('dead'), 0)
})
