/**
 * Two ends of one stream of frames, in memory.
 */
import { MeshError } from '../../src/core/errors.ts'
import type { FrameStream } from '../../src/protocols/frame-stream.ts'
import { skein } from '../../src/protocols/gen/messages.js'

export type Frame = skein.IAdmissionFrame

interface Reader {
  readonly resolve: (frame: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

export class FrameEnd implements FrameStream {
  /** What was written here, in order. */
  readonly written: Uint8Array[] = []
  other: FrameEnd | undefined
  isClosed = false
  readonly #frames: Uint8Array[] = []
  readonly #readers: Reader[] = []

  /** The last limit that was asked for; 0: none. */
  trustedBytes = 0

  trust(frameMaxBytes: number): void {
    this.trustedBytes = frameMaxBytes
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    const frame = this.#frames.shift()
    if (frame !== undefined) return Promise.resolve(frame)
    if (this.other?.isClosed) return Promise.reject(ended())
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }

  write(frame: Uint8Array): Promise<void> {
    this.written.push(frame)
    this.other?.take(frame)
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.isClosed = true
    this.other?.end()
    return Promise.resolve()
  }

  abort(): void {
    this.isClosed = true
    this.other?.end()
  }

  take(frame: Uint8Array): void {
    const reader = this.#readers.shift()
    if (reader === undefined) this.#frames.push(frame)
    else reader.resolve(frame)
  }

  end(): void {
    for (const reader of this.#readers.splice(0)) reader.reject(ended())
  }

  /** By hand, in place of a protocol. */
  send(frame: Frame): void {
    this.other?.take(skein.AdmissionFrame.encode(frame).finish())
  }

  /** By hand: what the protocol at the other end said next. */
  async receive(): Promise<skein.AdmissionFrame> {
    return skein.AdmissionFrame.decode(await this.read(STAY))
  }
}

/** A signal that never fires. */
export const STAY: AbortSignal = new AbortController().signal

export function framePair(): [FrameEnd, FrameEnd] {
  const [a, b] = [new FrameEnd(), new FrameEnd()]
  a.other = b
  b.other = a
  return [a, b]
}

function ended(): MeshError {
  return new MeshError('expected a frame, found the end of the stream', { code: 'ERR_PEER_LOST' })
}
