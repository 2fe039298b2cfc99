/**
 * The mesh as its users meet it: three real processes, a real engine on two of them, the official
 * OpenAI client at the third.
 */
import OpenAI, { BadRequestError, NotFoundError } from 'openai'
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { z } from 'zod'
import { eventually, type RealPeer, RealPeers, runSkein } from './real-peers.ts'

const MODEL = 'skein-tiny'

const peers = new RealPeers()
let ingress: RealPeer
let serving: RealPeer[]
let client: OpenAI

const nodes = z.object({
  nodes: z.array(
    z.object({
      peer: z.string(),
      status: z.string(),
      load: z.object({ models: z.array(z.object({ runningCount: z.number() })) }),
    }),
  ),
})

async function nodesOf({ ready }: RealPeer) {
  const response = await fetch(`${ready.http}/mesh/v1/nodes`)
  return nodes.parse(await response.json()).nodes
}

async function modelsOf({ ready }: RealPeer): Promise<{ peers: string[] }[]> {
  const response = await fetch(`${ready.http}/mesh/v1/models`)
  return z
    .object({ models: z.array(z.object({ peers: z.array(z.string()) })) })
    .parse(await response.json()).models
}

const question = (content: string) => ({
  model: MODEL,
  messages: [{ role: 'user' as const, content }],
})

beforeAll(async () => {
  ingress = await peers.up('--engine', 'none', '--name', 'ingress')
  serving = await Promise.all([
    peers.join(ingress.ready.ticket, '--engine', 'embedded', '--name', 'one'),
    peers.join(ingress.ready.ticket, '--engine', 'embedded', '--name', 'two'),
  ])
  client = new OpenAI({ apiKey: 'none', baseURL: `${ingress.ready.http}/v1`, maxRetries: 0 })
  await eventually(
    () => modelsOf(ingress),
    models => models[0]?.peers.length === 2,
  )
}, 60_000)

afterAll(() => peers.close())

describe('the official client, through a peer without an engine', () => {
  test('gets an answer, made by a peer that the headers name', async () => {
    const asked = client.chat.completions.create(question('What is a peer?'))
    const { data, response } = await asked.withResponse()
    assert.isAbove(data.choices[0]?.message.content?.length ?? 0, 10)
    assert.isAbove(data.usage?.completion_tokens ?? 0, 1)
    const ids = serving.map(({ ready }) => ready.peerId)
    assert.include(ids, response.headers.get('x-skein-peer'))
    assert.match(response.headers.get('x-skein-latency-ms') ?? '', /^[\d.]+$/)
  })

  test('gets a stream, with usage at its end', async () => {
    const stream = await client.chat.completions.create({
      ...question('Tell me a short story.'),
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 24,
    })
    let text = ''
    let usage: OpenAI.CompletionUsage | null | undefined
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      usage = chunk.usage ?? usage
    }
    assert.isAbove(text.length, 10)
    assert.isAbove(usage?.completion_tokens ?? 0, 1)
  })

  test('gets completions, embeddings and models', async () => {
    const completion = await client.completions.create({
      model: MODEL,
      prompt: 'The mesh',
      max_tokens: 8,
    })
    assert.equal(completion.choices.length, 1)
    assert.isAtMost(completion.usage?.completion_tokens ?? 99, 8)

    const embeddings = await client.embeddings.create({ model: MODEL, input: ['one', 'two'] })
    assert.equal(embeddings.data.length, 2)
    assert.isAbove(embeddings.data[1]?.embedding.length ?? 0, 8)

    const models = await client.models.list()
    assert.deepEqual(
      models.data.map(({ id }) => id),
      [MODEL],
    )
  })

  test('gets its own error classes', async () => {
    const errorOf = (asked: Promise<unknown>) =>
      asked.then(
        () => undefined,
        (error: unknown) => error,
      )
    const messages = question('x').messages
    const unknown = await errorOf(client.chat.completions.create({ model: 'gpt-9', messages }))
    assert.instanceOf(unknown, NotFoundError)
    assert.equal((unknown as NotFoundError).code, 'model_not_found')
    assert.include((unknown as NotFoundError).message, MODEL)

    const bad = await errorOf(
      client.chat.completions.create({ ...question('x'), temperature: 99 as number }),
    )
    assert.instanceOf(bad, BadRequestError)
    const empty = await errorOf(client.chat.completions.create({ model: MODEL, messages: [] }))
    assert.instanceOf(empty, BadRequestError)
  })
})

