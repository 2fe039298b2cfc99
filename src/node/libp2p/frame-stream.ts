/**
 * A libp2p stream as a `FrameStream`: length-prefixed frames, with a limit on what a stranger may
 * make us keep.
 *
 * Bytes are cut into frames as they arrive, so what is kept is one unfinished frame and a few
 * finished ones. The exchanges on these streams take turns: whoever sends many frames ahead is
 * no part of one.
 */
import type { Stream } from '@libp2p/interface'
import { MeshError } from '../../core/errors.ts'
import type { FrameStream } from '../../protocols/frame-stream.ts'
import { encodeFrame, FrameReader } from '../../protocols/frames.ts'

/** Frames that may wait to be read. An exchange never has more than two under way. */
const UNREAD_MAX = 4

interface Waiting {
  readonly resolve: (frame: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/** @param frameMaxBytes Until `trust` allows more. */
export function frameStream(stream: Stream, frameMaxBytes: number): FrameStream {
  return new StreamFrames(stream, frameMaxBytes)
}

class StreamFrames implements FrameStream {
  readonly #stream: Stream
  #reader: FrameReader
  readonly #unread: Uint8Array[] = []
  #waiting: Waiting | undefined
  /** Why no more frames come. */
  #end: Error | undefined

  constructor(stream: Stream, frameMaxBytes: number) {
    this.#stream = stream
    this.#reader = new FrameReader(frameMaxBytes)
    stream.addEventListener('message', ({ data }) => this.#take(data.subarray()))
    stream.addEventListener('remoteCloseWrite', () => this.#finish(streamEnded()))
    stream.addEventListener('close', ({ error }) => this.#finish(streamEnded(error)))
    if (stream.status !== 'open') this.#finish(streamEnded())
  }

  trust(frameMaxBytes: number): void {
    this.#reader = new FrameReader(frameMaxBytes)
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    const frame = this.#unread.shift()
    if (frame !== undefined) return Promise.resolve(frame)
    if (this.#end !== undefined) return Promise.reject(this.#end)
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason)
      const settle = (finish: () => void) => {
        this.#waiting = undefined
        signal.removeEventListener('abort', onAbort)
        finish()
      }
      this.#waiting = {
        resolve: next => settle(() => resolve(next)),
        reject: error => settle(() => reject(error)),
      }
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
    })
  }

  async write(frame: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#stream.writeStatus !== 'writable') throw streamEnded()
    if (!this.#stream.send(encodeFrame(frame))) await this.#stream.onDrain({ signal })
  }

  close(signal: AbortSignal): Promise<void> {
    return this.#stream.close({ signal })
  }

  abort(error: Error): void {
    this.#stream.abort(error)
  }

  #take(bytes: Uint8Array): void {
    if (this.#end !== undefined) return
    try {
      this.#reader.push(bytes, frame => this.#deliver(frame))
    } catch (error) {
      this.#finish(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** @throws MeshError ERR_BAD_FRAME if too many wait. */
  #deliver(frame: Uint8Array): void {
    if (this.#waiting !== undefined) {
      this.#waiting.resolve(frame)
      return
    }
    if (this.#unread.length >= UNREAD_MAX) {
      throw new MeshError(`expected one frame after the other, found ${UNREAD_MAX + 1} at once`, {
        code: 'ERR_BAD_FRAME',
      })
    }
    this.#unread.push(frame)
  }

  #finish(error: Error): void {
    this.#end ??= error
    this.#waiting?.reject(this.#end)
  }
}

function streamEnded(cause?: Error): MeshError {
  return new MeshError('expected a frame, found the end of the stream', {
    code: 'ERR_PEER_LOST',
    cause,
  })
}
