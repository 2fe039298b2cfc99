/**
 * One lane and, in place of the other side, the frames it sends and gets, by hand.
 */
import { FrameReader } from '../../src/protocols/frames.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import { Lane, type LaneAnswer, type LaneCall, type LaneDeps } from '../../src/protocols/lane.ts'
import { laneOptions } from '../../src/protocols/options.ts'
import type { LaneFrame } from '../../src/protocols/send-queue.ts'

export type Frame = skein.LaneFrame

/** A signal that never fires. */
export const NEVER: AbortSignal = new AbortController().signal

export const EMPTY = new Uint8Array(0)

export function call(method = 'echo', body: Uint8Array = EMPTY): LaneCall {
  return { method, headers: { a: 'b' }, body }
}

/** A request as the other side sends it. */
export function request(bodyBytes = 0, credit = 100_000) {
  return { method: 'm', bodyBytes, credit }
}

export function kinds(frames: readonly Frame[]): string[] {
  return frames.map(frame => `${frame.id} ${frame.body}`)
}

/** Until everything that waits for promises has run. No time passes. */
export function settled(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}

export function answerOf(...chunks: readonly (Uint8Array | Error)[]): LaneAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/plain' },
    chunks: (async function* () {
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk
        yield chunk
      }
    })(),
  }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Bytes that show if one is lost or out of place. */
export function pattern(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let index = 0; index < length; index++) bytes[index] = index * 7 + (index >> 8) + seed
  return bytes
}

export class LanePeer {
  readonly lane: Lane
  /** What each `send` got, as frames. */
  readonly sends: Frame[][] = []
  readonly closed: (Error | undefined)[] = []
  readonly aborted: Error[] = []
  readonly trailers: string[] = []
  readonly messages: Uint8Array[] = []
  readonly longMessages: Uint8Array[] = []
  /** What `send` answers. */
  hasRoom = true
  readonly #reader = new FrameReader(1024 * 1024)
  readonly #flushes: (() => void)[] = []

  constructor(options: object = {}, deps: Partial<LaneDeps> = {}) {
    this.lane = new Lane(
      {
        transport: {
          send: bytes => {
            const frames: Frame[] = []
            this.#reader.push(bytes, frame => frames.push(skein.LaneFrame.decode(frame)))
            this.sends.push(frames)
            return this.hasRoom
          },
          abort: error => this.aborted.push(error),
        },
        isDialer: true,
        serve: async () => answerOf(bytesOf('hello')),
        scheduleFlush: flush => this.#flushes.push(flush),
        trailer: () => bytesOf('load'),
        onTrailer: bytes => this.trailers.push(new TextDecoder().decode(bytes)),
        onMessage: message => this.messages.push(message),
        onLongMessage: message => this.longMessages.push(message),
        onClosed: error => this.closed.push(error),
        ...deps,
      },
      laneOptions.parse(options),
    )
  }

  /** All frames sent, in order. */
  get sent(): readonly Frame[] {
    return this.sends.flat()
  }

  /** Flushes once, after everything that waits for promises. */
  async turn(): Promise<void> {
    await settled()
    for (const flush of this.#flushes.splice(0)) flush()
    await settled()
  }

  /** Takes turns until nothing more is sent. */
  async idle(): Promise<void> {
    do await this.turn()
    while (this.#flushes.length > 0)
  }

  /** The lane gets these frames from its peer, in one slice. */
  receive(...frames: readonly LaneFrame[]): void {
    const writer = skein.LaneFrame.encode({}).reset()
    for (const frame of frames) skein.LaneFrame.encode(frame, writer.fork()).ldelim()
    this.lane.receive(writer.finish())
  }
}

/** Reads a whole answer. `error` is what ended it, if anything was wrong. */
export async function readAnswer(
  answering: Promise<LaneAnswer>,
): Promise<{ text: string; status: number; bytes: number; error: unknown }> {
  const read = { text: '', status: 0, bytes: 0, error: undefined as unknown }
  const decoder = new TextDecoder()
  try {
    const answer = await answering
    read.status = answer.status
    for await (const chunk of answer.chunks) {
      read.text += decoder.decode(chunk, { stream: true })
      read.bytes += chunk.length
    }
  } catch (error) {
    read.error = error
  }
  return read
}
