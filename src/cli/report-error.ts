/**
 * Tells a person and a program what went wrong, and which exit code that is.
 *
 *     0 done   1 the operation failed   2 wrong usage or configuration   70 a bug of ours
 */
import { InvariantError } from '../core/assert.ts'
import { type ErrorCode, MeshError } from '../core/errors.ts'
import { type Io, writeJson } from './io.ts'
import { safeText } from './table.ts'

/** What to do about an error that does not say so itself. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  ERR_UNAUTHENTICATED: 'Give the key of the mesh with --api-key-file FILE.',
  ERR_MODEL_NOT_FOUND: '`skein models` lists the models of the mesh.',
  ERR_OVERLOADED: 'Every peer with this model is busy; try again in a moment.',
  ERR_NO_CAPACITY: '`skein nodes` shows which peers are there and how busy they are.',
  ERR_DATA_DIR_LOCKED: 'Stop the other peer, or give this one its own folder with --data-dir.',
  ERR_LISTEN: 'Choose another port with --http-port or --p2p-port; 0 takes any free one.',
  ERR_MODEL_FILE: 'Check the path that --model names.',
  ERR_TICKET_MALFORMED: 'Copy the whole ticket, or make one with `skein invite` on a member.',
  ERR_TICKET_EXPIRED: 'Make a new ticket with `skein invite` on a member of the mesh.',
  ERR_TICKET_REJECTED: 'Make a new ticket with `skein invite` on a member of the mesh.',
  ERR_TICKET_USED_UP: 'Make a new ticket with `skein invite`, for more peers with --uses.',
  ERR_PEER_DENIED:
    'An admin can take it off the deny-list: `skein policy delete denied PEER`; then join again.',
  ERR_NOT_A_MEMBER: 'Make a ticket with `skein invite` on a member, and `skein join` with it.',
  ERR_NO_QUORUM: 'Start the peers that are missing: `skein raft status` on a member shows them.',
  ERR_WRONG_MESH: 'To change the mesh, start with an empty folder: --data-dir.',
  ERR_VERSION: 'Install the same version of Skein on both machines.',
  ERR_CLOCK_SKEW: 'Set the clocks of both machines, for example with NTP.',
  ERR_IDENTITY_IN_USE: 'Give each peer its own folder with --data-dir; do not copy one.',
  ERR_STOPPING: 'The peer is about to stop; ask another one.',
}

/** Of the style guide: nobody handles a bug. */
const EXIT_BUG = 70

interface Report {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  readonly exitCode: number
}

function reportOf(error: unknown): Report {
  if (error instanceof MeshError) {
    const { code, message, hint = HINTS[code] } = error
    const isUsage = code === 'ERR_USAGE' || code === 'ERR_CONFIG'
    return { code, message, hint, exitCode: isUsage ? 2 : 1 }
  }
  if (error instanceof InvariantError) {
    const hint = 'This is a bug in Skein; please report it with the line above.'
    return { code: 'ERR_BUG', message: error.stack ?? error.message, hint, exitCode: EXIT_BUG }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { code: 'ERR_UNEXPECTED', message, hint: undefined, exitCode: 1 }
}

/** @returns the exit code. */
export function reportError(error: unknown, io: Io, isJson: boolean): number {
  const { code, message, hint, exitCode } = reportOf(error)
  io.complain(`skein: ${safeText(message)}`)
  if (hint !== undefined) io.complain(`hint: ${safeText(hint)}`)
  if (isJson) writeJson(io, { event: 'error', code, message, hint })
  return exitCode
}
