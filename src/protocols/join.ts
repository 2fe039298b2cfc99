/**
 * The join protocol: a stranger with a ticket becomes a member. It is the only protocol served
 * to a connection that has not said hello, and the joiner says hello right after it.
 *
 *     joiner    JoinRequest   { versions, mesh, ticket id, public key, nonce, clock }
 *     admitter  JoinChallenge { nonce }
 *     joiner    JoinProof     { signature }
 *     admitter  JoinWelcome   { index of the roster, members }      once the mesh has agreed
 *
 * A key pair follows from the secret of a ticket. The mesh keeps a hash of the public key, so no
 * copy of its state, and no log or backup of it, helps anybody to join. The joiner signs both
 * nonces and both peer ids, which Noise has authenticated: a signature serves on one connection
 * only, and once. The admitter proves itself by its peer id, which the ticket names.
 */
import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import {
  type AdmissionCrypto,
  agreeOnVersion,
  checkClock,
  checkMesh,
  fixedBytes,
  INSTANCE_ID_BYTES,
  type Introduction,
  NONCE_BYTES,
  receiveAdmission,
  sendAdmission,
} from './admission.ts'
import type { FrameStream } from './frame-stream.ts'
import type { skein } from './gen/messages.js'

export const JOIN_PROTOCOL = '/skein/join/1.0.0'

export const TICKET_SECRET_BYTES = 16
export const TICKET_ID_BYTES = 8

const TICKET_KEY_BYTES = 32
const SIGNATURE_BYTES = 64

/** Members that a welcome names at most: enough to find the others, also if some are gone. */
export const WELCOME_MEMBERS_MAX = 32

/** Of one member; more are cut. */
export const WELCOME_ADDRESSES_MAX = 8

/** Of one address. */
const ADDRESS_CHARACTERS_MAX = 256

/** Longest welcome. */
export const WELCOME_FRAME_MAX_BYTES = 128 * 1024

/** What of a ticket the exchange needs. */
export interface TicketProof {
  readonly ticketId: Uint8Array
  readonly secret: Uint8Array
}

/** A member and where it may be found. */
export interface MemberContact {
  readonly peer: PeerId
  readonly addresses: readonly string[]
}

export interface Welcome {
  /** Index of the log at which the joiner is on the roster. */
  readonly rosterIndex: number
  /** Others than the two that speak. */
  readonly members: readonly MemberContact[]
}

/** A stranger that has proved to hold the ticket that belongs to a hash. */
export interface Candidate {
  readonly ticketId: Uint8Array
  readonly ticketHash: Uint8Array
  readonly instanceId: Uint8Array
  /** Whether it has what it knew, should it have been a member before. */
  readonly hasLog: boolean
}

interface Pair {
  readonly remote: PeerId
  readonly signal: AbortSignal
}

/** What the mesh keeps of a ticket. */
export function ticketHash(crypto: AdmissionCrypto, secret: Uint8Array): Uint8Array {
  return hashOfKey(crypto, crypto.publicKey(secret))
}

function hashOfKey(crypto: AdmissionCrypto, publicKey: Uint8Array): Uint8Array {
  return crypto.hash(['skein-ticket', publicKey])
}

/**
 * Asks to become a member.
 *
 * @throws MeshError ERR_TICKET_EXPIRED, ERR_TICKET_REJECTED, ERR_TICKET_USED_UP, ERR_PEER_DENIED,
 * ERR_CONFLICT, ERR_NO_QUORUM, ERR_WRONG_MESH, ERR_VERSION, ERR_CLOCK_SKEW,
 * ERR_IDENTITY_IN_USE, ERR_BAD_FRAME.
 */
export async function requestJoin(
  stream: FrameStream,
  joiner: Introduction,
  { remote, signal, ticket }: Pair & { readonly ticket: TicketProof },
): Promise<Welcome> {
  const nonce = joiner.newNonce()
  const joinRequest = {
    versionMin: joiner.versions.min,
    versionMax: joiner.versions.max,
    software: joiner.software,
    meshId: joiner.meshId,
    ticketId: ticket.ticketId,
    ticketKey: joiner.crypto.publicKey(ticket.secret),
    nonce,
    wallMs: joiner.wallMs(),
    instanceId: joiner.instanceId,
    hasLog: joiner.hasLog ?? false,
  }
  await sendAdmission(stream, { joinRequest }, signal)
  const challenge = await receiveAdmission(stream, 'joinChallenge', signal)
  const theirNonce = fixedBytes('nonce', challenge.nonce, NONCE_BYTES)

  const nonces = [nonce, theirNonce] as const
  const parts = signedParts(joiner.meshId, nonces, { joiner: joiner.self, admitter: remote })
  const signature = joiner.crypto.sign(ticket.secret, parts)
  stream.trust(WELCOME_FRAME_MAX_BYTES)
  await sendAdmission(stream, { joinProof: { signature } }, signal)
  const welcome = await receiveAdmission(stream, 'joinWelcome', signal)
  await stream.close(signal)
  return welcomeOf(welcome)
}

