/**
 * Who is out of the mesh from now on, and when we are it ourselves.
 */
import { assert, describe, test } from 'vitest'
import { RosterWatch } from '../../../src/node/admission/roster-watch.ts'
import { PolicyScene, SELF } from './policy-scene.ts'

interface WatchInit {
  readonly rosterIndex?: number
  readonly introduced?: readonly string[]
}

function watching(scene: PolicyScene, { rosterIndex = 0, introduced = [] }: WatchInit = {}) {
  const told: string[] = []
  const watch = new RosterWatch({
    ...{ self: SELF, agreement: scene, rosterIndex },
    introduced: new Set(introduced),
    onRemoved: (peer, { code }) => told.push(`${peer} ${code}`),
    onExpelled: ({ code }) => told.push(`we ${code}`),
  })
  return { watch, told }
}

describe('a peer that goes', () => {
  test('because it is denied is told of once, and barred', () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.bringUpToDate()
    const { watch, told } = watching(scene)
    scene.agree({ type: 'deny', peer: 'peer-b' })
    scene.bringUpToDate()
    assert.deepEqual(told, ['peer-b ERR_PEER_DENIED'])
    assert.isTrue(watch.isBarred('peer-b'))
  })

  test('because it left for good is told of, and barred until it is back', () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.bringUpToDate()
    const { watch, told } = watching(scene)
    scene.agree({ type: 'leave', peer: 'peer-b' })
    scene.bringUpToDate()
    assert.deepEqual(told, ['peer-b ERR_NOT_A_MEMBER'])
    assert.isTrue(watch.isBarred('peer-b'))
    scene.admit('peer-b')
    scene.bringUpToDate()
    assert.isFalse(watch.isBarred('peer-b'))
  })

  test('is told of also if the news comes as a whole state', () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.admit('peer-c')
    scene.bringUpToDate()
    const { told } = watching(scene)
    scene.agree({ type: 'deny', peer: 'peer-b' })
    scene.replaceWhole()
    assert.deepEqual(told, ['peer-b ERR_PEER_DENIED'])
  })

  test('is told of also if only our welcome had named it', () => {
    const scene = new PolicyScene()
    const rosterIndex = scene.admit('peer-c')
    const { told } = watching(scene, { rosterIndex, introduced: ['peer-b', 'peer-c'] })
    scene.replaceWhole()
    assert.deepEqual(told, ['peer-b ERR_NOT_A_MEMBER'])
  })

  test('and came back before we heard of either stays', () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.bringUpToDate()
    const { watch, told } = watching(scene)
    scene.agree({ type: 'leave', peer: 'peer-b' })
    scene.admit('peer-b')
    scene.bringUpToDateAtOnce()
    assert.deepEqual(told, [])
    assert.isFalse(watch.isBarred('peer-b'))
  })

  test('and was denied without ever having been here is barred', () => {
    const scene = new PolicyScene()
    const { watch } = watching(scene)
    assert.isFalse(watch.isBarred('peer-x'))
    scene.agree({ type: 'deny', peer: 'peer-x' })
    scene.bringUpToDate()
    assert.isTrue(watch.isBarred('peer-x'))
  })
})

describe('we ourselves', () => {
  /** The mesh keeps another member, for it needs one. */
  function expelled(init: WatchInit = {}) {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.bringUpToDate()
    return { scene, ...watching(scene, init) }
  }

  test('are out when we are denied', () => {
    const { scene, told } = expelled()
    scene.agree({ type: 'deny', peer: SELF })
    scene.bringUpToDate()
    assert.include(told, 'we ERR_PEER_DENIED')
  })

  test('are not out for what the log says of the time before we joined again', () => {
    const { scene, told } = expelled({ rosterIndex: 1_000 })
    scene.agree({ type: 'leave', peer: SELF })
    scene.bringUpToDate()
    assert.deepEqual(told, [])
  })
})
