/**
 * The full level: everybody is told what production's membership promises.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { measureDelivery } from '../../../sim/fleet/full/delivery.ts'
import type { DelayMs } from '../../../sim/fleet/full/mesh-network.ts'
import { membershipOptions } from '../../../src/membership/options.ts'
import { suspicionTimes } from '../../../src/membership/suspicion.ts'
import { countOf, peerOf, Scene } from './full-gossip-scene.ts'

/** The default bound is 64: the last is a mesh in which each has a few neighbours. */
const SIZES = [2, 12, 64, 100]

/** What the soak allows beyond the shortest suspicion, for a crash to be noticed by all. */
const NOTICE_MS = 3_000

const defaults = membershipOptions.parse({})
const { suspicionRefusedMs } = defaults

const noticedWithinMs = (memberCount: number) =>
  suspicionTimes(memberCount, defaults).minMs + NOTICE_MS

/** The loads of `other` that `member` was told of, in that order. */
function heardCounts(scene: Scene, member: number, other: number): number[] {
  return scene
    .toldTo(member, other)
    .flatMap(event => (event.load === undefined ? [] : [countOf(event.load)]))
}

describe('at the start', () => {
  for (const memberCount of SIZES) {
    test(`each of ${memberCount} knows each, and nobody who is absent`, () => {
      const absent = [memberCount]
      const scene = new Scene({ memberCount: memberCount + 1, absent })
      assert.deepEqual(scene.strangers(scene.all(absent)), [])
      assert.deepEqual(scene.disagreeing(scene.all(absent), memberCount, undefined), [])
      scene.pass(20_000)
      assert.deepEqual(scene.strangers(scene.all(absent)), [])
      assert.deepEqual(scene.everCalled('suspect'), [])
    })
  }

  test('a large mesh has the connections that it wants, and makes no others', () => {
    const scene = new Scene({ memberCount: 100 })
    const before = scene.gossip.stepCount
    scene.pass(10_000)
    // Two probes a second make 10 steps of either side and its timers.
    assert.isBelow((scene.gossip.stepCount - before) / (10 * 100), 13)
  })

  test('claims are spread over the time between two claims of one member', () => {
    const published: number[] = []
    const scene = new Scene({ memberCount: 100, onPublish: member => published.push(member) })
    for (const member of scene.all()) scene.work(member)
    scene.pass(1_000)
    published.length = 0
    // Of 100 members each speaks every 2.5 s.
    scene.pass(250)
    assert.isAtLeast(published.length, 1)
    assert.isAtMost(published.length, 30)
    scene.pass(1_250)
    assert.isAtLeast(published.length, 40)
    assert.lengthOf(new Set(published), published.length)
  })
})

describe('load', () => {
  test('arrives everywhere, and nobody hears older news after newer', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(3, 12, 70),
        fc.nat(),
        fc.array(fc.tuple(fc.nat(69), fc.nat(300)), { minLength: 1, maxLength: 40 }),
        (memberCount, seed, changes) => {
          const delayMs: DelayMs = (_from, _to, random) => 1 + 200 * random.next()
          const scene = new Scene({ memberCount, seed, delayMs })
          for (const [who, waitMs] of changes) {
            scene.work(who % memberCount)
            scene.pass(waitMs)
          }
          scene.pass(4_000)
          for (const member of scene.all()) {
            for (const other of scene.all()) {
              const heard = heardCounts(scene, member, other)
              assert.deepEqual(
                heard,
                heard.toSorted((a, b) => a - b),
              )
              assert.equal(heard.at(-1), scene.counts[other])
            }
          }
        },
      ),
      { numRuns: 10, seed: 7 },
    )
  })

  test('is dated with when it was heard, on the clock of the simulation', () => {
    const scene = new Scene({ memberCount: 3, delayMs: () => 10 })
    scene.pass(1_000)
    scene.told.length = 0
    scene.work(0)
    scene.pass(200)
    const heard = scene.told.find(
      ({ member, event }) => member === 1 && event.type === 'peer-changed' && event.load,
    )
    const loadAtMs = heard?.event.type === 'peer-changed' ? heard.event.loadAtMs : undefined
    assert.equal(loadAtMs, heard?.atMs)
    // Told to membership 50 ms after the change, and 10 ms on its way.
    assert.closeTo(loadAtMs ?? 0, 1_060, 0.001)
  })

  test('is read again by itself, even if nobody says that it changed', () => {
    const scene = new Scene({ memberCount: 3 })
    scene.counts[0] = 7
    scene.pass(2_200)
    const heard = scene.told.filter(
      ({ member, event }) =>
        member === 1 && event.type === 'peer-changed' && event.load && countOf(event.load) === 7,
    )
    assert.lengthOf(heard, 1)
  })
})

