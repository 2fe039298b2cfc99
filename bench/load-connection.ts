/**
 * One keep-alive connection of the load generator: sends a request, reads the answer to its end,
 * sends the next.
 *
 * An answer counts only if it is whole: status 200, and for a stream all the tokens asked for and
 * `[DONE]`. Anything else is an error and ends the connection; the next request opens a new one.
 */
import { connect, type Socket } from 'node:net'
import { HttpMessageReader } from './http-message.ts'
import type { LoadRecorder } from './load-recorder.ts'
import { monotonicNowMs } from './monotonic-clock.ts'

/** Keeps a gateway that refuses everything from being asked in a busy loop. */
const PAUSE_AFTER_ERROR_MS = 50

const DATA = 'data: '
const STAMP = '"stamp_ms":'

export interface ConnectionDeps {
  readonly port: number
  /** The request, head and body, as it goes over the wire each time. */
  readonly request: Buffer
  /** `undefined`: the answer is one JSON object. */
  readonly tokensPerStream: number | undefined
  readonly recorder: LoadRecorder
  /** Whether to send another request, asked before each. */
  readonly mayContinue: () => boolean
  readonly onIdle: () => void
}

export class LoadConnection {
  readonly #deps: ConnectionDeps
  #socket: Socket | undefined
  #pause: NodeJS.Timeout | undefined
  #isBusy = false
  #sentAtMs = 0
  #status = 0
  #tokenCount = 0
  #lastTokenAtMs = 0
  #isDone = false
  /** The part of an event that has arrived. */
  #eventRest = ''

  constructor(deps: ConnectionDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#pause = undefined
    if (!this.#deps.mayContinue()) {
      this.#isBusy = false
      this.#deps.onIdle()
      return
    }
    this.#isBusy = true
    this.#status = 0
    this.#tokenCount = 0
    this.#isDone = false
    this.#eventRest = ''
    this.#sentAtMs = monotonicNowMs()
    this.#socket ??= this.#connect()
    this.#socket.write(this.#deps.request)
  }

  /** Fails the request if it was sent before `atMs`. */
  expire(atMs: number): void {
    if (this.#isBusy && this.#pause === undefined && this.#sentAtMs < atMs) this.#fail('too late')
  }

  /** Closes the connection at once; a request that still runs is an error. */
  close(): void {
    if (this.#isBusy && this.#pause === undefined) this.#deps.recorder.failed('unfinished')
    clearTimeout(this.#pause)
    this.#isBusy = false
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #connect(): Socket {
    const socket = connect({ port: this.#deps.port, host: '127.0.0.1', noDelay: true })
    const reader = new HttpMessageReader({
      head: head => {
        this.#status = Number(head.slice(9, 12))
      },
      body: bytes => {
        if (this.#deps.tokensPerStream !== undefined) this.#readEvents(bytes.toString('latin1'))
      },
      end: () => this.#finish(),
    })
    const failIfOurs = (what: string) => {
      if (this.#socket === socket && this.#isBusy) this.#fail(what)
      else if (this.#socket === socket) this.#socket = undefined
    }
    socket.on('data', bytes => {
      try {
        reader.push(bytes)
      } catch (error) {
        failIfOurs(error instanceof Error ? error.message : 'unreadable')
      }
    })
    socket.on('error', error => failIfOurs('code' in error ? String(error.code) : error.message))
    socket.on('close', () => failIfOurs('closed before the end'))
    return socket
  }

  #readEvents(piece: string): void {
    const nowMs = monotonicNowMs()
    const events = (this.#eventRest + piece).split('\n\n')
    this.#eventRest = events.pop() ?? ''
    for (const event of events) this.#readEvent(event, nowMs)
  }

  #readEvent(event: string, nowMs: number): void {
    if (!event.startsWith(DATA)) return
    if (event.startsWith('[DONE]', DATA.length)) this.#isDone = true
    if (!event.includes('"content":"')) return
    this.#tokenCount += 1
    const isFirst = this.#tokenCount === 1
    const { recorder } = this.#deps
    if (isFirst) recorder.streamOpened(nowMs - this.#sentAtMs)
    const stampAt = event.indexOf(STAMP)
    const stampMs = stampAt === -1 ? undefined : Number.parseFloat(event.slice(stampAt + 11))
    const transitMs = stampMs === undefined ? undefined : nowMs - stampMs
    recorder.token(isFirst ? undefined : nowMs - this.#lastTokenAtMs, transitMs)
    this.#lastTokenAtMs = nowMs
  }

  #finish(): void {
    const flaw = this.#flaw()
    if (flaw !== undefined) {
      this.#fail(flaw)
      return
    }
    const { recorder, tokensPerStream } = this.#deps
    if (tokensPerStream !== undefined) recorder.streamClosed()
    recorder.answered(monotonicNowMs() - this.#sentAtMs)
    this.start()
  }

  /** What an answer that has ended lacks. */
  #flaw(): string | undefined {
    const { tokensPerStream } = this.#deps
    if (this.#status !== 200) return `status ${this.#status}`
    if (tokensPerStream === undefined) return undefined
    if (this.#tokenCount !== tokensPerStream) return 'tokens are missing'
    return this.#isDone ? undefined : 'no [DONE]'
  }

  #fail(what: string): void {
    this.#deps.recorder.failed(what)
    if (this.#tokenCount > 0) this.#deps.recorder.streamClosed()
    const socket = this.#socket
    this.#socket = undefined
    socket?.destroy()
    this.#pause = setTimeout(() => this.start(), PAUSE_AFTER_ERROR_MS)
  }
}
