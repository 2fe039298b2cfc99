/**
 * An endless stream of one peer, such as the events of the mesh, over as many connections as it
 * takes.
 *
 *     connect --> events … --> lost --> wait --> connect, after the last event we had --> ...
 *
 * A peer writes at least a comment every 15 s, so a connection that is silent for three times as
 * long is lost, though nobody has closed it. Between two tries the wait doubles, up to 10 s.
 */
import { type ErrorCode, MeshError } from '../core/errors.ts'
import type { Client } from './client.ts'
import type { Io } from './io.ts'
import { readSentEvents, type SentEvent } from './server-sent-events.ts'
import { safeText } from './table.ts'

const SILENCE_MAX_MS = 45_000

const RETRY_MIN_MS = 250
const RETRY_MAX_MS = 10_000

/** What a peer that restarts, or the network in between, gives cause for. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'ERR_UNREACHABLE',
  'ERR_PEER_LOST',
  'ERR_STOPPING',
  'ERR_OVERLOADED',
  // Of a peer that does not yet know all that we were told, and hears from nobody.
  'ERR_NO_QUORUM',
])

export interface Following {
  readonly client: Client
  /** Of the first connection, and of all if an event has an id. */
  readonly path: string
  readonly io: Pick<Io, 'wait' | 'complain'>
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Has no end of its own.
 *
 * @throws MeshError if the peer cannot be asked at the first try, or says that it never will be.
 * @throws the signal's reason if it is aborted.
 */
export async function* followStream(following: Following): AsyncGenerator<SentEvent> {
  const { io, signal } = following
  let lastId: string | undefined
  let failedCount = 0
  let first: AsyncIterable<SentEvent> | undefined = await connect(following, lastId)
  for (;;) {
    let reason = 'it was closed'
    try {
      for await (const event of first ?? (await connect(following, lastId))) {
        failedCount = 0
        lastId = event.id ?? lastId
        yield event
      }
    } catch (error) {
      reason = passingReason(error)
    }
    first = undefined
    signal.throwIfAborted()
    if (failedCount === 0) io.complain(`connection lost (${safeText(reason)}); trying again`)
    await io.wait(Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failedCount), signal)
    failedCount += 1
  }
}

/** @throws the error itself if it will not pass. */
function passingReason(error: unknown): string {
  if (error instanceof MeshError && PASSING.has(error.code)) return error.message
  throw error
}

/** The events after the one with that id, or all. What ends the reading ends the connection. */
async function connect(
  { client, path, io, signal }: Following,
  lastId: string | undefined,
): Promise<AsyncIterable<SentEvent>> {
  const connection = new AbortController()
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId }
  const ended = AbortSignal.any([signal, connection.signal])
  const { body } = await client.follow(path, headers, ended)
  return readConnection(body ?? [], io, connection)
}

/** @throws MeshError ERR_PEER_LOST if the connection breaks or falls silent, or ERR_BAD_FRAME. */
async function* readConnection(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  io: Pick<Io, 'wait'>,
  connection: AbortController,
): AsyncGenerator<SentEvent> {
  try {
    yield* readSentEvents(untilSilent(body, io, connection))
  } finally {
    connection.abort()
  }
}

/** Cuts the connection if nothing comes for too long. */
async function* untilSilent(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  io: Pick<Io, 'wait'>,
  connection: AbortController,
): AsyncGenerator<Uint8Array> {
  const watch = () => {
    const heard = new AbortController()
    io.wait(SILENCE_MAX_MS, heard.signal).then(
      () => connection.abort(lost(`nothing came for ${SILENCE_MAX_MS} ms`)),
      // Something came in time.
      () => {},
    )
    return heard
  }
  let heard = watch()
  try {
    for await (const chunk of body) {
      heard.abort()
      heard = watch()
      yield chunk
    }
  } catch (error) {
    throw error instanceof MeshError ? error : lost('it broke off', error)
  } finally {
    heard.abort()
  }
}

function lost(message: string, cause?: unknown): MeshError {
  return new MeshError(message, { code: 'ERR_PEER_LOST', cause })
}
