/**
 * Who this peer is: an Ed25519 key that stays in the data folder.
 *
 * `identity.key` holds the libp2p protobuf of the private key in base64, mode 0600. The PeerId
 * is the multihash of its public half, so nobody else can have it without the file.
 */
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey, PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import type { Disk } from './disk.ts'

const FILE = 'identity.key'

export interface Identity {
  readonly privateKey: Ed25519PrivateKey
  readonly peerId: PeerId
}

/** Loads the key, or makes one the first time. @throws MeshError ERR_STORAGE. */
export async function loadIdentity(disk: Disk): Promise<Identity> {
  const stored = await disk.read(FILE)
  if (stored !== undefined) return identityOf(decodeKey(stored))
  const privateKey = await generateKeyPair('Ed25519')
  const text = Buffer.from(privateKeyToProtobuf(privateKey)).toString('base64')
  await disk.write(FILE, Buffer.from(`${text}\n`))
  return identityOf(privateKey)
}

function decodeKey(stored: Uint8Array): PrivateKey {
  try {
    return privateKeyFromProtobuf(Buffer.from(Buffer.from(stored).toString(), 'base64'))
  } catch (cause) {
    throw damaged('bytes that are no key', cause)
  }
}

function identityOf(privateKey: PrivateKey): Identity {
  if (privateKey.type !== 'Ed25519') throw damaged(`a key of type ${privateKey.type}`)
  return { privateKey, peerId: peerIdFromPrivateKey(privateKey).toString() }
}

/** Never replaced by itself: a new key would be another peer, without the place of this one. */
function damaged(found: string, cause?: unknown): MeshError {
  return new MeshError(`expected an Ed25519 private key in ${FILE}, found ${found}`, {
    code: 'ERR_STORAGE',
    hint: 'Restore the file, or remove it to start as a new peer.',
    cause,
  })
}
