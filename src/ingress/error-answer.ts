/**
 * Errors as OpenAI clients expect them: a status and `{"error": {message, type, param, code}}`.
 *
 * `type` and `code` are OpenAI's own where it has one for the case, so that clients which match on
 * them work unchanged; else `code` is ours in lower case. `skein_code` is always ours. An error
 * that is not in our table is a bug: the client learns only the request id, the log the rest.
 */
import { type ErrorCode, errorKinds, isErrorCode, type MeshError } from '../core/errors.ts'

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
}

export interface ErrorBody {
  readonly error: {
    readonly message: string
    readonly type: string
    /** The field of the request that is at fault. */
    readonly param: string | null
    readonly code: string
    /** Absent for bugs. */
    readonly skein_code?: ErrorCode
    readonly hint?: string
    /** What a program may need of it: the fields at fault, the last leader. */
    readonly details?: Readonly<Record<string, unknown>>
    /** Present for bugs, so that a person can find the log line. */
    readonly request_id?: string
  }
}

/** What OpenAI calls it, where it has a name of its own. */
const OPENAI_NAMES: Partial<Record<ErrorCode, { readonly type?: string; readonly code?: string }>> =
  {
    ERR_UNAUTHENTICATED: { code: 'invalid_api_key' },
    ERR_FORBIDDEN: { type: 'permission_error' },
    ERR_MODEL_NOT_FOUND: { code: 'model_not_found' },
    ERR_OVERLOADED: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    ERR_QUOTA_EXCEEDED: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  }

/** What to do about an error that does not say so itself. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  ERR_MODEL_NOT_FOUND: 'GET /v1/models lists those it serves.',
  ERR_OVERLOADED: 'Try again after the seconds of Retry-After; add a peer if it goes on.',
  ERR_MODEL_LOADING: 'Try again after the seconds of Retry-After; `skein models` shows its state.',
  ERR_NO_CAPACITY: 'GET /mesh/v1/nodes shows which peers are there and how busy they are.',
}

/**
 * When to come back where nobody knows, if coming back can help: a full queue moves on with every
 * answer that ends; in five seconds a silent peer is heard again or known to be lost.
 */
const RETRY_AFTER_DEFAULTS_MS: Partial<Record<ErrorCode, number>> = {
  ERR_OVERLOADED: 1_000,
  ERR_NO_CAPACITY: 5_000,
  ERR_MODEL_LOADING: 5_000,
}

const HOUR_MS = 3_600_000

/**
 * Longest wait that is advised, since another peer may have named it: as long as our own may be, of
 * which that for a quota may last its whole window.
 */
const RETRY_AFTER_MAX_MS = HOUR_MS
const QUOTA_RETRY_AFTER_MAX_MS = 31 * 24 * HOUR_MS

/** Codes of OpenAI that say more than ours; whoever throws may name one in `details.code`. */
const OPENAI_CODES: ReadonlySet<unknown> = new Set(['context_length_exceeded', 'model_not_found'])

/** Of an error's details, those that are told. */
const TOLD_DETAILS = [
  ...(['reason', 'problems', 'leader', 'staleForMs', 'quota', 'loading'] as const),
] as const

/** One of ours, also if it was rebuilt from the wire or comes from another copy of this package. */
export function isMeshError(error: unknown): error is MeshError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    isErrorCode(error.code) &&
    'details' in error
  )
}

/** @param requestId Told to the client if the error is a bug. */
export function errorAnswer(error: unknown, requestId: string): ErrorAnswer {
  if (!isMeshError(error)) return bugAnswer(requestId)

  const status = statusOf(error)
  const { type = defaultType(status), code = error.code.slice('ERR_'.length).toLowerCase() } =
    OPENAI_NAMES[error.code] ?? {}
  const { param, code: openAiCode } = error.details
  const { hint = HINTS[error.code] } = error
  return {
    status,
    headers: errorHeaders(error, status),
    body: {
      error: {
        message: error.message,
        type,
        param: typeof param === 'string' ? param : defaultParam(error.code),
        code: OPENAI_CODES.has(openAiCode) ? String(openAiCode) : code,
        skein_code: error.code,
        ...(hint === undefined ? {} : { hint }),
        ...toldDetails(error),
      },
    },
  }
}

/** A change that lacks what the client itself demanded is told from one that does not fit. */
function statusOf({ code, details }: MeshError): number {
  return code === 'ERR_CONFLICT' && details['isPrecondition'] === true
    ? 412
    : errorKinds[code].status
}

function toldDetails({ details }: MeshError): Pick<ErrorBody['error'], 'details'> {
  const told = TOLD_DETAILS.filter(name => details[name] !== undefined)
  if (told.length === 0) return {}
  return { details: Object.fromEntries(told.map(name => [name, details[name]])) }
}

function bugAnswer(requestId: string): ErrorAnswer {
  const message = `This peer failed on the request because of a bug. Its log has the cause under request id ${requestId}.`
  return {
    status: 500,
    headers: {},
    body: {
      error: {
        message,
        type: 'server_error',
        param: null,
        code: 'internal_error',
        request_id: requestId,
      },
    },
  }
}

function defaultType(status: number): string {
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

function defaultParam(code: ErrorCode): string | null {
  return code === 'ERR_MODEL_NOT_FOUND' ? 'model' : null
}

function errorHeaders({ code, details }: MeshError, status: number): Record<string, string> {
  const headers: Record<string, string> = {}
  const { decisionId, allow } = details
  if (typeof decisionId === 'string') headers['x-skein-decision'] = decisionId
  if (typeof allow === 'string') headers['allow'] = allow
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  const known = details['retryAfterMs']
  const isKnown = typeof known === 'number' && Number.isFinite(known)
  const retryAfterMs = isKnown ? known : RETRY_AFTER_DEFAULTS_MS[code]
  if (retryAfterMs !== undefined) headers['retry-after'] = retryAfterSeconds(code, retryAfterMs)
  return headers
}

function retryAfterSeconds(code: ErrorCode, retryAfterMs: number): string {
  const maxMs = code === 'ERR_QUOTA_EXCEEDED' ? QUOTA_RETRY_AFTER_MAX_MS : RETRY_AFTER_MAX_MS
  return String(Math.max(1, Math.ceil(Math.min(maxMs, retryAfterMs) / 1_000)))
}
