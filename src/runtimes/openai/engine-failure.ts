/**
 * Turns what the HTTP client reports about a broken connection into our error.
 */
import { errors } from 'undici'
import { MeshError } from '../../core/errors.ts'

/** Node puts the reasons of a connection tried over several addresses into one error. */
function messageOf(error: Error): string {
  const { message } = error
  if (message !== '') return message
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.name
}

/** @param receivedBytes Length of the part of the body that came. `undefined`: not even a head. */
export function engineFailure(error: Error, receivedBytes: number | undefined): MeshError {
  if (error instanceof errors.InvalidArgumentError) {
    const message = `expected headers that HTTP allows, found: ${error.message}`
    return new MeshError(message, { code: 'ERR_INVALID_REQUEST', cause: error })
  }
  const reason = messageOf(error)
  const cause = 'code' in error ? error.code : error.name
  if (receivedBytes === undefined) {
    return new MeshError(`expected an answer from the engine, found: ${reason}`, {
      code: 'ERR_ENGINE',
      details: { cause },
      hint: 'Check that the engine runs and that its address is right.',
      cause: error,
    })
  }
  return new MeshError(`the engine cut its answer after ${receivedBytes} bytes: ${reason}`, {
    code: 'ERR_ENGINE',
    details: { cause, receivedBytes },
    cause: error,
  })
}
