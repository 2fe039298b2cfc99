/**
 * The cryptography that admission needs, by `node:crypto`: Ed25519 and SHA-256.
 */

import type { KeyObject } from 'node:crypto'
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { AdmissionCrypto } from '../protocols/admission.ts'

/** What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410, section 10). */
const PRIVATE_KEY_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_KEY_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

type Parts = readonly (Uint8Array | string)[]

export const nodeCrypto: AdmissionCrypto = {
  publicKey(secret) {
    const der = createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' })
    return der.subarray(PUBLIC_KEY_HEAD.length)
  },

  sign: (secret, parts) => sign(null, framed(parts), privateKey(secret)),

  verify(publicKey, parts, signature) {
    const key = Buffer.concat([PUBLIC_KEY_HEAD, publicKey])
    return verify(
      null,
      framed(parts),
      createPublicKey({ key, format: 'der', type: 'spki' }),
      signature,
    )
  },

  hash,
}

function privateKey(secret: Uint8Array): KeyObject {
  const key = Buffer.concat([PRIVATE_KEY_HEAD, hash(['skein-ticket-key', secret])])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

function hash(parts: Parts): Uint8Array {
  return createHash('sha256').update(framed(parts)).digest()
}

/** Each part preceded by its length, so that no two lists of parts look alike. */
function framed(parts: Parts): Buffer {
  return Buffer.concat(
    parts.flatMap(part => {
      const bytes = Buffer.from(part as string)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}
