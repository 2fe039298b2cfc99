/**
 * The file of an event log: lines are gathered and written in large pieces, so that a request costs a
 * string and no system call.
 *
 * A disk that does not keep up must not fill the memory, and one that fails must not stop the peer:
 * either ends the log, which the peer survives.
 */

import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { chmod, rename } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { storageError } from '../storage/storage-error.ts'
import type { EventSink } from './event-recorder.ts'

/** Lines that wait to be written together. */
const PIECE_BYTES = 65_536

/** How long a line may wait for others. */
const GATHER_MS = 500

/** Of pieces that the disk has not taken. */
const WAITING_MAX_BYTES = 16 * 1024 ** 2

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/**
 * Opens a new file, readable by its owner alone. One that is there is kept beside it as
 * `<path>.before`, in the place of what was kept there.
 *
 * @throws MeshError ERR_STORAGE.
 */
export async function openEventFile(
  path: string,
  deps: { readonly clock: Clock; readonly logger: Logger },
): Promise<EventSink> {
  try {
    await rename(path, `${path}.before`).catch((error: unknown) => {
      if (!isMissing(error)) throw error
    })
    const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    await once(stream, 'open')
    // What the process takes away from the rights of new files may be more than it should.
    await chmod(path, 0o600)
    return new EventFile(stream, deps)
  } catch (error) {
    throw storageError('write the event log', path, error)
  }
}

class EventFile implements EventSink {
  readonly #stream: WriteStream
  readonly #clock: Clock
  #gathered = ''
  #cancelFlush: (() => void) | undefined
  #failure: 'too-slow' | 'failed' | undefined

  constructor(stream: WriteStream, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#stream = stream
    this.#clock = clock
    stream.on('error', error => {
      this.#failure = 'failed'
      logger.warn('the event log could not be written', { path: stream.path, error })
    })
  }

  write(line: string): 'too-slow' | 'failed' | undefined {
    if (this.#failure !== undefined) return this.#failure
    this.#gathered += `${line}\n`
    if (this.#gathered.length >= PIECE_BYTES) this.#flush()
    else this.#cancelFlush ??= this.#clock.wakeAt(this.#clock.nowMs() + GATHER_MS, this.#flush)
    return undefined
  }

  async close(): Promise<void> {
    this.#flush()
    if (this.#stream.closed) return
    const closed = once(this.#stream, 'close')
    this.#stream.end()
    await closed
  }

  readonly #flush = (): void => {
    this.#cancelFlush?.()
    this.#cancelFlush = undefined
    const piece = this.#gathered
    this.#gathered = ''
    if (piece === '' || this.#failure !== undefined) return
    if (this.#stream.writableLength > WAITING_MAX_BYTES) this.#failure = 'too-slow'
    else this.#stream.write(piece)
  }
}
