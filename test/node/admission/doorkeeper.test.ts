/**
 * Who may greet us: those on the roster, also if our copy of it is behind.
 */
import { assert, describe, test } from 'vitest'
import { Doorkeeper } from '../../../src/node/admission/doorkeeper.ts'
import { codeOf, PolicyScene } from './policy-scene.ts'

interface DoorInit {
  readonly rosterIndex?: number
  readonly introduced?: readonly string[]
}

function doorOf(scene: PolicyScene, { rosterIndex = 0, introduced = [] }: DoorInit = {}) {
  const { clock, log } = scene
  const deps = { agreement: scene, clock, log, rosterIndex, introduced: new Set(introduced) }
  return new Doorkeeper(deps)
}

describe('a peer that greets us', () => {
  test('comes in at once if it is on the roster, without a word to anybody', async () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.bringUpToDate()
    await doorOf(scene).recognise('peer-b')
    assert.equal(scene.catchUpCount, 0)
  })

  test('comes in if it was admitted elsewhere a moment ago', async () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    const door = doorOf(scene)
    assert.isFalse(door.isMember('peer-b'))
    await door.recognise('peer-b')
    assert.isTrue(door.isMember('peer-b'))
  })

  test('is turned away if it is on no roster', async () => {
    const scene = new PolicyScene()
    assert.equal(await codeOf(doorOf(scene).recognise('peer-x')), 'ERR_NOT_A_MEMBER')
    assert.equal(scene.catchUpCount, 1)
  })

  test('is turned away with the reason if it is denied', async () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.agree({ type: 'deny', peer: 'peer-b', reason: 'stolen' })
    scene.bringUpToDate()
    const refusal = await doorOf(scene)
      .recognise('peer-b')
      .catch((error: unknown) => error)
    assert.propertyVal(refusal, 'code', 'ERR_PEER_DENIED')
    assert.include((refusal as Error).message, 'stolen')
  })

  test('comes in if it was taken off the deny-list and admitted again, of which we have not heard', async () => {
    const scene = new PolicyScene()
    scene.agree({ type: 'deny', peer: 'peer-b' })
    scene.bringUpToDate()
    scene.agree({ type: 'delete', kind: 'denied', name: 'peer-b' })
    scene.admit('peer-b')
    await doorOf(scene).recognise('peer-b')
  })

  test('is not let in, nor told that it is none of us, while that cannot be known', async () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.hasQuorum = false
    assert.equal(await codeOf(doorOf(scene).recognise('peer-b')), 'ERR_NO_QUORUM')
  })

  test('waits no longer for certainty than a greeting may take', async () => {
    const scene = new PolicyScene()
    scene.slowness = new Promise(() => {})
    const waiting = codeOf(doorOf(scene).recognise('peer-b'))
    await new Promise(setImmediate)
    scene.clock.advance(3_500)
    assert.equal(await waiting, 'ERR_NO_QUORUM')
  })
})

describe('however many strangers greet us', () => {
  test('the leader is asked one question at a time', async () => {
    const scene = new PolicyScene()
    let answer = () => {}
    scene.slowness = new Promise(resolve => {
      answer = resolve
    })
    const door = doorOf(scene)
    const first = codeOf(door.recognise('peer-0'))
    await new Promise(setImmediate)
    const others = Array.from({ length: 50 }, (_, index) => codeOf(door.recognise(`peer-${index}`)))
    await new Promise(setImmediate)
    assert.equal(scene.catchUpCount, 1)
    answer()
    const codes = new Set([await first, ...(await Promise.all(others))])
    assert.deepEqual(codes, new Set(['ERR_NOT_A_MEMBER']))
    assert.equal(scene.catchUpCount, 2)
  })

  test('one admitted after the question was asked is found by the next', async () => {
    const scene = new PolicyScene()
    let answer = () => {}
    scene.slowness = new Promise(resolve => {
      answer = resolve
    })
    const door = doorOf(scene)
    const stranger = codeOf(door.recognise('peer-x'))
    await new Promise(setImmediate)
    scene.admit('peer-b')
    const newcomer = codeOf(door.recognise('peer-b'))
    answer()
    assert.equal(await stranger, 'ERR_NOT_A_MEMBER')
    assert.equal(await newcomer, 'none')
  })

  test('a question that failed does not fail the next', async () => {
    const scene = new PolicyScene()
    const door = doorOf(scene)
    scene.admit('peer-b')
    scene.hasQuorum = false
    assert.equal(await codeOf(door.recognise('peer-b')), 'ERR_NO_QUORUM')
    scene.hasQuorum = true
    assert.equal(await codeOf(door.recognise('peer-b')), 'none')
  })
})

describe('a peer that has just joined', () => {
  test('trusts those of its welcome until it has the roster, and then only the roster', () => {
    const scene = new PolicyScene()
    const rosterIndex = scene.admit('peer-b')
    const door = doorOf(scene, { rosterIndex, introduced: ['peer-b', 'peer-gone'] })
    assert.isTrue(door.isMember('peer-gone'))
    assert.isFalse(door.isMember('peer-x'))
    scene.bringUpToDate()
    assert.isTrue(door.isMember('peer-b'))
    assert.isFalse(door.isMember('peer-gone'))
  })
})

describe('a peer that is denied', () => {
  test('does not come in because our welcome named it, or our log admits it again', () => {
    const scene = new PolicyScene()
    scene.agree({ type: 'deny', peer: 'peer-b' })
    scene.bringUpToDate()
    const door = doorOf(scene, { rosterIndex: 1_000, introduced: ['peer-b'] })
    assert.isFalse(door.isMember('peer-b'))
    scene.agree({ type: 'delete', kind: 'denied', name: 'peer-b' })
    scene.log.lastIndex = scene.admit('peer-b')
    assert.isFalse(door.isMember('peer-b'))
  })
})

describe('a peer that stopped before it heard that an admission was agreed on', () => {
  test('finds the newcomer in its log, for only together they may be a majority', async () => {
    const scene = new PolicyScene()
    const index = scene.admit('peer-c')
    scene.hasQuorum = false
    scene.log.lastIndex = index - 1
    assert.isFalse(doorOf(scene).isMember('peer-c'))
    scene.log.lastIndex = index
    assert.isTrue(doorOf(scene).isMember('peer-c'))
    assert.isFalse(doorOf(scene).isMember('peer-x'))
  })

  test('does not take another mention of a peer for its admission', () => {
    const scene = new PolicyScene()
    const spec = { reason: '' }
    const put = { type: 'put', kind: 'denied', name: 'peer-c', schemaVersion: 1, spec } as const
    scene.log.lastIndex = scene.agree(put)
    assert.isFalse(doorOf(scene).isMember('peer-c'))
  })
})
