/**
 * Messages with the claims that they name: as many as fit into one, the rest into further ones.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { Message } from '../../src/membership/message.ts'
import { packMessage } from '../../src/node/message-packing.ts'
import { MESSAGE_MAX_BYTES } from '../../src/protocols/lane.ts'
import { decodeMessage } from '../../src/protocols/membership-codec.ts'

const said: Message = {
  body: { type: 'ping', sequence: 7 },
  head: { incarnation: 3, version: 4 },
  coordinate: undefined,
  claims: [],
  accusations: [{ peer: 'z', status: 'dead', incarnation: 1, accuser: 'y' }],
}

/** Claims of so many bytes each, told apart by their first. */
function claimsOf(...sizes: readonly number[]): Map<string, Uint8Array> {
  return new Map(
    sizes.map((size, index) => [`p${index}`, new Uint8Array(size).fill(index % 251)] as const),
  )
}

const pack = (claims: ReadonlyMap<string, Uint8Array>, names = [...claims.keys()]) =>
  packMessage({ ...said, claims: names }, claims)

describe('a message', () => {
  test('carries the claims that it names, in their order', () => {
    const claims = claimsOf(10, 20, 30)
    const [bytes, ...more] = pack(claims, ['p2', 'p0'])
    assert.lengthOf(more, 0)
    const { message, signedClaims } = decodeMessage(bytes as Uint8Array)
    assert.deepEqual(message, { ...said, claims: [] })
    assert.deepEqual(
      signedClaims.map(claim => claim.length),
      [30, 10],
    )
  })

  test('is sent without a claim that is not at hand', () => {
    const packed = pack(claimsOf(10), ['p0', 'unknown'])
    assert.lengthOf(packed, 1)
    assert.lengthOf(decodeMessage(packed[0] as Uint8Array).signedClaims, 1)
  })

  test('that names none is one message', () => {
    assert.lengthOf(pack(new Map()), 1)
  })

  test('is followed by others with the claims for which it has no room, that say nothing more', () => {
    const size = Math.floor(MESSAGE_MAX_BYTES / 3)
    const packed = pack(claimsOf(size, size, size, size, size)).map(decodeMessage)
    assert.deepEqual(
      packed.map(({ signedClaims }) => signedClaims.length),
      [2, 2, 1],
    )
    const asking = packed.filter(({ message }) => message.body.type === 'ping')
    assert.lengthOf(asking, 1)
    const accusing = packed.filter(({ message }) => message.accusations.length > 0)
    assert.lengthOf(accusing, 1)
    for (const { message } of packed) assert.deepEqual(message.head, said.head)
  })

  test('leaves a claim that fits into none to gossip, and goes on with the next', () => {
    const packed = pack(claimsOf(10, MESSAGE_MAX_BYTES, 20)).map(decodeMessage)
    const lengths = packed.flatMap(({ signedClaims }) => signedClaims.map(({ length }) => length))
    assert.deepEqual(lengths, [10, 20])
  })
})

test('whatever the claims, each that fits is carried once and no message is too large', () => {
  const size = fc.oneof(
    fc.nat(300),
    fc.integer({ min: MESSAGE_MAX_BYTES - 200, max: MESSAGE_MAX_BYTES + 10 }),
    fc.nat(MESSAGE_MAX_BYTES),
  )
  fc.assert(
    fc.property(fc.array(size, { maxLength: 12 }), sizes => {
      const packed = pack(claimsOf(...sizes))
      for (const { length } of packed) assert.isAtMost(length, MESSAGE_MAX_BYTES)
      const carried = packed.flatMap(bytes => decodeMessage(bytes).signedClaims)
      // A claim alone takes at most 100 bytes more.
      const surelyFit = sizes.filter(bytes => bytes <= MESSAGE_MAX_BYTES - 100)
      assert.isAtLeast(carried.length, surelyFit.length)
      const order = carried.map(({ length }) => length)
      assert.deepEqual(
        order.filter(bytes => bytes <= MESSAGE_MAX_BYTES - 100),
        surelyFit,
      )
    }),
    { numRuns: 50 },
  )
})
