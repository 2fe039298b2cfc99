/**
 * The cryptography that admission needs, by `node:crypto`: HMAC-SHA256 and ChaCha20-Poly1305.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import type { AdmissionCrypto } from '../protocols/admission.ts'

const CIPHER = 'chacha20-poly1305'
const TAG_BYTES = 16

/** Every key seals one message only, so the nonce may be constant. */
const SEAL_NONCE = new Uint8Array(12)

export const nodeCrypto: AdmissionCrypto = {
  mac(key, parts) {
    const hmac = createHmac('sha256', key)
    for (const part of parts) {
      const bytes = Buffer.from(part as string)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      hmac.update(length).update(bytes)
    }
    return hmac.digest()
  },

  isEqual: (a, b) => a.length === b.length && timingSafeEqual(a, b),

  seal(key, plain) {
    const cipher = createCipheriv(CIPHER, key, SEAL_NONCE, { authTagLength: TAG_BYTES })
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },

  open(key, sealed) {
    if (sealed.length < TAG_BYTES) return undefined
    const decipher = createDecipheriv(CIPHER, key, SEAL_NONCE, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
    try {
      return Buffer.concat([plain, decipher.final()])
    } catch (error) {
      // The one way node reports a tag that does not fit; anything else is our bug.
      if (error instanceof Error && error.message.includes('unable to authenticate'))
        return undefined
      throw error
    }
  },
}
