/**
 * The hello exchange: two members greet each other, and nobody else gets past it.
 */
import { assert, describe, test } from 'vitest'
import { type ErrorCode, MeshError } from '../../src/core/errors.ts'
import { isExpulsion } from '../../src/protocols/admission.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import {
  answerHello,
  type Greeter,
  HELLO_CLAIMS_MAX,
  HELLO_CLAIMS_MAX_BYTES,
  sayHello,
} from '../../src/protocols/hello.ts'
import { endingOf, MESH, NOW_WALL_MS, sideOf } from './admission-sides.ts'
import { FrameEnd, framePair, STAY } from './frame-pair.ts'

interface Sides {
  readonly dialer?: Partial<Greeter>
  readonly listener?: Partial<Greeter>
  readonly admit?: (instanceId: Uint8Array) => Promise<void>
}

const DIALER = 'd'
const LISTENER = 'l'

function dialing(end: FrameEnd, changes: Partial<Greeter> = {}) {
  return endingOf(end, sayHello(end, sideOf(DIALER, changes), STAY))
}

function listening(end: FrameEnd, { listener, admit = async () => {} }: Sides = {}) {
  const init = { signal: STAY, admit }
  return endingOf(end, answerHello(end, sideOf(LISTENER, listener), init))
}

async function greet(sides: Sides = {}) {
  const [d, l] = framePair()
  const [dialer, listener] = await Promise.all([dialing(d, sides.dialer), listening(l, sides)])
  return { dialer, listener, d, l }
}

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

describe('two members that greet', () => {
  test('learn program, features, process and claims of each other', async () => {
    const { dialer, listener } = await greet()
    assert.equal(dialer.value?.software, 'skein of l')
    assert.deepEqual(listener.value?.features, ['lane/1', 'd'])
    assert.deepEqual(listener.value?.instanceId, new Uint8Array(16).fill('d'.charCodeAt(0)))
    assert.equal(textOf(dialer.value?.claims[0]), 'claim of l')
    assert.equal(textOf(listener.value?.claims[0]), 'claim of d')
  })

  test('measure the round trip', async () => {
    let nowMs = 0
    const { dialer } = await greet({
      dialer: {
        nowMs: () => {
          nowMs += 7
          return nowMs
        },
      },
    })
    assert.equal(dialer.value?.rttMs, 7)
  })

  test('measure the round trip, not how long it takes to find the other on the roster', async () => {
    let nowMs = 0
    const { listener } = await greet({
      listener: { nowMs: () => nowMs },
      admit: async () => {
        nowMs += 3_000
      },
    })
    assert.equal(listener.value?.rttMs, 0)
  })

  test('speak though their clocks are ten minutes apart, and no more', async () => {
    const at = (wallMs: number) => greet({ dialer: { wallMs: () => wallMs } })
    assert.isUndefined((await at(NOW_WALL_MS + 600_000)).dialer.code)
    assert.equal((await at(NOW_WALL_MS + 600_001)).dialer.code, 'ERR_CLOCK_SKEW')
    assert.equal((await at(NOW_WALL_MS - 600_001)).dialer.code, 'ERR_CLOCK_SKEW')
    assert.equal((await at(Number.NaN)).dialer.code, 'ERR_CLOCK_SKEW')
  })

  test('agree on a version that both speak', async () => {
    const { dialer } = await greet({ dialer: { versions: { min: 1, max: 9 } } })
    assert.isUndefined(dialer.code)
  })
})