describe('a member that ends', () => {
  for (const memberCount of [12, 64, 100]) {
    for (const isHostLost of [false, true]) {
      test(`is dead to all of ${memberCount} in time, ${isHostLost ? 'host and all' : 'its host alive'}`, () => {
        const scene = new Scene({ memberCount, isHostLost })
        scene.pass(1_000)
        scene.gossip.crash(5)
        const others = scene.all([5])
        const isNoticed = () => scene.disagreeing(others, 5, 'dead').length === 0
        // A host that lives refuses dials, and so says that nobody is there.
        const withinMs = isHostLost ? noticedWithinMs(memberCount) : suspicionRefusedMs + 1_000
        assert.isDefined(scene.passUntil(isNoticed, withinMs))
        scene.pass(10_000)
        assert.deepEqual(scene.everCalled('dead'), [peerOf(5)])
        assert.deepEqual(scene.strangers(others), [])
      })
    }
  }

  test('is told nothing more', () => {
    const scene = new Scene({ memberCount: 5 })
    scene.gossip.crash(0)
    scene.told.length = 0
    scene.gossip.changed(0)
    for (const member of scene.all([0])) scene.work(member)
    scene.pass(10_000)
    assert.isEmpty(scene.told.filter(({ member }) => member === 0))
  })

  test('is known to have left if it says so, and doubted by nobody', () => {
    const scene = new Scene({ memberCount: 100 })
    scene.pass(1_000)
    scene.gossip.leave(5)
    scene.pass(1_000)
    assert.deepEqual(scene.disagreeing(scene.all([5]), 5, 'left'), [])
    scene.pass(20_000)
    assert.deepEqual(scene.everCalled('dead'), [])
  })
})

describe('a member that joins', () => {
  for (const memberCount of SIZES) {
    test(`is known to all of ${memberCount} and knows them`, () => {
      const absent = [memberCount]
      const scene = new Scene({ memberCount: memberCount + 1, absent })
      scene.pass(1_000)
      scene.gossip.join(memberCount)
      const isWhole = () => scene.strangers(scene.all()).length === 0
      assert.isDefined(scene.passUntil(isWhole, 2_000))
      assert.deepEqual(scene.everCalled('suspect'), [])
    })
  }

  test('is alive again after a crash, as soon as it is back', () => {
    for (const isHostLost of [false, true]) {
      const scene = new Scene({ memberCount: 20, isHostLost })
      scene.gossip.crash(5)
      scene.pass(15_000)
      scene.gossip.join(5)
      const isWhole = () => scene.strangers(scene.all()).length === 0
      assert.isDefined(scene.passUntil(isWhole, 5_000))
      scene.pass(30_000)
      assert.isTrue(isWhole())
    }
  })

  test('is there at last, though nobody was when it came', () => {
    const scene = new Scene({ memberCount: 4, absent: [1], inCell1: [1] })
    scene.gossip.partition(new Set([1]))
    scene.gossip.join(1)
    scene.pass(12_000)
    scene.gossip.partition(new Set())
    const isWhole = () => scene.strangers(scene.all()).length === 0
    assert.isDefined(scene.passUntil(isWhole, 60_000))
  })
})

