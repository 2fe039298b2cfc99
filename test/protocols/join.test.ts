/**
 * The join exchange: who holds a ticket is admitted, and nobody else is.
 */
import { assert, describe, test } from 'vitest'
import { type ErrorCode, MeshError } from '../../src/core/errors.ts'
import { nodeCrypto } from '../../src/node/crypto.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import type { Greeter } from '../../src/protocols/hello.ts'
import {
  answerJoin,
  type Candidate,
  requestJoin,
  type TicketProof,
  ticketHash,
  WELCOME_ADDRESSES_MAX,
  WELCOME_MEMBERS_MAX,
  type Welcome,
} from '../../src/protocols/join.ts'
import { endingOf, MESH, NOW_WALL_MS, sideOf } from './admission-sides.ts'
import { type FrameEnd, framePair, STAY } from './frame-pair.ts'

const JOINER = 'j'
const ADMITTER = 'a'

const ticket: TicketProof = {
  ticketId: new Uint8Array(8).fill(3),
  secret: new Uint8Array(16).map((_, index) => 100 + index),
}

const WELCOME: Welcome = {
  rosterIndex: 12,
  members: [{ peer: 'Member1', addresses: ['/ip4/10.0.0.1/tcp/1'] }],
}

interface Sides {
  readonly joiner?: Partial<Greeter>
  readonly admitter?: Partial<Greeter>
  readonly ticket?: TicketProof
  readonly admit?: (candidate: Candidate) => Promise<Welcome>
}

/** As a mesh does that has given out this one ticket. */
async function knowing({ ticketHash: hash }: Candidate): Promise<Welcome> {
  if (Buffer.from(hash).equals(ticketHash(nodeCrypto, ticket.secret))) return WELCOME
  throw new MeshError('expected a ticket of ours, found another', { code: 'ERR_TICKET_REJECTED' })
}

function joining(end: FrameEnd, sides: Sides = {}) {
  const pair = { remote: ADMITTER, signal: STAY, ticket: sides.ticket ?? ticket }
  return endingOf(end, requestJoin(end, sideOf(JOINER, sides.joiner), pair))
}

function admitting(end: FrameEnd, { admitter, admit = knowing }: Sides = {}) {
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
    versionMin: 2,
    versionMax: 2,
    meshId: MESH,
    ticketId: ticket.ticketId,
    ticketKey: nodeCrypto.publicKey(ticket.secret),
    nonce: new Uint8Array(16),
    wallMs: NOW_WALL_MS,
    instanceId: new Uint8Array(16),
    ...changes,
  }
}

const framesOf = (end: FrameEnd) => end.written.map(frame => skein.AdmissionFrame.decode(frame))

const holds = (end: FrameEnd, bytes: Uint8Array) =>
  end.written.some(frame => Buffer.from(frame).includes(Buffer.from(bytes)))

