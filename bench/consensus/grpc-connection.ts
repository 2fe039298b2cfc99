/**
 * As much of gRPC as one method of one server needs: unary calls over one HTTP/2 connection
 * without TLS.
 *
 * A full client would take more processor time than the servers it measures. This one sends
 * everything that is called within one turn of the event loop in one write, compresses the headers of all
 * requests but the first to six bytes (as any HTTP/2 client does, by the table that the first
 * fills), and does not read the headers of answers: a server sends a message only for a call
 * that succeeded, so an answer without one is a failure.
 *
 * Source: RFC 9113 (frames, flow control), RFC 7541 (header fields, appendix A), and "gRPC over
 * HTTP2" of the gRPC project.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const FRAME_HEAD_BYTES = 9
const MESSAGE_HEAD_BYTES = 5

const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, window: 8 } as const
const END_STREAM = 0x1
const ACK = 0x1
const END_HEADERS = 0x4

const INITIAL_WINDOW_BYTES = 65_535
/** What a server may send us: more than a benchmark receives before `WINDOW_GRANT_BYTES` are used. */
const WINDOW_GRANT_BYTES = 2 ** 30

const CONNECT_MAX_MS = 5_000

interface Call {
  readonly resolve: (message: Buffer) => void
  readonly reject: (error: Error) => void
  message: Buffer | undefined
}

export class GrpcConnection {
  readonly #socket: Socket
  readonly #firstHeaders: Buffer
  /** Stream → who waits for its end. */
  readonly #calls = new Map<number, Call>()
  /** Calls that wait for the server's flow control. */
  readonly #queue: { readonly message: Uint8Array; readonly call: Call }[] = []
  #nextStream = 1
  #sendWindowBytes = INITIAL_WINDOW_BYTES
  #receivedBytes = 0
  #rest: Buffer = Buffer.alloc(0)
  #isCorked = false

  private constructor(socket: Socket, firstHeaders: Buffer) {
    this.#socket = socket
    this.#firstHeaders = firstHeaders
    socket.on('data', bytes => this.#read(bytes))
    socket.on('error', error => this.#failAll(error))
    socket.on('close', () => this.#failAll(new Error('the server closed the connection')))
    socket.write(Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0, Buffer.alloc(0))]))
    this.#grant()
  }

  /** @param path The method's, as in `/etcdserverpb.KV/Put`. */
  static async open(port: number, path: string): Promise<GrpcConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MAX_MS) })
    return new GrpcConnection(socket, headersThatFillTable(path, `127.0.0.1:${port}`))
  }

  /** @returns The message of the answer. @throws Error if the call fails. */
  call(message: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ message, call: { resolve, reject, message: undefined } })
      this.#sendQueued()
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #sendQueued(): void {
    for (let [next] = this.#queue; next !== undefined; [next] = this.#queue) {
      const bodyBytes = MESSAGE_HEAD_BYTES + next.message.length
      if (bodyBytes > this.#sendWindowBytes) return
      this.#queue.shift()
      this.#sendWindowBytes -= bodyBytes
      const stream = this.#nextStream
      this.#nextStream += 2
      this.#calls.set(stream, next.call)
      const body = Buffer.alloc(bodyBytes)
      body.writeUInt32BE(next.message.length, 1)
      body.set(next.message, MESSAGE_HEAD_BYTES)
      const headers = stream === 1 ? this.#firstHeaders : LATER_HEADERS
      this.#write(frame(FRAME.headers, END_HEADERS, stream, headers))
      this.#write(frame(FRAME.data, END_STREAM, stream, body))
    }
  }

  #write(bytes: Buffer): void {
    if (!this.#isCorked) {
      this.#isCorked = true
      this.#socket.cork()
      setImmediate(() => {
        this.#isCorked = false
        this.#socket.uncork()
      })
    }
    this.#socket.write(bytes)
  }

  #read(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    let start = 0
    while (all.length - start >= FRAME_HEAD_BYTES) {
      const end = start + FRAME_HEAD_BYTES + all.readUIntBE(start, 3)
      if (end > all.length) break
      const head = { type: all[start + 3] ?? 0, flags: all[start + 4] ?? 0 }
      const stream = all.readUInt32BE(start + 5)
      this.#take({ ...head, stream }, all.subarray(start + FRAME_HEAD_BYTES, end))
      start = end
    }
    this.#rest = all.subarray(start)
  }

  #take(
    { type, flags, stream }: { readonly type: number; readonly flags: number; stream: number },
    payload: Buffer,
  ): void {
    if (type === FRAME.data) this.#takeData(stream, payload)
    else if (type === FRAME.settings && (flags & ACK) === 0) {
      this.#write(frame(FRAME.settings, ACK, 0, Buffer.alloc(0)))
    } else if (type === FRAME.ping && (flags & ACK) === 0) {
      this.#write(frame(FRAME.ping, ACK, 0, payload))
    } else if (type === FRAME.window && stream === 0) {
      this.#sendWindowBytes += payload.readUInt32BE(0)
      this.#sendQueued()
    } else if (type === FRAME.reset) this.#end(stream, 'the server reset the stream')
    else if (type === FRAME.goAway) this.#failAll(new Error('the server goes away'))
    if ((type === FRAME.data || type === FRAME.headers) && (flags & END_STREAM) !== 0) {
      this.#end(stream, 'the call failed')
    }
  }

  #takeData(stream: number, payload: Buffer): void {
    this.#receivedBytes += payload.length
    if (this.#receivedBytes > WINDOW_GRANT_BYTES / 2) this.#grant()
    const call = this.#calls.get(stream)
    if (call === undefined) return
    call.message = call.message === undefined ? payload : Buffer.concat([call.message, payload])
  }

  #end(stream: number, reason: string): void {
    const call = this.#calls.get(stream)
    this.#calls.delete(stream)
    if (call?.message === undefined) call?.reject(new Error(reason))
    else call.resolve(call.message.subarray(MESSAGE_HEAD_BYTES))
  }

  #grant(): void {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.#receivedBytes === 0 ? WINDOW_GRANT_BYTES : this.#receivedBytes)
    this.#receivedBytes = 0
    this.#write(frame(FRAME.window, 0, 0, bytes))
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#calls.values()) reject(error)
    for (const { call } of this.#queue.splice(0)) call.reject(error)
    this.#calls.clear()
  }
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEAD_BYTES + payload.length)
  bytes.writeUIntBE(payload.length, 0, 3)
  bytes.writeUInt8(type, 3)
  bytes.writeUInt8(flags, 4)
  bytes.writeUInt32BE(stream, 5)
  payload.copy(bytes, FRAME_HEAD_BYTES)
  return bytes
}

/** `:method: POST` and `:scheme: http`, by their numbers in the table of the standard. */
const POST_HTTP = Buffer.from([0x83, 0x86])

/** The four fields of the first request by their numbers in the table that it filled, last first. */
const LATER_HEADERS = Buffer.concat([POST_HTTP, Buffer.from([0xc1, 0xc0, 0xbf, 0xbe])])

/** Literals that enter the table: a number names the field where the standard's table has it. */
function headersThatFillTable(path: string, authority: string): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
  const literal = (nameIndex: number, value: string) =>
    Buffer.concat([Buffer.from([0x40 | nameIndex]), text(value)])
  return Buffer.concat([
    ...[POST_HTTP, literal(4, path), literal(1, authority), literal(31, 'application/grpc')],
    ...[Buffer.from([0x40]), text('te'), text('trailers')],
  ])
}
