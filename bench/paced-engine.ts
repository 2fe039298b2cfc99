/**
 * A process that speaks the OpenAI API like an engine of a known speed: so many requests at once,
 * the rest in order of arrival, each read and answered at a steady pace.
 *
 *     node bench/paced-engine.ts --model ID --slots 4 --prefill 4000 --decode 100
 *
 * prints {"event":"ready","port":N}. Rates are tokens a second, of one request; four bytes of the
 * body are a token of the prompt, and an answer has `max_tokens`.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const BYTES_PER_TOKEN = 4
const BODY_MAX_BYTES = 1_048_576

const flags = z
  .object({
    model: z.string(),
    slots: z.coerce.number().int().positive(),
    prefill: z.coerce.number().positive(),
    decode: z.coerce.number().positive(),
  })
  .parse(
    parseArgs({
      options: {
        ...{ model: { type: 'string' }, slots: { type: 'string' } },
        ...{ prefill: { type: 'string' }, decode: { type: 'string' } },
      },
    }).values,
  )

const chat = z.object({ max_tokens: z.int().positive() })

const waiting: (() => void)[] = []
let freeCount = flags.slots

async function takeSlot(): Promise<void> {
  if (freeCount > 0) freeCount -= 1
  else await new Promise<void>(resolve => waiting.push(resolve))
}

function leaveSlot(): void {
  const next = waiting.shift()
  if (next === undefined) freeCount += 1
  else next()
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let lengthBytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    lengthBytes += chunk.length
    if (lengthBytes > BODY_MAX_BYTES) throw new Error('a body over the bound')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const chunkOf = (delta: object, finishReason: string | null) =>
  `data: ${JSON.stringify({
    ...{ id: 'chatcmpl-paced', object: 'chat.completion.chunk', created: 1_700_000_000 },
    model: flags.model,
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const { max_tokens: tokenCount } = chat.parse(JSON.parse(body.toString()))
  await takeSlot()
  try {
    const startMs = performance.now()
    const prefillMs = (body.length / BYTES_PER_TOKEN / flags.prefill) * 1_000
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let token = 1; token <= tokenCount; token += 1) {
      // From the start, so that late timers do not add up.
      const dueMs = startMs + prefillMs + (token * 1_000) / flags.decode
      await sleep(Math.max(0, dueMs - performance.now()))
      response.write(chunkOf({ content: ' tok' }, null))
    }
    response.end(`${chunkOf({}, 'stop')}data: [DONE]\n\n`)
  } finally {
    leaveSlot()
  }
}

const server = createServer((request, response) => {
  if (request.url === '/v1/chat/completions') {
    answer(request, response).catch(error => response.destroy(error))
    return
  }
  const data = [{ id: flags.model, object: 'model', created: 1_700_000_000, owned_by: 'bench' }]
  const isList = request.url === '/v1/models'
  response.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(isList ? { object: 'list', data } : { error: { message: 'none' } }))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
console.log(JSON.stringify({ event: 'ready', port }))
process.on('SIGTERM', () => process.exit(0))
