/**
 * Runs one piece of work and answers in the client's format: at once as events, or whole.
 *
 * The head is promised when nothing can change it any more: with the first piece of a stream, with
 * the last of a whole answer. What fails before it is thrown and becomes a status; what fails
 * after it ends the stream with the error.
 */
import type { RuntimeAnswer } from '../../node/runtime.ts'
import { type AnswerFormat, jsonBody, SSE_DONE, sseEvent } from './answer-format.ts'
import { ChunkBuffer } from './chunk-buffer.ts'
import type { Emit, Finish, Piece } from './generation.ts'

/**
 * Chunks made ahead of the reader. A few seconds of text: enough to bridge a round trip, little
 * enough to lose.
 */
export const CHUNKS_AHEAD_MAX = 256

/** Emits pieces and returns how it ended. Stops early if the signal fires. */
export type Run = (emit: Emit, signal: AbortSignal) => Promise<Finish>

export async function wholeAnswer(
  run: Run,
  format: AnswerFormat,
  signal: AbortSignal,
): Promise<RuntimeAnswer> {
  const pieces: Piece[] = []
  const finish = await orAborted(
    run(async piece => void pieces.push(piece), signal),
    signal,
  )
  return jsonAnswer(format.whole(pieces, finish))
}

export function jsonAnswer(body: object): RuntimeAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, chunks: once(body) }
}

async function* once(body: object): AsyncGenerator<Uint8Array> {
  yield jsonBody(body)
}

export async function streamedAnswer(
  run: Run,
  format: AnswerFormat,
  signal: AbortSignal,
): Promise<RuntimeAnswer> {
  const abandoned = new AbortController()
  const buffer = new ChunkBuffer<Uint8Array>(CHUNKS_AHEAD_MAX, () => abandoned.abort())
  const either = AbortSignal.any([signal, abandoned.signal])
  either.addEventListener('abort', () => buffer.fail(either.reason), { once: true })

  const opened = new Promise<void>((resolve, reject) => {
    const send = async (objects: readonly object[]) => {
      for (const object of objects) await buffer.push(sseEvent(object))
    }
    let isOpen = false
    const open = async () => {
      if (isOpen) return
      isOpen = true
      resolve()
      await send(format.opening())
    }
    const emit: Emit = async piece => {
      await open()
      await send([format.piece(piece)])
    }
    const finished = async (finish: Finish) => {
      await open()
      await send(format.closing(finish))
      await buffer.push(SSE_DONE)
      buffer.end()
    }
    run(emit, either)
      .then(finished)
      .catch(error => {
        reject(error)
        buffer.fail(error)
      })
  })
  await orAborted(opened, signal)
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    chunks: buffer,
  }
}

/** `work`, or the signal's reason as soon as it fires, for the engine takes until its next token. */
export async function orAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  let stopListening = () => {}
  const aborted = new Promise<never>((_, reject) => {
    const fail = () => reject(signal.reason)
    signal.addEventListener('abort', fail, { once: true })
    stopListening = () => signal.removeEventListener('abort', fail)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    stopListening()
  }
}
