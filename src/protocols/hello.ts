/**
 * The hello protocol: two members of one mesh greet each other on a fresh connection. Until it
 * has succeeded, no other protocol but join is served on that connection.
 *
 *     dialer    Hello { versions, mesh, clock }
 *     listener  Hello { versions, mesh, clock }
 *     dialer    HelloAck
 *     listener  HelloClaims { claims }             once it has found the dialer on its roster
 *     dialer    HelloClaims { claims }
 *
 * Who the other side is, Noise has proved; whether it belongs to the mesh, each side's own copy of
 * the roster says. The dialer knows that before it says hello. The claims are the newest state of
 * every peer the sender knows, its own first, so a newcomer sees the whole mesh after one exchange.
 */
import { MeshError } from '../core/errors.ts'
import {
  agreeOnVersion,
  checkClock,
  checkMesh,
  fixedBytes,
  INSTANCE_ID_BYTES,
  type Introduction,
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

/** Longest frame of a member: all its claims in one. */
export const HELLO_FRAME_MAX_BYTES = 4 * 1024 * 1024

const HELLO_FEATURES_MAX = 64

export interface Greeter extends Introduction {
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

/**
 * Greets a member: whoever calls has found it on the roster.
 *
 * @throws MeshError ERR_WRONG_MESH, ERR_VERSION, ERR_CLOCK_SKEW, ERR_IDENTITY_IN_USE,
 * ERR_BAD_FRAME; ERR_PEER_DENIED, ERR_NOT_A_MEMBER, ERR_NO_QUORUM: the other side does not know us.
 */
export async function sayHello(
  stream: FrameStream,
  greeter: Greeter,
  signal: AbortSignal,
): Promise<Greeting> {
  const sentAtMs = greeter.nowMs()
  await sendAdmission(stream, { hello: helloOf(greeter) }, signal)
  const hello = await receiveAdmission(stream, 'hello', signal)
  const rttMs = greeter.nowMs() - sentAtMs
  checkHello(greeter, hello)

  stream.trust(HELLO_FRAME_MAX_BYTES)
  await sendAdmission(stream, { helloAck: {} }, signal)
  const theirs = await receiveAdmission(stream, 'helloClaims', signal)
  await sendAdmission(stream, { helloClaims: { claims: claimsOf(greeter) } }, signal)
  await stream.close(signal)
  return greetingOf(hello, theirs.claims, rttMs)
}

/**
 * @param admit Says whether the other side belongs to the mesh; throws if it may not come in, also
 * for example because a live process already uses its identity.
 * @throws As `sayHello`.
 */
export async function answerHello(
  stream: FrameStream,
  greeter: Greeter,
  init: { readonly signal: AbortSignal; readonly admit: (instanceId: Uint8Array) => Promise<void> },
): Promise<Greeting> {
  const { signal, admit } = init
  const hello = await receiveAdmission(stream, 'hello', signal)
  checkHello(greeter, hello)

  const sentAtMs = greeter.nowMs()
  await sendAdmission(stream, { hello: helloOf(greeter) }, signal)
  await receiveAdmission(stream, 'helloAck', signal)
  const rttMs = greeter.nowMs() - sentAtMs
  await admit(fixedBytes('instance_id', hello.instanceId, INSTANCE_ID_BYTES))

  stream.trust(HELLO_FRAME_MAX_BYTES)
  await sendAdmission(stream, { helloClaims: { claims: claimsOf(greeter) } }, signal)
  const { claims } = await receiveAdmission(stream, 'helloClaims', signal)
  return greetingOf(hello, claims, rttMs)
}

function helloOf(greeter: Greeter): skein.IHello {
  return {
    versionMin: greeter.versions.min,
    versionMax: greeter.versions.max,
    software: greeter.software,
    meshId: greeter.meshId,
    features: [...greeter.features],
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

function checkHello(greeter: Greeter, hello: skein.IHello): void {
  agreeOnVersion(greeter, hello)
  checkMesh(greeter, hello.meshId)
  checkClock(greeter.wallMs(), hello.wallMs ?? 0)
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
