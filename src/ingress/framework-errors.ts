/**
 * What Fastify and Node report, in the words of our table.
 */
import { MeshError } from '../core/errors.ts'
import type { IngressOptions } from './options.ts'

/** @returns the error itself if it is ours or a bug. */
export function translateError(error: unknown, { bodyMaxBytes }: IngressOptions): unknown {
  if (!(error instanceof Error) || error instanceof MeshError) return error
  const { code, statusCode } = error as { readonly code?: string; readonly statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new MeshError(`The body is larger than ${bodyMaxBytes} bytes.`, {
      code: 'ERR_BODY_TOO_LARGE',
      details: { bodyMaxBytes },
      hint: 'Send less, or raise ingress.bodyMaxBytes on this peer.',
      cause: error,
    })
  }
  if (statusCode === undefined || statusCode >= 500) return error
  return new MeshError(`The request cannot be read: ${shortened(error.message)}.`, {
    code: 'ERR_INVALID_REQUEST',
    cause: error,
  })
}

/** Of a path that is repeated to whoever sent it, by us or in the words of a library. */
const SHOWN_LENGTH_MAX = 200

function shortened(text: string): string {
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text
}

export function unknownPath(method: string, url: string): MeshError {
  const [whole = ''] = url.split('?')
  return new MeshError(`There is nothing at ${method} ${shortened(whole)}.`, {
    code: 'ERR_NOT_FOUND',
    hint: 'The OpenAI API is under /v1, for example /v1/chat/completions.',
  })
}
