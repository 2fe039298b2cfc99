/**
 * Signed claims: a genuine one opens, and nothing else does, whatever its bytes are.
 */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { openClaim, signClaim } from '../../src/node/signed-claims.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import { encodeClaim } from '../../src/protocols/peer-state-codec.ts'
import { claimOf } from './claims.ts'
import { freshIdentity } from './recorded-network.ts'

const author = await freshIdentity()
const other = await freshIdentity()
const claim = claimOf(author.peerId)
const signed = await signClaim(claim, author.privateKey)

/** The parts of `signed`, some of them replaced. */
function forged(changes: Partial<{ claim: Uint8Array; signature: Uint8Array }>): Uint8Array {
  const { claim: bytes, signature } = skein.SignedClaim.decode(signed)
  return skein.SignedClaim.encode({ claim: bytes, signature, ...changes }).finish()
}

describe('a signed claim', () => {
  test('says what was signed', async () => {
    assert.deepEqual(await openClaim(signed), claim)
    assert.deepEqual(await openClaim(new Uint8Array(signed)), claim)
  })

  test('is none any more after one bit has flipped, anywhere', async () => {
    for (let bit = 0; bit < signed.length * 8; bit += 1) {
      const flipped = new Uint8Array(signed)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.isUndefined(await openClaim(flipped), `bit ${bit}`)
    }
  })

  test('is none if another than its author signed it', async () => {
    assert.isUndefined(await openClaim(await signClaim(claim, other.privateKey)))
  })

  test('is none if only the words were signed, not the purpose', async () => {
    const bytes = encodeClaim(claim)
    const signature = await author.privateKey.sign(bytes)
    assert.isUndefined(await openClaim(forged({ signature })))
  })

  for (const length of [0, 1, 63, 65, 128]) {
    test(`is none with a signature of ${length} bytes`, async () => {
      assert.isUndefined(await openClaim(forged({ signature: new Uint8Array(length) })))
    })
  }

  test('is none under the same author’s id in another base', async () => {
    const alias = peerIdFromString(author.peerId).toCID().toString()
    assert.isUndefined(await openClaim(await signClaim(claimOf(alias), author.privateKey)))
  })

  test('is none of an author with a key that no peer of a mesh has', async () => {
    const key = await generateKeyPair('secp256k1')
    const peer = peerIdFromPrivateKey(key).toString()
    const signedByIt = await signClaim(claimOf(peer), key as unknown as Ed25519PrivateKey)
    assert.isUndefined(await openClaim(signedByIt))
  })

  test('is not checked if nobody wants it', async () => {
    const copy = new Uint8Array(signed)
    assert.isUndefined(await openClaim(copy, () => false))
    assert.deepEqual(await openClaim(copy), claim)
  })
})

describe('bytes from outside', () => {
  test('are no claim, and do no harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
        assert.isUndefined(await openClaim(bytes))
        assert.isUndefined(await openClaim(forged({ claim: bytes })))
        assert.isUndefined(await openClaim(forged({ signature: bytes })))
      }),
    )
  })
})