describe('a joiner with a ticket', () => {
  test('is welcomed, and the admitter learns which ticket and which process it is', async () => {
    const seen: Candidate[] = []
    const { joiner, admitter } = await join({
      admit: async candidate => {
        seen.push(candidate)
        return WELCOME
      },
    })
    assert.deepEqual(joiner.value, WELCOME)
    assert.isUndefined(admitter.code)
    const [proved] = seen
    assert.lengthOf(seen, 1)
    assert.deepEqual([...(proved?.ticketId ?? [])], [...ticket.ticketId])
    assert.isFalse(proved?.hasLog)
    assert.deepEqual(proved?.instanceId, new Uint8Array(16).fill('j'.charCodeAt(0)))
    const hash = Buffer.from(proved?.ticketHash ?? []).toString('hex')
    assert.equal(hash, Buffer.from(ticketHash(nodeCrypto, ticket.secret)).toString('hex'))
  })

  test('tells whether it has the log of the mesh', async () => {
    let hasLog = false
    await join({
      joiner: { hasLog: true },
      admit: async candidate => {
        hasLog = candidate.hasLog
        return WELCOME
      },
    })
    assert.isTrue(hasLog)
  })

  test('sends nothing of its secret, nor the hash that the mesh keeps', async () => {
    const { j, a } = await join()
    for (const end of [j, a]) {
      assert.isFalse(holds(end, ticket.secret))
      assert.isFalse(holds(end, ticketHash(nodeCrypto, ticket.secret)))
    }
  })

  test('is told no more members than it needs', async () => {
    const addresses = Array.from({ length: 50 }, (_, index) => `/ip4/10.0.0.${index}/tcp/1`)
    const members = Array.from({ length: 100 }, (_, index) => ({
      peer: `Member${index + 1}`.replaceAll('0', 'x'),
      addresses,
    }))
    const { joiner } = await join({ admit: async () => ({ rosterIndex: 1, members }) })
    assert.lengthOf(joiner.value?.members ?? [], WELCOME_MEMBERS_MAX)
    assert.lengthOf(joiner.value?.members[0]?.addresses ?? [], WELCOME_ADDRESSES_MAX)
  })
})

describe('a joiner that may not come in', () => {
  const cases: { why: string; code: ErrorCode; sides: Sides; says: RegExp }[] = [
    {
      why: 'the secret is another',
      code: 'ERR_TICKET_REJECTED',
      sides: { ticket: { ...ticket, secret: new Uint8Array(16) } },
      says: /found another/,
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
      sides: { joiner: { versions: { min: 3, max: 4 } } },
      says: /found 3 to 4/,
    },
    {
      why: 'it speaks the version with a shared secret',
      code: 'ERR_VERSION',
      sides: { joiner: { versions: { min: 1, max: 1 } } },
      says: /version 2 to 2 \(skein of a\), found 1 to 1/,
    },
    {
      why: 'the clock is wrong',
      code: 'ERR_CLOCK_SKEW',
      sides: { joiner: { wallMs: () => NOW_WALL_MS - 3_600_000 } },
      says: /60 minutes ahead/,
    },
  ]
  const saidByTheMesh = [
    'ERR_IDENTITY_IN_USE',
    'ERR_TICKET_EXPIRED',
    'ERR_TICKET_USED_UP',
    'ERR_PEER_DENIED',
    'ERR_NO_QUORUM',
  ] as const
  for (const code of saidByTheMesh) {
    const admit = () => Promise.reject(new MeshError('no, since', { code }))
    cases.push({ why: `the mesh says ${code}`, code, sides: { admit }, says: /no, since/ })
  }
  for (const { why, code, sides, says } of cases) {
    test(`is told, and gets nothing: ${why}`, async () => {
      const { joiner, admitter, a } = await join(sides)
      assert.deepEqual([joiner.code, admitter.code], [code, code])
      assert.match(joiner.message ?? '', says)
      assert.isTrue(framesOf(a).every(frame => !frame.joinWelcome))
    })
  }

  test('is told what can be done about it', async () => {
    const hint = 'Ask for a new ticket.'
    const error = new MeshError('no, since', { code: 'ERR_TICKET_EXPIRED', hint })
    const { joiner } = await join({ admit: () => Promise.reject(error) })
    assert.equal(joiner.hint, hint)
  })

  test('does not trouble the mesh before it has made its proof', async () => {
    const [stranger, a] = framePair()
    const admitter = admitting(a, { admit: () => assert.fail('the mesh was asked') })
    // It has seen the ticket’s public key, but has not its secret.
    stranger.send({ joinRequest: requestOf() })
    stranger.send({ joinProof: { signature: new Uint8Array(64) } })
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
  })
})