test('any peer is an ingress', async () => {
  for (const { ready } of serving) {
    const other = new OpenAI({ apiKey: 'none', baseURL: `${ready.http}/v1`, maxRetries: 0 })
    const answer = await other.chat.completions.create({ ...question('Hello'), max_tokens: 4 })
    assert.equal(answer.choices.length, 1)
  }
})

test('a decision is explained by `skein why`', async () => {
  const asked = client.chat.completions.create({ ...question('Why?'), max_tokens: 4 })
  const { response } = await asked.withResponse()
  const id = response.headers.get('x-skein-decision') ?? ''
  const why = await runSkein('why', id, '--node', ingress.ready.http, '--json')
  assert.equal(why.exitCode, 0)
  const [record] = why.events
  assert.equal(record?.['chosen'], response.headers.get('x-skein-peer'))
  assert.equal(record?.['outcome'], 'answered')
})

const endless = {
  type: 'json_schema' as const,
  json_schema: {
    name: 'endless',
    schema: { type: 'array', items: { type: 'integer' }, minItems: 400, maxItems: 400 },
  },
}

test('a client that goes away stops the work on the serving peer', async () => {
  const gone = new AbortController()
  const stream = await client.chat.completions.create(
    // A schema that only ends after far more than it can make before we leave.
    { ...question('Count.'), stream: true, max_tokens: 900, response_format: endless },
    { signal: gone.signal },
  )
  const served = stream[Symbol.asyncIterator]()
  await served.next()
  gone.abort()

  const running = async () => {
    const seen = await Promise.all(serving.map(nodesOf))
    return seen.map(([self]) => self?.load.models[0]?.runningCount)
  }
  await eventually(running, counts => counts.every(count => count === 0), 3_000)
})

test('after kill -9 of the serving peer the next request succeeds within 3 s', async () => {
  const { response } = await client.chat.completions
    .create({ ...question('Hello'), max_tokens: 4 })
    .withResponse()
  const victimId = response.headers.get('x-skein-peer')
  const victim = serving.find(({ ready }) => ready.peerId === victimId)
  assert.isDefined(victim)
  await victim?.process.kill()

  const asked = client.chat.completions.create(
    { ...question('Hello'), max_tokens: 4 },
    { timeout: 3_000 },
  )
  const next = await asked.withResponse()
  assert.notEqual(next.response.headers.get('x-skein-peer'), victimId)
  const seen = await nodesOf(ingress)
  assert.notEqual(seen.find(({ peer }) => peer === victimId)?.status, 'alive')

  // And it comes back without a ticket.
  const dataDir = victim?.dataDir ?? ''
  const back = await peers.again(dataDir, '--engine', 'embedded')
  assert.equal(back.ready.peerId, victimId)
  assert.equal(back.ready.meshId, ingress.ready.meshId)
  await eventually(
    () => modelsOf(ingress),
    models => models[0]?.peers.includes(victimId ?? '') ?? false,
  )
})

test('a stream whose peer is killed ends with an error, and not as if it were whole', async () => {
  const body = { ...question('Count.'), stream: true, max_tokens: 900, response_format: endless }
  const response = await fetch(`${ingress.ready.http}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const reader = response.body?.getReader()
  await reader?.read()
  const servingId = response.headers.get('x-skein-peer')
  await peers.find(servingId ?? '')?.process.kill()

  let text = ''
  for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
    text += new TextDecoder().decode(piece.value)
  }
  assert.notInclude(text, '[DONE]')
  assert.match(text, /data: \{"error":\{.*"skein_code":"ERR_PEER_LOST"/)
})
