/**
 * What a leader looks at before it lets another peer's command into the log: who sends it, in whose
 * name, and what time it has.
 *
 * The log judges all else, the same on every peer. These three it cannot: it has no clock, and does
 * not see who sent what. A time far off would let tickets and keys end early or late everywhere.
 */
import type { PolicyViews } from '../../consensus/policy/views.ts'
import type { Refusal } from '../../consensus/replica/message.ts'
import type { PeerId } from '../../core/ids.ts'
import { CLOCK_SKEW_MAX_MS } from '../../protocols/admission.ts'

export interface Proposal {
  readonly from: PeerId
  /** Text of a policy command. */
  readonly command: Uint8Array
  /** Our own clock. */
  readonly wallMs: number
}

/** Canonical text has its fields sorted: these stand at the beginning. */
const BEGINNING = /^\{"atMs":(\d{1,16}),"author":"([^"\\]{1,253})","operation":\{/

/** Longer than both of them can be. */
const BEGINNING_BYTES = 512

const PEER = 'peer:'

const decoder = new TextDecoder()

/** `undefined`: it may be proposed. */
export function proposalFault(
  { from, command, wallMs }: Proposal,
  views: Pick<PolicyViews, 'role'>,
): Refusal | undefined {
  const [, atMs, author = ''] =
    BEGINNING.exec(decoder.decode(command.subarray(0, BEGINNING_BYTES))) ?? []
  if (atMs === undefined || views.role(from) === undefined) return 'not-allowed'
  // A peer speaks for its clients, but for no other peer.
  if (author.startsWith(PEER) && author !== `${PEER}${from}`) return 'not-allowed'
  return Math.abs(Number(atMs) - wallMs) > CLOCK_SKEW_MAX_MS ? 'clock-skew' : undefined
}
