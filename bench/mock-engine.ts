/**
 * A process that speaks the OpenAI API like an engine and does no work: fixed JSON answers, and
 * streams paced at a fixed interval. What is measured in front of it is the gateway.
 *
 *     node bench/mock-engine.ts [--port 0]     prints {"event":"ready","port":N}
 *
 * A stream has `max_tokens` tokens (50 unless set), the first at once and then one every 10 ms;
 * `"user": "token-interval-ms=N"` sets another pace, 0 for as fast as the socket takes them. The
 * pace is in `user` because every gateway hands on that field of the API. Each token carries
 * `stamp_ms`, when it was sent on the clock of `monotonic-clock.ts`; and GET `/mock/cancelled` says
 * how many streams were cut off by a closed connection, and when on that clock the last one was.
 *
 * It reads raw sockets for the reason given in `http-message.ts`.
 */
import { createServer, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { HttpMessageReader } from './http-message.ts'
import { monotonicNowMs } from './monotonic-clock.ts'

export const MOCK_MODEL = 'mock-model'

const TOKENS_DEFAULT = 50
const TOKENS_MAX = 100_000
const TOKEN_INTERVAL_DEFAULT_MS = 10
/** More than any benchmark sends. */
const BODY_MAX_BYTES = 1_048_576

/** What a stream ends with, after its last token. */
const STREAM_TAIL = [
  `data: {"id":"chatcmpl-mock","object":"chat.completion.chunk","created":1700000000,"model":"${MOCK_MODEL}","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n`,
  'data: [DONE]\n\n',
]

function jsonAnswer(value: unknown, status = '200 OK'): string {
  const body = JSON.stringify(value)
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`
  return `${head}\r\n\r\n${body}`
}

/** Path → the whole answer. */
const ANSWERS: Readonly<Record<string, Buffer>> = {
  '/v1/models': Buffer.from(
    jsonAnswer({
      object: 'list',
      data: [{ id: MOCK_MODEL, object: 'model', created: 1_700_000_000, owned_by: 'bench' }],
    }),
  ),
  '/v1/chat/completions': Buffer.from(
    jsonAnswer({
      id: 'chatcmpl-mock',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: MOCK_MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'The quick brown fox jumps over it.' },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 8, total_tokens: 17 },
    }),
  ),
  '/v1/embeddings': Buffer.from(
    jsonAnswer({
      object: 'list',
      model: MOCK_MODEL,
      data: [{ object: 'embedding', index: 0, embedding: [0.1, 0.2, 0.3, 0.4] }],
      usage: { prompt_tokens: 9, total_tokens: 9 },
    }),
  ),
}

const NOT_FOUND = Buffer.from(
  jsonAnswer({ error: { message: 'The mock engine has nothing at this path.' } }, '404 Not Found'),
)

function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

function tokenEvent(index: number): string {
  const delta = index === 0 ? '{"role":"assistant","content":"tok"}' : '{"content":" tok"}'
  return chunked(
    `data: {"id":"chatcmpl-mock","object":"chat.completion.chunk","created":1700000000,"model":"${MOCK_MODEL}","choices":[{"index":0,"delta":${delta},"finish_reason":null}],"stamp_ms":${monotonicNowMs().toFixed(3)}}\n\n`,
  )
}

interface StreamPlan {
  readonly tokenCount: number
  readonly intervalMs: number
}

/** @returns `undefined` if the body asks for no stream. */
function streamPlan(body: string): StreamPlan | undefined {
  if (!body.includes('"stream"')) return undefined
  const request = JSON.parse(body)
  if (request.stream !== true) return undefined
  const pace = /^token-interval-ms=(\d+)$/.exec(request.user ?? '')?.[1]
  return {
    tokenCount: Math.min(TOKENS_MAX, request.max_tokens ?? TOKENS_DEFAULT),
    intervalMs: pace === undefined ? TOKEN_INTERVAL_DEFAULT_MS : Number(pace),
  }
}

/** Streams cut off by a closed connection. */
const cancelled = { count: 0, lastAtMs: 0 }

/** @returns To be called when the connection is closed. */
function stream(socket: Socket, { tokenCount, intervalMs }: StreamPlan): () => void {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked'
  let sentCount = 0
  let timer: NodeJS.Timeout | undefined
  const sendNext = () => {
    socket.write(sentCount === 0 ? `${head}\r\n\r\n${tokenEvent(0)}` : tokenEvent(sentCount))
    sentCount += 1
    if (sentCount < tokenCount) return
    clearInterval(timer)
    socket.write(`${STREAM_TAIL.map(chunked).join('')}0\r\n\r\n`)
  }
  sendNext()
  if (sentCount < tokenCount && intervalMs > 0) timer = setInterval(sendNext, intervalMs)
  while (sentCount < tokenCount && intervalMs === 0) sendNext()
  return () => {
    if (sentCount >= tokenCount) return
    clearInterval(timer)
    cancelled.count += 1
    cancelled.lastAtMs = monotonicNowMs()
  }
}

function answerTo(path: string): string | Buffer {
  if (path === '/mock/cancelled') return jsonAnswer(cancelled)
  return ANSWERS[path] ?? NOT_FOUND
}

function serve(socket: Socket): void {
  let path = ''
  let body = ''
  let stopStream = () => {}
  const reader = new HttpMessageReader({
    head(head) {
      path = head.slice(head.indexOf(' ') + 1).split(/[ ?]/, 1)[0] ?? ''
      body = ''
    },
    body(bytes) {
      body += bytes.toString('latin1')
      if (body.length > BODY_MAX_BYTES) throw new Error('a body over the bound')
    },
    end() {
      const plan = path === '/v1/chat/completions' ? streamPlan(body) : undefined
      if (plan === undefined) socket.write(answerTo(path))
      else stopStream = stream(socket, plan)
    },
  })
  socket.setNoDelay(true)
  socket.on('data', bytes => {
    try {
      reader.push(bytes)
    } catch (error) {
      socket.destroy(error instanceof Error ? error : undefined)
    }
  })
  // A client that resets its connection is the end of that connection, as any other.
  socket.on('error', () => socket.destroy())
  socket.on('close', () => stopStream())
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
  const server = createServer(serve)
  server.listen(Number(values.port), '127.0.0.1', 1024, () => {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    console.log(JSON.stringify({ event: 'ready', port }))
  })
  process.on('SIGTERM', () => process.exit(0))
}
