/**
 * Claims with their author's signature: made once per (author, incarnation, version), checked
 * once by each peer, however many neighbours pass them on.
 *
 * The author's key is in its PeerId, so nothing else is needed to check a claim.
 */
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { PeerClaim } from '../membership/peer-claim.ts'
import { skein } from '../protocols/gen/messages.js'
import { decodeClaim, encodeClaim } from '../protocols/peer-state-codec.ts'

/** Of Ed25519. `verify` throws at any other length. */
const SIGNATURE_BYTES = 64

/** Bound to the purpose, so that the signature of a claim is never one of anything else. */
const DOMAIN = Buffer.from('skein-claim-1:')

export async function signClaim(claim: PeerClaim, key: Ed25519PrivateKey): Promise<Uint8Array> {
  const bytes = encodeClaim(claim)
  const signature = await key.sign(Buffer.concat([DOMAIN, bytes]))
  return skein.SignedClaim.encode({ claim: bytes, signature }).finish()
}

/** Claims that were checked, by the very bytes that arrived. */
const checked = new WeakMap<Uint8Array, PeerClaim>()

/**
 * What the bytes claim, if it was signed by the author it names.
 *
 * @param isWanted Whether a claim is worth checking; one that is not is not genuine either.
 */
export async function openClaim(
  signedClaim: Uint8Array,
  isWanted: (claim: PeerClaim) => boolean = () => true,
): Promise<PeerClaim | undefined> {
  const known = checked.get(signedClaim)
  if (known !== undefined) return known
  const opened = parse(signedClaim)
  if (opened === undefined || !isWanted(opened.claim)) return undefined
  const { claim, bytes, signature } = opened
  if (!(await isSignedBy(claim.peer, bytes, signature))) return undefined
  checked.set(signedClaim, claim)
  return claim
}

async function isSignedBy(
  peer: string,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const id = peerIdFromString(peer)
  const { publicKey } = id
  if (publicKey?.type !== 'Ed25519' || signature.length !== SIGNATURE_BYTES) return false
  // One key has one name: its id in another base would be another member with the same key.
  if (id.toString() !== peer) return false
  return await publicKey.verify(Buffer.concat([DOMAIN, bytes]), signature)
}

interface Opened {
  readonly claim: PeerClaim
  readonly bytes: Uint8Array
  readonly signature: Uint8Array
}

/** Bytes from outside may be anything; whatever does not parse is no claim. */
function parse(signedClaim: Uint8Array): Opened | undefined {
  try {
    const { claim: bytes, signature } = skein.SignedClaim.decode(signedClaim)
    const claim = decodeClaim(bytes)
    peerIdFromString(claim.peer)
    return { claim, bytes, signature }
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}
