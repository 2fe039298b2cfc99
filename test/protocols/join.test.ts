/**
 * The join exchange: a ticket gets the mesh secret, and nothing else does.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { nodeCrypto } from '../../src/node/crypto.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import type { Greeter } from '../../src/protocols/hello.ts'
import {
  answerJoin,
  requestJoin,
  type TicketProof,
  ticketSecret,
} from '../../src/protocols/join.ts'
import { endingOf, MESH, NOW_WALL_MS, SECRET, sideOf } from './admission-sides.ts'
import { type FrameEnd, framePair, STAY } from './frame-pair.ts'

const JOINER = 'j'
const ADMITTER = 'a'

function ticketUntil(expiresAtWallMs: number, meshSecret = SECRET): TicketProof {
  const ticket = { ticketId: new Uint8Array(8).fill(3), expiresAtWallMs }
  return { ...ticket, secret: ticketSecret({ crypto: nodeCrypto }, meshSecret, ticket) }
}

const ticket = ticketUntil(NOW_WALL_MS + 60_000)

interface Sides {
  readonly joiner?: Partial<Greeter>
  readonly admitter?: Partial<Greeter>
  readonly ticket?: TicketProof
  readonly admit?: (instanceId: Uint8Array) => Promise<void>
}

function joining(end: FrameEnd, sides: Sides = {}) {
  const pair = { remote: ADMITTER, signal: STAY, ticket: sides.ticket ?? ticket }
  return endingOf(end, requestJoin(end, sideOf(JOINER, sides.joiner), pair))
}

function admitting(end: FrameEnd, { admitter, admit = async () => {} }: Sides = {}) {
  const pair = { remote: JOINER, signal: STAY, admit }
  return endingOf(end, answerJoin(end, sideOf(ADMITTER, admitter), pair))
}

async function join(sides: Sides = {}) {
  const [j, a] = framePair()
  const [joiner, admitter] = await Promise.all([joining(j, sides), admitting(a, sides)])
  return { joiner, admitter, j, a }
}

/** A request as an honest joiner makes it. */
function requestOf(changes: skein.IJoinRequest = {}): skein.IJoinRequest {
  return {
    versionMin: 1,
    versionMax: 1,
    meshId: MESH,
    ticketId: ticket.ticketId,
    expiresAtWallMs: ticket.expiresAtWallMs,
    nonce: new Uint8Array(16),
    wallMs: NOW_WALL_MS,
    instanceId: new Uint8Array(16),
    ...changes,
  }
}

const framesOf = (end: FrameEnd) => end.written.map(frame => skein.AdmissionFrame.decode(frame))

describe('a joiner with a ticket', () => {
  test('gets the mesh secret, and the admitter learns which process it is', async () => {
    const seen: Uint8Array[] = []
    const { joiner, admitter } = await join({
      admit: async instanceId => {
        seen.push(instanceId)
      },
    })
    assert.deepEqual(Buffer.from(joiner.value as Uint8Array), Buffer.from(SECRET))
    assert.isUndefined(admitter.code)
    assert.deepEqual(seen, [new Uint8Array(16).fill('j'.charCodeAt(0))])
  })

  test('gets it until the very moment of expiry', async () => {
    assert.isUndefined((await join({ ticket: ticketUntil(NOW_WALL_MS) })).joiner.code)
    const late = await join({ ticket: ticketUntil(NOW_WALL_MS - 1) })
    assert.equal(late.joiner.code, 'ERR_TICKET_EXPIRED')
  })

  test('sends no secret, and is sent none in the open', async () => {
    const { j, a } = await join()
    for (const frame of [...j.written, ...a.written]) {
      assert.isFalse(Buffer.from(frame).includes(Buffer.from(SECRET)))
      assert.isFalse(Buffer.from(frame).includes(Buffer.from(ticket.secret)))
    }
  })
})

