/**
 * Answers to what is not HTTP, or comes too slowly to become it: JSON too, since an OpenAI client
 * shows the body of whatever it gets.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorBody } from './error-answer.ts'

/** Codes of Node's HTTP parser → status. Everything else is 400. */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'This is not a valid HTTP/1.1 request',
  408: 'The request did not arrive in time',
  413: 'The chunk extensions of the body are too long',
  431: 'The headers of the request are too long',
}

/** @param isAnswering Whether an answer to an earlier request is being written to the socket. */
export function answerMalformed(
  error: Error & { readonly code?: string },
  socket: Socket,
  isAnswering: boolean,
): void {
  // Text in the middle of another answer would be taken for a part of it.
  if (!socket.writable || isAnswering || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUSES[error.code ?? ''] ?? 400
  const detail = error.code === undefined ? '' : ` (${error.code})`
  const body: ErrorBody = {
    error: {
      message: `${MESSAGES[status]}${detail}.`,
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_request',
      skein_code: 'ERR_INVALID_REQUEST',
    },
  }
  const text = JSON.stringify(body)
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(text)}`,
      'connection: close',
      '',
      text,
    ].join('\r\n'),
  )
}
