/**
 * Those who look on while a world runs: what they find wrong, and what they let pass.
 */
import { assert, describe, test } from 'vitest'
import { agree, disagreements, isGoneEverywhere } from '../../sim/membership/agreement.ts'
import { DeathWatch } from '../../sim/membership/death-watch.ts'
import { IncarnationWatch } from '../../sim/membership/incarnation-watch.ts'
import { World } from '../../sim/world.ts'
import { rejection } from '../node/until.ts'

const MINUTE_MS = 60_000

async function mesh() {
  const world = new World({ seed: 12 })
  const watch = new DeathWatch(world)
  new IncarnationWatch(world)
  const hosts = await world.startHosts(3)
  await world.pass(3_000)
  const [first, second] = hosts
  assert.isDefined(first)
  assert.isDefined(second)
  return { world, watch, first, second }
}

describe('the watch on deaths', () => {
  test('ends the run when somebody who runs is called dead, where that is forbidden', async () => {
    const { world, watch } = await mesh()
    watch.forbidFalseDeaths()
    world.internet.partition([[0], [1, 2]], { isTwoWay: true })

    const error = await rejection(world.pass(MINUTE_MS))

    assert.match(String(error), /expected n\d to be alive, who is up: n\d calls it dead/)
  })

  test('counts them where it is not forbidden', async () => {
    const { world, watch } = await mesh()
    world.internet.partition([[0], [1, 2]], { isTwoWay: true })

    await world.pass(MINUTE_MS)

    assert.isAtLeast(watch.falseDeaths.length, 4)
    assert.isAtLeast(watch.falseSuspicionCount, 4)
  })

  test('lets it pass that the dead are called dead', async () => {
    const { world, watch, second } = await mesh()
    watch.forbidFalseDeaths()
    second.crash()

    await world.pass(MINUTE_MS)

    assert.equal(watch.deathCount, 2)
    assert.isEmpty(watch.falseDeaths)
  })
})

test('the watch on incarnations ends the run when somebody knows a higher one than there is', async () => {
  const { world, first } = await mesh()
  const { peer } = first
  assert.isDefined(peer)
  const real = peer.nodes.bind(peer)
  Object.assign(peer, {
    nodes: () => real().map(view => ({ ...view, incarnation: view.incarnation + 1 })),
  })

  const error = await rejection(world.pass(MINUTE_MS))

  assert.match(String(error), /incarnations that only their owner raises: n0 knows n\d/)
})

describe('agreement', () => {
  test('is found where all see what is', async () => {
    const { world, second } = await mesh()
    assert.isTrue(agree(world))
    assert.isFalse(isGoneEverywhere(world, second))

    second.crash()
    await world.pass(MINUTE_MS)

    assert.isTrue(agree(world))
    assert.isTrue(isGoneEverywhere(world, second))
  })

  test('is missed by name where somebody is seen who is gone', async () => {
    const { world, second } = await mesh()

    second.crash()

    assert.sameMembers(
      [...disagreements(world)],
      ['n0 sees n1 alive, who is down', 'n2 sees n1 alive, who is down'],
    )
  })

  test('is missed where facts are old', async () => {
    const { world, second } = await mesh()

    second.engine?.serve('new')

    assert.include(disagreements(world), 'n0 sees n1 serving "model-1" instead of "new"')
    await world.pass(5_000)
    assert.isTrue(agree(world))
  })
})