describe('a joiner that may not come in', () => {
  const cases: { why: string; code: string; sides: Sides; says: RegExp }[] = [
    {
      why: 'the secret is another',
      code: 'ERR_TICKET_REJECTED',
      sides: { ticket: { ...ticket, secret: new Uint8Array(16) } },
      says: /secret of a ticket/,
    },
    {
      why: 'the expiry was put off',
      code: 'ERR_TICKET_REJECTED',
      sides: { ticket: { ...ticket, expiresAtWallMs: ticket.expiresAtWallMs + 1 } },
      says: /secret of a ticket/,
    },
    {
      why: 'the ticket is of a mesh with another secret',
      code: 'ERR_TICKET_REJECTED',
      sides: { ticket: ticketUntil(NOW_WALL_MS + 1, new Uint8Array(32)) },
      says: /secret of a ticket/,
    },
    {
      why: 'the ticket has expired',
      code: 'ERR_TICKET_EXPIRED',
      sides: { ticket: ticketUntil(NOW_WALL_MS - 60_000) },
      says: /expired at 2027-01-15T07:59:00/,
    },
    {
      why: 'the mesh is another',
      code: 'ERR_WRONG_MESH',
      sides: { joiner: { meshId: new Uint8Array(16) } },
      says: /expected mesh (01){16}, found mesh (00){16}/,
    },
    {
      why: 'the version is another',
      code: 'ERR_VERSION',
      sides: { joiner: { versions: { min: 2, max: 3 } } },
      says: /found 2 to 3/,
    },
    {
      why: 'the clock is wrong',
      code: 'ERR_CLOCK_SKEW',
      sides: { joiner: { wallMs: () => NOW_WALL_MS - 3_600_000 } },
      says: /60 minutes ahead/,
    },
    {
      why: 'its identity is in use',
      code: 'ERR_IDENTITY_IN_USE',
      sides: { admit: () => Promise.reject(new MeshError('two', { code: 'ERR_IDENTITY_IN_USE' })) },
      says: /two/,
    },
  ]
  for (const { why, code, sides, says } of cases) {
    test(`is told, and gets nothing: ${why}`, async () => {
      const { joiner, admitter, a } = await join(sides)
      assert.deepEqual([joiner.code, admitter.code], [code, code])
      assert.match(joiner.message ?? '', says)
      assert.isTrue(framesOf(a).every(frame => !frame.joinWelcome))
    })
  }

  test('does not learn whether a ticket has expired unless it holds that ticket', async () => {
    const expired = { ...ticketUntil(NOW_WALL_MS - 60_000), secret: new Uint8Array(16) }
    assert.equal((await join({ ticket: expired })).joiner.code, 'ERR_TICKET_REJECTED')
  })
})

describe('an exchange that was overheard', () => {
  test('does not admit a second time', async () => {
    const { j } = await join()
    const [replayer, a] = framePair()
    const admitter = admitting(a)
    for (const frame of j.written) await replayer.write(frame)
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
    assert.isTrue(framesOf(a).every(frame => !frame.joinWelcome))
  })

  test('does not give a joiner a secret: the welcome is sealed for one exchange', async () => {
    const { a } = await join()
    const [j, replayer] = framePair()
    const joiner = joining(j)
    for (const frame of a.written) await replayer.write(frame)
    assert.equal((await joiner).code, 'ERR_TICKET_REJECTED')
  })

  test('does not admit the stranger who passes it on: a proof names both peers', async () => {
    const [j, a] = framePair()
    const joiner = joining(j)
    const pair = { remote: 'stranger', signal: STAY, admit: async () => {} }
    const admitter = endingOf(a, answerJoin(a, sideOf(ADMITTER), pair))
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
    assert.equal((await joiner).code, 'ERR_TICKET_REJECTED')
  })
})

describe('an admitter that does not know the ticket', () => {
  for (const length of [0, 15, 48, 200]) {
    test(`cannot pass off ${length} bytes as the mesh secret`, async () => {
      const [j, stranger] = framePair()
      const joiner = joining(j)
      stranger.send({ joinChallenge: { nonce: new Uint8Array(16) } })
      stranger.send({ joinWelcome: { sealedSecret: new Uint8Array(length) } })
      assert.equal((await joiner).code, 'ERR_TICKET_REJECTED')
    })
  }
})

describe('what does not keep to the exchange', () => {
  const proof = { joinProof: { proof: new Uint8Array(32) } }
  const toAdmitter: { what: string; frames: skein.IAdmissionFrame[] }[] = [
    { what: 'a proof first', frames: [proof] },
    {
      what: 'a request twice',
      frames: [{ joinRequest: requestOf() }, { joinRequest: requestOf() }],
    },
    { what: 'a hello', frames: [{ hello: {} }] },
    { what: 'no nonce', frames: [{ joinRequest: requestOf({ nonce: null }) }] },
    {
      what: 'a ticket id of another length',
      frames: [{ joinRequest: requestOf({ ticketId: new Uint8Array(9) }) }, proof],
    },
    { what: 'an empty frame', frames: [{}] },
  ]
  for (const { what, frames } of toAdmitter) {
    test(`is refused by the admitter: ${what}`, async () => {
      const [stranger, a] = framePair()
      const admitter = admitting(a)
      for (const frame of frames) stranger.send(frame)
      assert.equal((await admitter).code, 'ERR_BAD_FRAME')
    })
  }

  const toJoiner: { what: string; frames: skein.IAdmissionFrame[] }[] = [
    { what: 'a welcome first', frames: [{ joinWelcome: {} }] },
    { what: 'a nonce too short', frames: [{ joinChallenge: { nonce: new Uint8Array(3) } }] },
    { what: 'an empty frame', frames: [{}] },
  ]
  for (const { what, frames } of toJoiner) {
    test(`is refused by the joiner: ${what}`, async () => {
      const [j, stranger] = framePair()
      const joiner = joining(j)
      for (const frame of frames) stranger.send(frame)
      assert.equal((await joiner).code, 'ERR_BAD_FRAME')
    })
  }

  test('is refused: an instance id of another length, even with a ticket', async () => {
    const { joiner } = await join({ joiner: { instanceId: new Uint8Array(17) } })
    assert.equal(joiner.code, 'ERR_BAD_FRAME')
  })

  test('is refused: a proof of another length', async () => {
    const [stranger, a] = framePair()
    const admitter = admitting(a)
    stranger.send({ joinRequest: requestOf() })
    stranger.send({ joinProof: {} })
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
  })
})