describe('an exchange that was overheard', () => {
  test('does not admit a second time', async () => {
    const { j } = await join()
    const [replayer, a] = framePair()
    const admitter = admitting(a, { admit: () => assert.fail('the mesh was asked') })
    for (const frame of j.written) await replayer.write(frame)
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
    assert.isTrue(framesOf(a).every(frame => !frame.joinWelcome))
  })

  test('does not admit the stranger who passes it on: a proof names both peers', async () => {
    const [j, a] = framePair()
    const joiner = joining(j)
    const pair = { remote: 'stranger', signal: STAY, admit: () => assert.fail('it was asked') }
    const admitter = endingOf(a, answerJoin(a, sideOf(ADMITTER), pair))
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
    assert.equal((await joiner).code, 'ERR_TICKET_REJECTED')
  })

  test('does not admit at another member than the joiner spoke to', async () => {
    const [j, a] = framePair()
    const joiner = joining(j)
    const pair = { remote: JOINER, signal: STAY, admit: () => assert.fail('it was asked') }
    const admitter = endingOf(a, answerJoin(a, sideOf('b'), pair))
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
    assert.equal((await joiner).code, 'ERR_TICKET_REJECTED')
  })
})

describe('what the mesh keeps of a ticket', () => {
  test('does not help anybody to join', async () => {
    const hash = ticketHash(nodeCrypto, ticket.secret)
    // Whoever read the state of the mesh has the hash, and tries it as secret and as key.
    const asSecret = await join({ ticket: { ...ticket, secret: hash } })
    assert.equal(asSecret.joiner.code, 'ERR_TICKET_REJECTED')
    const [stranger, a] = framePair()
    const admitter = admitting(a)
    stranger.send({ joinRequest: requestOf({ ticketKey: hash }) })
    await stranger.receive()
    const signature = nodeCrypto.sign(hash, ['skein-join'])
    stranger.send({ joinProof: { signature } })
    assert.equal((await admitter).code, 'ERR_TICKET_REJECTED')
  })
})

describe('what does not keep to the exchange', () => {
  const proof = { joinProof: { signature: new Uint8Array(64) } }
  const toAdmitter: { what: string; frames: skein.IAdmissionFrame[] }[] = [
    { what: 'a proof first', frames: [proof] },
    {
      what: 'a request twice',
      frames: [{ joinRequest: requestOf() }, { joinRequest: requestOf() }],
    },
    { what: 'a hello', frames: [{ hello: {} }] },
    { what: 'no nonce', frames: [{ joinRequest: requestOf({ nonce: null }) }] },
    { what: 'no key', frames: [{ joinRequest: requestOf({ ticketKey: null }) }] },
    {
      what: 'a ticket id of another length',
      frames: [{ joinRequest: requestOf({ ticketId: new Uint8Array(9) }) }, proof],
    },
    {
      what: 'a signature of another length',
      frames: [{ joinRequest: requestOf() }, { joinProof: {} }],
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

  const challenge = { joinChallenge: { nonce: new Uint8Array(16) } }
  const member = { peer: 'Member1', addresses: ['/ip4/10.0.0.1/tcp/1'] }
  const welcomeOf = (joinWelcome: skein.IJoinWelcome) => [challenge, { joinWelcome }]
  const toJoiner: { what: string; frames: skein.IAdmissionFrame[] }[] = [
    { what: 'a welcome first', frames: [{ joinWelcome: {} }] },
    { what: 'a nonce too short', frames: [{ joinChallenge: { nonce: new Uint8Array(3) } }] },
    { what: 'a welcome without an index', frames: welcomeOf({ members: [member] }) },
    { what: 'a welcome at no index', frames: welcomeOf({ rosterIndex: Number.NaN }) },
    {
      what: 'a welcome with too many members',
      frames: welcomeOf({
        rosterIndex: 1,
        members: Array.from({ length: WELCOME_MEMBERS_MAX + 1 }, () => member),
      }),
    },
    {
      what: 'a welcome with a member without end',
      frames: welcomeOf({ rosterIndex: 1, members: [{ peer: 'M'.repeat(1_000) }] }),
    },
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
})
