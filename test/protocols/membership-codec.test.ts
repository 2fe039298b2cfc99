/**
 * The codec of membership messages: what we say is what others read, and what makes no sense is
 * refused by name. Limits: `MESSAGE_LIMITS`.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import {
  type Accusation,
  type DigestEntry,
  MESSAGE_LIMITS,
  type Message,
  type MessageBody,
} from '../../src/membership/message.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import { decodeMessage, encodeMessage } from '../../src/protocols/membership-codec.ts'

const word32 = fc.nat(0xffff_ffff)
const name = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 128 })
const incarnation = fc.nat(Number.MAX_SAFE_INTEGER)

const body: fc.Arbitrary<MessageBody> = fc.oneof(
  fc.record({
    type: fc.constantFrom('ping' as const, 'ack' as const, 'nack' as const),
    sequence: word32,
  }),
  fc.record({ type: fc.constant('ping-request' as const), sequence: word32, target: name }),
  fc.record({ type: fc.constant('digest' as const), hashes: fc.array(word32, { maxLength: 64 }) }),
  fc.record({
    type: fc.constant('entries' as const),
    buckets: fc.array(fc.nat(31), { maxLength: 64 }),
    entries: fc.array(
      fc.record({
        peer: name,
        status: fc.constantFrom<DigestEntry['status']>('alive', 'suspect', 'dead', 'left'),
        incarnation,
        version: word32,
      }),
    ),
  }),
  fc.record({ type: fc.constant('delta' as const), wanted: fc.array(name) }),
  fc.constantFrom<MessageBody>({ type: 'release' }, { type: 'news' }),
)

const accusation = fc.record({
  peer: name,
  incarnation,
  accuser: name,
  status: fc.constantFrom<Accusation['status']>('suspect', 'dead'),
})

const message: fc.Arbitrary<Message> = fc.record({
  body,
  head: fc.record({ incarnation, version: word32 }),
  coordinate: fc.option(
    fc.record({
      vector: fc.array(
        fc.float({ noNaN: true }).map(x => x + 0),
        { minLength: 4, maxLength: 4 },
      ),
      heightMs: fc.float({ min: 1, noNaN: true }),
      errorRatio: fc.float({ min: 0.25, max: 1.5, noNaN: true }),
    }),
    { nil: undefined },
  ),
  claims: fc.constant([]),
  accusations: fc.array(accusation, { maxLength: MESSAGE_LIMITS.accusationsMax }),
})

const signedClaims = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 })

describe('what was encoded is decoded to the same', () => {
  test('whatever is said', () => {
    fc.assert(
      fc.property(message, signedClaims, (said, claims) => {
        const decoded = decodeMessage(encodeMessage(said, claims))
        assert.deepEqual(decoded.message, said)
        assert.deepEqual(
          decoded.signedClaims.map(bytes => [...bytes]),
          claims.map(bytes => [...bytes]),
        )
      }),
    )
  })

  const zero = { head: { incarnation: 0, version: 0 }, coordinate: undefined }
  for (const type of ['ping', 'ack', 'nack'] as const) {
    test(`a ${type} of sequence 0`, () => {
      const said = { ...zero, body: { type, sequence: 0 }, claims: [], accusations: [] } as const
      assert.deepEqual(decodeMessage(encodeMessage(said, [])).message, said)
    })
  }

  test('though the claims themselves are in place of their names', () => {
    const said: Message = { ...zero, body: { type: 'news' }, claims: ['a', 'b'], accusations: [] }
    const { message: found, signedClaims: claims } = decodeMessage(
      encodeMessage(said, [Uint8Array.of(1)]),
    )
    assert.deepEqual(found.claims, [])
    assert.lengthOf(claims, 1)
  })
})

test('bytes are a message or refused as a bad frame, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      try {
        decodeMessage(bytes)
      } catch (error) {
        assert.ok(hasCode(error, 'ERR_BAD_FRAME'), String(error))
      }
    }),
  )
})

test('a message that is cut off is refused or another message, never a crash', () => {
  fc.assert(
    fc.property(message, fc.nat(), (said, at) => {
      const bytes = encodeMessage(said, [])
      try {
        decodeMessage(bytes.subarray(0, at % (bytes.length + 1)))
      } catch (error) {
        assert.ok(hasCode(error, 'ERR_BAD_FRAME'), String(error))
      }
    }),
  )
})

describe('a message is refused for', () => {
  const long = 'x'.repeat(129)
  const many = (length: number) => Array.from({ length }, (_, index) => `${index}`)
  const entryOf = (it: skein.DigestEntry.$Properties) => ({
    entries: { entries: [{ peer: 'p', ...it }] },
  })
  const accusationOf = (it: skein.Accusation.$Properties) => ({
    accusations: [{ peer: 'p', accuser: 'q', ...it }],
  })
  const { accusationsMax, bucketsMax, claimsMax, entriesMax, wantedMax } = MESSAGE_LIMITS

  const cases: readonly (readonly [string, skein.MembershipMessage.$Properties, string])[] = [
    ['no body', {}, 'one without a body'],
    ['a ping-request of nobody', { pingRequest: { sequence: 1 } }, '"target"'],
    ['a ping-request of a long name', { pingRequest: { target: long } }, '"target"'],
    ['65 hashes', { digest: { hashes: many(bucketsMax + 1).map(Number) } }, '"hashes"'],
    ['65 buckets', { entries: { buckets: many(bucketsMax + 1).map(Number) } }, '"buckets"'],
    [
      '513 entries',
      { entries: { entries: many(entriesMax + 1).map(peer => ({ peer })) } },
      '"entries"',
    ],
    ['an entry of nobody', entryOf({ peer: '' }), '"entries.peer"'],
    ['an entry of a long name', entryOf({ peer: long }), '"entries.peer"'],
    ['an entry with a status of a later version', entryOf({ status: 4 }), 'status from 0 to 3'],
    ['an entry whose life is no number', entryOf({ incarnation: Number.NaN }), '"incarnation"'],
    ['an entry of an endless life', entryOf({ incarnation: Number.POSITIVE_INFINITY }), '"incarn'],
    ['an entry of a life below 0', entryOf({ incarnation: -1 }), '"incarnation"'],
    ['513 wanted', { delta: { wanted: many(wantedMax + 1) } }, '"wanted"'],
    ['a wanted nobody', { delta: { wanted: [''] } }, '"wanted"'],
    ['a head that is no number', { ping: 1, headIncarnation: Number.NaN }, '"incarnation"'],
    ['a head below 0', { ping: 1, headIncarnation: -1 }, '"incarnation"'],
    [
      '513 claims',
      { ping: 1, claims: many(claimsMax + 1).map(() => new Uint8Array(0)) },
      '"claims"',
    ],
    [
      '65 accusations',
      {
        ping: 1,
        accusations: many(accusationsMax + 1).map(peer => ({ peer, accuser: 'q' })),
      },
      '"accusations"',
    ],
    ['an accusation of nobody', { ping: 1, ...accusationOf({ peer: '' }) }, '"accusations.peer"'],
    ['an accusation by nobody', { ping: 1, ...accusationOf({ accuser: '' }) }, '"accusations.acc'],
    ['an accusation by a long name', { ping: 1, ...accusationOf({ accuser: long }) }, '"accusat'],
    [
      'an accusation of a life that is no number',
      { ping: 1, ...accusationOf({ incarnation: Number.NaN }) },
      '"incarnation"',
    ],
    [
      'a place of five dimensions',
      { ping: 1, coordinate: { vector: [1, 2, 3, 4, 5] } },
      '"coordinate.vector"',
    ],
  ]
  for (const [what, wire, named] of cases) {
    test(what, () => {
      const bytes = skein.MembershipMessage.encode(wire).finish()
      try {
        decodeMessage(bytes)
      } catch (error) {
        assert.ok(hasCode(error, 'ERR_BAD_FRAME'), String(error))
        assert.include(error.message, named)
        return
      }
      assert.fail('it was taken')
    })
  }
})
