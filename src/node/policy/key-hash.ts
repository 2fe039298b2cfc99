/**
 * API keys of the policy: `sk-skein-<name>-<secret>`, and the hash by which the mesh recognises one.
 *
 * The name is public and tells which entry to compare with. The secret has 192 bits, so nobody
 * guesses it; the slow hash is for keys that people chose themselves. Hashing runs on libuv's
 * threads, never on the event loop.
 *
 * Source: Percival, Josefsson, "The scrypt Password-Based Key Derivation Function", RFC 7914, 2016;
 * Biryukov et al., "Argon2", RFC 9106, 2021.
 */
import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import type { KeySpec } from '../../consensus/policy/kinds/keys.ts'
import { MeshError } from '../../core/errors.ts'
import type { Entropy } from '../entropy.ts'

export type KeyHash = KeySpec['hash']

export const KEY_PREFIX = 'sk-skein-'

/** Names may have dashes, secrets have none. */
const KEY = /^sk-skein-([A-Za-z0-9][A-Za-z0-9._-]{0,127})-([A-Za-z0-9]{16,128})$/

const SECRET_BYTES = 24
const SALT_BYTES = 16
const DIGEST_BYTES = 32

/** As OWASP advises for servers that check many: 16 MiB each. */
const NEW_HASH = { algorithm: 'scrypt', costLog2: 14, blockSize: 8, parallelism: 1 } as const

/** Node counts a little more than the 128 · N · r bytes of the algorithm itself. */
const SCRYPT_MEMORY_RATIO = 2

export function newKey(name: string, entropy: Entropy): string {
  return `${KEY_PREFIX}${name}-${Buffer.from(entropy.bytes(SECRET_BYTES)).toString('hex')}`
}

/** The name in a text that has the form of a key. */
export function nameInKey(text: string): string | undefined {
  return KEY.exec(text)?.[1]
}

export async function hashKey(key: string, entropy: Entropy): Promise<KeyHash> {
  const salt = Buffer.from(entropy.bytes(SALT_BYTES)).toString('hex')
  const parameters = { ...NEW_HASH, salt, digest: '00'.repeat(DIGEST_BYTES) }
  return { ...parameters, digest: (await derive(key, parameters)).toString('hex') }
}

/** @throws MeshError ERR_NOT_SUPPORTED if this release of Node cannot compute the hash. */
export async function isKeyOf(key: string, hash: KeyHash): Promise<boolean> {
  const known = Buffer.from(hash.digest, 'hex')
  return crypto.timingSafeEqual(known, await derive(key, hash))
}

const scrypt = promisify<string, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt)

function derive(key: string, hash: KeyHash): Promise<Buffer> {
  const salt = Buffer.from(hash.salt, 'hex')
  const lengthBytes = hash.digest.length / 2
  if (hash.algorithm === 'argon2id') return argon2id(key, hash)
  const { costLog2, blockSize, parallelism } = hash
  const cost = 2 ** costLog2
  const maxmem = SCRYPT_MEMORY_RATIO * 128 * blockSize * (cost + parallelism)
  return scrypt(key, salt, lengthBytes, { cost, blockSize, parallelization: parallelism, maxmem })
}

/** Node has it from 24.7 on. */
function argon2id(
  key: string,
  { memoryKib, passes, parallelism, salt, digest }: Extract<KeyHash, { algorithm: 'argon2id' }>,
): Promise<Buffer> {
  if (!('argon2' in crypto)) {
    throw new MeshError('expected a release of Node that has Argon2, found one without', {
      code: 'ERR_NOT_SUPPORTED',
      hint: 'Run this peer on Node 24.7 or newer, or give the key a scrypt hash.',
    })
  }
  return promisify(crypto.argon2)('argon2id', {
    message: key,
    nonce: Buffer.from(salt, 'hex'),
    parallelism,
    tagLength: digest.length / 2,
    memory: memoryKib,
    passes,
  })
}
