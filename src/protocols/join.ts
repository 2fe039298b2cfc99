/**
 * The join protocol: a stranger with a ticket becomes a member. It is the only protocol served
 * to a connection that has not said hello, and the joiner says hello right after it.
 *
 *     joiner    JoinRequest   { versions, mesh, ticket id, expiry, nonce, clock }
 *     admitter  JoinChallenge { nonce }
 *     joiner    JoinProof     { proof }
 *     admitter  JoinWelcome   { mesh secret, sealed }
 *
 * The secret of a ticket is a MAC over its id and expiry, keyed with the mesh secret, so every
 * member can check any ticket without having heard of it. Neither secret is ever sent: the
 * joiner proves it with a MAC, the admitter proves it by sealing the mesh secret under a key
 * derived from it, which only the holder of that ticket can open.
 */
import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import {
  agreeOnVersion,
  checkClock,
  fixedBytes,
  INSTANCE_ID_BYTES,
  type Introduction,
  NONCE_BYTES,
  receiveAdmission,
  sendAdmission,
} from './admission.ts'
import type { FrameStream } from './frame-stream.ts'
import type { skein } from './gen/messages.js'
import { checkMesh } from './hello.ts'

/** A `Date` counts no further, forwards or backwards. */
const LAST_DATE_MS = 8.64e15

export const JOIN_PROTOCOL = '/skein/join/1.0.0'

export const TICKET_SECRET_BYTES = 16
export const TICKET_ID_BYTES = 8
export const MESH_SECRET_BYTES = 32

/** What of a ticket the exchange needs. */
export interface TicketProof {
  readonly ticketId: Uint8Array
  readonly secret: Uint8Array
  readonly expiresAtWallMs: number
}

interface Pair {
  readonly remote: PeerId
  readonly signal: AbortSignal
}

/** The secret of the ticket with this id and expiry in the mesh with this secret. */
export function ticketSecret(
  { crypto }: Pick<Introduction, 'crypto'>,
  meshSecret: Uint8Array,
  ticket: Omit<TicketProof, 'secret'>,
): Uint8Array {
  const parts = ['ticket', ticket.ticketId, String(ticket.expiresAtWallMs)]
  return crypto.mac(meshSecret, parts).subarray(0, TICKET_SECRET_BYTES)
}

/**
 * Asks to become a member.
 *
 * @returns The mesh secret.
 * @throws MeshError ERR_TICKET_EXPIRED, ERR_TICKET_REJECTED, ERR_WRONG_MESH, ERR_VERSION,
 * ERR_CLOCK_SKEW, ERR_IDENTITY_IN_USE, ERR_BAD_FRAME.
 */
export async function requestJoin(
  stream: FrameStream,
  joiner: Introduction,
  { remote, signal, ticket }: Pair & { readonly ticket: TicketProof },
): Promise<Uint8Array> {
  const nonce = joiner.newNonce()
  const joinRequest = {
    versionMin: joiner.versions.min,
    versionMax: joiner.versions.max,
    software: joiner.software,
    meshId: joiner.meshId,
    ticketId: ticket.ticketId,
    expiresAtWallMs: ticket.expiresAtWallMs,
    nonce,
    wallMs: joiner.wallMs(),
    instanceId: joiner.instanceId,
  }
  await sendAdmission(stream, { joinRequest }, signal)
  const challenge = await receiveAdmission(stream, 'joinChallenge', signal)
  const theirNonce = fixedBytes('nonce', challenge.nonce, NONCE_BYTES)

  const bound = [nonce, theirNonce, joiner.self, remote]
  const proof = joiner.crypto.mac(ticket.secret, ['join-proof', ...bound])
  await sendAdmission(stream, { joinProof: { proof } }, signal)
  const welcome = await receiveAdmission(stream, 'joinWelcome', signal)
  await stream.close(signal)

  const key = joiner.crypto.mac(ticket.secret, ['join-welcome', ...bound])
  const secret = joiner.crypto.open(key, welcome.sealedSecret ?? new Uint8Array())
  if (secret?.length === MESH_SECRET_BYTES) return secret
  throw new MeshError('expected a welcome sealed under the ticket secret, found another', {
    code: 'ERR_TICKET_REJECTED',
    hint: 'The other side does not know this ticket. Ask for a new one (`skein invite`).',
  })
}

export interface Admitter extends Introduction {
  readonly meshSecret: Uint8Array
}

/**
 * Admits whoever proves a ticket of this mesh.
 *
 * @param admit Called when the ticket is proved; throws if the joiner may not come in.
 * @throws As `requestJoin`.
 */
export async function answerJoin(
  stream: FrameStream,
  admitter: Admitter,
  { remote, signal, admit }: Pair & { readonly admit: (instanceId: Uint8Array) => Promise<void> },
): Promise<void> {
  const request = await receiveAdmission(stream, 'joinRequest', signal)
  agreeOnVersion(admitter, request)
  checkMesh(admitter, request.meshId)
  checkClock(admitter.wallMs(), request.wallMs ?? 0)
  const theirNonce = fixedBytes('nonce', request.nonce, NONCE_BYTES)
  const nonce = admitter.newNonce()
  await sendAdmission(stream, { joinChallenge: { nonce } }, signal)

  const { proof } = await receiveAdmission(stream, 'joinProof', signal)
  const secret = ticketSecret(admitter, admitter.meshSecret, {
    ticketId: fixedBytes('ticket_id', request.ticketId, TICKET_ID_BYTES),
    expiresAtWallMs: request.expiresAtWallMs ?? 0,
  })
  const bound = [theirNonce, nonce, remote, admitter.self]
  checkTicket(admitter, request, {
    proof,
    expected: admitter.crypto.mac(secret, ['join-proof', ...bound]),
  })
  await admit(fixedBytes('instance_id', request.instanceId, INSTANCE_ID_BYTES))

  const key = admitter.crypto.mac(secret, ['join-welcome', ...bound])
  const sealedSecret = admitter.crypto.seal(key, admitter.meshSecret)
  await sendAdmission(stream, { joinWelcome: { sealedSecret } }, signal)
}

/** The proof first: only who holds a ticket learns whether it has expired. */
function checkTicket(
  admitter: Admitter,
  request: skein.IJoinRequest,
  { proof, expected }: { proof: Uint8Array | null | undefined; expected: Uint8Array },
): void {
  if (!proof || !admitter.crypto.isEqual(expected, proof)) {
    throw new MeshError('expected the secret of a ticket that this mesh gave out, found another', {
      code: 'ERR_TICKET_REJECTED',
      hint: 'Copy the whole ticket again, or ask for a new one (`skein invite`).',
    })
  }
  const expiresAtWallMs = request.expiresAtWallMs ?? 0
  if (admitter.wallMs() <= expiresAtWallMs) return
  // The request may name a time that no calendar has.
  const text = (wallMs: number) =>
    Math.abs(wallMs) <= LAST_DATE_MS ? new Date(wallMs).toISOString() : 'no date'
  throw new MeshError(
    `expected a ticket that is still valid, found one that expired at ${text(expiresAtWallMs)}; here it is ${text(admitter.wallMs())}`,
    { code: 'ERR_TICKET_EXPIRED', hint: 'Ask for a new ticket (`skein invite`).' },
  )
}
