/**
 * Answers to what is not HTTP, or comes too slowly to become it: JSON too, since an OpenAI client
 * shows the body of whatever it gets.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '../core/errors.ts'
import type { ErrorBody } from './error-answer.ts'
import type { Exchange } from './exchange.ts'

/** Codes of Node's HTTP parser → status. Everything else is 400. */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'This is not a valid HTTP/1.1 request',
  405: 'CONNECT is not allowed here: a peer is no proxy',
  408: 'The request did not arrive in time',
  413: 'The chunk extensions of the body are too long',
  417: 'The header Expect may be 100-continue only; found another value',
  431: 'The headers of the request are too long',
}

/** Those that have a code of their own. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  405: 'ERR_METHOD_NOT_ALLOWED',
  408: 'ERR_REQUEST_TIMEOUT',
}

/** @param hasAnswered Whether the error is in the rest of a request that has got an answer. */
export function answerMalformed(
  error: Error & { readonly code?: string },
  socket: Socket,
  hasAnswered: boolean,
): void {
  // A second answer would be taken for a part of the first, or for that to the next request.
  if (!socket.writable || hasAnswered || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUSES[error.code ?? ''] ?? 400
  writeError(socket, status, error.code === undefined ? '' : ` (${error.code})`)
}

/** Answers a CONNECT, for which Node hands over the socket and makes no response. */
export function answerConnect(socket: Socket): void {
  // Nobody else listens any more, and a client that is gone is no fault of ours.
  socket.on('error', () => socket.destroy())
  writeError(socket, 405, '')
}

/** Answers `Expect: something`, for which Node would send a 417 without a body. */
export function refuseExpectation(exchange: Exchange): void {
  exchange.isLast = true
  exchange.sendJson(417, errorBody(417, ''))
}

function writeError(socket: Socket, status: number, detail: string): void {
  const text = JSON.stringify(errorBody(status, detail))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    ...(status === 405 ? ['allow: DELETE, GET, HEAD, PATCH, POST, PUT'] : []),
  ]
  socket.write([...head, '', text].join('\r\n'))
  // Slow clients are not waited for; what others still send is read, or a reset would overtake this.
  if (status === 408 || status === 405) socket.destroySoon()
  else socket.end()
}

function errorBody(status: number, detail: string): ErrorBody {
  const code = CODES[status] ?? 'ERR_INVALID_REQUEST'
  return {
    error: {
      message: `${MESSAGES[status]}${detail}.`,
      type: 'invalid_request_error',
      param: status === 417 ? 'expect' : null,
      code: code.slice('ERR_'.length).toLowerCase(),
      skein_code: code,
    },
  }
}
