/**
 * Every error the mesh reports on purpose. One class, one table.
 *
 * `code` is what programs match on and never changes; the message is for people and may.
 * A violated invariant is not in this table: it is a bug, see `assert.ts`.
 */

export interface ErrorKind {
  /** Status the HTTP ingress answers with. */
  readonly status: number
  /** Who may try again: nobody, the same caller later, or the caller at another peer. */
  readonly retry: 'never' | 'later' | 'elsewhere'
}

export const errorKinds = {
  /** The request itself is wrong; sending it again cannot help. */
  ERR_INVALID_REQUEST: { status: 400, retry: 'never' },
  /** No API key, or one that this mesh does not know. */
  ERR_UNAUTHENTICATED: { status: 401, retry: 'never' },
  /** The caller may not do this, for example a browser page of another origin. */
  ERR_FORBIDDEN: { status: 403, retry: 'never' },
  /** There is nothing at this path. */
  ERR_NOT_FOUND: { status: 404, retry: 'never' },
  /** No member of the mesh serves the named model. */
  ERR_MODEL_NOT_FOUND: { status: 404, retry: 'never' },
  /** The path exists, the method does not. */
  ERR_METHOD_NOT_ALLOWED: { status: 405, retry: 'never' },
  /** The body did not arrive within `ingress.bodyTimeoutMs`. */
  ERR_REQUEST_TIMEOUT: { status: 408, retry: 'later' },
  /** What is there is not what the change expects; over HTTP 412 if the caller named a condition. */
  ERR_CONFLICT: { status: 409, retry: 'never' },
  /** Requests run on the model, so it stays where it is. */
  ERR_MODEL_IN_USE: { status: 409, retry: 'later' },
  /** The body is larger than `ingress.bodyMaxBytes`. */
  ERR_BODY_TOO_LARGE: { status: 413, retry: 'never' },
  /** The body is not JSON in UTF-8, or compressed. */
  ERR_UNSUPPORTED_MEDIA_TYPE: { status: 415, retry: 'never' },
  /** Every queue that could take the request is full; `details.retryAfterMs` says when to return. */
  ERR_OVERLOADED: { status: 429, retry: 'later' },
  /** The key, its tenant or the model has used up what a quota of the policy gives. */
  ERR_QUOTA_EXCEEDED: { status: 429, retry: 'later' },
  /** What is asked for is clear, but nothing here can do it. */
  ERR_NOT_SUPPORTED: { status: 501, retry: 'never' },
  /** The engine failed to produce an answer. */
  ERR_ENGINE: { status: 502, retry: 'elsewhere' },
  /** A peer broke the wire protocol: bad frame, bad field, frame too long. */
  ERR_BAD_FRAME: { status: 502, retry: 'elsewhere' },
  /** The connection to the serving peer was lost. */
  ERR_PEER_LOST: { status: 503, retry: 'elsewhere' },
  /** Peers serve the model, but none can take a request now. */
  ERR_NO_CAPACITY: { status: 503, retry: 'later' },
  /** The model is not in memory yet; `details.loading` says how far it is. */
  ERR_MODEL_LOADING: { status: 503, retry: 'later' },
  /** No majority of the voters agreed in time, so the policy cannot be changed now. */
  ERR_NO_QUORUM: { status: 503, retry: 'later' },
  /** The peer is stopping. */
  ERR_STOPPING: { status: 503, retry: 'elsewhere' },
  /** The deadline passed before the work was done. */
  ERR_DEADLINE_EXCEEDED: { status: 504, retry: 'later' },

  /** The command line is wrong: an unknown command or flag, or a word too few or too many. */
  ERR_USAGE: { status: 400, retry: 'never' },
  /** Options are wrong; every problem is listed. */
  ERR_CONFIG: { status: 500, retry: 'never' },
  /** The data folder cannot be read or written. */
  ERR_STORAGE: { status: 500, retry: 'never' },
  /** The log or a snapshot is not what this peer wrote; it does not start with that. */
  ERR_LOG_DAMAGED: { status: 500, retry: 'never' },
  /** Another process uses the data folder. */
  ERR_DATA_DIR_LOCKED: { status: 500, retry: 'never' },
  /** A port to listen on is taken or not ours to take. */
  ERR_LISTEN: { status: 500, retry: 'never' },
  /** The model file is missing, unreadable or not a GGUF the engine can load. */
  ERR_MODEL_FILE: { status: 500, retry: 'never' },

  /** The text is not a ticket: mistyped, truncated, or of a later version. */
  ERR_TICKET_MALFORMED: { status: 400, retry: 'never' },
  /** The ticket's time is over. */
  ERR_TICKET_EXPIRED: { status: 403, retry: 'never' },
  /** The mesh has no such ticket: never given out, taken back, or another secret. */
  ERR_TICKET_REJECTED: { status: 403, retry: 'never' },
  /** As many peers have joined with the ticket as it was made for. */
  ERR_TICKET_USED_UP: { status: 403, retry: 'never' },
  /** The peer is on the deny-list of its mesh. */
  ERR_PEER_DENIED: { status: 403, retry: 'never' },
  /** The peer is not on the roster of the mesh: it never joined, or was taken off. */
  ERR_NOT_A_MEMBER: { status: 403, retry: 'never' },
  /** The other side belongs to another mesh. */
  ERR_WRONG_MESH: { status: 403, retry: 'never' },
  /** The other side speaks no version of the protocol that we speak. */
  ERR_VERSION: { status: 426, retry: 'never' },
  /** The clocks of the two machines are too far apart. */
  ERR_CLOCK_SKEW: { status: 403, retry: 'never' },
  /** A live peer already uses this identity. */
  ERR_IDENTITY_IN_USE: { status: 409, retry: 'never' },
  /** No address of the other side answers. */
  ERR_UNREACHABLE: { status: 503, retry: 'later' },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

export interface MeshErrorOptions extends ErrorOptions {
  readonly code: ErrorCode
  /** Facts for logs and for the caller. JSON values only; never secrets, never prompts. */
  readonly details?: Readonly<Record<string, unknown>>
  /** What the person who sees it can do, in one sentence. */
  readonly hint?: string | undefined
}

export class MeshError extends Error {
  override readonly name = 'MeshError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>
  readonly hint: string | undefined

  /** @param message What was expected and what was found, in one sentence. */
  constructor(message: string, { code, details = {}, hint, ...options }: MeshErrorOptions) {
    super(message, options)
    this.code = code
    this.details = details
    this.hint = hint
  }

  get kind(): ErrorKind {
    return errorKinds[this.code]
  }
}

/** Whether a text, for example from the wire, is one of our codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code)
}

/**
 * Tests for one of our errors by code rather than by class, so it also holds for errors
 * rebuilt from the wire and across two copies of this package.
 */
export function hasCode(error: unknown, code: ErrorCode): error is MeshError {
  return error instanceof Error && 'code' in error && error.code === code
}