describe('whoever may not come in', () => {
  const cases: { why: string; code: string; dialer: Partial<Greeter>; says: RegExp }[] = [
    {
      why: 'another mesh',
      code: 'ERR_WRONG_MESH',
      dialer: { meshId: new Uint8Array(16).fill(9) },
      says: /expected mesh (01){16}, found mesh (09){16}/,
    },
    {
      why: 'a later version',
      code: 'ERR_VERSION',
      dialer: { versions: { min: 7, max: 9 } },
      says: /version 2 to 2 \(skein of l\), found 7 to 9 \(skein of d\)/,
    },
    {
      why: 'an earlier version',
      code: 'ERR_VERSION',
      dialer: { versions: { min: 0, max: 0 } },
      says: /found 0 to 0/,
    },
    {
      why: 'a clock that is an hour ahead',
      code: 'ERR_CLOCK_SKEW',
      dialer: { wallMs: () => NOW_WALL_MS + 3_600_000 },
      says: /60 minutes behind/,
    },
  ]
  for (const { why, code, dialer, says } of cases) {
    test(`is told: ${why}`, async () => {
      const ended = await greet({ dialer })
      assert.deepEqual([ended.dialer.code, ended.listener.code], [code, code])
      assert.match(`${ended.dialer.message}\n${ended.listener.message}`, says)
    })
  }

  const refusals = ['ERR_IDENTITY_IN_USE', 'ERR_NOT_A_MEMBER', 'ERR_PEER_DENIED', 'ERR_NO_QUORUM']
  for (const code of refusals as readonly ErrorCode[]) {
    test(`is told ${code} if the listener will not have it, and hears no claims`, async () => {
      const { dialer, l } = await greet({
        admit: () => Promise.reject(new MeshError('not this one', { code })),
      })
      assert.deepEqual([dialer.code, dialer.message], [code, 'not this one'])
      const frames = l.written.map(frame => skein.AdmissionFrame.decode(frame))
      assert.isTrue(frames.every(frame => frame.helloClaims === null || !frame.helloClaims))
    })
  }

  test('hears no claim before the listener has found it on its roster', async () => {
    const [stranger, l] = framePair()
    let letIn = () => {}
    const found = new Promise<void>(resolve => {
      letIn = resolve
    })
    const listener = listening(l, { admit: () => found })
    stranger.send({ hello: helloOf() })
    stranger.send({ helloAck: {} })
    assert.exists((await stranger.receive()).hello)
    assert.lengthOf(l.written, 1)
    letIn()
    assert.lengthOf((await stranger.receive()).helloClaims?.claims ?? [], 1)
    stranger.send({ helloClaims: { claims: [] } })
    assert.isUndefined((await listener).code)
  })
})

/** A hello as an honest dialer says it. */
function helloOf(changes: skein.IHello = {}): skein.IHello {
  const instanceId = new Uint8Array(16)
  const versions = { versionMin: 2, versionMax: 2 }
  return { ...versions, meshId: MESH, wallMs: NOW_WALL_MS, instanceId, ...changes }
}

describe('that we do not belong to the mesh', () => {
  const told = async (code: ErrorCode) => {
    const [d, l] = framePair()
    const greeting = sayHello(d, sideOf(DIALER), STAY).catch((error: unknown) => error)
    listening(l, { admit: () => Promise.reject(new MeshError('no', { code })) }).catch(assert.fail)
    return await greeting
  }

  test('is known from a refusal of the other side that says so', async () => {
    assert.isTrue(isExpulsion(await told('ERR_PEER_DENIED')))
    assert.isTrue(isExpulsion(await told('ERR_NOT_A_MEMBER')))
  })

  test('is not concluded from one that cannot know, or from our own view of another', async () => {
    assert.isFalse(isExpulsion(await told('ERR_NO_QUORUM')))
    assert.isFalse(isExpulsion(new MeshError('not it', { code: 'ERR_NOT_A_MEMBER' })))
  })
})

describe('what does not keep to the exchange', () => {
  const toListener: { what: string; frames: skein.IAdmissionFrame[] }[] = [
    { what: 'claims first', frames: [{ helloClaims: {} }] },
    {
      what: 'claims before it was found on the roster',
      frames: [{ hello: helloOf() }, { helloClaims: {} }],
    },
    { what: 'a hello twice', frames: [{ hello: helloOf() }, { hello: helloOf() }] },
    { what: 'a message of joining', frames: [{ joinProof: { signature: new Uint8Array(64) } }] },
    { what: 'nothing in a frame', frames: [{}] },
    {
      what: 'an instance id too short',
      frames: [{ hello: helloOf({ instanceId: new Uint8Array(15) }) }, { helloAck: {} }],
    },
  ]
  for (const { what, frames } of toListener) {
    test(`is refused by the listener: ${what}`, async () => {
      const [stranger, l] = framePair()
      const listener = listening(l)
      for (const frame of frames) stranger.send(frame)
      assert.equal((await listener).code, 'ERR_BAD_FRAME')
    })
  }

  const toDialer: { what: string; frames: skein.IAdmissionFrame[] }[] = [
    { what: 'claims first', frames: [{ helloClaims: {} }] },
    { what: 'a hello twice', frames: [{ hello: helloOf() }, { hello: helloOf() }] },
    {
      what: 'an instance id too long',
      frames: [{ hello: helloOf({ instanceId: new Uint8Array(17) }) }, { helloClaims: {} }],
    },
  ]
  for (const { what, frames } of toDialer) {
    test(`is refused by the dialer: ${what}`, async () => {
      const [d, stranger] = framePair()
      const dialer = dialing(d)
      for (const frame of frames) stranger.send(frame)
      assert.equal((await dialer).code, 'ERR_BAD_FRAME')
    })
  }

  test('is refused: bytes that are no frame', async () => {
    const [stranger, l] = framePair()
    const listener = listening(l)
    await stranger.write(Uint8Array.of(255, 255, 255))
    assert.equal((await listener).code, 'ERR_BAD_FRAME')
  })

  test('is refused: an instance id of another length', async () => {
    const { listener } = await greet({ dialer: { instanceId: new Uint8Array(4) } })
    assert.equal(listener.code, 'ERR_BAD_FRAME')
  })

  test('ends with the stream', async () => {
    const [d, stranger] = framePair()
    const dialer = dialing(d)
    stranger.abort()
    assert.equal((await dialer).code, 'ERR_PEER_LOST')
  })

  test('ends with the deadline', async () => {
    const [, l] = framePair()
    const deadline = new AbortController()
    const late = new MeshError('too late', { code: 'ERR_DEADLINE_EXCEEDED' })
    const init = { signal: deadline.signal, admit: async () => {} }
    const listener = endingOf(new FrameEnd(), answerHello(l, sideOf(LISTENER), init))
    deadline.abort(late)
    assert.equal((await listener).code, 'ERR_DEADLINE_EXCEEDED')
  })
})

