/**
 * An OpenAI-compatible engine for tests: a real HTTP server on loopback that answers as vLLM
 * does, one word a token, and misbehaves on demand.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'

export interface HeardRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** Of the port it came in at, from the first one. */
  readonly portOffset: number
}

export type Misbehaviour = (response: ServerResponse, heard: HeardRequest) => void | Promise<void>

const chatBody = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  max_tokens: z.int().default(16),
  stream: z.boolean().default(false),
})

const embeddingBody = z.object({ model: z.string(), input: z.array(z.string()).min(1) })

export const CHAT_MODEL = 'toy-chat'
export const EMBEDDING_MODEL = 'toy-embed'

const MODELS = [
  { id: CHAT_MODEL, object: 'model', created: 0, owned_by: 'tests', max_model_len: 4096 },
  { id: EMBEDDING_MODEL, object: 'model', created: 0, owned_by: 'tests' },
]

const event = (payload: unknown) => `data: ${JSON.stringify(payload)}\n\n`

/** Whoever needs ports side by side tries so often to find some that are free. */
const PORTS_TRIED_MAX = 20

/** Answers a request that is none for tokens. `false`: it knows nothing of that. */
export type Extra = (heard: HeardRequest, response: ServerResponse) => boolean

export class FakeEngine {
  /** What it lists; change it to change the list. `undefined`: it answers 503. */
  models: readonly object[] | undefined = MODELS
  /** What it embeds with; for chat and completion, any model will do. */
  embeddingModels: readonly string[] = [EMBEDDING_MODEL]
  /** Asked before anything else. */
  extra: Extra = () => false
  /** Every POST, in order of arrival. */
  readonly heard: HeardRequest[] = []
  /** POSTs whose answer is neither whole nor given up. */
  runningCount = 0
  listCount = 0
  connectionCount = 0
  readonly #server = createServer()
  /** At ports beside the first. */
  readonly #others: Server[] = []
  readonly #sockets = new Set<Socket>()
  readonly #misbehaviours: Misbehaviour[] = []

  static async start(port = 0): Promise<FakeEngine> {
    const engine = new FakeEngine()
    await engine.#listen(engine.#server, { port, portOffset: 0 })
    return engine
  }

  /** One that also listens at the port after its own, as engines with a port for their managers. */
  static async startWithNextPort(): Promise<FakeEngine> {
    for (let left = PORTS_TRIED_MAX; ; left -= 1) {
      const engine = await FakeEngine.start()
      const next = createServer()
      try {
        await engine.#listen(next, { port: engine.port + 1, portOffset: 1 })
        engine.#others.push(next)
        return engine
      } catch (error) {
        await engine.close()
        if (left === 0 || !(error instanceof Error)) throw error
      }
    }
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Where it listened, for one that comes back there. */
  lastPort = 0

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The next POST that nobody has dealt with gets this instead of an answer. */
  misbehaveOnce(misbehaviour: Misbehaviour): void {
    this.#misbehaviours.push(misbehaviour)
  }

  /** Cuts all connections, idle or not. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    this.lastPort = this.port
    const servers = [this.#server, ...this.#others]
    const closed = servers.map(server => once(server, 'close'))
    for (const server of servers) server.close()
    this.cutConnections()
    await Promise.all(closed)
  }

  async #listen(
    server: Server,
    { port, portOffset }: { readonly port: number; readonly portOffset: number },
  ): Promise<void> {
    server.on('connection', socket => {
      this.connectionCount += 1
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.on('request', (request, response) => {
      this.#serve(request, response, portOffset).catch((error: Error) => response.destroy(error))
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    portOffset: number,
  ): Promise<void> {
    const { method = '', url: path = '', headers } = request
    const isList = method === 'GET' && path.endsWith('/models')
    if (isList) this.listCount += 1
    else this.#count(response)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const heard = { method, path, headers, body: Buffer.concat(chunks), portOffset }
    if (this.extra(heard, response)) return
    if (isList) {
      if (this.models === undefined) return answer(response, 503, errorBody('Loading model'))
      return answer(response, 200, { object: 'list', data: this.models })
    }
    if (method === 'GET') return answer(response, 404, { detail: 'Not Found' })
    this.heard.push(heard)

    const misbehaviour = this.#misbehaviours.shift()
    if (misbehaviour !== undefined) return misbehaviour(response, heard)
    if (path.endsWith('/chat/completions')) return chat(response, heard.body)
    if (path.endsWith('/completions')) return complete(response)
    if (path.endsWith('/embeddings')) return embed(response, heard.body, this.embeddingModels)
    return answer(response, 404, { detail: 'Not Found' })
  }

  #count(response: ServerResponse): void {
    this.runningCount += 1
    response.once('close', () => {
      this.runningCount -= 1
    })
  }
}

const errorBody = (message: string) => ({ error: { message, type: 'invalid_request_error' } })

export function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

export function streamHead(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
}

/** Writes events until nobody listens. */
export async function streamWithoutEnd(response: ServerResponse): Promise<void> {
  streamHead(response)
  while (!response.closed) {
    response.write('data: {}\n\n')
    await turn()
  }
}

function parsed<Output>(schema: z.ZodType<Output>, body: Buffer): Output | undefined {
  try {
    return schema.safeParse(JSON.parse(body.toString())).data
  } catch (reason) {
    if (reason instanceof SyntaxError) return undefined
    throw reason
  }
}

async function chat(response: ServerResponse, body: Buffer): Promise<void> {
  const request = parsed(chatBody, body)
  if (request === undefined) return answer(response, 400, errorBody('the body is no chat request'))
  const { model, max_tokens: count, stream } = request
  const usage = { prompt_tokens: 7, completion_tokens: count, total_tokens: 7 + count }
  const head = { id: 'chatcmpl-1', created: 1_700_000_000, model }
  const words = Array.from({ length: count }, (_, index) => ` w${index}`)

  if (!stream) {
    const message = { role: 'assistant', content: words.join('') }
    const choices = [{ index: 0, message, finish_reason: 'length' }]
    return answer(response, 200, { ...head, object: 'chat.completion', choices, usage })
  }

  const chunkHead = { ...head, object: 'chat.completion.chunk' }
  streamHead(response)
  for (const content of words) {
    const choices = [{ index: 0, delta: { content }, finish_reason: null }]
    response.write(event({ ...chunkHead, choices }))
    await turn()
    if (response.closed) return
  }
  const last = [{ index: 0, delta: {}, finish_reason: 'length' }]
  response.write(event({ ...chunkHead, choices: last }))
  response.write(event({ ...chunkHead, choices: [], usage }))
  response.end('data: [DONE]\n\n')
}

function complete(response: ServerResponse): void {
  const choices = [{ index: 0, text: ' upon a time', finish_reason: 'length' }]
  answer(response, 200, { id: 'cmpl-1', object: 'text_completion', choices })
}

function embed(response: ServerResponse, body: Buffer, models: readonly string[]): void {
  const request = parsed(embeddingBody, body)
  if (request === undefined || !models.includes(request.model)) {
    answer(response, 400, errorBody('the body is no embedding request'))
    return
  }
  const data = request.input.map((_, index) => ({
    object: 'embedding',
    index,
    embedding: [index, 0.5, -1],
  }))
  answer(response, 200, { object: 'list', data, usage: { prompt_tokens: 2, total_tokens: 2 } })
}
