/**
 * The world as a whole: one seed decides everything, and whole peers live in it.
 */
import { afterEach, assert, beforeEach, describe, test } from 'vitest'
import { MEMBERSHIP_SCENARIOS } from '../../sim/membership/scenarios.ts'
import { World } from '../../sim/world.ts'

const STORM = { peerCount: 5, durationMs: 30_000, keepsLog: true }

async function storm(seed: number): Promise<World> {
  const { world } = await MEMBERSHIP_SCENARIOS.storm({ ...STORM, seed })
  return world
}

describe('a world', () => {
  test('is the same to the last byte for one seed, and another one for another', async () => {
    const [first, again, other] = [await storm(7), await storm(7), await storm(8)]

    assert.isAbove(first.log.lines.length, 1_000)
    assert.equal(first.log.lines.join('\n'), again.log.lines.join('\n'))
    assert.equal(first.log.hash, again.log.hash)
    assert.equal(first.time.eventCount, again.time.eventCount)
    assert.notEqual(first.log.hash, other.log.hash)
    assert.notEqual(first.log.lines.join('\n'), other.log.lines.join('\n'))
  })

  test('is the same whether its log is kept as text or not', async () => {
    const kept = await storm(7)
    const { world } = await MEMBERSHIP_SCENARIOS.storm({ ...STORM, seed: 7, keepsLog: false })

    assert.equal(world.log.hash, kept.log.hash)
    assert.isBelow(world.log.lines.length, kept.log.lines.length)
  })

  test('is the same when two worlds take turns', async () => {
    const [one, other] = [new World({ seed: 3 }), new World({ seed: 3 })]
    for (const world of [one, other]) await world.startHosts(3)
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([one.pass(250), other.pass(250)])
    }

    assert.equal(one.log.hash, other.log.hash)
  })
})

describe('what is real', () => {
  const leaks: string[] = []
  const restores: (() => void)[] = []

  /** Notes every call of a function of the real world from our own code. */
  function guard<Name extends string>(
    owner: Record<Name, (...args: never[]) => unknown>,
    name: Name,
  ) {
    const real = owner[name]
    owner[name] = (...args) => {
      const { stack = '' } = new Error('a call')
      if (/\/(src|sim)\/[\w/-]+\.ts/.test(stack)) leaks.push(`${name}: ${stack}`)
      return real.apply(owner, args)
    }
    restores.push(() => {
      owner[name] = real
    })
  }

  beforeEach(() => {
    guard(Math, 'random')
    guard(Date, 'now')
    guard(performance, 'now')
    guard(globalThis as never, 'setTimeout')
    guard(globalThis as never, 'setInterval')
    guard(AbortSignal as never, 'timeout')
    guard(crypto as never, 'getRandomValues')
  })

  afterEach(() => {
    for (const restore of restores.splice(0)) restore()
    leaks.length = 0
  })

  test('does not leak into a world: no clock, no timer, no chance', async () => {
    await storm(9)

    assert.deepEqual(leaks, [])
  })

  test('is seen by the guard of the test above', () => {
    // What a leak in our code would do, with a name of our code on the stack.
    const leak = new Function('return Math.random()\n//# sourceURL=file:///x/src/leak.ts')
    leak()

    assert.lengthOf(leaks, 1)
  })
})

describe('peers in a world', () => {
  test('meet, and see one another with what they serve', async () => {
    const world = new World({ seed: 1 })
    const [first, second] = await world.startHosts(2)

    await world.pass(2_000)

    const view = first?.nodes().find(({ peer }) => peer === second?.peerId)
    assert.equal(view?.status, 'alive')
    assert.deepEqual(
      view?.facts?.models.map(({ id }) => id),
      ['model-1'],
    )
  })

  test('have their identity and their mesh again after a crash', async () => {
    const world = new World({ seed: 2 })
    const [first, second] = await world.startHosts(2)
    await world.pass(5_000)
    assert.isDefined(first)
    assert.isDefined(second)

    second.crash()
    await world.pass(30_000)
    assert.equal(first.nodes().find(({ peer }) => peer === second.peerId)?.status, 'dead')
    await world.start(second)
    await world.pass(5_000)

    assert.equal(second.peer?.self, second.peerId)
    assert.equal(first.nodes().find(({ peer }) => peer === second.peerId)?.status, 'alive')
  })

  test('who cannot go on end the run', async () => {
    const world = new World({ seed: 4 })
    const [host] = await world.startHosts(1)
    host?.crash()
    host?.disk.flipBit('identity.key')
    const bytes = host?.disk.file('mesh.json') ?? new Uint8Array()
    host?.disk.place('mesh.json', bytes.subarray(0, 20))

    let found: unknown
    if (host !== undefined) world.launch(host)
    await world.pass(100).catch((error: unknown) => {
      found = error
    })

    assert.match(String(found), /expected/)
  })
})
