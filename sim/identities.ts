/**
 * Identities from numbers: the same key for the same number, in every run.
 *
 * A host has its key on its disk, and its process loads it from there as in production.
 */
import { generateKeyPairFromSeed, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { PeerId } from '../src/core/ids.ts'
import { Random } from '../src/core/random.ts'

const FILE = 'identity.key'

const KEY_SEED_BYTES = 32

export interface IdentityFile {
  readonly peerId: PeerId
  readonly name: string
  readonly bytes: Uint8Array
}

/** The file that holds key number `number`. */
export async function identityFile(number: number): Promise<IdentityFile> {
  const seed = randomBytes(new Random(number), KEY_SEED_BYTES)
  const key = await generateKeyPairFromSeed('Ed25519', seed)
  const text = Buffer.from(privateKeyToProtobuf(key)).toString('base64')
  const peerId = peerIdFromPrivateKey(key).toString()
  return { peerId, name: FILE, bytes: Buffer.from(`${text}\n`) }
}

/** Bytes that look like any, and are the same for every run of one seed. */
export function randomBytes(random: Random, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.nextIndex(256))
}
