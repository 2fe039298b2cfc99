/**
 * What hello and join share: frames, versions, refusals, and the checks of mesh and clock.
 */
import { type ErrorCode, hasCode, isErrorCode, MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import type { FrameStream } from './frame-stream.ts'
import { skein } from './gen/messages.js'

/** The versions of the peer-to-peer protocols that this software speaks. */
export const PROTOCOL_VERSION = { min: 2, max: 2 } as const

export const NONCE_BYTES = 16

export const MESH_ID_BYTES = 16

export const INSTANCE_ID_BYTES = 16

/** Of the other side's name for its program, in our messages. */
const SOFTWARE_MAX_CHARACTERS = 64

/** Of each text of a refusal that we believe. */
const REFUSAL_MAX_CHARACTERS = 500

/** Clocks further apart than this make tickets and logs useless. */
export const CLOCK_SKEW_MAX_MS = 10 * 60_000

export interface AdmissionCrypto {
  /** Of the Ed25519 pair that follows from the secret. */
  publicKey(secret: Uint8Array): Uint8Array
  /** Signs the parts, each preceded by its length, with the private key of that pair. */
  sign(secret: Uint8Array, parts: readonly (Uint8Array | string)[]): Uint8Array
  verify(
    publicKey: Uint8Array,
    parts: readonly (Uint8Array | string)[],
    signature: Uint8Array,
  ): boolean
  /** SHA-256 over the parts, each preceded by its length. */
  hash(parts: readonly (Uint8Array | string)[]): Uint8Array
}

/** Who we are, towards somebody we do not trust yet. */
export interface Introduction {
  readonly self: PeerId
  readonly meshId: Uint8Array
  readonly software: string
  readonly versions: { readonly min: number; readonly max: number }
  /** Names of optional abilities. A name that the other side does not know is ignored. */
  readonly features: readonly string[]
  /** Whether we have a log of the mesh already; only who joins is asked. */
  readonly hasLog?: boolean
  /** Differs between two processes that share one identity. */
  readonly instanceId: Uint8Array
  readonly crypto: AdmissionCrypto
  readonly newNonce: () => Uint8Array
  readonly wallMs: () => number
  readonly nowMs: () => number
}

const THE_OTHER_SIDE = 'the other side'

type AdmissionBody = Exclude<skein.IAdmissionFrame, null>
type AdmissionKind = keyof skein.IAdmissionFrame

export async function sendAdmission(
  stream: FrameStream,
  frame: AdmissionBody,
  signal: AbortSignal,
): Promise<void> {
  await stream.write(skein.AdmissionFrame.encode(frame).finish(), signal)
}

/**
 * Reads the one kind of message that may come now.
 *
 * @throws MeshError with the other side's code if it refused, ERR_BAD_FRAME if it sent anything
 * else.
 */
export async function receiveAdmission<Kind extends AdmissionKind>(
  stream: FrameStream,
  kind: Kind,
  signal: AbortSignal,
): Promise<NonNullable<skein.IAdmissionFrame[Kind]>> {
  const frame = decode(await stream.read(signal))
  if (frame.refusal) throw refusalError(frame.refusal)
  const message = frame[kind]
  if (message) return message
  throw new MeshError(`expected the message "${kind}", found "${frame.body ?? 'none'}"`, {
    code: 'ERR_BAD_FRAME',
  })
}

function decode(bytes: Uint8Array): skein.AdmissionFrame {
  try {
    return skein.AdmissionFrame.decode(bytes)
  } catch (cause) {
    throw new MeshError('expected an AdmissionFrame, found bytes that are none', {
      code: 'ERR_BAD_FRAME',
      cause,
    })
  }
}

/** Tells the other side why, then closes. Its own failure changes nothing: we refuse anyway. */
export async function refuse(
  stream: FrameStream,
  error: MeshError,
  signal: AbortSignal,
): Promise<void> {
  const { code, message, hint = '' } = error
  const refusal = { code, message, hint, details: JSON.stringify(error.details) }
  await sendAdmission(stream, { refusal }, signal)
  await stream.close(signal)
}

/** What a stranger may make us believe is bounded: a known code, two short texts, no details. */
function refusalError(refusal: skein.IRefusal): MeshError {
  const code: ErrorCode = isErrorCode(refusal.code ?? '')
    ? (refusal.code as ErrorCode)
    : 'ERR_BAD_FRAME'
  const [message, hint] = [refusal.message, refusal.hint].map(text =>
    (text ?? '').slice(0, REFUSAL_MAX_CHARACTERS),
  )
  const details = { saidBy: THE_OTHER_SIDE }
  return new MeshError(message ?? '', { code, details, hint: hint === '' ? undefined : hint })
}

/**
 * Whether a member has told us that we do not belong to the mesh. It has made sure that its roster
 * is up to date, so to dial others is no use.
 */
export function isExpulsion(error: unknown): error is MeshError {
  const isMeant = hasCode(error, 'ERR_PEER_DENIED') || hasCode(error, 'ERR_NOT_A_MEMBER')
  return isMeant && error.details['saidBy'] === THE_OTHER_SIDE
}

/**
 * The highest version both sides speak.
 *
 * @throws MeshError ERR_VERSION naming both ranges and both programs.
 */
export function agreeOnVersion(
  ours: Introduction,
  theirs: { versionMin?: number | null; versionMax?: number | null; software?: string | null },
): number {
  const min = Math.max(ours.versions.min, theirs.versionMin ?? 0)
  const max = Math.min(ours.versions.max, theirs.versionMax ?? 0)
  if (min <= max) return max
  const software = (theirs.software ?? 'unknown').slice(0, SOFTWARE_MAX_CHARACTERS)
  const theirRange = `${theirs.versionMin ?? 0} to ${theirs.versionMax ?? 0}`
  throw new MeshError(
    `expected protocol version ${ours.versions.min} to ${ours.versions.max} (${ours.software}), found ${theirRange} (${software})`,
    { code: 'ERR_VERSION', hint: 'Install the same version of skein on both machines.' },
  )
}

/** @throws MeshError ERR_CLOCK_SKEW naming both clocks. */
export function checkClock(ourWallMs: number, theirWallMs: number): void {
  const skewMs = theirWallMs - ourWallMs
  if (Math.abs(skewMs) <= CLOCK_SKEW_MAX_MS) return
  const minutes = Math.round(Math.abs(skewMs) / 60_000)
  const ahead = skewMs > 0 ? 'behind' : 'ahead of'
  throw new MeshError(
    `expected clocks within ${CLOCK_SKEW_MAX_MS / 60_000} minutes of each other, found the clock of the machine that says this ${minutes} minutes ${ahead} the other`,
    { code: 'ERR_CLOCK_SKEW', hint: 'Set both clocks (for example with NTP) and try again.' },
  )
}

/** @throws MeshError ERR_WRONG_MESH naming both meshes. */
export function checkMesh(ours: Introduction, theirs: Uint8Array | null | undefined): void {
  const hex = (bytes: Uint8Array | null | undefined) =>
    Array.from(bytes?.subarray(0, MESH_ID_BYTES) ?? [], byte =>
      byte.toString(16).padStart(2, '0'),
    ).join('')
  if (theirs?.length === MESH_ID_BYTES && hex(theirs) === hex(ours.meshId)) return
  throw new MeshError(`expected mesh ${hex(ours.meshId)}, found mesh ${hex(theirs)}`, {
    code: 'ERR_WRONG_MESH',
    hint: 'Ask a peer of the mesh you mean for a new ticket (`skein invite`).',
  })
}

/** A field whose length is part of the protocol. */
export function fixedBytes(
  name: string,
  bytes: Uint8Array | null | undefined,
  length: number,
): Uint8Array {
  if (bytes?.length === length) return bytes
  throw new MeshError(`expected "${name}" of ${length} bytes, found ${bytes?.length ?? 0}`, {
    code: 'ERR_BAD_FRAME',
  })
}