describe('lists that are too long', () => {
  const small = new Uint8Array(1)

  test('of claims are refused', async () => {
    const [d, stranger] = framePair()
    const dialer = dialing(d)
    stranger.send({ hello: helloOf() })
    const claims = Array.from({ length: HELLO_CLAIMS_MAX + 1 }, () => small)
    stranger.send({ helloClaims: { claims } })
    assert.equal((await dialer).code, 'ERR_BAD_FRAME')
  })

  test('of claims are never sent', async () => {
    const claims = () => Array.from({ length: 2 * HELLO_CLAIMS_MAX }, () => small)
    const { dialer, listener } = await greet({ dialer: { claims }, listener: { claims } })
    assert.lengthOf(dialer.value?.claims ?? [], HELLO_CLAIMS_MAX)
    assert.lengthOf(listener.value?.claims ?? [], HELLO_CLAIMS_MAX)
  })

  test('of large claims are cut to what fits into a frame, our own first', async () => {
    const claims = () => Array.from({ length: 100 }, (_, index) => claimWith(index))
    const claimWith = (index: number) => new Uint8Array(100_000).fill(index)
    const { listener } = await greet({ dialer: { claims } })
    const sent = listener.value?.claims ?? []
    assert.lengthOf(sent, Math.floor(HELLO_CLAIMS_MAX_BYTES / 100_000))
    assert.equal(sent[0]?.[0], 0)
  })

  test('of features are cut', async () => {
    const features = Array.from({ length: 1_000 }, (_, index) => `feature ${index}`)
    const { listener } = await greet({ dialer: { features } })
    assert.lengthOf(listener.value?.features ?? [], 64)
  })

  test('of characters are cut where they are repeated', async () => {
    const software = 'x'.repeat(100_000)
    const { listener } = await greet({ dialer: { software, versions: { min: 7, max: 9 } } })
    assert.isBelow(listener.message?.length ?? Number.NaN, 300)
    const foreign = await greet({ dialer: { meshId: new Uint8Array(100_000) } })
    assert.isBelow(foreign.listener.message?.length ?? Number.NaN, 300)
  })
})

describe('a refusal', () => {
  test('with an unknown code, or a message without end, is a bad frame in a few words', async () => {
    const [d, stranger] = framePair()
    const dialer = dialing(d)
    const endless = 'x'.repeat(10_000)
    stranger.send({ refusal: { code: 'ERR_FROM_THE_FUTURE', message: endless, hint: endless } })
    const { code, message, hint } = await dialer
    assert.deepEqual([code, message?.length, hint?.length], ['ERR_BAD_FRAME', 500, 500])
  })

  test('without a hint, as an older peer sends it, has none', async () => {
    const [d, stranger] = framePair()
    const dialer = dialing(d)
    stranger.send({ refusal: { code: 'ERR_NO_QUORUM', message: 'no, since' } })
    assert.deepEqual(await dialer, { code: 'ERR_NO_QUORUM', message: 'no, since', hint: undefined })
  })
})