/**
 * Admits whoever proves that it holds a ticket of this mesh.
 *
 * @param admit Asks the mesh whether the ticket is good, and puts the joiner on the roster; throws
 * if it may not come in.
 * @throws As `requestJoin`.
 */
export async function answerJoin(
  stream: FrameStream,
  admitter: Introduction,
  init: Pair & { readonly admit: (candidate: Candidate) => Promise<Welcome> },
): Promise<void> {
  const { remote, signal, admit } = init
  const { crypto, self } = admitter
  const request = await receiveAdmission(stream, 'joinRequest', signal)
  agreeOnVersion(admitter, request)
  checkMesh(admitter, request.meshId)
  checkClock(admitter.wallMs(), request.wallMs ?? 0)
  const theirNonce = fixedBytes('nonce', request.nonce, NONCE_BYTES)
  const ticketKey = fixedBytes('ticket_key', request.ticketKey, TICKET_KEY_BYTES)
  const candidate = {
    ticketId: fixedBytes('ticket_id', request.ticketId, TICKET_ID_BYTES),
    ticketHash: hashOfKey(crypto, ticketKey),
    instanceId: fixedBytes('instance_id', request.instanceId, INSTANCE_ID_BYTES),
    hasLog: request.hasLog ?? false,
  }
  const nonce = admitter.newNonce()
  await sendAdmission(stream, { joinChallenge: { nonce } }, signal)

  const proof = await receiveAdmission(stream, 'joinProof', signal)
  const signature = fixedBytes('signature', proof.signature, SIGNATURE_BYTES)
  const nonces = [theirNonce, nonce] as const
  const parts = signedParts(admitter.meshId, nonces, { joiner: remote, admitter: self })
  if (!crypto.verify(ticketKey, parts, signature)) throw notHeld()
  const { rosterIndex, members } = await admit(candidate)

  const named = members.slice(0, WELCOME_MEMBERS_MAX).map(({ peer, addresses }) => ({
    peer,
    addresses: addresses.slice(0, WELCOME_ADDRESSES_MAX),
  }))
  await sendAdmission(stream, { joinWelcome: { rosterIndex, members: named } }, signal)
}

function signedParts(
  meshId: Uint8Array,
  nonces: readonly [joiner: Uint8Array, admitter: Uint8Array],
  { joiner, admitter }: { readonly joiner: PeerId; readonly admitter: PeerId },
): readonly (Uint8Array | string)[] {
  return ['skein-join', meshId, ...nonces, joiner, admitter]
}

function notHeld(): MeshError {
  return new MeshError('expected a proof made with the secret of the ticket, found another', {
    code: 'ERR_TICKET_REJECTED',
    hint: 'Copy the whole ticket again, or ask for a new one (`skein invite`).',
  })
}

function welcomeOf({ rosterIndex, members }: skein.IJoinWelcome): Welcome {
  const index = rosterIndex ?? 0
  if (!Number.isSafeInteger(index) || index < 1) throw badWelcome(`index ${index}`)
  const named = (members ?? []).map(({ peer, addresses }) => ({
    peer: peer ?? '',
    addresses: (addresses ?? []).slice(0, WELCOME_ADDRESSES_MAX),
  }))
  const isShort = named.length <= WELCOME_MEMBERS_MAX
  const isSound = named.every(
    ({ peer, addresses }) =>
      /^[1-9A-HJ-NP-Za-km-z]{1,128}$/.test(peer) &&
      addresses.every(address => address.length <= ADDRESS_CHARACTERS_MAX),
  )
  if (isShort && isSound) return { rosterIndex: index, members: named }
  throw badWelcome(isShort ? 'members that are none' : `${named.length} members`)
}

function badWelcome(found: string): MeshError {
  return new MeshError(
    `expected a welcome with an index and at most ${WELCOME_MEMBERS_MAX} members, found ${found}`,
    { code: 'ERR_BAD_FRAME' },
  )
}
