/**
 * Errors that cross a lane: how one becomes an error frame and is made again on the other side.
 *
 * Our own errors travel with code, message, details and hint. Anything else that was thrown may
 * name paths or contents of the peer, so it becomes an ERR_ENGINE that says nothing more.
 */
import { type ErrorCode, isErrorCode, MeshError } from '../core/errors.ts'
import type { skein } from './gen/messages.js'

/** With at most 3 bytes a character, message, hint and details stay below 21 KiB. */
const TEXT_MAX_CHARACTERS = 1_500
const DETAILS_MAX_CHARACTERS = 4_000

/** With at most 3 bytes a character, headers stay below 24 KiB of a frame. */
const HEADERS_MAX_CHARACTERS = 8_000

/** Tags and lengths around one header. */
const HEADER_COST_CHARACTERS = 4

export type ErrorBody = skein.LaneError.$Properties

/** The other side broke the protocol. The message says what was expected and found. */
export function badFrame(message: string, details: Record<string, unknown> = {}): MeshError {
  return new MeshError(message, { code: 'ERR_BAD_FRAME', details })
}

/** @throws MeshError of the given code if the headers are not short texts. */
export function checkHeaders(headers: Readonly<Record<string, string>>, code: ErrorCode): void {
  let characters = 0
  for (const name in headers) {
    characters += name.length + (headers[name] as string).length + HEADER_COST_CHARACTERS
  }
  // What is no text has no length, and the sum is not a number.
  if (characters <= HEADERS_MAX_CHARACTERS) return
  throw new MeshError(
    `expected headers of at most ${HEADERS_MAX_CHARACTERS} characters, found ${characters}`,
    { code, details: { headersMaxCharacters: HEADERS_MAX_CHARACTERS } },
  )
}

export function toErrorBody(error: unknown): ErrorBody {
  if (!(error instanceof MeshError)) {
    return { code: 'ERR_ENGINE', message: 'expected an answer, found that serving it failed' }
  }
  const body: ErrorBody = {
    code: error.code,
    message: error.message.slice(0, TEXT_MAX_CHARACTERS),
    details: detailsJson(error.details),
  }
  if (error.hint !== undefined) body.hint = error.hint.slice(0, TEXT_MAX_CHARACTERS)
  return body
}

/** A code of a later version is kept in `details.peerCode`. */
export function fromErrorBody(body: ErrorBody): MeshError {
  const code = body.code ?? ''
  const message = body.message || 'expected an answer, found an error without a message'
  const details = parseDetails(body.details)
  const hint = body.hint || undefined
  if (isErrorCode(code)) return new MeshError(message, { code, details, hint })
  return new MeshError(message, {
    code: 'ERR_ENGINE',
    details: { ...details, peerCode: code },
    hint,
  })
}

/**
 * Why a request that was open when its lane closed has failed. A lane closed for bad frames
 * says so; every other end is a lost peer.
 *
 * @param bytesReceived Of its answer. 0: it may be tried elsewhere unseen.
 */
export function laneLostError(error: Error | undefined, bytesReceived: number): MeshError {
  if (error instanceof MeshError && error.code === 'ERR_BAD_FRAME') {
    const details = { ...error.details, bytesReceived }
    return new MeshError(error.message, { code: 'ERR_BAD_FRAME', details, cause: error })
  }
  const expected = bytesReceived > 0 ? `more than ${bytesReceived} bytes of an answer` : 'an answer'
  return new MeshError(`expected ${expected}, found the lane to the peer closed`, {
    code: 'ERR_PEER_LOST',
    details: { bytesReceived },
    cause: error,
  })
}

/** Details explain an error and must not hide it: any that cannot travel stay behind. */
function detailsJson(details: Readonly<Record<string, unknown>>): string {
  try {
    const json = JSON.stringify(details)
    return json.length <= DETAILS_MAX_CHARACTERS ? json : '{}'
  } catch {
    return '{}'
  }
}

function parseDetails(json: string | null | undefined): Record<string, unknown> {
  try {
    const details: unknown = JSON.parse(json || '{}')
    const isObject = typeof details === 'object' && details !== null && !Array.isArray(details)
    return isObject ? (details as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
