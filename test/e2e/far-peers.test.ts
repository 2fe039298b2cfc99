/**
 * Peers far from each other, for a short while: connections are delayed by 50 ms one way and stall
 * for up to a second. Five minutes of it: `npm run bench -- membership-wan`.
 */
import { once } from 'node:events'
import { afterAll, assert, test } from 'vitest'
import { FAR, FarMesh } from '../../bench/membership-wan.ts'

const SIZE = 3
const CALM_MS = 15_000
const TEST_MAX_MS = 90_000

/** More stalls than in the long run, so that the short one has some. */
const mesh = new FarMesh({ ...FAR, stallIntervalMs: 5_000 })

afterAll(() => mesh.stop())

test(
  'nobody dies of a long way with stalls',
  async () => {
    while (mesh.group.peers.length < SIZE) await mesh.group.add()
    await once(AbortSignal.timeout(CALM_MS), 'abort')

    assert.equal(mesh.group.watch.countOf('dead'), 0)
    // Or the way was not long at all.
    assert.isAbove((await mesh.roundTripMs()) ?? 0, 2 * (FAR.delayMs - FAR.jitterMs))
    assert.isAbove(mesh.stallCount, 0)
  },
  TEST_MAX_MS,
)