describe('a partition', () => {
  for (const memberCount of [10, 70]) {
    test(`of ${memberCount} is two meshes, which find together when it ends`, () => {
      const inCell1 = Array.from({ length: memberCount / 2 }, (_, pair) => 2 * pair)
      const scene = new Scene({ memberCount, inCell1 })
      scene.pass(1_000)
      scene.gossip.partition(new Set([1]))
      const outside = scene.all(inCell1)
      const isParted = () =>
        outside.every(other => scene.disagreeing(inCell1, other, 'dead').length === 0) &&
        inCell1.every(other => scene.disagreeing(outside, other, 'dead').length === 0)
      assert.isDefined(scene.passUntil(isParted, 60_000, 1_000))
      assert.deepEqual([...scene.strangers(inCell1), ...scene.strangers(outside)], [])
      scene.gossip.partition(new Set())
      const isWhole = () => scene.strangers(scene.all()).length === 0
      assert.isDefined(scene.passUntil(isWhole, 90_000, 1_000))
    })
  }

  test('that ends soon kills nobody', () => {
    const scene = new Scene({ memberCount: 20, inCell1: [3] })
    scene.pass(1_000)
    scene.gossip.partition(new Set([1]))
    scene.pass(1_500)
    scene.gossip.partition(new Set())
    scene.pass(30_000)
    assert.deepEqual(scene.everCalled('dead'), [])
    assert.deepEqual(scene.strangers(scene.all()), [])
  })
})

describe('a run', () => {
  const story = (seed: number) => {
    const scene = new Scene({ memberCount: 70, seed, inCell1: [1, 2], absent: [9] })
    scene.work(0)
    scene.pass(500)
    scene.gossip.crash(20)
    scene.gossip.partition(new Set([1]))
    scene.pass(6_000)
    scene.gossip.partition(new Set())
    scene.gossip.join(9)
    scene.pass(3_000)
    return { told: scene.told, steps: scene.gossip.stepCount }
  }

  test('is the same with the same seed, and another with another', () => {
    const one = JSON.stringify(story(3))
    assert.equal(JSON.stringify(story(3)), one)
    assert.notEqual(JSON.stringify(story(4)), one)
  })

  test('tells only those who have a scheduler, and runs the others all the same', () => {
    const scene = new Scene({ memberCount: 10, isTold: member => member === 9 })
    for (const member of scene.all()) scene.work(member)
    scene.pass(1_000)
    assert.isTrue(scene.told.every(({ member }) => member === 9))
    assert.deepEqual(scene.disagreeing([9], 0, 'alive'), [])
    assert.isAbove(scene.gossip.stepCount, 100)
  })
})

describe('the measure of delivery', () => {
  const base = { seed: 1, durationMs: 20_000, changesPerSecond: 3 }

  test('counts each claim once for each listener, and none is missed', () => {
    const report = measureDelivery({ ...base, memberCount: 12, delayMs: () => 5 })
    assert.equal(report.missedRatio, 0)
    assert.closeTo(report.travelMs.mean, 5, 1e-6)
    assert.closeTo(report.totalMs.mean, report.waitMs.mean + 5, 1)
    // Loads are told to membership 50 ms after they change, and claims come no faster than this.
    assert.isAtMost(report.waitMs.atMost['0.999'] ?? 0, (12 * 1_000) / 40 + 50)
    assert.isAtLeast(report.waitMs.atMost['0.5'] ?? 0, 50)
  })

  test('finds that all together say no more than they may, and that distance adds hops', () => {
    const report = measureDelivery({ ...base, memberCount: 100, delayMs: () => 5 })
    assert.isAtMost(report.claimsPerSecond, 40.5)
    assert.isAtLeast(report.travelMs.atMost['0.01'] ?? 0, 5 - 1e-6)
    assert.isAtLeast(report.travelMs.atMost['0.99'] ?? 0, 10 - 1e-6)
    assert.isAtMost(report.travelMs.atMost['0.999'] ?? 0, 25)
  })
})
