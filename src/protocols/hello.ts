/**
 * The hello protocol: two members of one mesh greet each other on a fresh connection. Until it
 * has succeeded, no other protocol but join is served on that connection.
 *
 *     dialer    Hello { versions, mesh, nonce }
 *     listener  Hello { versions, mesh, nonce }   HelloProof { proof }
 *     dialer    HelloProof { proof }
 *     listener  HelloProof { claims }
 *     dialer    HelloProof { claims }
 *
 * Each side shows that it knows the mesh secret (see admission.ts) before it hears anything of
 * the mesh; the claims are the newest state of every peer the sender knows, its own first, so
 * a newcomer sees the whole mesh after one exchange.
 */
import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import {
  agreeOnVersion,
  checkClock,
  fixedBytes,
  INSTANCE_ID_BYTES,
  type Introduction,
  MESH_ID_BYTES,
  NONCE_BYTES,
  receiveAdmission,
  sendAdmission,
} from './admission.ts'
import type { FrameStream } from './frame-stream.ts'
import type { skein } from './gen/messages.js'

export const HELLO_PROTOCOL = '/skein/hello/1.0.0'

/** Claims that one greeting carries at most. */
export const HELLO_CLAIMS_MAX = 1024

/** And their bytes: with the rest of the greeting they fit into one frame. */
export const HELLO_CLAIMS_MAX_BYTES = 3 * 1024 * 1024

/** Longest frame of a side that has proved itself: all its claims in one. */
export const HELLO_FRAME_MAX_BYTES = 4 * 1024 * 1024

const HELLO_FEATURES_MAX = 64

export interface Greeter extends Introduction {
  readonly meshSecret: Uint8Array
  /** Encoded SignedClaims, our own first. */
  readonly claims: () => readonly Uint8Array[]
}

export interface Greeting {
  readonly instanceId: Uint8Array
  readonly software: string
  readonly features: readonly string[]
  /** Encoded SignedClaims, not yet checked. */
  readonly claims: readonly Uint8Array[]
  readonly rttMs: number
}

interface Pair {
  readonly remote: PeerId
  readonly signal: AbortSignal
}

/** @throws MeshError ERR_WRONG_MESH, ERR_VERSION, ERR_CLOCK_SKEW, ERR_IDENTITY_IN_USE, ERR_BAD_FRAME. */
export async function sayHello(
  stream: FrameStream,
  greeter: Greeter,
  { remote, signal }: Pair,
): Promise<Greeting> {
  const nonce = greeter.newNonce()
  const sentAtMs = greeter.nowMs()
  await sendAdmission(stream, { hello: helloOf(greeter, nonce) }, signal)
  const hello = await receiveAdmission(stream, 'hello', signal)
  const rttMs = greeter.nowMs() - sentAtMs
  checkHello(greeter, hello)
  const theirNonce = fixedBytes('nonce', hello.nonce, NONCE_BYTES)

  const bound = [nonce, theirNonce, greeter.self, remote]
  const theirs = await receiveAdmission(stream, 'helloProof', signal)
  checkProof(greeter, theirs.proof, ['hello-listener', ...bound])

  stream.trust(HELLO_FRAME_MAX_BYTES)
  const proof = greeter.crypto.mac(greeter.meshSecret, ['hello-dialer', ...bound])
  await sendAdmission(stream, { helloProof: { proof } }, signal)
  const welcome = await receiveAdmission(stream, 'helloProof', signal)
  await sendAdmission(stream, { helloProof: { claims: claimsOf(greeter) } }, signal)
  await stream.close(signal)
  return greetingOf(hello, welcome.claims, rttMs)
}

/**
 * @param admit Called when the other side has proved itself; throws if it may not come in, for
 * example because a live process already uses its identity.
 * @throws As `sayHello`.
 */
