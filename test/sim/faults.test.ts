/**
 * Plans of faults, and what comes of them.
 */
import { assert, describe, test } from 'vitest'
import { FAULT_KINDS, type Fault, planFaults } from '../../sim/faults/fault-plan.ts'
import { FaultRunner } from '../../sim/faults/fault-runner.ts'
import { World } from '../../sim/world.ts'
import { Random } from '../../src/core/random.ts'

const PERIOD = { startMs: 10_000, durationMs: 600_000 }
const RATES = {
  crash: { perMinute: 6 },
  pause: { perMinute: 12, durationMinMs: 50, durationMaxMs: 500 },
}

const fault = (kind: Fault['kind'], durationMs = 1_000): Fault => ({
  kind,
  durationMs,
  atMs: 0,
  seed: 5,
})

async function mesh(count: number) {
  const world = new World({ seed: 6 })
  const hosts = await world.startHosts(count)
  await world.pass(3_000)
  return { world, hosts, runner: new FaultRunner(world) }
}

describe('a plan of faults', () => {
  test('is the same for one seed and another one for another', () => {
    const plan = (seed: number) => planFaults(new Random(seed), RATES, PERIOD)

    assert.deepEqual(plan(1), plan(1))
    assert.notDeepEqual(plan(1), plan(2))
  })

  test('strikes as often as it was asked to, within its period, in order', () => {
    const faults = planFaults(new Random(3), RATES, PERIOD)

    const times = faults.map(({ atMs }) => atMs)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.isAtLeast(times[0] ?? 0, 10_000)
    assert.isBelow(times.at(-1) ?? 0, 610_000)
    const pauses = faults.filter(({ kind }) => kind === 'pause')
    assert.isAbove(pauses.length, 90)
    assert.isBelow(pauses.length, 150)
    for (const { durationMs } of pauses) assert.isTrue(durationMs >= 50 && durationMs <= 500)
  })

  test('is empty where nothing shall happen', () => {
    assert.deepEqual(planFaults(new Random(1), { crash: { perMinute: 0 } }, PERIOD), [])
  })
})

describe('a fault that strikes', () => {
  test('takes a host down, and leaves two at least', async () => {
    const { world, hosts, runner } = await mesh(4)
    for (let seed = 0; seed < 10; seed += 1) runner.strike({ ...fault('crash'), seed })
    await world.pass(100)

    assert.lengthOf(
      hosts.filter(({ state }) => state === 'up'),
      2,
    )
    assert.equal(runner.struckCount, 2)
  })

  test('starts again who is down', async () => {
    const { world, hosts, runner } = await mesh(3)
    runner.strike(fault('vanish'))
    await world.pass(100)

    runner.strike(fault('restart'))
    await world.pass(100)

    assert.deepEqual(
      hosts.map(({ state }) => state),
      ['up', 'up', 'up'],
    )
  })

  test('lets one leave in good order, and another one join', async () => {
    const { world, hosts, runner } = await mesh(3)
    runner.strike(fault('leave'))
    runner.strike(fault('join'))
    await world.pass(5_000)

    const leaver = hosts.find(({ state }) => state === 'down')
    assert.isTrue(leaver?.hasLeft)
    const [watching] = hosts.filter(({ state }) => state === 'up')
    const statuses = watching?.nodes().map(({ status }) => status)
    assert.deepEqual(statuses?.toSorted(), ['alive', 'alive', 'alive', 'left'])
  })

  test('ends by itself, or when everything is mended', async () => {
    const { world, runner } = await mesh(3)
    const isOpen = () => {
      const pairs = [0, 1, 2].flatMap(from => [0, 1, 2].map(to => [from, to] as const))
      return pairs.every(([from, to]) => from === to || world.internet.link(from, to).isOpen)
    }
    runner.strike(fault('partition', 5_000))
    assert.isFalse(isOpen())
    await world.pass(5_001)
    assert.isTrue(isOpen())

    runner.strike(fault('one-way', 5_000))
    assert.isFalse(isOpen())
    runner.mend()

    assert.isTrue(isOpen())
    await world.pass(10_000)
    assert.isTrue(isOpen())
  })

  test('of every kind finds something to strike', async () => {
    const { world, runner } = await mesh(5)
    for (const kind of FAULT_KINDS) {
      const before = runner.struckCount
      runner.strike(fault(kind, 100))
      await world.pass(3_000)
      assert.equal(runner.struckCount, before + 1, kind)
    }
  })
})