export async function answerHello(
  stream: FrameStream,
  greeter: Greeter,
  { remote, signal, admit }: Pair & { readonly admit: (instanceId: Uint8Array) => Promise<void> },
): Promise<Greeting> {
  const hello = await receiveAdmission(stream, 'hello', signal)
  checkHello(greeter, hello)
  const theirNonce = fixedBytes('nonce', hello.nonce, NONCE_BYTES)
  const nonce = greeter.newNonce()
  const bound = [theirNonce, nonce, remote, greeter.self]

  const sentAtMs = greeter.nowMs()
  await sendAdmission(stream, { hello: helloOf(greeter, nonce) }, signal)
  const proof = greeter.crypto.mac(greeter.meshSecret, ['hello-listener', ...bound])
  await sendAdmission(stream, { helloProof: { proof } }, signal)

  const theirs = await receiveAdmission(stream, 'helloProof', signal)
  const rttMs = greeter.nowMs() - sentAtMs
  checkProof(greeter, theirs.proof, ['hello-dialer', ...bound])
  await admit(instanceOf(hello))
  stream.trust(HELLO_FRAME_MAX_BYTES)
  await sendAdmission(stream, { helloProof: { claims: claimsOf(greeter) } }, signal)
  const { claims } = await receiveAdmission(stream, 'helloProof', signal)
  return greetingOf(hello, claims, rttMs)
}

function helloOf(greeter: Greeter, nonce: Uint8Array): skein.IHello {
  return {
    versionMin: greeter.versions.min,
    versionMax: greeter.versions.max,
    software: greeter.software,
    meshId: greeter.meshId,
    features: [...greeter.features],
    nonce,
    wallMs: greeter.wallMs(),
    instanceId: greeter.instanceId,
  }
}

/** As many as one greeting carries; gossip brings the rest. */
function claimsOf(greeter: Greeter): Uint8Array[] {
  let roomBytes = HELLO_CLAIMS_MAX_BYTES
  return greeter
    .claims()
    .slice(0, HELLO_CLAIMS_MAX)
    .filter(claim => {
      roomBytes -= claim.length
      return roomBytes >= 0
    })
}

function instanceOf(hello: skein.IHello): Uint8Array {
  return fixedBytes('instance_id', hello.instanceId, 16)
}

function checkHello(greeter: Greeter, hello: skein.IHello): void {
  agreeOnVersion(greeter, hello)
  checkMesh(greeter, hello.meshId)
  checkClock(greeter.wallMs(), hello.wallMs ?? 0)
}

/** @throws MeshError ERR_WRONG_MESH naming both meshes. */
export function checkMesh(ours: Introduction, theirs: Uint8Array | null | undefined): void {
  if (theirs && ours.crypto.isEqual(ours.meshId, theirs)) return
  const hex = (bytes: Uint8Array | null | undefined) =>
    Array.from(bytes?.subarray(0, MESH_ID_BYTES) ?? [], byte =>
      byte.toString(16).padStart(2, '0'),
    ).join('')
  throw new MeshError(`expected mesh ${hex(ours.meshId)}, found mesh ${hex(theirs)}`, {
    code: 'ERR_WRONG_MESH',
    hint: 'Ask a peer of the mesh you mean for a new ticket (`skein invite`).',
  })
}

function checkProof(
  greeter: Greeter,
  proof: Uint8Array | null | undefined,
  parts: readonly (Uint8Array | string)[],
): void {
  const expected = greeter.crypto.mac(greeter.meshSecret, parts)
  if (proof && greeter.crypto.isEqual(expected, proof)) return
  throw new MeshError('expected a proof made with the secret of this mesh, found another', {
    code: 'ERR_WRONG_MESH',
    hint: 'Join with a ticket of this mesh (`skein invite` on any of its peers).',
  })
}

function greetingOf(
  hello: skein.IHello,
  claims: readonly Uint8Array[] | null | undefined,
  rttMs: number,
): Greeting {
  if (claims && claims.length > HELLO_CLAIMS_MAX) {
    throw new MeshError(`expected at most ${HELLO_CLAIMS_MAX} claims, found ${claims.length}`, {
      code: 'ERR_BAD_FRAME',
    })
  }
  const instanceId = fixedBytes('instance_id', hello.instanceId, INSTANCE_ID_BYTES)
  const features = (hello.features ?? []).slice(0, HELLO_FEATURES_MAX)
  return { instanceId, software: hello.software ?? '', features, claims: claims ?? [], rttMs }
}
